// Package access holds every decision about who may do what, as pure functions over
// facts that the caller has loaded. It does no I/O: the facts are read inside the
// transaction that acts on the answer, so that a decision and its effect cannot be
// separated by somebody else's change.
//
// A refusal is a *care.Error. Where several would fit, the first of this order is given:
// not found, forbidden, chat unavailable, client archived, conversation locked, conversation
// closed. What a caller may not see is "not found", so that a refusal tells nothing about
// what exists.
package access
