package db

import (
	"fmt"
	"strconv"
	"strings"
)

// castWords gives the SQL type of a cast word on each engine.
var castWords = map[Engine]map[string]string{
	SQLite:   {"id": "BLOB", "int": "INTEGER", "bool": "INTEGER", "text": "TEXT", "blob": "BLOB", "real": "REAL"},
	Postgres: {"id": "uuid", "int": "BIGINT", "bool": "BOOLEAN", "text": "TEXT", "blob": "BYTEA", "real": "DOUBLE PRECISION"},
}

// Values gives the rows of a VALUES list, with placeholders from $1 on and casts in the
// first row, which fix the types: "(CAST($1 AS BIGINT),CAST($2 AS TEXT)),($3,$4)". The
// cast words are id, int, bool, text, blob and real. The columns are called column1,
// column2 … on both engines:
//
//	UPDATE t SET n = v.column2 FROM (VALUES `+tx.Values(len(rows), "id", "int")+`) AS v WHERE t.id = v.column1
//
// Rows must be at least 1; an unknown word is a mistake in the program and panics.
func (t *Tx) Values(rows int, casts ...string) string { return t.ValuesFrom(1, rows, casts...) }

// ValuesFrom is Values with placeholders from $start on.
func (t *Tx) ValuesFrom(start, rows int, casts ...string) string {
	b := make([]byte, 0, rows*len(casts)*6+len(casts)*20)
	for row := range rows {
		b = appendTuple(b, row, start+row*len(casts), len(casts), func(b []byte, column, n int) []byte {
			if row > 0 {
				return appendPlaceholder(b, n)
			}
			b = appendPlaceholder(append(b, "CAST("...), n)
			return append(append(append(b, " AS "...), t.castWord(casts[column])...), ')')
		})
	}
	return string(b)
}

// Rows gives the rows of an INSERT's VALUES: "($1,$2),($3,$4)" for start 1, 2 rows and 2
// columns. INSERT takes the types from the table, so no casts are needed.
func Rows(start, rows, columns int) string {
	b := make([]byte, 0, rows*columns*6)
	for row := range rows {
		b = appendTuple(b, row, start+row*columns, columns, func(b []byte, _, n int) []byte {
			return appendPlaceholder(b, n)
		})
	}
	return string(b)
}

func appendTuple(b []byte, row, first, columns int, cell func(b []byte, column, n int) []byte) []byte {
	if row > 0 {
		b = append(b, ',')
	}
	b = append(b, '(')
	for column := range columns {
		if column > 0 {
			b = append(b, ',')
		}
		b = cell(b, column, first+column)
	}
	return append(b, ')')
}

func appendPlaceholder(b []byte, n int) []byte {
	return strconv.AppendInt(append(b, '$'), int64(n), 10)
}

func (t *Tx) castWord(word string) string {
	sqlType, ok := castWords[t.engine][word]
	if !ok {
		panic(fmt.Sprintf("db: unknown cast word %q", word))
	}
	return sqlType
}

// In gives the inside of "x IN (…)" for n arguments from $start on:
//
//	tx.Query(ctx, `SELECT … WHERE org_id = $1 AND id IN (`+tx.In(2, len(ids))+`)`, args...)
//
// The list is padded a little, beyond 64 to a multiple of 256, so that few texts need
// compiling and few values are looked for twice;
// Tx fills the places that are left over with the last argument. So the n arguments must
// be the last of the statement, and no other placeholder may follow them. For n = 0
// nothing matches; leave a NOT IN away then.
func (t *Tx) In(start, n int) string {
	if n <= 0 {
		return "NULL"
	}
	end := start + padded(n) - 1
	var b strings.Builder
	for i := start; i <= end; i++ {
		if i > start {
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(i))
	}
	fmt.Fprintf(&b, "%s%d-%d*/", padMark, start, end)
	return b.String()
}

// padMark begins the comment by which a statement says that its last arguments are a
// padded list: "/*pad 2-9*/" means that $2 is given and $3 to $9 may be left over.
const padMark = "/*pad "

func padded(n int) int {
	switch {
	case n <= 4:
		return n
	case n <= 16:
		return (n + 3) / 4 * 4
	case n <= 64:
		return (n + 7) / 8 * 8
	default:
		return (n + 255) / 256 * 256
	}
}

// padArgs repeats the last argument up to the end of the padded list, if query has one.
func padArgs(query string, args []any) []any {
	at := strings.Index(query, padMark)
	if at < 0 {
		return args
	}
	start, end, ok := parsePad(query[at:])
	if !ok || len(args) < start || len(args) >= end {
		return args
	}
	full := make([]any, end)
	copy(full, args)
	for i := len(args); i < end; i++ {
		full[i] = args[len(args)-1]
	}
	return full
}

func parsePad(comment string) (start, end int, ok bool) {
	body, _, ok := strings.Cut(strings.TrimPrefix(comment, padMark), "*/")
	from, to, dash := strings.Cut(body, "-")
	if !ok || !dash {
		return 0, 0, false
	}
	start, errFrom := strconv.Atoi(from)
	end, errTo := strconv.Atoi(to)
	return start, end, errFrom == nil && errTo == nil
}
