package db_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// childFolder tells a test binary that it is the child of TestNothingTold… and where to
// write.
const childFolder = "HEARTH_DB_TEST_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		if err := writeForEver(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// writeForEver writes pairs of things and says the number of each pair once it is
// committed, until it is killed.
func writeForEver(dir string) error {
	ctx := context.Background()
	d, err := db.OpenWith(ctx, db.Config{Dir: dir}, schema)
	if err != nil {
		return err
	}
	var next int64
	err = d.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, `SELECT COALESCE(MAX(n) + 1, 0) FROM things`).Scan(&next)
	})
	for ; err == nil; next++ {
		err = d.Write(ctx, func(tx *db.Tx) error {
			for _, half := range []string{"left", "right"} {
				if _, err := tx.Exec(ctx, insert, care.NewID[care.UserID](time.Now()), fmt.Sprint(half, next, strings.Repeat("x", 2000)), next); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			fmt.Println(next)
		}
	}
	return err
}

// killWhileWriting runs a child until it has told of some pairs, kills it, and gives the
// last one told.
func killWhileWriting(t *testing.T, dir string, pairs int) int64 {
	t.Helper()
	child := osexec.Command(os.Args[0])
	child.Env = append(os.Environ(), childFolder+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	last := int64(-1)
	lines := bufio.NewScanner(out)
	for seen := 0; lines.Scan(); seen++ {
		if last, err = strconv.ParseInt(lines.Text(), 10, 64); err != nil {
			t.Fatal(err)
		}
		if seen == pairs {
			_ = child.Process.Kill()
		}
	}
	_ = child.Wait()
	return last
}

func TestNothingToldIsLostWhenTheProcessIsKilled(t *testing.T) {
	dir := t.TempDir()
	for round := range 4 {
		told := killWhileWriting(t, dir, 20+60*round)
		d := open(t, db.Config{Dir: dir}, schema)
		pairs := number(t, d, `SELECT count(*) FROM things`)
		if pairs%2 != 0 || pairs/2 < told+1 || pairs/2 > told+2 {
			t.Errorf("%d things after the pair %d was told", pairs, told)
		}
		sound(t, d)
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAWrongKeyDamagesNothing covers the dangerous case: after a kill the newest data is
// in the log alone, which SQLite removes when it cannot make sense of it.
func TestAWrongKeyDamagesNothing(t *testing.T) {
	dir := t.TempDir()
	told := killWhileWriting(t, dir, 30)
	log, err := os.Stat(filepath.Join(dir, "hearth.db-wal"))
	if err != nil || log.Size() == 0 {
		t.Fatalf("there is no log to lose: %v", err)
	}
	key := filepath.Join(dir, "hearth.key")
	right, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := os.WriteFile(key, []byte(strings.Repeat("0b", 32)), 0o600); err != nil {
			t.Fatal(err)
		}
		refused(t, db.Config{Dir: dir}, schema, "cannot be read with the key")
	}
	if err := os.WriteFile(key, right, 0o600); err != nil {
		t.Fatal(err)
	}
	if n := things(t, dir); n < 2*(told+1) {
		t.Errorf("%d things are left after the pair %d was told", n, told)
	}
}

// smallDisk gives a folder on a disk of its own with the size in bytes.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
		t.Fatalf("a full disk needs a small one to be mounted, which only root may (or: unshare -rm): %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

func TestAFullDiskStopsWritesAndNothingElse(t *testing.T) {
	dir := smallDisk(t, 2<<20)
	d := open(t, db.Config{Dir: dir}, schema)
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 600<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	stored := 0
	var err error
	for ; err == nil && stored < 1000; stored++ {
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), insert, care.NewID[care.UserID](time.Now()), fmt.Sprint(stored, strings.Repeat("x", 10000)), stored)
			return err
		})
	}
	stored--
	if !db.IsFull(err) || stored == 0 {
		t.Fatalf("%d writes, then %v", stored, err)
	}
	if n := number(t, d, `SELECT count(*) FROM things`); n != int64(stored) {
		t.Errorf("%d things are there, %d were stored", n, stored)
	}
	if err := d.Ping(t.Context()); err != nil {
		t.Errorf("reading: %v", err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	exec(t, d, insert, id(1), "room again", 1)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if n := things(t, dir); n != int64(stored)+1 {
		t.Errorf("%d things after opening again, want %d", n, stored+1)
	}
}

// A transaction that is too large for memory is written before its commit; when that
// fails nothing of it may remain.
func TestALargeTransactionOnAFullDisk(t *testing.T) {
	const rows, size = 4000, 15000 // beyond the cache of the writer and what is gathered
	dir := smallDisk(t, 16<<20)
	d := open(t, db.Config{Dir: dir}, schema)
	exec(t, d, insert, id(1), "before", 1)
	for range 2 {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for i := range rows {
				if _, err := tx.Exec(t.Context(), insert, care.NewID[care.UserID](time.Now()), fmt.Sprint(i, strings.Repeat("x", size)), i); err != nil {
					return err
				}
			}
			return nil
		})
		if !db.IsFull(err) {
			t.Fatalf("%d bytes on a small disk: %v", rows*size, err)
		}
		exec(t, d, `UPDATE things SET n = n + 1`)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d = open(t, db.Config{Dir: dir}, schema)
	if n := number(t, d, `SELECT max(n) FROM things HAVING count(*) = 1`); n != 3 {
		t.Errorf("n is %d, want 3", n)
	}
	sound(t, d)
}

// sound checks every page of a SQLite file.
func sound(t *testing.T, d *db.DB) {
	t.Helper()
	read(t, d, func(ctx context.Context, tx *db.Tx) error {
		check, err := db.Many(ctx, tx, scanText, `PRAGMA integrity_check`)
		if len(check) != 1 || check[0] != "ok" {
			t.Errorf("integrity: %v", check)
		}
		return err
	})
}

func TestStartingOnAFullDisk(t *testing.T) {
	dir := smallDisk(t, 1<<20)
	cfg := db.Config{Dir: filepath.Join(dir, "data")}
	ballast := filepath.Join(dir, "ballast")
	for _, free := range []int{0, 8 << 10, 40 << 10} {
		if err := fill(ballast, free); err != nil {
			t.Fatal(err)
		}
		refused(t, cfg, schema, "is full")
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	exec(t, open(t, cfg, schema), insert, id(1), "one", 1)
}

// fill leaves some bytes of a small disk free.
func fill(path string, free int) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	for err == nil {
		_, err = f.Write(make([]byte, 4<<10))
	}
	if !errors.Is(err, syscall.ENOSPC) {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return f.Truncate(info.Size() - int64(free))
}
