package blob

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"hearth/internal/care"
)

// world is a store and its place.
type world struct {
	*testing.T
	ctx   context.Context
	cfg   Config
	store *Store
}

// each runs a test over a folder, and over a server that speaks S3 over HTTP.
func each(t *testing.T, test func(w *world)) {
	t.Helper()
	for kind, make := range map[string]func(t *testing.T) string{"folder": (*testing.T).TempDir, "s3": bucketURL} {
		t.Run(kind, func(t *testing.T) {
			w := &world{T: t, ctx: t.Context(), cfg: Config{
				URL: make(t), KeyFile: filepath.Join(t.TempDir(), "keys", "files.key"), Clock: time.Now, Logger: slog.New(slog.DiscardHandler),
			}}
			w.store = w.reopen()
			test(w)
		})
	}
}

func bucketURL(t *testing.T) string {
	backend := s3mem.New()
	if err := backend.CreateBucket("files"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server())
	t.Cleanup(server.Close)
	return "s3://key:sec%2Fret@" + strings.TrimPrefix(server.URL, "http://") + "/files/practice?tls=off&style=path&region=us-east-1"
}

func (w *world) reopen() *Store {
	w.Helper()
	store, err := Open(w.ctx, w.cfg)
	if err != nil {
		w.Fatal(err)
	}
	return store
}

func (w *world) put(name Name, content []byte) {
	w.Helper()
	size, err := w.store.Put(w.ctx, name, bytes.NewReader(content))
	if err != nil || size != int64(len(content)) {
		w.Fatalf("put %d bytes: %d, %v", len(content), size, err)
	}
}

