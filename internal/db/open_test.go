package db_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"

	"hearth/internal/db"
	"hearth/internal/testkit"
)

// refused opens a store that must not open, and checks what it says.
func refused(t *testing.T, cfg db.Config, migrations fs.FS, problem string) {
	t.Helper()
	d, err := db.OpenWith(t.Context(), cfg, migrations)
	if err == nil {
		_ = d.Close()
		t.Fatalf("it opened; want: %s", problem)
	}
	var explained *db.OpenError
	if !errors.As(err, &explained) {
		t.Fatalf("%T %v is not explained", err, err)
	}
	if !strings.Contains(err.Error(), problem) || explained.Remedy == "" {
		t.Errorf("says %q, want %q", err, problem)
	}
	if key, errKey := os.ReadFile(filepath.Join(cfg.Dir, "hearth.key")); errKey == nil && len(key) >= 32 && strings.Contains(err.Error(), string(key[:32])) {
		t.Error("the message carries the key")
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Error("the message carries a password")
	}
}

// folder makes a data folder with one thing in it and gives its path.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	d, err := db.OpenWith(t.Context(), db.Config{Dir: dir}, schema)
	if err != nil {
		t.Fatal(err)
	}
	exec(t, d, insert, id(1), "one", 1)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func things(t *testing.T, dir string) int64 {
	t.Helper()
	d, err := db.OpenWith(t.Context(), db.Config{Dir: dir}, schema)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	return number(t, d, `SELECT count(*) FROM things`)
}

func TestFirstStartMakesAKeyAndSaysSo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "?er %41#folder")
	var log bytes.Buffer
	cfg := db.Config{Dir: dir, Logger: slog.New(slog.NewTextHandler(&log, nil))}
	for range 2 {
		if err := open(t, cfg, schema).Close(); err != nil {
			t.Fatal(err)
		}
	}
	key, err := os.ReadFile(filepath.Join(dir, "hearth.key"))
	if err != nil || len(key) != 65 {
		t.Errorf("the key file has %d bytes, %v", len(key), err)
	}
	for name, mode := range map[string]fs.FileMode{"": fs.ModeDir | 0o700, "hearth.key": 0o600, "hearth.db": 0o600} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode() != mode {
			t.Errorf("%s: mode %v, %v; want %v", name, info.Mode(), err, mode)
		}
	}
	if n := strings.Count(log.String(), "Keep a copy"); n != 1 || !strings.Contains(log.String(), "level=WARN") {
		t.Errorf("warned %d times: %s", n, &log)
	}
	if strings.Contains(log.String(), string(key[:64])) {
		t.Error("the log carries the key")
	}
}

func TestFilesHoldNoPlainText(t *testing.T) {
	dir := t.TempDir()
	d := open(t, db.Config{Dir: dir}, schema)
	exec(t, d, insert, id(1), strings.Repeat("plain words ", 50), 1)
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) < 4 {
		t.Fatalf("files %v, %v", names, err)
	}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"plain words", "CREATE TABLE", "SQLite format"} {
			if bytes.Contains(content, []byte(text)) {
				t.Errorf("%s holds %q", name, text)
			}
		}
	}
}

func TestFoldersThatCannotBeUsed(t *testing.T) {
	write := func(t *testing.T, path, text string, mode fs.FileMode) {
		t.Helper()
		if err := errors.Join(os.WriteFile(path, []byte(text), mode), os.Chmod(path, mode)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name, problem string
		spoil         func(t *testing.T, dir string)
	}{
		{"key readable by others", "can be read by other users", func(t *testing.T, dir string) {
			if err := os.Chmod(filepath.Join(dir, "hearth.key"), 0o640); err != nil {
				t.Fatal(err)
			}
		}},
		{"key missing", "its key", func(t *testing.T, dir string) {
			if err := os.Rename(filepath.Join(dir, "hearth.key"), filepath.Join(dir, "elsewhere")); err != nil {
				t.Fatal(err)
			}
		}},
		{"key too short", "does not hold a key", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "hearth.key"), "abcdef\n", 0o600)
		}},
		{"key no hex", "does not hold a key", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "hearth.key"), strings.Repeat("x", 64), 0o600)
		}},
		{"key of another", "cannot be read with the key", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "hearth.key"), strings.Repeat("a0", 32), 0o600)
		}},
		{"database of another program", "cannot be read with the key", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "hearth.db"), strings.Repeat("SQLite format 3\x00", 1000), 0o600)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := folder(t)
			c.spoil(t, dir)
			before := content(t, dir)
			refused(t, db.Config{Dir: dir}, schema, c.problem)
			if after := content(t, dir); after != before {
				t.Errorf("the folder changed:\n%s\nwas\n%s", after, before)
			}
		})
	}
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "", 0o600)
	refused(t, db.Config{Dir: file}, schema, "is not a folder")
	refused(t, db.Config{Dir: filepath.Join(file, "below")}, schema, "is not a folder")
	refused(t, db.Config{}, schema, "No data folder")
}

