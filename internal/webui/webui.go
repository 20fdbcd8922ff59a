package webui

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

const (
	forever    = "public, max-age=31536000, immutable"
	askAgain   = "no-cache"
	assets     = "/assets/"
	notBuilt   = "The web app is not part of this binary. Build it with `make build`."
	noSuchFile = "There is no such file.\n"
	worker     = "/sw.js"
	share      = "/share"

	// mostShared is how much of a missed share is read before its sender is answered.
	mostShared = 64 << 20
)

// file is one file of the app in every form it can be sent in.
type file struct {
	mediaType string
	cache     string
	etag      string
	forms     map[string][]byte // by content coding; "" is the file itself
}

// App serves the web app. It is safe for concurrent use.
type App struct {
	files map[string]*file // by path with a leading slash
}

// New reads the built app, which is rooted at dist, into memory.
func New(dist fs.FS) (*App, error) {
	app := &App{files: map[string]*file{}}
	err := fs.WalkDir(dist, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		data, err := fs.ReadFile(dist, name)
		if err != nil {
			return err
		}
		app.add("/"+name, data)
		return nil
	})
	return app, err
}

func (a *App) add(name string, data []byte) {
	coding := codingOf(name)
	plain := strings.TrimSuffix(name, suffixOf[coding])
	f := a.files[plain]
	if f == nil {
		f = &file{mediaType: mediaType(plain), cache: askAgain, forms: map[string][]byte{}}
		if strings.HasPrefix(plain, assets) {
			f.cache = forever
		}
		a.files[plain] = f
	}
	f.forms[coding] = data
	if coding == "" {
		sum := sha256.Sum256(data)
		f.etag = hex.EncodeToString(sum[:12])
	}
}

var suffixOf = map[string]string{"": "", "br": ".br", "gzip": ".gz"}

func codingOf(name string) string {
	switch path.Ext(name) {
	case ".br":
		return "br"
	case ".gz":
		return "gzip"
	}
	return ""
}

// mediaType knows the types of a web app by itself: the tables of the machine differ.
func mediaType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".png":
		return "image/png"
	case ".webmanifest":
		return "application/manifest+json"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	if known := mime.TypeByExtension(path.Ext(name)); known != "" {
		return known
	}
	return "application/octet-stream"
}

// Built reports whether the binary holds the app.
func (a *App) Built() bool { return a.files["/index.html"] != nil }

// ServeHTTP answers GET and HEAD, and POST where another app shares files.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost && r.URL.Path == share {
		missedShare(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Pages are only read.", http.StatusMethodNotAllowed)
		return
	}
	switch f := a.find(r.URL.Path); {
	case !a.Built():
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, notBuilt, http.StatusServiceUnavailable)
	case f == nil:
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, noSuchFile, http.StatusNotFound)
	default:
		f.serve(w, r)
	}
}

// missedShare answers files that should never have left the device: the service worker
// takes them there, and only where it is missing do they come here. They are read past,
// since a sender that is cut off shows an error, and the page says that they are to be
// chosen again.
func missedShare(w http.ResponseWriter, r *http.Request) {
	_, _ = io.CopyN(io.Discard, r.Body, mostShared)
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, share, http.StatusSeeOther)
}

// find gives the file at a path, or index.html for an address inside the app: one whose
// last part has no dot.
func (a *App) find(at string) *file {
	if f := a.files[at]; f != nil {
		return f
	}
	if strings.HasPrefix(at, assets) || strings.Contains(path.Base(at), ".") {
		return nil
	}
	return a.files["/index.html"]
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	coding := f.best(r.Header.Get("Accept-Encoding"))
	etag := `"` + f.etag + coding + `"`
	h := w.Header()
	h.Set("Cache-Control", f.cache)
	h.Set("ETag", etag)
	if r.URL.Path == worker {
		h.Set("Service-Worker-Allowed", "/")
	}
	if len(f.forms) > 1 {
		h.Set("Vary", "Accept-Encoding")
	}
	if strings.Contains(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if coding != "" {
		h.Set("Content-Encoding", coding)
	}
	h.Set("Content-Type", f.mediaType)
	h.Set("Content-Length", strconv.Itoa(len(f.forms[coding])))
	if r.Method == http.MethodGet {
		_, _ = bytes.NewReader(f.forms[coding]).WriteTo(w)
	}
}

// best is the smallest form that the browser takes.
func (f *file) best(accept string) string {
	for _, coding := range []string{"br", "gzip"} {
		if f.forms[coding] != nil && accepts(accept, coding) {
			return coding
		}
	}
	return ""
}

func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		if strings.TrimSpace(name) == coding {
			q := strings.TrimPrefix(strings.TrimSpace(params), "q=")
			return strings.Trim(q, "0.") != "" || q == ""
		}
	}
	return false
}
