// Package server puts Hearth together by hand and runs it: store, bus, services, jobs,
// live hub, API and web app on one listener, and metrics on another if asked for.
//
// [Run] answers what could not be started at once, in words for the operator. When its
// context ends it drains in this order: /readyz says no; no new connections; running
// requests end; live connections get their answers and are closed with 1001; the sender
// answers what waits; jobs give back what they have; the store is settled and closed. Then
// it returns nil. What does not end within the grace is cut off; nothing that was
// acknowledged is lost by that.
package server
