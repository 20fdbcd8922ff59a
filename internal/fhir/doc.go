// Package fhir is the edge for programs that speak FHIR R4.
//
// It promises to translate and nothing else: every permission is decided by the packages below it, so that a caller
// coming in by this door reads exactly what the same person reads through the API.
//
// The room is reserved and still empty: no such endpoint is served.
package fhir
