// Package chataccess owns the two switches of a client, Allow Direct Messaging and Allow Community Chat
// participation: setting them for a client, a group or an organization, previewing and applying a change to many,
// undoing it, letting one expire, and the history of each.
//
// It promises that a switch-off that was acknowledged holds against every message stored after it, that a change to
// many is one atomic change with one record and an undo that restores exactly what was there, and that every answer
// says where a value comes from.
//
// The room is reserved and still empty: both switches are on for everybody. Package access already decides by them,
// with facts that chat loads from the rows of clients and groups.
package chataccess
