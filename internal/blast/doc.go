// Package blast owns message blasts: one text to many clients, each in a new direct
// conversation of their own, where nobody sees the others.
//
// What it promises:
//
//   - Whoever is chosen is written down before anything is sent, and what became of each
//     stays on record: sent, or skipped with the reason (SEMANTICS 11).
//   - Each recipient is judged with facts read in the transaction that stores their
//     message, so a switch that is turned off meanwhile is obeyed (SEMANTICS 16, 30).
//   - Each recipient gets exactly one message, whatever is killed and started again: the
//     message, the recipient's row and the place behind whom to go on commit together.
//   - Nobody holds a blast: the row of one of its lanes is the lock, for one transaction. Any
//     node goes on where any other stopped, without waiting for a lease to run out.
//   - A transaction takes about as long as [batchTime], so that other people's messages
//     pass in between.
//
// Making a blast is: check everything, write the blast and its list of recipients in
// short transactions (state staging, which nobody sees), then let it count in one. What was
// left half made is swept away. [Service.Run] does the sending on each node.
package blast
