// Package pushtest is a push service on loopback for tests, and the browsers behind it. It
// gives subscriptions as a browser does, reads every message that comes as the browser
// would (RFC 8291), checks the headers and the signature (RFC 8030, RFC 8292), keeps what
// it read, and refuses on demand, or answers nothing.
//
// It shares no code with package push, so that a mistake there is seen here. [Start] is for
// tests in Go; internal/testkit/pushservice is for tests in other languages, see [Serve].
package pushtest
