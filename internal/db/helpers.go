package db

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// ErrNoRows is what Scan of a [Tx.QueryRow] without a row returns.
var ErrNoRows = sql.ErrNoRows

// Scanner is a row to read columns from.
type Scanner interface{ Scan(dest ...any) error }

// Many runs a query and gives one T for every row, in order; no row gives nil.
func Many[T any](ctx context.Context, tx *Tx, scan func(Scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// One runs a query and gives its first row; false means that there is none.
func One[T any](ctx context.Context, tx *Tx, scan func(Scanner) (T, error), query string, args ...any) (T, bool, error) {
	one, err := scan(tx.QueryRow(ctx, query, args...))
	if err != nil {
		var none T
		if errors.Is(err, ErrNoRows) {
			err = nil
		}
		return none, false, err
	}
	return one, true, nil
}

// Millis is how a time is stored: milliseconds since 1970.
func Millis(t time.Time) int64 { return t.UnixMilli() }

// FromMillis reads a stored time, in UTC.
func FromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
