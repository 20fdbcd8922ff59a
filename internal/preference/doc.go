// Package preference says which notifications a person gets: of which kinds, through which
// channels, when, and with which sound ("Adjust Chat Notifications", SEMANTICS 34).
//
// A cell is one kind of notification through one channel. For clients a cell has three
// places, like the switches of chat access and in the same order: the client's own setting,
// their group's, the default when added. The person narrows what the practice allows and
// never widens it. For staff everything is allowed.
//
// What it promises:
//
//   - A change, its version and its record in the audit log commit together or not at all.
//     Whoever saves gives the version they saw (SEMANTICS 29).
//   - Nothing here reads or writes chat access, and chat access nothing here (SEMANTICS 26).
//   - Quiet hours are never shorter than they say: where a clock goes back they last until the
//     second time it shows their end, where it goes forward over their end until that moment.
//   - A change of many clients is written in short transactions by a durable job, and not at
//     one moment to every reader: see docs/adr/0018-notification-preferences.md.
//
// Everything is safe for concurrent use.
package preference
