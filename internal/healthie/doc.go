// Package healthie is the edge for programs that speak Healthie's GraphQL and ActionCable.
//
// It promises to translate and nothing else: every permission is decided by the packages below it, so that a caller
// coming in by this door can do exactly what the same person can do through the API.
//
// The room is reserved and still empty: no such endpoint is served.
package healthie
