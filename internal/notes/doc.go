// Package notes owns what staff note for each other beside a conversation with clients.
//
// A note is a thing of its own and not a message with a flag: it lies in tables that
// nothing which reads messages knows, so that no page of history, inbox, search, quote,
// export or notification can find one. Whoever reads notes asks [chat.Service.ReadAside]
// first, which lets staff pass who may read the conversation and nobody else. A client
// never learns that there is one: a note takes no number in the conversation, changes
// neither its order nor what is unread, and its events go to staff alone.
//
// A note stands behind the message that was the newest when it was written. Notes are not
// sending: they can be written where chat is off, in closed conversations and about
// archived clients. What a note said before it was changed or deleted is kept for staff
// who may read the audit log; a deleted one leaves a tombstone. The audit log names notes
// and never says what is in them.
//
// Who names the id of a new note may repeat the request. Everything is safe for concurrent
// use.
package notes
