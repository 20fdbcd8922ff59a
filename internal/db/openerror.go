package db

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/ncruces/go-sqlite3"
)

// OpenError says why a store could not be opened, for the person who starts Hearth.
// Neither text carries a key, a password or a connection string.
type OpenError struct {
	Problem string // a sentence: what is wrong
	Remedy  string // a sentence: what to do
	Err     error  // the cause, if there is one to tell; not for readers
}

// Error gives both sentences.
func (e *OpenError) Error() string { return e.Problem + " " + e.Remedy }

// Unwrap gives the cause.
func (e *OpenError) Unwrap() error { return e.Err }

// explainOpen turns what stopped Open into an OpenError.
func explainOpen(ctx context.Context, cfg Config, err error) error {
	var known *OpenError
	if errors.As(err, &known) {
		return known
	}
	if ended := context.Cause(ctx); ended != nil {
		return ended
	}
	explained := explainFile(cfg, err)
	if cfg.URL != "" {
		explained = explainServer(err)
	}
	explained.Err = err
	return explained
}

func explainFile(cfg Config, err error) *OpenError {
	dir, file := cfg.Dir, filepath.Join(cfg.Dir, fileName)
	switch {
	case IsFull(err):
		return &OpenError{Problem: "The disk that holds the data folder " + dir + " is full.",
			Remedy: "Make room and start again; nothing was lost."}
	case isAny(err, syscall.ENOTDIR, fs.ErrExist):
		return &OpenError{Problem: "The data folder " + dir + " is not a folder.",
			Remedy: "Name a folder with --data."}
	case isAny(err, syscall.EROFS, fs.ErrPermission, sqlite3.READONLY, sqlite3.PERM, sqlite3.AUTH):
		return &OpenError{Problem: "The data folder " + dir + " or a file in it cannot be written to.",
			Remedy: "Give the user who runs Hearth the right to read and write there, or name another folder with --data."}
	case isAny(err, sqlite3.NOTADB):
		return &OpenError{Problem: "The database " + file + " cannot be read with the key " + keyName + " beside it: the key belongs to another database, or the file is not Hearth's or is damaged.",
			Remedy: "Put the right key file back, or restore a backup. Nothing was changed."}
	case isAny(err, sqlite3.CORRUPT):
		return &OpenError{Problem: "The database " + file + " is damaged.",
			Remedy: "Keep a copy of the folder and restore a backup."}
	case isAny(err, sqlite3.BUSY, sqlite3.LOCKED):
		return &OpenError{Problem: "The database " + file + " is held by another program.",
			Remedy: "Stop that program and start again."}
	}
	return &OpenError{Problem: "The database in " + dir + " could not be opened: " + err.Error() + ".",
		Remedy: "Nothing was changed; see docs/operate for help."}
}

func isAny(err error, targets ...error) bool {
	for _, target := range targets {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}

func explainServer(err error) *OpenError {
	var parse *pgconn.ParseConfigError
	var server *pgconn.PgError
	var network net.Error
	switch {
	case errors.As(err, &parse):
		return &OpenError{Problem: "The database address cannot be understood.",
			Remedy: "Write it like postgres://user:password@host:5432/name."}
	case errors.As(err, &server):
		return explainAnswer(server)
	case errors.As(err, &network), isAny(err, syscall.ECONNREFUSED, syscall.ENOENT, context.DeadlineExceeded):
		return &OpenError{Problem: "The PostgreSQL server cannot be reached: " + reason(err) + ".",
			Remedy: "Start it, or correct the host and port of the database address."}
	}
	return &OpenError{Problem: "The PostgreSQL database could not be opened.",
		Remedy: "Correct the database address; its TLS settings may not fit the server."}
}

// explainAnswer explains an error that the server itself gave.
func explainAnswer(server *pgconn.PgError) *OpenError {
	problem := "PostgreSQL refused: " + server.Message + "."
	switch {
	case strings.HasPrefix(server.Code, "28"):
		return &OpenError{Problem: "PostgreSQL refused the user or the password.",
			Remedy: "Correct them in the database address, or allow this user in pg_hba.conf."}
	case server.Code == "3D000":
		return &OpenError{Problem: "PostgreSQL has no such database.",
			Remedy: "Create it (createdb --encoding=UTF8 --template=template0 NAME), or correct the name in the database address."}
	case server.Code == "42501":
		return &OpenError{Problem: problem, Remedy: "Make this user the owner of the database."}
	case server.Code == pgDiskFull:
		return &OpenError{Problem: "The disk of the PostgreSQL server is full.", Remedy: "Make room and start again; nothing was lost."}
	case strings.HasPrefix(server.Code, "53"), strings.HasPrefix(server.Code, "57"):
		return &OpenError{Problem: problem, Remedy: "Wait until the server has room or has started, and start again."}
	}
	return &OpenError{Problem: problem, Remedy: "Nothing was changed; see docs/operate for help."}
}

// reason gives the words of the innermost network error, which carry no credentials.
func reason(err error) string {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Error()
	}
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno.Error()
	}
	return "no answer in time"
}
