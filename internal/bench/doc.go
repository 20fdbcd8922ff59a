// Package bench measures what `hearth bench` prints: how many sends per second a real
// server acknowledges as durable, how long each takes, and how much CPU time each costs.
//
// It starts the program itself as a child process (`serve`, with rate limits off) on a
// loopback port with a database of its own, makes a practice with 64 clients through the
// HTTP API, signs each in once, and lets 1, 16 and 64 of them write at the same time, each
// in their own direct conversation, over HTTP with connections that stay open and over
// WebSocket. A sender sends the next message when the one before was acknowledged. The
// rounds of all cells are interleaved and medians are shown, so that a noisy moment of the
// machine does not fall on one of them.
//
// The CPU time is that of the server process, user and system, as Linux counts it; with
// PostgreSQL that of its processes is shown apart. The load is made by this process on the
// same machine, and is written to cost little: it speaks HTTP and WebSocket by hand.
// Beside the table stands the floor: how long the disk takes for one durable commit with
// next to nothing in it, alone.
//
// Nothing is left behind: the folder, the database and the processes go away at the end.
package bench
