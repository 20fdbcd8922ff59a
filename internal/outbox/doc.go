// Package outbox holds what happened until everybody who tells others of it has taken it:
// notifications, waiting times, webhooks.
//
// [Append] writes a row in the transaction of the change itself, so that what was committed
// is told and what was not is not. It is all that the path of a message pays for. [Outbox.Run]
// works behind: it hands the rows to the consumers in a transaction that also takes the rows
// away, so each consumer's rows are written exactly once, on whichever node, killed or not.
// What is sent to the world outside is sent later, from the consumers' own rows.
//
// Rows say ids and nothing else: no text, name or address.
package outbox
