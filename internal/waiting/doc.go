// Package waiting knows how long clients wait for an answer: it reminds staff of those who
// wait too long, and tells how long first answers took.
//
// A question is a client's first text in a direct conversation after the last text of staff;
// the next text of staff, also on behalf of a colleague, answers it. Automatic replies and
// what the program says answer nothing, nor does a message that was planned before the
// question was asked. A question ends with its conversation and comes back when that is
// opened again; one whose texts the client deletes is withdrawn; and one that needs no answer,
// such as a "thank you", ends when somebody of staff says so, up to the text that they have seen.
//
// What it promises:
//
//   - The path of a message pays nothing: questions are found behind the outbox. The texts of
//     a conversation are looked at in their order, under the lock of a row of its own, so
//     that what comes of them does not depend on when, how often or on which node somebody looks.
//   - Waiting is counted in the opening time of the practice (see package opening), with the
//     hours that hold when a question is answered.
//   - Of each question the care team is told once, and later everybody who sees the queue
//     once, over all nodes: as events of the outbox, in the transaction that notes it. Nobody
//     is told of what was answered, closed or withdrawn before, nor while the client is
//     archived or cannot be written to; then it is looked at again every hour.
//   - Other settings change when open questions fall due, behind; what was told stays told.
//     What had fallen due when reminders were switched on is shown as overdue and not told,
//     so that switching them on does not remind of everything that ever was left open.
//   - Conversations from before anybody looked are looked at behind, in small steps: what is
//     open, and the last twelve weeks for the report.
//
// Everything is safe for concurrent use.
package waiting
