package db

import (
	"errors"
	"strings"
	"testing"
)

func TestRebind(t *testing.T) {
	for _, c := range []struct {
		name, query, want string
		params            int
	}{
		{"none", `SELECT 1`, `SELECT 1`, 0},
		{"some", `SELECT $2, $1`, `SELECT ?2, ?1`, 2},
		{"two digits", `($9,$10)`, `(?9,?10)`, 10},
		{"at the end", `a = $1`, `a = ?1`, 1},
		{"beside signs", `n+$1*-$2::text`, `n+?1*-?2::text`, 2},
		{"literal", `'$1' || $1 || 'it''s $2'`, `'$1' || ?1 || 'it''s $2'`, 1},
		{"quoted names", "\"$1\" `$2` $3", "\"$1\" `$2` ?3", 3},
		{"comments", "$1 -- $2\n, $3 /* $4 ' */ , $5", "?1 -- $2\n, ?3 /* $4 ' */ , ?5", 5},
		{"part of a name", `a$1, _$2, é$3, $4`, `a$1, _$2, é$3, ?4`, 4},
		{"lonely dollars", `$ $a $$ $0x`, `$ $a $$ $0x`, 0},
		{"unfinished literal", `'$1`, `'$1`, 0},
		{"unfinished comment", `/* $1`, `/* $1`, 0},
		{"minus", `$1-$2`, `?1-?2`, 2},
		{"division", `$1/$2`, `?1/?2`, 2},
	} {
		got, err := rebind(c.query)
		if err != nil || got.text != c.want || got.params != c.params {
			t.Errorf("%s: %q, %d parameters, %v; want %q, %d", c.name, got.text, got.params, err, c.want, c.params)
		}
	}
}

func TestRebindKnowsPaddedLists(t *testing.T) {
	tx := &Tx{engine: SQLite}
	s, err := rebind(`SELECT $1 WHERE x IN (` + tx.In(2, 6) + `)`)
	if err != nil || s.params != 9 || s.padStart != 2 {
		t.Fatalf("%+v, %v", s, err)
	}
	for n, good := range map[int]bool{1: false, 2: true, 4: true, 9: true, 10: false} {
		if err := s.accepts(n); (err == nil) != good {
			t.Errorf("%d arguments: %v", n, err)
		}
	}
	for _, query := range []string{
		`x IN (` + tx.In(1, 6) + `) AND y = $4`,
		`x IN (` + tx.In(1, 6) + `) AND y = $9`,
		`x IN (` + tx.In(1, 6) + `) OR x IN (` + tx.In(1, 6) + `)`,
	} {
		if _, err := rebind(query); !errors.Is(err, errPadPlace) {
			t.Errorf("%.30s…: %v", query, err)
		}
	}
}

func FuzzRebind(f *testing.F) {
	for _, seed := range []string{`SELECT $1`, `'a''$1' "$2" -- $3`, `/* $1 */ $10`, `x$1 $$ $`, padMark + `2-9*/ $2`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		s, _ := rebind(query)
		if len(s.text) != len(query) || strings.ReplaceAll(s.text, "?", "$") != strings.ReplaceAll(query, "?", "$") {
			t.Errorf("%q became %q", query, s.text)
		}
	})
}

func TestExpandMigrations(t *testing.T) {
	const source = "CREATE TABLE t (a {{id}}, b {{int}}, c {{bool}}, d {{text}}, e {{blob}}){{strict}};\n" +
		"-- +sqlite\nonly sqlite {{clustered}}\n-- +end\n  -- +postgres\nonly postgres $$ {{clustered}} $$\n-- +end\nboth\n"
	for engine, want := range map[Engine]string{
		SQLite: "CREATE TABLE t (a BLOB, b INTEGER, c INTEGER, d TEXT, e BLOB) STRICT;\nonly sqlite  STRICT, WITHOUT ROWID\nboth\n",
		Postgres: "CREATE TABLE t (a uuid, b BIGINT, c BOOLEAN, d TEXT COLLATE \"C\", e BYTEA);\n" +
			"only postgres $$  $$\nboth\n",
	} {
		if got, err := expand(source, engine); err != nil || got != want {
			t.Errorf("%s: %v\n%s\nwant\n%s", engine, err, got, want)
		}
	}
	for _, bad := range []string{"a {{uuid}}", "{{}}", "-- +sqlite\n", "-- +end\n", "-- +sqlite\n-- +postgres\n-- +end\n"} {
		if _, err := expand(bad, SQLite); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}