// content sums up the files of a folder, except the lock, which every start writes.
func content(t *testing.T, dir string) string {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join(dir, "*"))
	var all strings.Builder
	for _, name := range names {
		if text, err := os.ReadFile(name); err == nil && filepath.Base(name) != "hearth.lock" {
			all.WriteString(filepath.Base(name) + " " + string(rune(len(text))) + " ")
			all.WriteString(strings.ToValidUTF8(string(text[:min(len(text), 40)]), "."))
			all.WriteByte('\n')
		}
	}
	return all.String()
}

func TestAReadOnlyFolderIsRefused(t *testing.T) {
	dir := folder(t)
	readOnly(t, dir)
	refused(t, db.Config{Dir: dir}, schema, "cannot be written to")
	refused(t, db.Config{Dir: dir, Shared: true}, schema, "cannot be written to")
	refused(t, db.Config{Dir: filepath.Join(dir, "new")}, schema, "cannot be written to")
}

// readOnly makes a folder read-only until the test ends. Modes do not bind root, who
// gets a read-only mount instead.
func readOnly(t *testing.T, dir string) {
	t.Helper()
	if os.Geteuid() != 0 {
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
		return
	}
	if err := syscall.Mount(dir, dir, "", syscall.MS_BIND, ""); err != nil {
		t.Fatalf("root needs a mount to make a folder read-only; run the tests as another user where it may not: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, 0) })
	if err := syscall.Mount("", dir, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
}

func TestAReadOnlyDatabaseFileIsRefused(t *testing.T) {
	if os.Geteuid() != 0 {
		dir := folder(t)
		if err := os.Chmod(filepath.Join(dir, "hearth.db"), 0o400); err != nil {
			t.Fatal(err)
		}
		refused(t, db.Config{Dir: dir}, schema, "cannot be written to")
		return
	}
	dir := folder(t)
	readOnly(t, filepath.Join(dir, "hearth.db"))
	refused(t, db.Config{Dir: dir}, schema, "cannot be written to")
}

func TestOneProgramServesAFolderAndToolsMayJoin(t *testing.T) {
	dir := folder(t)
	server := open(t, db.Config{Dir: dir}, schema)
	refused(t, db.Config{Dir: dir}, schema, "in use by another Hearth")
	tool := open(t, db.Config{Dir: dir, Shared: true}, schema)
	exec(t, tool, insert, id(2), "two", 2)
	if n := number(t, server, `SELECT count(*) FROM things`); n != 2 {
		t.Errorf("the server sees %d things", n)
	}
	if err := tool.Close(); err != nil {
		t.Fatal(err)
	}
	exec(t, server, insert, id(3), "three", 3)
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	if n := things(t, dir); n != 3 {
		t.Errorf("%d things afterwards", n)
	}
}

func TestManyMayStartAtOnce(t *testing.T) {
	const starts = 3
	configs := map[string]func() db.Config{
		"sqlite":   func() db.Config { return db.Config{Dir: t.TempDir(), Shared: true} },
		"postgres": func() db.Config { return db.Config{URL: testkit.EmptyPostgresURL(t)} },
	}
	for name, config := range configs {
		t.Run(name, func(t *testing.T) {
			cfg := config()
			var wg sync.WaitGroup
			for i := range starts {
				wg.Go(func() {
					d, err := db.OpenWith(t.Context(), cfg, schema)
					if err != nil {
						t.Error(err)
						return
					}
					defer d.Close()
					exec(t, d, insert, id(byte(i+1)), string(rune('a'+i)), i)
				})
			}
			wg.Wait()
			if n := number(t, open(t, cfg, schema), `SELECT count(*) FROM things`); n != starts {
				t.Errorf("%d things, want %d", n, starts)
			}
		})
	}
}

func TestASchemaFromTheFutureIsRefused(t *testing.T) {
	future := fstest.MapFS{
		"0001_things.sql": schema["0001_things.sql"],
		"0002_more.sql":   {Data: []byte("-- +goose Up\nCREATE TABLE more (id {{id}} PRIMARY KEY){{strict}};\n")},
	}
	for name, cfg := range map[string]db.Config{"sqlite": {Dir: t.TempDir()}, "postgres": {URL: testkit.EmptyPostgresURL(t)}} {
		t.Run(name, func(t *testing.T) {
			d := open(t, cfg, future)
			if v, err := d.SchemaVersion(t.Context()); v != 2 || err != nil {
				t.Errorf("schema version %d, %v", v, err)
			}
			exec(t, d, insert, id(1), "one", 1)
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			refused(t, cfg, schema, "newer Hearth: its schema is number 2 and this program knows 1")
			if n := number(t, open(t, cfg, future), `SELECT count(*) FROM things`); n != 1 {
				t.Errorf("%d things afterwards", n)
			}
		})
	}
}

func TestAnOlderSchemaIsBroughtUpToDate(t *testing.T) {
	more := fstest.MapFS{
		"0001_things.sql": schema["0001_things.sql"],
		"0002_more.sql":   {Data: []byte("-- +goose Up\nALTER TABLE things ADD COLUMN extra {{text}};\nUPDATE things SET extra = 'added';\n")},
	}
	broken := fstest.MapFS{
		"0001_things.sql": schema["0001_things.sql"],
		"0002_more.sql":   {Data: []byte("-- +goose Up\nALTER TABLE things ADD COLUMN half {{text}};\nUPDATE nowhere SET extra = 1;\n")},
	}
	for name, cfg := range map[string]db.Config{"sqlite": {Dir: t.TempDir()}, "postgres": {URL: testkit.EmptyPostgresURL(t)}} {
		t.Run(name, func(t *testing.T) {
			d := open(t, cfg, schema)
			exec(t, d, insert, id(1), "one", 1)
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			refused(t, cfg, broken, "")
			d = open(t, cfg, more) // nothing of the broken one is in the way
			if n := number(t, d, `SELECT count(*) FROM things WHERE extra = 'added'`); n != 1 {
				t.Errorf("%d rows have the new column", n)
			}
			if v, _ := d.SchemaVersion(t.Context()); v != 2 {
				t.Errorf("schema version %d", v)
			}
		})
	}
}

func TestServersThatCannotBeUsed(t *testing.T) {
	address := testkit.EmptyPostgresURL(t)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := closed.Addr().(*net.TCPAddr).String()
	_ = closed.Close()
	for _, c := range []struct{ url, problem string }{
		{"mysql://app:hunter2@host/name", "cannot be understood"},
		{"postgres://app:hunter2@" + port + "/name?sslmode=disable", "cannot be reached"},
		{"host=" + t.TempDir() + " user=app password=hunter2 dbname=x", "cannot be reached"},
		{"postgres://app:hunter2@nowhere.invalid/name?sslmode=disable", "cannot be reached"},
		{strings.Replace(address, "/t_", "/x_", 1), "no such database"},
		{strings.Replace(address, "user=hearth", "user=unknown", 1), "refused the user"},
		{"postgres://app:hunter2@" + withoutTLS(t) + "/name?sslmode=require", "TLS"},
	} {
		refused(t, db.Config{URL: c.url}, schema, c.problem)
	}
}

// withoutTLS gives the address of a server that refuses TLS.
func withoutTLS(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 8))
			_, _ = conn.Write([]byte("N"))
			_ = conn.Close()
		}
	}()
	return listener.Addr().String()
}

