package db

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// currentVersion reads goose's table.
const currentVersion = `SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied`

// words are what a migration may say in double braces.
var words = map[string]map[Engine]string{
	"id":        {SQLite: "BLOB", Postgres: "uuid"},
	"int":       {SQLite: "INTEGER", Postgres: "BIGINT"},
	"bool":      {SQLite: "INTEGER", Postgres: "BOOLEAN"},
	"blob":      {SQLite: "BLOB", Postgres: "BYTEA"},
	"strict":    {SQLite: " STRICT", Postgres: ""},
	"clustered": {SQLite: " STRICT, WITHOUT ROWID", Postgres: ""},
	// Byte order on both engines: lists, indexes and LIKE 'prefix%' come out alike,
	// whatever locale a PostgreSQL database was made with.
	"text": {SQLite: "TEXT", Postgres: `TEXT COLLATE "C"`},
}

// migrate brings the schema up to date. Several nodes may start at once.
func migrate(ctx context.Context, engine Engine, conn *sql.DB, migrations fs.FS) error {
	provider, err := newProvider(engine, conn, expandedFS{migrations, engine})
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return refuseNewer(ctx, provider)
}

func newProvider(engine Engine, conn *sql.DB, fsys fs.FS) (*goose.Provider, error) {
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger())}
	if engine == SQLite {
		return goose.NewProvider(goose.DialectSQLite3, conn, fsys, options...)
	}
	// Another node may be migrating; ask every second for five minutes.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, conn, fsys, append(options, goose.WithSessionLocker(locker))...)
}

func refuseNewer(ctx context.Context, provider *goose.Provider) error {
	have, know, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if have > know {
		return &OpenError{
			Problem: fmt.Sprintf("The database was made by a newer Hearth: its schema is number %d and this program knows %d.", have, know),
			Remedy:  "Start the newer program again, or restore a backup made with this one.",
		}
	}
	return nil
}

// expandedFS gives migrations in the words of one engine.
type expandedFS struct {
	fs.FS
	engine Engine
}

// Open opens a file; a migration is expanded.
func (e expandedFS) Open(name string) (fs.File, error) {
	f, err := e.FS.Open(name)
	if err != nil || !strings.HasSuffix(name, ".sql") {
		return f, err
	}
	source, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	text, err := expand(string(source), e.engine)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return expandedFile{f, bytes.NewReader([]byte(text))}, nil
}

type expandedFile struct {
	fs.File
	text *bytes.Reader
}

// Read reads the expanded text.
func (f expandedFile) Read(p []byte) (int, error) { return f.text.Read(p) }

var placeholder = regexp.MustCompile(`\{\{.*?\}\}`)

// expand keeps the lines meant for engine and puts its words in. Lines between
// "-- +sqlite" or "-- +postgres" and "-- +end" are for that engine only.
func expand(source string, engine Engine) (string, error) {
	var b strings.Builder
	only := Engine("")
	for line := range strings.Lines(source) {
		switch strings.TrimSpace(line) {
		case "-- +sqlite", "-- +postgres":
			if only != "" {
				return "", fmt.Errorf("a block for %s is not ended", only)
			}
			only = Engine(strings.TrimPrefix(strings.TrimSpace(line), "-- +"))
		case "-- +end":
			if only == "" {
				return "", fmt.Errorf("an end without a block")
			}
			only = ""
		default:
			if only == "" || only == engine {
				b.WriteString(line)
			}
		}
	}
	if only != "" {
		return "", fmt.Errorf("a block for %s is not ended", only)
	}
	return expandWords(b.String(), engine)
}

func expandWords(source string, engine Engine) (string, error) {
	var unknown []string
	text := placeholder.ReplaceAllStringFunc(source, func(match string) string {
		word, ok := words[match[2:len(match)-2]]
		if !ok {
			unknown = append(unknown, match)
		}
		return word[engine]
	})
	if len(unknown) > 0 {
		return "", fmt.Errorf("unknown placeholders %s", strings.Join(unknown, ", "))
	}
	return text, nil
}
