// Package onboard holds the use cases that span the directory, the accounts and the
// chat: a client or a member of staff is added with an invitation or a password and the
// direct conversation with the primary provider, all in one transaction.
//
// Either everything is there afterwards or nothing is. Events are published and mail jobs
// are woken after the commit. A password is hashed before the transaction begins, as that
// takes long, but never for a caller who may not add anybody.
package onboard
