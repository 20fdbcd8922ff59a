// Package ladder reads the two switches of clients from the database, for every query
// that needs them: the three places of each, in the order in which they count, as
// [access.Ladder] resolves them. It is the one place that knows the columns, so that a
// list, a search, a send and a settings page cannot disagree.
//
// A bulk change counts from the moment the organization names it, before its rows have
// been written to each client; the joins here look at those rows first. See
// docs/adr for how that makes a change of 100,000 clients one atomic act.
//
// Nothing here decides or writes. The functions are for use within a transaction.
package ladder