func TestPostgresWithAnotherEncodingIsRefused(t *testing.T) {
	address := testkit.EmptyPostgresURL(t)
	admin := sqlOpen(t, address)
	if _, err := admin.Exec(`CREATE DATABASE x_latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = admin.Exec(`DROP DATABASE x_latin WITH (FORCE)`) })
	at, end := strings.Index(address, "/t_"), strings.Index(address, "?")
	refused(t, db.Config{URL: address[:at] + "/x_latin" + address[end:]}, schema, "encoding LATIN1")
}

func TestClosedStoresSaySo(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		if err := errors.Join(d.Ping(t.Context()), d.Relieve(t.Context())); err != nil {
			t.Error(err)
		}
		if err := errors.Join(d.Close(), d.Close()); err != nil {
			t.Error(err)
		}
		for _, err := range []error{
			d.Ping(t.Context()),
			d.Read(t.Context(), func(*db.Tx) error { return nil }),
			d.Write(t.Context(), func(*db.Tx) error { return nil }),
			d.Relieve(t.Context()),
		} {
			if !errors.Is(err, db.ErrClosed) || !db.IsUnavailable(err) {
				t.Errorf("error %v", err)
			}
		}
	})
}

func TestAStartCanBeStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, cfg := range []db.Config{{Dir: t.TempDir()}, {URL: testkit.EmptyPostgresURL(t)}} {
		if _, err := db.OpenWith(ctx, cfg, schema); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	}
}

func TestTheCommitFloorIsMeasured(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		floor, err := d.CommitFloor(t.Context(), 5)
		if err != nil || floor <= 0 {
			t.Errorf("floor %v, %v", floor, err)
		}
	})
}

func TestNamesSortAlikeOnBothEngines(t *testing.T) {
	var orders []string
	each(t, func(t *testing.T, d *db.DB) {
		for i, name := range []string{"b", "a", "B", "Ä", "a b", "a-b", "_", "é", "Z", "10", "9"} {
			exec(t, d, insert, id(byte(i+1)), name, i)
		}
		read(t, d, func(ctx context.Context, tx *db.Tx) error {
			names, err := db.Many(ctx, tx, scanText, `SELECT name FROM things ORDER BY name`)
			orders = append(orders, strings.Join(names, " "))
			return err
		})
	})
	if len(orders) != 2 || orders[0] != orders[1] {
		t.Errorf("orders differ: %q", orders)
	}
}
