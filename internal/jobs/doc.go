// Package jobs runs what must happen after a commit and must not be lost: mail, and later
// push, webhooks, schedules and exports.
//
// A job is a row, written by [Enqueue] in the transaction of the change that wants it, so
// that the two commit together or not at all. Its arguments are ids: whoever looks at the
// table learns nothing that people wrote, and the work is done with the facts of the
// moment it runs.
//
// # Promises
//
//   - A job runs at least once after its time, on one of the nodes that share a database.
//   - A claim is a lease: the row's time is pushed forward. When the process dies the
//     lease runs out and another claim is made; nothing needs cleaning up. Long work asks
//     for more with [Claim.Extend].
//   - The attempt's number and the lease fence it: who lost the lease can no longer finish
//     the job. A handler that calls [Claim.Finish] in the transaction of its effects has
//     those effects exactly once.
//   - A failure is tried again after a growing, jittered pause. After the last attempt, or
//     at once for [Permanent] failures, the job is dead: it stays in the table for a month
//     with its error, and [Inspect] counts it.
//   - Jobs of kinds that this program does not know wait for one that does, so that nodes
//     of two releases can share a database.
//   - Repeating jobs ([Runner.Every]) run on one node at a time and never die.
//
// Order between jobs is that of their times, but jobs run side by side and a failed one is
// overtaken: nothing may depend on order.
//
// [Runner.Run] stops cleanly when its context ends: it claims nothing more, lets running
// jobs end for a while, then interrupts them and gives them back without counting the
// attempt.
package jobs
