// Package bus carries events between the parts of one process and, where several nodes
// share a PostgreSQL database, between the nodes.
//
// What it promises: events of one conversation that one goroutine publishes reach every
// subscriber in the order of publishing, and at most once. What it does not promise: that
// they arrive. An event is a hint sent after the commit; whoever depends on what happened
// reads the database. A subscriber that may have missed something is told so with
// [EventMissed] and lets its own receivers catch up.
//
// Publish hands over to the subscribers of the same process before it returns, in the
// caller's goroutine; a subscriber therefore must not block and must not publish from
// within. The network is served by goroutines of the bus, and a slow or lost connection
// never delays a publisher.
//
// Between nodes only ids travel, never what people wrote and never names: a node that
// hears of a message reads it from the database. One conformance test runs over all
// implementations.
package bus
