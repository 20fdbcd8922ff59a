package server

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// A server keeps its files in a bucket when one is named, and does not start without it.
func TestFilesInABucket(t *testing.T) {
	backend := s3mem.New()
	if err := backend.CreateBucket("files"); err != nil {
		t.Fatal(err)
	}
	s3 := httptest.NewServer(gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server())
	defer s3.Close()
	bucket := func(name string) string {
		return "s3://key:secret@" + strings.TrimPrefix(s3.URL, "http://") + "/" + name + "?tls=off&style=path&region=r"
	}
	r := start(t, func(c *Config) { c.Files.URL = bucket("files") })
	if response, body := r.get(t, "/readyz"); response.StatusCode != 200 {
		t.Errorf("%d %s", response.StatusCode, body)
	}
	if strings.Contains(r.log.String(), "secret") {
		t.Error("the log tells the secret of the bucket")
	}
	r.end(t)
	err := Run(t.Context(), Config{
		Addr: "127.0.0.1:0", Data: filepath.Join(t.TempDir(), "data"), Files: Files{URL: bucket("elsewhere")},
		Logger: slog.New(slog.DiscardHandler), Out: io.Discard, Dist: fstest.MapFS{"index.html": {Data: []byte("the app")}},
	})
	if err == nil || !strings.Contains(err.Error(), "--blob-url") || strings.Contains(err.Error(), "secret") {
		t.Errorf("without its bucket: %v", err)
	}
}
