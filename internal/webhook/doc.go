// Package webhook tells other programs what happened: by HTTP calls to addresses that a
// practice enters, in the form of Standard Webhooks, signed, with ids and nothing else.
//
// What it promises:
//
//   - What was committed is told to every webhook that was switched on for it then, at least
//     once: rows are written from the outbox in one transaction with the event being taken
//     away, and a row is settled only by an answer. A program that was killed between the
//     call and its answer calls again, with the same id, by which receivers know it.
//   - The order is not promised.
//   - A delivery is tried for a day, later and later, and not before the time that the other
//     side asked for. An answer 410 switches the webhook off; after a day of nothing but
//     failures that is on record and on the page, after five it is switched off.
//   - One webhook that is slow or down keeps no other waiting: each has its own calls, few
//     at once, and rests when it fails.
//   - No redirect is followed, and no private address is called that the operator has not
//     allowed: see package outward.
//
// Any number of nodes send from the same rows, each row leased to one. Secrets are kept in
// the store like everything else and shown when they are made. Logs and the record of what
// was done name neither address nor secret. Everything is safe for concurrent use.
package webhook
