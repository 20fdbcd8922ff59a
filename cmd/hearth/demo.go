package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"hearth/internal/demo"
	"hearth/internal/server"
)

type demoCmd struct {
	Addr  addr   `default:"127.0.0.1:8080" placeholder:"HOST:PORT" env:"HEARTH_ADDR" help:"Where to listen (${default}); port 0 takes a free one."`
	Data  string `placeholder:"DIR" env:"HEARTH_DATA" help:"Where the demo keeps its data; without it, a folder in the user's cache. A second start goes on with what is there."`
	Fresh bool   `help:"Throw the demo's data away first and begin anew."`
	Web   web    `embed:""`

	Outgoing outgoing `embed:""`
}

// Validate checks the values before anything is done.
func (c *demoCmd) Validate() error {
	if err := c.Addr.check("addr"); err != nil {
		return err
	}
	if _, err := c.Outgoing.allowed(); err != nil {
		return err
	}
	return c.Web.check()
}

// Run serves the invented practice until the program is told to end.
func (c *demoCmd) Run(p *program, l *logging) error {
	dir, err := demoFolder(c.Data)
	if err != nil {
		return err
	}
	folder := demoData(dir)
	if err := folder.claim(c.Fresh); err != nil {
		return err
	}
	serve := serveCmd{Addr: c.Addr, Store: store{Data: dir}, Web: c.Web, Outgoing: c.Outgoing}
	cfg, err := serve.config(p, l)
	if err != nil {
		return err
	}
	cfg.Demo = true
	err = server.Run(p.ctx, cfg)
	if errors.Is(err, demo.ErrUnfinished) { // interrupted at its first start
		if err := folder.clear(); err != nil {
			return err
		}
		err = server.Run(p.ctx, cfg)
	}
	return err
}

func demoFolder(named string) (string, error) {
	if named != "" {
		return named, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	return filepath.Join(cache, "hearth", "demo"), nil
}

// demoData is the folder of a demo. A file in it says so: only a folder with that file is
// ever served with passwords on show, or thrown away.
type demoData string

const (
	demoMark = "hearth.demo"
	demoText = "This folder holds the invented practice of `hearth demo`. It may be deleted.\n"
)

// claim makes the folder the demo's, or refuses one that holds something else.
func (d demoData) claim(fresh bool) error {
	entries, err := os.ReadDir(string(d))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("the folder %s cannot be used: %w. Name another with --data", string(d), errors.Unwrap(err))
	}
	if len(entries) > 0 && !d.marked() {
		return fmt.Errorf("the folder %s holds something that is not the demo's. Name an empty folder with --data", string(d))
	}
	if fresh {
		if err := d.clear(); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(string(d), 0o700); err != nil {
		return fmt.Errorf("the folder %s cannot be made: %w. Name another with --data", string(d), errors.Unwrap(err))
	}
	return os.WriteFile(filepath.Join(string(d), demoMark), []byte(demoText), 0o600)
}

func (d demoData) marked() bool {
	_, err := os.Stat(filepath.Join(string(d), demoMark))
	return err == nil
}

// clear removes the demo's files and keeps the mark.
func (d demoData) clear() error {
	entries, err := os.ReadDir(string(d))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "hearth.") && e.Name() != demoMark {
			err = errors.Join(err, os.RemoveAll(filepath.Join(string(d), e.Name())))
		}
	}
	return err
}
