// Package live is the WebSocket at GET /api/v1/live: what happens reaches the devices
// that are connected, and messages, read state and typing come in over it.
//
// What it promises:
//
//   - Delivery is a hint. Events reach a connection in the order in which they were
//     published per conversation, but one that cannot keep up is closed with 4008, and
//     whoever sees a gap in seq or reconnects reads the database.
//   - A connection is registered before it gets its hello. What was committed before can
//     be read after the hello; what is committed later comes as an event: no gap between.
//   - Nobody waits for a slow connection: what waits for one is bounded, beyond the bound
//     it is dropped, and the others do not notice.
//   - An event is encoded once and the same bytes go to every connection; all that waits
//     for a connection is written with one system call.
//   - Messages of one connection are submitted in the order in which they arrived, without
//     waiting for the answer to the one before, and are answered in that order.
//   - An ended session closes its connections at once (4001); one that ran out is noticed
//     within seconds.
//
// A frame that cannot be understood is answered with an error; the third in a row closes
// the connection with 4400. Failures are answered with the problem object of the HTTP API.
// Nothing of what people write is logged.
//
// An idle connection has one goroutine, which waits for its next frame. Writers exist only
// while something is to be written.
package live
