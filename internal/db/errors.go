package db

import (
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/ncruces/go-sqlite3"
)

// PostgreSQL's codes for what callers ask about.
const (
	pgForeignKey    = "23503"
	pgUnique        = "23505"
	pgInvalidText   = "22021"
	pgUntranslated  = "22P05"
	pgSerialization = "40001"
	pgDeadlock      = "40P01"
	pgDiskFull      = "53100"
	pgConnection    = "08" // the class of lost connections
	pgResources     = "53" // the class of a disk, memory or connections running out
	pgShutdown      = "57P01"
	pgCrash         = "57P02"
	pgStarting      = "57P03"
)

// errText refuses on SQLite what PostgreSQL cannot store.
var errText = errors.New("db: text must be UTF-8 without NUL")

// IsUnique reports whether err says that a row with the same key exists.
func IsUnique(err error) bool {
	return isPg(err, pgUnique) ||
		errors.Is(err, sqlite3.CONSTRAINT_UNIQUE) || errors.Is(err, sqlite3.CONSTRAINT_PRIMARYKEY)
}

// IsForeignKey reports whether err says that a row refers to one that is not there, or
// that a row is still referred to.
func IsForeignKey(err error) bool {
	return isPg(err, pgForeignKey) || errors.Is(err, sqlite3.CONSTRAINT_FOREIGNKEY)
}

// IsFull reports whether err says that the disk has no room. Nothing was stored.
func IsFull(err error) bool {
	return isPg(err, pgDiskFull) || errors.Is(err, sqlite3.FULL) ||
		errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// IsUnavailable reports whether err says that the store cannot work at the moment: it is
// full, busy beyond patience, closed, or out of reach. Trying again later may help; what
// was asked for may have been stored only if a commit got no answer.
func IsUnavailable(err error) bool {
	return err != nil && (IsFull(err) || isBroken(err) || errors.Is(err, ErrClosed) ||
		errors.Is(err, sqlite3.BUSY) || isPg(err, pgResources))
}

// IsText reports whether err says that a text was not UTF-8 or had a NUL in it.
func IsText(err error) bool {
	return errors.Is(err, errText) || isPg(err, pgInvalidText, pgUntranslated)
}

// Constraint names what a unique violation broke: the name of the constraint or index on
// PostgreSQL, "table.column, table.column" on SQLite. It is empty when unknown. Use it
// in logs; to tell two constraints apart in code, look the row up instead.
func Constraint(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.ConstraintName
	}
	if !IsUnique(err) {
		return ""
	}
	_, columns, _ := strings.Cut(err.Error(), "constraint failed: ")
	return columns
}

// isLostRace reports whether running the transaction again may succeed: it lost against
// another, or its connection broke before the commit was asked for. In neither case was
// anything of it committed.
func isLostRace(err error) bool {
	if isPg(err, pgSerialization, pgDeadlock) || errors.Is(err, sqlite3.BUSY) || errors.Is(err, sqlite3.LOCKED) {
		return true
	}
	var commit *commitError
	return !errors.As(err, &commit) && isBroken(err)
}

// commitError is a commit that failed. When the connection broke, nobody knows whether
// the change was stored, so it is not tried again.
type commitError struct{ err error }

// Error says at which step it failed.
func (e *commitError) Error() string { return "commit: " + e.err.Error() }

// Unwrap gives the cause.
func (e *commitError) Unwrap() error { return e.err }

// isBroken reports whether the connection to the server was lost or not to be had.
func isBroken(err error) bool {
	var network *net.OpError // not net.Error, which SQLite's errors happen to be
	var connect *pgconn.ConnectError
	return isPg(err, pgConnection, pgShutdown, pgCrash, pgStarting) || errors.As(err, &connect) && !errors.As(err, new(*pgconn.PgError)) ||
		errors.As(err, &network) && !network.Timeout() ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF)
}

// isPg reports whether err is PostgreSQL's with one of the codes or classes.
func isPg(err error, codes ...string) bool {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return false
	}
	for _, code := range codes {
		if strings.HasPrefix(pg.Code, code) {
			return true
		}
	}
	return false
}
