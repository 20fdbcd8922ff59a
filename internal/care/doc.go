// Package care is the vocabulary of Hearth: who takes part, what they share, and how
// the program speaks about failure. It is pure: no I/O, no clock, no database, only
// the standard library. Every other package may import it and it imports none of them.
//
// The words are those of the product's rules: organization, client, staff, client
// group, direct conversation, community chat, internal conversation. A value of this
// package never prints what people wrote or who they are: [Person], [Actor] and
// [Message] redact themselves in logs.
package care
