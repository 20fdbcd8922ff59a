package httpapi

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestCompression(t *testing.T) {
	long, short := `"`+strings.Repeat("oats ", 1000)+`"`, `"oats"`
	for _, one := range []struct {
		name, method, accept, mediaType, body string
		status                                int
		zipped                                bool
	}{
		{"a list", "GET", "gzip, br", "application/json", long, 200, true},
		{"a problem", "GET", "gzip", "application/problem+json", long, 404, true},
		{"a small answer", "GET", "gzip", "application/json", short, 200, false},
		{"a picture", "GET", "gzip", "image/png", long, 200, false},
		{"who does not take it", "GET", "", "application/json", long, 200, false},
		{"who refuses it", "GET", "gzip;q=0, br", "application/json", long, 200, false},
		{"what was sent is answered", "POST", "gzip", "application/json", long, 201, false},
		{"no body", "GET", "gzip", "", "", 204, false},
	} {
		h := compressed(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if one.mediaType != "" {
				w.Header().Set("Content-Type", one.mediaType)
			}
			w.WriteHeader(one.status)
			if one.body != "" {
				_, _ = io.WriteString(w, one.body)
			}
		}))
		r := httptest.NewRequest(one.method, "/", nil)
		r.Header.Set("Accept-Encoding", one.accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		zipped := w.Header().Get("Content-Encoding") == "gzip"
		if zipped != one.zipped || w.Code != one.status {
			t.Errorf("%s: zipped %v, status %d", one.name, zipped, w.Code)
		}
		body := io.Reader(w.Body)
		if zipped {
			if w.Body.Len() > len(one.body)/10 {
				t.Errorf("%s: %d bytes", one.name, w.Body.Len())
			}
			var err error
			if body, err = gzip.NewReader(w.Body); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := io.ReadAll(body); err != nil || string(got) != one.body {
			t.Errorf("%s: %d bytes arrive, want %d: %v", one.name, len(got), len(one.body), err)
		}
	}
}
