// Package notify decides who is told of what, how and when: in the app, by push, by mail.
//
// It is a consumer of package outbox: of what was written in a conversation it finds, set-wise
// and in parts that keep no writer waiting, the members who have not read it, and lets [decide]
// judge each. Of whom it tells it writes a notice, which is one row for a person and a
// conversation and stays the same until they have read, and a delivery for each channel. A send
// pays for none of this.
//
// Deliveries go out from [Service.Run], on every node at once: a node claims rows that are due,
// judges each again with the facts of that moment (has the person read meanwhile, is chat off,
// are it quiet hours), sends, and settles. What is claimed and not settled, because the node was
// killed, is taken again after a while. So nothing is lost; twice goes out only what was handed
// over and not yet noted when the node died: the push then replaces the one before (Topic), the
// mail has the same Message-ID.
//
// What goes out says "You have a new message" and nothing of who wrote, what, to which group
// or about whose health; a push carries the id of the notice, which only its person can read.
//
// Preferences are those of package preference and never change chat access, nor the reverse
// (SEMANTICS 26, 34). Muting one conversation wins.
package notify
