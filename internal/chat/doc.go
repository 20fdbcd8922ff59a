// Package chat owns conversations, their members, messages, read state and drafts: the
// use cases and the tables.
//
// What it promises:
//
//   - A message that was acknowledged is durable: its transaction was committed with a
//     full sync before anybody was told.
//   - Within a conversation the numbers (seq) of messages are 1, 2, 3 … without gaps, in
//     one order that everybody sees, which is the order of the commits.
//   - A message is judged with facts read in the transaction that stores it, so a switch
//     that was turned off, a closed conversation or a removed member is obeyed by every
//     message that is stored after it (SEMANTICS 30).
//   - The id that a caller gives makes sending safe to repeat: the same id with the same
//     content gives the message that exists; with other content it is refused.
//   - Unread counts come from counters, never from counting rows.
//   - A search (see [Search]) finds what its reader would find by reading everything they
//     may, as it is at that moment. The index behind it only makes it fast: it follows
//     behind the sender, which writes nothing for it.
//
// All sends of a process go through one sender (see [Service.Send]) that gathers what is
// waiting into one transaction. Events are published after the commit and are only a
// hint. Everything is safe for concurrent use.
package chat
