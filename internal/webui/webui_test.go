package webui

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

var built = fstest.MapFS{
	"index.html":         {Data: []byte("<!doctype html>the app")},
	"index.html.br":      {Data: []byte("brotli")},
	"index.html.gz":      {Data: []byte("gzip")},
	"favicon.svg":        {Data: []byte("<svg/>")},
	"assets/app-1a2b.js": {Data: []byte("run()")},
	".gitkeep":           {Data: []byte{}},

	"sw.js":                {Data: []byte("self")},
	"manifest.webmanifest": {Data: []byte("{}")},
	"icons/icon-192.png":   {Data: []byte("\x89PNG")},
}

func serve(t *testing.T, files fstest.MapFS, method, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	app, err := New(files)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(method, path, nil)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	return w
}

func TestWhatEachAddressGets(t *testing.T) {
	for _, c := range []struct {
		method, path string
		status       int
		body, cache  string
	}{
		{"GET", "/", 200, "<!doctype html>the app", askAgain},
		{"GET", "/conversations/018f3f6e", 200, "<!doctype html>the app", askAgain},
		{"GET", "/first-run", 200, "<!doctype html>the app", askAgain},
		{"HEAD", "/", 200, "", askAgain},
		{"GET", "/favicon.svg", 200, "<svg/>", askAgain},
		{"GET", "/assets/app-1a2b.js", 200, "run()", forever},
		{"GET", "/sw.js", 200, "self", askAgain},
		{"GET", "/share", 200, "<!doctype html>the app", askAgain},
		{"POST", "/share", 303, "", "no-store"},
		{"PUT", "/share", 405, "Pages are only read.\n", ""},
		{"GET", "/assets/app-0000.js", 404, noSuchFile + "\n", "no-store"},
		{"GET", "/assets/none", 404, noSuchFile + "\n", "no-store"},
		{"GET", "/robots.txt", 404, noSuchFile + "\n", "no-store"},
		{"GET", "/.gitkeep", 404, noSuchFile + "\n", "no-store"},
		{"POST", "/", 405, "Pages are only read.\n", ""},
	} {
		w := serve(t, built, c.method, c.path)
		if w.Code != c.status || w.Body.String() != c.body || w.Header().Get("Cache-Control") != c.cache {
			t.Errorf("%s %s: %d %q %q", c.method, c.path, w.Code, w.Body, w.Header().Get("Cache-Control"))
		}
	}
}

func TestSendsTheSmallestFormTheBrowserTakes(t *testing.T) {
	for accept, want := range map[string]string{
		"gzip, deflate, br, zstd": "br", "gzip": "gzip", "": "", "identity": "", "br;q=0, gzip;q=0.5": "gzip", "br; q=1.0": "br",
	} {
		w := serve(t, built, "GET", "/", "Accept-Encoding: "+accept)
		if got := w.Header().Get("Content-Encoding"); got != want || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q gets %q, want %q", accept, got, want)
		}
		if w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("type %q", w.Header().Get("Content-Type"))
		}
	}
}

func TestUnchangedIsNotSentAgain(t *testing.T) {
	first := serve(t, built, "GET", "/")
	again := serve(t, built, "GET", "/", "If-None-Match: W/"+first.Header().Get("ETag"))
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("%d %q", again.Code, again.Body)
	}
	changed := fstest.MapFS{"index.html": {Data: []byte("another")}}
	if w := serve(t, changed, "GET", "/", "If-None-Match: "+first.Header().Get("ETag")); w.Code != http.StatusOK {
		t.Errorf("a changed page is %d", w.Code)
	}
}

func TestSaysWhenTheAppWasNotBuilt(t *testing.T) {
	w := serve(t, fstest.MapFS{".gitkeep": {}}, "GET", "/inbox")
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "make build") {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}

func TestTheInstallableApp(t *testing.T) {
	for path, kind := range map[string]string{
		"/manifest.webmanifest": "application/manifest+json",
		"/sw.js":                "text/javascript; charset=utf-8",
		"/icons/icon-192.png":   "image/png",
	} {
		if got := serve(t, built, "GET", path).Header().Get("Content-Type"); got != kind {
			t.Errorf("%s is %q", path, got)
		}
	}
	if got := serve(t, built, "GET", "/sw.js").Header().Get("Service-Worker-Allowed"); got != "/" {
		t.Errorf("the worker may answer for %q", got)
	}
	if got := serve(t, built, "GET", "/").Header().Get("Service-Worker-Allowed"); got != "" {
		t.Errorf("a page is no worker: %q", got)
	}
}

// A build without a worker takes it off the devices that have one.
func TestAMissingWorkerIsNotThePage(t *testing.T) {
	w := serve(t, fstest.MapFS{"index.html": {Data: []byte("the app")}}, "HEAD", "/sw.js")
	if w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
}

func TestAMissedShareLeadsToThePage(t *testing.T) {
	app, err := New(built)
	if err != nil {
		t.Fatal(err)
	}
	body := strings.NewReader("canary of a patient")
	r, w := httptest.NewRequest("POST", "/share?title=x", body), httptest.NewRecorder()
	app.ServeHTTP(w, r)
	if w.Header().Get("Location") != "/share" || strings.Contains(w.Body.String(), "canary") || body.Len() != 0 {
		t.Errorf("%v %q, %d bytes unread", w.Header(), w.Body, body.Len())
	}
}
