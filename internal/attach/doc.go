// Package attach owns attachments: which file belongs to which message, and the checks that it passed on the way in.
//
// It promises that only members of the conversation read an attachment, that a file not yet named by a message is
// seen by its uploader alone and goes away by itself, and that deleting a message takes its files with it.
//
// The room is reserved and still empty: messages carry text only.
package attach
