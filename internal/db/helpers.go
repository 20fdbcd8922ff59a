package db

import (
	"context"
	"database/sql"
	"errors"
	"strings"
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

// TimeOf reads a stored time that may be missing: the zero time then.
func TimeOf(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return FromMillis(ms.Int64)
}

// MillisOrNull is how a time that may be missing is stored; the zero time is NULL.
func MillisOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return Millis(t)
}

// TextOrNull is how a text that may be missing is stored; "" is NULL.
func TextOrNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// Containing is the pattern of a LIKE … ESCAPE '\' that finds a word anywhere in a text in
// lower case.
func Containing(word string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(word)) + "%"
}
