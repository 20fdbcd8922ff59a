// Package notify decides who is told of what, how and when: e-mail, push, and in the app.
//
// It promises that chat access and notification preferences never change one another, that muting one conversation
// wins, and that neither subject, body nor payload says who wrote, what was written or about whose health.
//
// The room is reserved and still empty: new messages are seen in the app only.
package notify
