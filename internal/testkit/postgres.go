package testkit

import (
	"context"
	"database/sql"
	"fmt"
	"os"
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
	fast    = &source{env: cluster.Variable}
	durable = &source{durable: true}
)

// source gives fresh databases of one cluster.
type source struct {
	env     string // names the variable that may hold the address of a running cluster
	durable bool

	once  sync.Once
	err   error
	url   string // of the cluster's own database
	admin *sql.DB
	count atomic.Int64
}

const template = "hearth_template"

// fresh makes a database that lives until the test ends and gives its address.
func (s *source) fresh(tb testing.TB) string {
	tb.Helper()
	s.once.Do(func() { s.err = s.start() })
	if s.err != nil {
		tb.Fatal(s.err)
	}
	name := fmt.Sprintf("t%d_%d", os.Getpid(), s.count.Add(1))
	if _, err := s.admin.Exec("CREATE DATABASE " + name + " TEMPLATE " + s.template()); err != nil {
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
	if s.url = os.Getenv(s.env); s.env == "" || s.url == "" {
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
	return s.makeTemplate()
}

// template is a database of this process: test binaries built from different sources
// may share a cluster.
func (s *source) template() string { return fmt.Sprintf("%s_%d", template, os.Getpid()) }

func (s *source) makeTemplate() error {
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
