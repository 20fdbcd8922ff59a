package httpapi

import (
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

// worthCompressing is the smallest answer that is compressed, in bytes: smaller ones fit
// one packet anyway.
const worthCompressing = 1400

// compressed gives lists and pages of history to callers who take gzip in a fraction of
// their size, which is what a phone waits for. Only answers to GET are compressed: nothing
// that a caller sends is repeated in them, so their length tells an onlooker nothing about
// secrets (BREACH). The way of a message stays as short as it is.
func compressed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.Header.Get("Upgrade") != "" || !takesGzip(r.Header.Get("Accept-Encoding")) {
			next.ServeHTTP(w, r)
			return
		}
		out := &compressor{ResponseWriter: w}
		defer out.end()
		next.ServeHTTP(out, r)
	})
}

// takesGzip reads Accept-Encoding (RFC 9110, 12.5.3).
func takesGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(coding) == "gzip" {
			return strings.ReplaceAll(weight, " ", "") != "q=0"
		}
	}
	return false
}

// compressor decides by the first stretch of the body, and so holds the status back
// until it comes.
type compressor struct {
	http.ResponseWriter
	status  int
	decided bool
	zip     *gzip.Writer // nil where the answer goes as it is
}

// WriteHeader notes the status; it is sent with the first stretch of the body.
func (c *compressor) WriteHeader(status int) {
	if status < 200 {
		c.ResponseWriter.WriteHeader(status)
		return
	}
	if c.status == 0 {
		c.status = status
	}
}

// Write sends a stretch of the body.
func (c *compressor) Write(p []byte) (int, error) {
	c.decide(len(p) >= worthCompressing)
	if c.zip != nil {
		return c.zip.Write(p)
	}
	return c.ResponseWriter.Write(p)
}

func (c *compressor) decide(large bool) {
	if c.decided {
		return
	}
	c.decided = true
	h := c.Header()
	h.Add("Vary", "Accept-Encoding")
	// What comes in ranges is counted in the bytes it has.
	if large && h.Get("Content-Encoding") == "" && h.Get("Accept-Ranges") == "" && compressible(h.Get("Content-Type")) {
		h.Set("Content-Encoding", "gzip")
		h.Del("Content-Length")
		c.zip = zippers.Get().(*gzip.Writer)
		c.zip.Reset(c.ResponseWriter)
	}
	if c.status != 0 {
		c.ResponseWriter.WriteHeader(c.status)
	}
}

func (c *compressor) end() {
	if !c.decided && c.status != 0 {
		c.ResponseWriter.WriteHeader(c.status)
	}
	if c.zip != nil {
		_ = c.zip.Close() // fails when the caller is gone, which nobody needs to hear
		zippers.Put(c.zip)
	}
}

// Unwrap is for http.ResponseController.
func (c *compressor) Unwrap() http.ResponseWriter { return c.ResponseWriter }

func compressible(mediaType string) bool {
	return strings.HasPrefix(mediaType, "application/json") || strings.HasPrefix(mediaType, "application/problem+json") ||
		strings.HasPrefix(mediaType, "text/")
}

var zippers = sync.Pool{New: func() any {
	w, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is one of the package
	}
	return w
}}
