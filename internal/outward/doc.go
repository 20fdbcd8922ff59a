// Package outward calls addresses that users gave: push services and webhooks.
//
// Whoever may enter such an address could have the server call what only the server can
// reach: its own ports, the practice's network, the metadata of a cloud. A [Client]
// therefore looks at the address that a connection is about to be made to, after the name
// was resolved, and refuses all but public ones and the networks that the operator allowed.
// It follows no redirect, uses no proxy, bounds time and answer, and speaks TLS with all but
// the allowed networks.
//
// Its errors never hold an address or a name of a host, so they may be logged; they tell
// apart what went wrong.
package outward
