// Package transcript makes exports of conversations: files to print, to keep and to hand
// on.
//
// An export holds exactly what its requester may read, in the words they may read it in:
// it is read through package chat as that person, page by page, so that withheld posts,
// what precedes a joining, hidden names and deleted texts are not in it. Staff notes are
// no messages and never part of one. What the package promises:
//
//   - Staff need the permission export_records and to be able to read the conversation;
//     clients export what they can read, also when their chat is off. Both are judged when
//     the export is asked for, with every page that is read, and when the file is fetched.
//     Who can no longer read what is in a file gets it no more.
//   - Asking and each fetching are in the audit log, without a word of what is in it.
//   - An export is made by a job that survives the end of the process: it is begun again
//     and replaces what was there, so that there is one file in the end, or none.
//   - Making one takes memory for a page of messages, however long the conversation.
//   - The file is stored encrypted (package blob), and removed [Kept] after it was made.
//
// The formats are PDF (package pdf), HTML that needs nothing else and runs nothing, and
// JSON in the shape of docs/guide/export.md. With attachments it is a ZIP of the document
// and the files as they are stored.
//
// A [Service] is safe for concurrent use.
package transcript
