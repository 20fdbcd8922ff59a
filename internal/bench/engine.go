package bench

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"hearth/internal/db"
)

// engine is a kind of database and how to get a fresh one.
type engine struct {
	flag, name  string
	needsServer bool
	version     string // the query for its version
	prepare     func(ctx context.Context, cfg Config, dir string) (place, error)
}

var engines = []engine{
	{flag: "sqlite", name: "SQLite, encrypted", version: "SELECT sqlite_version()", prepare: inFolder},
	{flag: "postgres", name: "PostgreSQL", needsServer: true, version: "SHOW server_version", prepare: onServer},
}

// place is where a fresh database is.
type place struct {
	flags     []string  // that name it to the program
	data      db.Config // the same for ourselves
	floor     db.Config // a store on the same disk to measure commits in
	remove    func() error
	processes func(ctx context.Context) ([]int, error) // of the database server
}

func inFolder(_ context.Context, _ Config, dir string) (place, error) {
	return place{
		flags:     []string{"--data", filepath.Join(dir, "data")},
		data:      db.Config{Dir: filepath.Join(dir, "data")},
		floor:     db.Config{Dir: filepath.Join(dir, "floor")},
		remove:    func() error { return nil }, // with the folder
		processes: func(context.Context) ([]int, error) { return nil, nil },
	}, nil
}

// onServer makes a database for the program and another for the floor.
func onServer(ctx context.Context, cfg Config, _ string) (place, error) {
	name := fmt.Sprintf("hearth_bench_%d", os.Getpid())
	address, err := url.Parse(cfg.PostgresURL)
	if err != nil {
		return place{}, fmt.Errorf("--postgres-url is no address")
	}
	at := func(database string) string {
		other := *address
		other.Path = "/" + database
		return other.String()
	}
	admin := func(ctx context.Context, statements ...string) error {
		conn, err := pgx.Connect(ctx, cfg.PostgresURL)
		if err != nil {
			return fmt.Errorf("connecting to PostgreSQL: %w", err)
		}
		defer conn.Close(ctx)
		for _, statement := range statements {
			if _, err := conn.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	}
	both := []string{name, name + "_floor"}
	return place{
		flags: []string{"--database-url", at(both[0])},
		data:  db.Config{URL: at(both[0])},
		floor: db.Config{URL: at(both[1])},
		remove: func() error {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
			defer cancel()
			return admin(ctx, "DROP DATABASE IF EXISTS "+both[0]+" WITH (FORCE)", "DROP DATABASE IF EXISTS "+both[1]+" WITH (FORCE)")
		},
		processes: func(ctx context.Context) ([]int, error) { return serverProcesses(ctx, cfg.PostgresURL) },
	}, admin(ctx, "CREATE DATABASE "+both[0], "CREATE DATABASE "+both[1])
}

// serverProcesses are those of the PostgreSQL server on this machine, the writers of the
// log and of the pages among them.
func serverProcesses(ctx context.Context, address string) ([]int, error) {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int])
}

const floorCommits = 200

// floor measures the disk before anything else runs, and asks the engine's version.
func floor(ctx context.Context, e engine, at place) (report, error) {
	r := report{engine: e.name}
	d, err := db.Open(ctx, at.floor)
	if err != nil {
		return r, err
	}
	defer d.Close()
	if r.floor, err = d.CommitFloor(ctx, floorCommits); err != nil {
		return r, err
	}
	return r, d.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, e.version).Scan(&r.version)
	})
}
