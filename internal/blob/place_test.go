package blob

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestURLs(t *testing.T) {
	for _, good := range []string{
		"files", "/var/lib/hearth/files", "file:///var/lib/hearth", "s3://s3.example.org/bucket",
		"s3://key:secret@127.0.0.1:9000/bucket/deep/prefix/?tls=off&style=path&region=eu-central-1",
	} {
		if err := Check(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{
		"s3://", "s3://host", "s3://host/", "https://host/bucket", "s3://host/bucket?tls=maybe", "s3://host/bucket?other=1",
		"s3://key:top%secret@host/bucket", "s3://host/bucket#x",
	} {
		if err := Check(bad); err == nil || strings.Contains(err.Error(), "top") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// What the end of a process left behind goes away, what another process writes now stays.
func TestOldPartsGoAway(t *testing.T) {
	dir := t.TempDir()
	old, young := filepath.Join(dir, "a", "00", partMark+"old"), filepath.Join(dir, "a", "00", partMark+"young")
	if err := os.MkdirAll(filepath.Dir(old), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{old, young} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	past := time.Now().Add(-2 * partAge)
	if err := os.Chtimes(old, past, past); err != nil {
		t.Fatal(err)
	}
	cfg := Config{URL: dir, KeyFile: filepath.Join(t.TempDir(), "key"), Clock: time.Now, Logger: slog.New(slog.DiscardHandler)}
	store, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the old part: %v", err)
	}
	if _, err := os.Stat(young); err != nil {
		t.Errorf("the young part: %v", err)
	}
	if err := store.List(t.Context(), func(n Name) error { return errors.New(string(n)) }); err != nil {
		t.Errorf("listed %v", err)
	}
}

func TestAFolderThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var problem *OpenError
	if _, err := Open(t.Context(), Config{URL: file, KeyFile: file + ".key", Clock: time.Now}); !errors.As(err, &problem) {
		t.Errorf("a file in the place of the folder: %v", err)
	}
}

// A server that fails is told apart from a file that is not there, and its words, which
// may hold credentials, are not repeated.
func TestServerThatFails(t *testing.T) {
	var status int
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `<Error><Code>Odd</Code><Message>secret words</Message></Error>`)
	}))
	defer server.Close()
	b, err := parseBucket("s3://k:s@" + strings.TrimPrefix(server.URL, "http://") + "/files?tls=off&style=path&region=r")
	if err != nil {
		t.Fatal(err)
	}
	for code, away := range map[int]bool{403: false, 400: false, 501: true} {
		status = code
		_, errOpen := b.open(t.Context(), "x")
		for what, err := range map[string]error{
			"open": errOpen, "put": b.put(t.Context(), "x", bytes.NewReader([]byte("x"))), "remove": b.remove(t.Context(), "x"),
			"list": b.list(t.Context(), func(string) error { return nil }),
		} {
			if err == nil || IsUnavailable(err) != away || errors.Is(err, ErrMissing) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%d at %s: %v", code, what, err)
			}
		}
		var problem *OpenError
		if err := b.check(t.Context()); !errors.As(err, &problem) {
			t.Errorf("%d at check: %v", code, err)
		}
	}
}
