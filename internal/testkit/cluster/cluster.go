// Package cluster runs a private temporary PostgreSQL cluster for tests: a unix socket
// in a folder that only this machine's users can reach, no network. It ends and its
// folder goes away with the process that started it, also when that is killed: a small
// shell beside the server waits for the end of a pipe that the process holds open.
package cluster

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // asks whether the server is up
)

// Variable names the environment variable with the address of a running cluster.
const Variable = "HEARTH_TEST_POSTGRES"

const (
	superuser    = "hearth"
	port         = 5432 // only names the socket
	startTimeout = 30 * time.Second
)

// Cluster is a running cluster.
type Cluster struct {
	dir  string
	life io.Closer // the pipe whose end ends the server
	done chan error
}

// Start makes and starts a cluster. Without durable it does not wait for the disk.
func Start(durable bool) (*Cluster, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	owner, err := serverUser()
	if err != nil {
		return nil, err
	}
	dir, err := makeFolder(owner, durable)
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, done: make(chan error, 1)}
	if err := c.initialize(bin, owner, durable); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := c.run(bin, owner); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return c, c.wait()
}

// URL is the address of a database of the cluster.
func (c *Cluster) URL(database string) string { return Address(c.dir, port, superuser, "", database) }

// Address writes the address of a database at a host or in a socket folder.
func Address(host string, port uint16, user, password, database string) string {
	query := url.Values{"host": {host}, "port": {strconv.Itoa(int(port))}, "user": {user}, "sslmode": {"disable"}}
	if password != "" {
		query.Set("password", password)
	}
	return "postgres:///" + database + "?" + query.Encode()
}

// Stop ends the cluster and removes its folder.
func (c *Cluster) Stop() error {
	_ = c.life.Close()
	select {
	case err := <-c.done:
		return err
	case <-time.After(startTimeout):
		return errors.New("the PostgreSQL server does not end")
	}
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

func (c *Cluster) initialize(bin string, owner *credential, durable bool) error {
	initdb := owner.command(filepath.Join(bin, "initdb"), "-D", c.data(), "-A", "trust", "-U", superuser,
		"-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
	initdb.Dir = c.dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	conf, err := os.OpenFile(filepath.Join(c.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = io.WriteString(conf, c.settings(durable))
	return errors.Join(err, conf.Close())
}

func (c *Cluster) settings(durable bool) string {
	text := fmt.Sprintf("\nlisten_addresses = ''\nunix_socket_directories = '%s'\nport = %d\nmax_connections = 400\nlog_timezone = 'UTC'\ntimezone = 'UTC'\n", c.dir, port)
	if !durable {
		text += "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
	}
	return text
}

// The shell starts the server and then reads a pipe that nobody writes to: its end means
// that the process is gone or wants the server gone.
const keeper = `"$1" -D "$2" >"$3/log" 2>&1 & server=$!
read _
kill -QUIT $server 2>/dev/null
wait $server
cd / && rm -rf "$3"`

func (c *Cluster) run(bin string, owner *credential) error {
	shell := owner.command("/bin/sh", "-c", keeper, "sh", filepath.Join(bin, "postgres"), c.data(), c.dir)
	shell.Dir = c.dir
	shell.SysProcAttr.Setsid = true // an interrupt from the keyboard must not reach it
	life, err := shell.StdinPipe()
	if err != nil {
		return err
	}
	if err := shell.Start(); err != nil {
		return err
	}
	c.life = life
	go func() { c.done <- shell.Wait() }()
	return nil
}

// wait returns when the server answers.
func (c *Cluster) wait() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	conn, err := sql.Open("pgx", c.URL("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close()
	for {
		err := conn.PingContext(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			log, _ := os.ReadFile(filepath.Join(c.dir, "log"))
			return errors.Join(fmt.Errorf("the PostgreSQL server does not start: %w\n%s", err, log), c.Stop())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// programs finds the folder of initdb and postgres.
func programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil && isProgram(filepath.Join(filepath.Dir(path), "postgres")) {
			return filepath.Dir(path), nil
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	return newestOf(found)
}

// newestOf picks the folder with the highest version among those of initdb programs.
func newestOf(found []string) (string, error) {
	newest := ""
	for _, path := range found {
		if dir := filepath.Dir(path); isProgram(filepath.Join(dir, "postgres")) && version(dir) > version(newest) {
			newest = dir
		}
	}
	if newest == "" {
		return "", errors.New("these tests need the PostgreSQL programs initdb and postgres, in PATH or in /usr/lib/postgresql; " +
			"on Debian: apt-get install postgresql")
	}
	return newest, nil
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// version reads 15 from /usr/lib/postgresql/15/bin.
func version(bin string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	return n
}
