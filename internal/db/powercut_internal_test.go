package db

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
	"github.com/ncruces/go-sqlite3/vfs/adiantum"
)

// These tests cut the power. A layer beneath the cipher keeps a record of what was
// written and when it was synced; for a cut at any point of the record it makes the
// files that a disk could then hold: all that was synced, and of what was not any part,
// torn at sectors of 512 bytes. What had been told as stored must be in them.

// act is one line of the record.
type act struct {
	kind string // write, cut (to a length), sync, told
	file string
	at   int64 // offset, length, or the number told
	data []byte
}

// recorder is a file layer that keeps the record.
type recorder struct {
	vfs.VFS
	mu   sync.Mutex
	acts []act
}

func (r *recorder) add(a act) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.acts = append(r.acts, a)
}

func (r *recorder) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := vfsutil.WrapOpenFilename(r.VFS, name, flags)
	if err != nil || name == nil {
		return file, flags, err
	}
	return &recorded{File: file, name: filepath.Base(name.String()), r: r}, flags, nil
}

type recorded struct {
	vfs.File
	name string
	r    *recorder
}

func (f *recorded) WriteAt(p []byte, off int64) (int, error) {
	f.r.add(act{"write", f.name, off, bytes.Clone(p)})
	return f.File.WriteAt(p, off)
}

func (f *recorded) Truncate(size int64) error {
	f.r.add(act{"cut", f.name, size, nil})
	return f.File.Truncate(size)
}

func (f *recorded) Sync(flags vfs.SyncFlag) error {
	err := f.File.Sync(flags)
	f.r.add(act{"sync", f.name, 0, nil})
	return err
}

func (f *recorded) SharedMemory() vfs.SharedMemory { return vfsutil.WrapSharedMemory(f.File) }
func (f *recorded) LockState() vfs.LockLevel       { return vfsutil.WrapLockState(f.File) }

// powerless gives the files after a cut at the end of acts, and the last number told.
func powerless(acts []act, dice *rand.Rand) (files map[string][]byte, told int64) {
	files = map[string][]byte{"hearth.db": nil, "hearth.db-wal": nil}
	pending := map[string][]act{}
	for _, a := range acts {
		switch a.kind {
		case "told":
			told = a.at
			continue
		case "sync":
			for _, p := range pending[a.file] {
				files[a.file] = apply(files[a.file], p)
			}
			pending[a.file] = nil
		default:
			pending[a.file] = append(pending[a.file], a)
		}
	}
	delete(files, "hearth.db-journal") // removed once the file had its log
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for _, p := range pending[name] {
			files[name] = tear(files[name], p, dice)
		}
	}
	return files, told
}

func apply(file []byte, a act) []byte {
	if a.kind == "cut" {
		return append(file, make([]byte, max(0, int(a.at)-len(file)))...)[:a.at]
	}
	if grown := int(a.at) + len(a.data) - len(file); grown > 0 {
		file = append(file, make([]byte, grown)...)
	}
	copy(file[a.at:], a.data)
	return file
}

// tear applies none, all, or some sectors of an act.
func tear(file []byte, a act, dice *rand.Rand) []byte {
	switch dice.IntN(3) {
	case 0:
		return file
	case 1:
		return apply(file, a)
	}
	for at := 0; at < len(a.data); at += 512 {
		if dice.IntN(2) == 0 {
			file = apply(file, act{"write", a.file, a.at + int64(at), a.data[at:min(at+512, len(a.data))]})
		}
	}
	return file
}

// bare opens a SQLite file through a file layer, without migrations and locks.
func bare(t *testing.T, dir, layer string) *DB {
	t.Helper()
	connect := func(pragmas string) *connector {
		uri := strings.Replace(fileURI(filepath.Join(dir, fileName), ""), "vfs="+vfsName, "vfs="+layer, 1)
		return &connector{uri: uri, key: make([]byte, keyBytes), pragmas: pragmas, prepared: new(atomic.Int64)}
	}
	lock, err := os.Create(filepath.Join(dir, lockName))
	if err != nil {
		t.Fatal(err)
	}
	return &DB{engine: &liteBackend{
		writer: newPool(connect("PRAGMA journal_mode=wal;"+writerPragmas+"PRAGMA wal_autocheckpoint=40;"), 1, "BEGIN IMMEDIATE"),
		reader: newPool(connect(readerPragmas), 1, "BEGIN"),
		lock:   lock, prepared: new(atomic.Int64),
	}}
}

func TestNothingToldIsLostWhenThePowerIsCut(t *testing.T) {
	const commits, cuts = 80, 200
	r := &recorder{VFS: vfs.Find("")}
	vfs.Register("recorded", gathering{adiantum.Wrap(disk{r}, nil)})
	d := bare(t, t.TempDir(), "recorded")
	dice := rand.New(rand.NewPCG(2026, 11))
	store := func(query string, args ...any) {
		t.Helper()
		if err := d.Write(t.Context(), func(tx *Tx) error {
			_, err := tx.Exec(t.Context(), query, args...)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	store(`CREATE TABLE told (n INTEGER PRIMARY KEY, body TEXT NOT NULL)`)
	first := len(r.acts)
	for n := range commits {
		store(`INSERT INTO told VALUES ($1, $2)`, n+1, strings.Repeat("x", dice.IntN(9000)))
		r.add(act{"told", "", int64(n + 1), nil})
		if dice.IntN(4) == 0 {
			lite := d.engine.(*liteBackend)
			lite.moved.Store(math.MaxInt64) // so that it is much
			if err := d.Relieve(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	acts := r.acts
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for range cuts {
		cut := first + dice.IntN(len(acts)-first)
		files, told := powerless(acts[:cut], dice)
		checkAfterCut(t, files, told, fmt.Sprintf("cut after %d of %d acts", cut, len(acts)))
	}
}

func checkAfterCut(t *testing.T, files map[string][]byte, told int64, when string) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d := bare(t, dir, vfsName)
	defer d.Close()
	var sum, last int64
	var sound string
	err := d.Write(t.Context(), func(tx *Tx) error {
		if err := tx.QueryRow(context.Background(), `PRAGMA integrity_check`).Scan(&sound); err != nil {
			return err
		}
		return tx.QueryRow(context.Background(), `SELECT COALESCE(SUM(n), 0), COALESCE(MAX(n), 0) FROM told`).Scan(&sum, &last)
	})
	if err != nil || sound != "ok" || last < told || last > told+1 || sum != last*(last+1)/2 {
		t.Errorf("%s: told %d, found up to %d with sum %d; %s, %v", when, told, last, sum, sound, err)
	}
}
