// Package autoreply answers clients by itself: away replies, and the welcome of new
// clients. What it writes are messages of the kind auto_reply.
//
// A member of staff has rules of their own, and the organization has rules: a range of
// time ("away until Monday"), and weekly hours in a time zone, outside of which, and on
// holidays, nobody answers. A client who writes in a direct conversation gets the personal
// words when every active member of staff in it is away by rules of their own: those of the
// client's primary provider, or else of who has been there for longest. Otherwise they get
// the organization's words where it is away. In a range of time the words of the range
// count, also outside of the weekly hours.
//
// What it promises:
//
//   - At most one away reply per client in 12 hours, over all conversations, nodes and
//     crashes. A person's reply in the conversation ends them: while somebody of staff has
//     written there within this time of being away, nothing is sent until 12 hours after it.
//   - Only a text that a client wrote in a direct conversation is answered: no automatic
//     message, no notice, nothing in community chats or internal conversations.
//   - Away replies and welcomes obey the client's switch D when they are sent and are
//     refused in closed conversations (SEMANTICS 17).
//   - Nothing is lost: what is to be answered is a job that commits with the taking of the
//     client's message from the outbox, or with the new client. The job decides again with
//     the facts of its moment.
//   - The path of a message pays nothing.
//   - Automatic messages are unread to the client and never to staff.
//
// The words of a member of staff are theirs and carry their name; the organization's are
// the program's. Everything is safe for concurrent use.
package autoreply
