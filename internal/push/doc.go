// Package push hands messages to the push services of browsers (Web Push, RFC 8030),
// encrypted for the one browser that asked for them (RFC 8291) and signed as coming from
// this installation (VAPID, RFC 8292).
//
// [Open] reads the installation's key from the store, or makes it there, once for all nodes.
// [Sender.Check] judges what somebody gives as their browser's subscription, [Sender.Send]
// hands one message over. It is tried once: whoever sends keeps the message until then, and
// the error says what to do next.
//
// A push service learns from a message that it is sent, and its length in steps of 256
// bytes. Errors name no browser and no push service.
package push
