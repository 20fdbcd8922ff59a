package testkit

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver of the administrator's connection

	"hearth/internal/db"
	"hearth/internal/testkit/cluster"
)

var (
	fast    = newSource(cluster.Variable, false)
	durable = newSource("", true)
)

// source gives fresh databases of one cluster.
type source struct {
	variable string // names the environment variable that may hold a running cluster
	durable  bool
	run      string // sets this process's databases apart, as others may share the cluster

	started  func() error // starts the cluster, once
	migrated func() error // makes the template, once
	url      string       // of the cluster's own database
	admin    *sql.DB
	count    atomic.Int64
}

func newSource(variable string, durable bool) *source {
	s := &source{variable: variable, durable: durable, run: strings.ToLower(rand.Text()[:10])}
	s.started = sync.OnceValue(s.start)
	s.migrated = sync.OnceValue(s.makeTemplate)
	return s
}

// fresh makes a migrated database that lives until the test ends and gives its address.
func (s *source) fresh(tb testing.TB) string {
	tb.Helper()
	if err := s.migrated(); err != nil {
		tb.Fatal(err)
	}
	return s.create(tb, s.template())
}

// create makes a database like another.
func (s *source) create(tb testing.TB, like string) string {
	tb.Helper()
	if err := s.started(); err != nil {
		tb.Fatal(err)
	}
	name := fmt.Sprintf("t_%s_%d", s.run, s.count.Add(1))
	if _, err := s.admin.Exec("CREATE DATABASE " + name + " TEMPLATE " + like); err != nil {
		tb.Fatalf("making a test database: %v", err)
	}
	tb.Cleanup(func() {
		if _, err := s.admin.Exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			tb.Errorf("removing the test database: %v", err)
		}
	})
	return s.address(name)
}

func (s *source) start() (err error) {
	if s.variable != "" {
		s.url = os.Getenv(s.variable)
	}
	if s.url == "" {
		c, err := cluster.Start(s.durable)
		if err != nil {
			return err
		}
		s.url = c.URL("postgres")
	}
	if s.admin, err = sql.Open("pgx", s.url); err != nil {
		return err
	}
	s.admin.SetMaxOpenConns(4)
	return nil
}

func (s *source) template() string { return "template_" + s.run }

func (s *source) makeTemplate() error {
	if err := s.started(); err != nil {
		return err
	}
	if _, err := s.admin.Exec("CREATE DATABASE " + s.template() + " TEMPLATE template0"); err != nil {
		return fmt.Errorf("making the template database: %w", err)
	}
	return migrated(db.Config{URL: s.address(s.template())})
}

// address names another database of the same cluster.
func (s *source) address(name string) string {
	config, err := pgx.ParseConfig(s.url)
	if err != nil {
		return s.url
	}
	return cluster.Address(config.Host, config.Port, config.User, config.Password, name)
}

// migrated opens a database, which migrates it, and closes it again.
func migrated(cfg db.Config) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	d, err := db.Open(ctx, cfg)
	if err != nil {
		return err
	}
	return d.Close()
}
