// Package attach owns attachments: which file belongs to which message, and what a file
// must be to be let in.
//
// A file is sent first and named by a message afterwards. What the package promises:
//
//   - What is let in was checked by its bytes (see package inspect). A picture that
//     anybody else can see was made anew, with a thumbnail; what was sent is gone then.
//   - A file belongs to at most one message. [Claim] joins them in the transaction that
//     stores the message, so that either both are there or neither, and only who sent a
//     file can join it to a message of theirs.
//   - A file that neither a message nor what its sender is writing (see [KeepDraft]) names within
//     [Abandoned] goes away by itself, and so do the files of deleted messages: rows say first that they go, then the bytes, then the
//     row, so that the end of the process in between loses nothing and leaves nothing.
//   - The bytes are stored encrypted, and never lie on a disk in the clear.
//
// Who may read a file is decided by package chat, which knows the message; this package
// decides nothing but that a file without a message is its sender's alone. Name, kind and
// size are what the file is, not what its sender said.
//
// A [Service] is safe for concurrent use. Pictures are decoded a few at a time, for each
// takes memory.
package attach
