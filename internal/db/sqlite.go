package db

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/ext/fts5"
)

const (
	fileName = "hearth.db"
	keyName  = "hearth.key"
	lockName = "hearth.lock"
	readers  = 8
)

// The settings of every connection. FULL makes a commit durable before it is told; a
// log of some 16 MiB between checkpoints writes pages that change often only once. Without
// automatic indexes a statement that joins a list of values looks its rows up by the key:
// with them the planner, whose statistics may be of a smaller day, prefers to walk the whole
// table past an index made for the list.
const (
	commonPragmas = `PRAGMA busy_timeout=5000; PRAGMA foreign_keys=on; PRAGMA temp_store=memory; PRAGMA automatic_index=off;`
	writerPragmas = commonPragmas + `PRAGMA synchronous=full; PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=4000; PRAGMA analysis_limit=400;`
	readerPragmas = commonPragmas + `PRAGMA cache_size=-8192; PRAGMA query_only=on;`
)

// liteBackend is an encrypted SQLite file: one connection writes, some read.
type liteBackend struct {
	writer   *pool
	reader   *pool
	lock     *os.File
	prepared *atomic.Int64
	log      string       // the path of the log
	moved    atomic.Int64 // up to where it was moved last
}

func openSQLite(ctx context.Context, cfg Config, migrations fs.FS) (backend, error) {
	dir, err := filepath.Abs(cfg.Dir)
	if cfg.Dir == "" || err != nil {
		return nil, &OpenError{Problem: "No data folder is named.", Remedy: "Name one with --data or HEARTH_DATA."}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	// One program at a time makes the key and migrates; tools may start beside a server.
	setup, err := lockFolder(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer setup.Close()
	lock, err := lockServing(dir, cfg.Shared)
	if err != nil {
		return nil, err
	}
	b, err := openFile(ctx, cfg, dir, migrations)
	if err != nil {
		_ = lock.Close()
		return nil, err
	}
	b.lock = lock
	return b, nil
}

// openFile opens and migrates hearth.db in a folder that nobody else is setting up.
func openFile(ctx context.Context, cfg Config, dir string, migrations fs.FS) (*liteBackend, error) {
	path := filepath.Join(dir, fileName)
	key, err := folderKey(cfg.Logger, dir)
	if err != nil {
		return nil, err
	}
	if err := checkKey(path, key); err != nil {
		return nil, err
	}
	if err := createPrivate(path); err != nil {
		return nil, err
	}
	if err := migrateSQLite(ctx, path, key, migrations); err != nil {
		return nil, err
	}
	prepared := new(atomic.Int64)
	connect := func(pragmas string) *connector {
		return &connector{uri: fileURI(path, ""), key: key, pragmas: pragmas, prepared: prepared}
	}
	return &liteBackend{
		writer:   newPool(connect(writerPragmas), 1, "BEGIN IMMEDIATE"),
		reader:   newPool(connect(readerPragmas), readers, "BEGIN"),
		prepared: prepared,
		log:      path + "-wal",
	}, nil
}

// fileURI names an encrypted file to SQLite, whatever characters its path has.
func fileURI(path, options string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?vfs=" + vfsName + options
}

// setUp prepares a connection: first the key, because everything else reads the file.
func setUp(conn *sqlite3.Conn, key []byte, pragmas string) error {
	if err := unlock(conn, key); err != nil {
		return err
	}
	if err := fts5.Register(conn); err != nil {
		return err
	}
	return conn.Exec(pragmas)
}

// unlock gives the key by PRAGMA, not in the URI, so that it is in no text that an error
// could quote.
func unlock(conn *sqlite3.Conn, key []byte) error {
	if err := conn.Exec("PRAGMA hexkey='" + hex.EncodeToString(key) + "'"); err != nil {
		return errKeyText
	}
	return nil
}

// createPrivate makes the file with the mode it shall keep.
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// checkKey reads the first page without touching anything. Opening a file with a wrong
// key for writing would take its log for empty and remove it.
func checkKey(path string, key []byte) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil || info.Size() == 0 {
		return err
	}
	// A server beside us may be writing the page at this moment, which reads as rubbish.
	for range 3 {
		if err = readHeader(path, key); !errors.Is(err, sqlite3.NOTADB) {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
	return err
}

func readHeader(path string, key []byte) error {
	conn, err := sqlite3.OpenFlags(fileURI(path, "&immutable=1"), sqlite3.OPEN_READONLY|sqlite3.OPEN_URI)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := unlock(conn, key); err != nil {
		return err
	}
	err = conn.Exec("PRAGMA schema_version")
	if isAny(err, sqlite3.CANTOPEN, sqlite3.CORRUPT) {
		// The header was read. It says that there is a log, which is not opened this way,
		// or has the length that the file gets when the rest of the log is moved over.
		return nil
	}
	return err
}

// migrateSQLite brings the file to WAL mode and its schema up to date. It uses the
// library's own driver because goose wants times from its table.
func migrateSQLite(ctx context.Context, path string, key []byte, migrations fs.FS) (err error) {
	conn, err := driver.Open(fileURI(path, ""), func(c *sqlite3.Conn) error {
		return setUp(c, key, writerPragmas)
	})
	if err != nil {
		return err
	}
	conn.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := useWAL(ctx, conn); err != nil {
		return err
	}
	return migrate(ctx, SQLite, conn, migrations)
}

func useWAL(ctx context.Context, conn *sql.DB) error {
	var mode string
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode=wal").Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("db: SQLite chose the journal mode %q", mode)
	}
	return nil
}

func (b *liteBackend) name() Engine { return SQLite }

func (b *liteBackend) read(ctx context.Context, fn func(*Tx) error) error {
	return b.reader.run(ctx, fn)
}

func (b *liteBackend) write(ctx context.Context, fn func(*Tx) error) error {
	return b.writer.run(ctx, fn)
}

func (b *liteBackend) ping(ctx context.Context) error {
	return b.reader.run(ctx, func(tx *Tx) error {
		var tables int
		return tx.QueryRow(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables)
	})
}

func (b *liteBackend) floor(ctx context.Context, n int) error {
	return b.writer.run(ctx, func(tx *Tx) error {
		return tx.lite.raw.Exec(fmt.Sprintf("PRAGMA user_version=%d", n))
	})
}

// relieveAt is how much of the log, in bytes, is moved at a time: a quarter of what the
// writer would do.
const relieveAt = 1000 * frameSize

// relieve uses a connection that does not write. Where another one is at it, that is as good.
func (b *liteBackend) relieve(ctx context.Context) error {
	end, moved := logEnd(b.log), b.moved.Load()
	if end >= moved && end-moved < relieveAt { // below moved it began anew
		return nil
	}
	l, err := b.reader.take(ctx)
	if err != nil {
		return err
	}
	l.lite.watch(ctx)
	err = l.lite.control("PRAGMA wal_checkpoint(passive)")
	b.reader.give(l, err == nil)
	if err == nil {
		b.moved.Store(end)
	}
	return err
}

func (b *liteBackend) stats() Stats {
	s := Stats{Prepared: b.prepared.Load()}
	s.Waited = time.Duration(b.writer.waited.Load() + b.reader.waited.Load())
	for _, p := range []*pool{b.writer, b.reader} {
		open, inUse := p.count()
		s.Open, s.InUse = s.Open+open, s.InUse+inUse
	}
	return s
}

// close lets the planner keep what it learned and moves the log into the file, so that
// the file alone is the whole store afterwards.
func (b *liteBackend) close() error {
	readers := b.reader.drain(nil)
	writer := b.writer.drain(func(lite *liteConn) error {
		// Both are a courtesy: a full disk or a tool reading beside us must not make
		// closing fail, and nothing is lost without them.
		_ = lite.raw.Exec("PRAGMA optimize")
		_ = lite.raw.Exec("PRAGMA wal_checkpoint(truncate)")
		return nil
	})
	return errors.Join(readers, writer, b.lock.Close())
}
