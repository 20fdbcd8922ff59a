// Package identity knows who somebody is: passwords, sessions, invitations and resets.
//
// # Promises
//
//   - Passwords are kept as argon2id hashes. Hashing runs a few at a time, so that a flood
//     of sign-ins waits instead of taking the memory. A hash of older parameters is renewed
//     at the next sign-in. Passwords are compared in Unicode form NFC.
//   - Tokens are 32 random bytes. The database holds their SHA-256, so who reads it can
//     neither sign in nor accept an invitation. The token of a mailed link is made when the
//     mail is sent and is never in a job's row.
//   - A session ends when it is not used for a while (idle) and at a fixed time (absolute),
//     whichever comes first. Its person's organization is the only one it ever acts in.
//   - An account that does not exist is refused like a wrong password: same answer, same
//     work, same counting. A correct password during a lock-out is refused alike.
//   - Whoever chooses a new password ends all other sessions of theirs.
//   - Each of these acts has its row in the audit log, in the same transaction. Failures
//     of accounts that do not exist stand under care.Installation.
//
// # The cache of Authenticate
//
// Who a token belongs to is remembered for at most two seconds. It is forgotten at once
// where something about the person changes: [Service.Forget] on this node, and the event
// session.ended of the bus on the others. When the bus says that it missed events,
// everything is forgotten.
//
// # Order and failure
//
// State and audit row commit together; events are published after the commit. Functions
// that take a *db.Tx return the events for their caller to publish. Locks are taken in the
// order: failure counters, people, invitations, credentials, sessions, audit.
//
// Tables of directory (people, staff, clients, groups, organizations) are only read here,
// joined with sessions because every request asks for them.
package identity
