// Package blast owns message blasts: one text to many clients, each in a new direct conversation of their own.
//
// It promises that each recipient is judged when their message is sent, gets exactly one message also when the
// process is killed half way, and that whoever was skipped stays on record with the reason. A blast is rows, one
// per recipient; progress is counted from them.
//
// The room is reserved and still empty: a message goes to one conversation.
package blast