func (w *world) read(name Name) []byte {
	w.Helper()
	file, err := w.store.Open(w.ctx, name)
	if err != nil {
		w.Fatal(err)
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	if err != nil || int64(len(content)) != file.Size() {
		w.Fatalf("read %d of %d bytes: %v", len(content), file.Size(), err)
	}
	return content
}

func (w *world) missing(name Name) {
	w.Helper()
	if _, err := w.store.Open(w.ctx, name); !errors.Is(err, ErrMissing) {
		w.Errorf("opening what is not there: %v", err)
	}
}

func newName() Name {
	return NameOf("attachments", care.NewID[care.MessageID](time.Now()), "")
}

func noise(n int) []byte {
	content := make([]byte, n)
	_, _ = rand.Read(content)
	return content
}

// Around the sizes at which age, windows and parts begin anew.
var sizes = []int{0, 1, 65_535, 65_536, 65_537, windowBytes - 1, windowBytes + 1, 3*windowBytes + 17, partBytes + 100_000}

func TestConformance(t *testing.T) {
	each(t, func(w *world) {
		names := map[Name][]byte{}
		for _, size := range sizes {
			name := newName()
			names[name] = noise(size)
			w.put(name, names[name])
		}
		w.store = w.reopen() // another process with the same key
		for name, content := range names {
			if !bytes.Equal(w.read(name), content) {
				w.Errorf("a file of %d bytes came back different", len(content))
			}
		}
		var listed []Name
		if err := w.store.List(w.ctx, func(n Name) error { listed = append(listed, n); return nil }); err != nil || len(listed) != len(sizes) {
			w.Errorf("listed %d of %d files: %v", len(listed), len(sizes), err)
		}
		for _, name := range listed {
			if _, ours := names[name]; !ours {
				w.Errorf("listed %s", name)
			}
		}
		stop := errors.New("stop")
		if err := w.store.List(w.ctx, func(Name) error { return stop }); !errors.Is(err, stop) {
			w.Errorf("stopped listing: %v", err)
		}
	})
}

func TestRanges(t *testing.T) {
	each(t, func(w *world) {
		name, content := newName(), noise(3*windowBytes)
		w.put(name, content)
		file, err := w.store.Open(w.ctx, name)
		if err != nil {
			w.Fatal(err)
		}
		defer file.Close()
		for _, r := range [][2]int{{0, 10}, {windowBytes - 5, 10}, {len(content) - 1, 1}, {70_000, 2 * windowBytes}, {3, 1}} {
			got := make([]byte, r[1])
			if _, err := file.ReadAt(got, int64(r[0])); err != nil && err != io.EOF {
				w.Fatal(err)
			}
			if !bytes.Equal(got, content[r[0]:r[0]+r[1]]) {
				w.Errorf("bytes %d to %d are different", r[0], r[0]+r[1])
			}
		}
		if n, err := file.ReadAt(make([]byte, 10), int64(len(content))-4); n != 4 || err != io.EOF {
			w.Errorf("past the end: %d, %v", n, err)
		}
		var reading sync.WaitGroup
		for i := range 8 {
			reading.Go(func() {
				at := i * 300_000
				got := make([]byte, 200_000)
				if _, err := file.ReadAt(got, int64(at)); err != nil || !bytes.Equal(got, content[at:at+len(got)]) {
					w.Errorf("side by side at %d: %v", at, err)
				}
			})
		}
		reading.Wait()
	})
}

func TestReplaceAndRemove(t *testing.T) {
	each(t, func(w *world) {
		name := newName()
		w.missing(name)
		w.put(name, []byte("first"))
		w.put(name, []byte("the second"))
		if got := w.read(name); string(got) != "the second" {
			w.Errorf("read %q", got)
		}
		for range 2 { // repeating is harmless
			if err := w.store.Remove(w.ctx, name); err != nil {
				w.Fatal(err)
			}
			w.missing(name)
		}
	})
}

// A reader that fails, and a context that ends, leave nothing behind, however much of
// the file was sent already.
func TestFailedPutLeavesNothing(t *testing.T) {
	each(t, func(w *world) {
		broken := errors.New("the caller went away")
		for _, sent := range []int{0, 100, partBytes + 1000, 2*partBytes + 1000} {
			name := newName()
			r := io.MultiReader(bytes.NewReader(noise(sent)), iotest.ErrReader(broken))
			if _, err := w.store.Put(w.ctx, name, r); !errors.Is(err, broken) {
				w.Errorf("after %d bytes: %v", sent, err)
			}
			w.missing(name)
		}
		ended, end := context.WithCancel(w.ctx)
		end()
		if _, err := w.store.Put(ended, newName(), bytes.NewReader(noise(100))); !errors.Is(err, context.Canceled) {
			w.Errorf("with an ended context: %v", err)
		}
		if err := w.store.List(w.ctx, func(n Name) error { return fmt.Errorf("left behind: %s", n) }); err != nil {
			w.Error(err)
		}
	})
}

func TestBadNames(t *testing.T) {
	each(t, func(w *world) {
		for _, name := range []Name{"", "x", "../x", "a/../b", "attachments/0199", newName() + "/..", newName() + ".Big", "A" + newName()} {
			if _, err := w.store.Put(w.ctx, name, strings.NewReader("x")); err == nil {
				w.Errorf("put %q", name)
			}
			if _, err := w.store.Open(w.ctx, name); err == nil || errors.Is(err, ErrMissing) {
				w.Errorf("open %q: %v", name, err)
			}
			if err := w.store.Remove(w.ctx, name); err == nil {
				w.Errorf("remove %q", name)
			}
		}
	})
}

// Nothing of a file lies in the place in the clear, and what was changed there is refused.
func TestEncrypted(t *testing.T) {
	each(t, func(w *world) {
		one, other := newName(), newName()
		secret := bytes.Repeat([]byte("Leilani's picture. "), 10_000)
		w.put(one, secret)
		w.put(other, noise(len(secret)))
		paths := []string{w.path(one), w.path(other)}
		raw := w.raw(paths[0])
		if bytes.Contains(raw, []byte("Leilani")) || len(raw) < len(secret) {
			w.Fatal("the place can read the file")
		}
		last := slices.Clone(raw)
		last[len(last)-1] ^= 1
		middle := slices.Clone(raw)
		middle[len(middle)/2] ^= 1
		for what, changed := range map[string][]byte{
			"another's bytes": w.raw(paths[1]), "the last byte": last, "a byte": middle, "the end": raw[:len(raw)-70_000], "everything": {0},
		} {
			w.putRaw(paths[0], changed)
			if file, err := w.store.Open(w.ctx, one); err == nil {
				if _, err := io.ReadAll(file); err == nil {
					w.Errorf("changed %s, and it is read", what)
				}
			}
		}
	})
}

func (w *world) path(name Name) string {
	path, err := name.path()
	if err != nil {
		w.Fatal(err)
	}
	return path
}

func (w *world) raw(path string) []byte {
	w.Helper()
	src, err := w.store.place.open(w.ctx, path)
	if err != nil {
		w.Fatal(err)
	}
	defer src.Close()
	data, err := io.ReadAll(io.NewSectionReader(src, 0, src.size()))
	if err != nil {
		w.Fatal(err)
	}
	return data
}

func (w *world) putRaw(path string, data []byte) {
	w.Helper()
	if err := w.store.place.put(w.ctx, path, bytes.NewReader(data)); err != nil {
		w.Fatal(err)
	}
}

func TestKeys(t *testing.T) {
	each(t, func(w *world) {
		w.put(newName(), []byte("x"))
		info, err := os.Stat(w.cfg.KeyFile)
		if err != nil || info.Mode().Perm() != 0o600 {
			w.Fatalf("the key: %v, %v", info, err)
		}
		refused := func(what string) {
			w.Helper()
			var problem *OpenError
			if _, err := Open(w.ctx, w.cfg); !errors.As(err, &problem) || problem.Remedy == "" || strings.Contains(err.Error(), "NOTAKEY") {
				w.Errorf("%s: %v", what, err)
			}
		}
		if err := os.Chmod(w.cfg.KeyFile, 0o644); err != nil {
			w.Fatal(err)
		}
		refused("everybody reads the key")
		right := w.cfg.KeyFile
		w.cfg.KeyFile = filepath.Join(w.TempDir(), "other.key")
		refused("no key beside files")
		if err := os.WriteFile(w.cfg.KeyFile, []byte("AGE-SECRET-KEY-1NOTAKEY\n"), 0o600); err != nil {
			w.Fatal(err)
		}
		refused("a file without a key")
		if err := os.Remove(w.cfg.KeyFile); err != nil {
			w.Fatal(err)
		}
		if _, err := makeKey(w.cfg.KeyFile); err != nil {
			w.Fatal(err)
		}
		refused("another key")
		w.cfg.KeyFile = right
		if err := os.Chmod(right, 0o600); err != nil {
			w.Fatal(err)
		}
		w.reopen()
	})
}
