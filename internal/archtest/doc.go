// Package archtest holds the rules of the house as tests: which room may import which, who may touch which
// table, where the wall clock may be read, what never appears in feature code, and how long things may grow.
//
// It has no code of its own outside its tests. A rule here is changed together with docs/architecture.md; an
// exception is an entry in a list beside the rule, with its reason. Each checker is also run over a small bad
// example, so that a rule which has stopped seeing anything is noticed.
package archtest
