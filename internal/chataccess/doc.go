// Package chataccess owns who may chat: the settings of the two switches, D (Allow Direct
// Messaging) and C (Allow Community Chat participation), at their places, who changed
// them last, when, why and until when.
//
// What it promises:
//
//   - A change, its history, its record in the audit log and its effects on community
//     chats (what is withheld, SEMANTICS 6) commit together or not at all.
//   - A change locks the clients it concerns before it looks at them, and a send locks
//     them before it judges: so no message is stored after a switch-off was acknowledged
//     (SEMANTICS 30). Locks are taken in one order: community conversations, organization,
//     clients, groups, audit log.
//   - Whoever saves gives the version they saw; somebody else's change in between is
//     refused with the state as it is, and nothing is lost silently (SEMANTICS 29).
//   - Doing what is so already writes nothing.
//   - A change of many clients is one act to every reader, see [Service.Apply]. Its end,
//     where it has one, is not: [Service.Expire] goes from one short transaction to the next.
//
// The effective value is worked out by package ladder and access.Ladder. Values live in
// columns of the directory's tables, because the path of a message reads them there;
// only this package writes those columns. Everything is safe for concurrent use.
package chataccess
