package httpapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"hearth/internal/attach"
	"hearth/internal/blob"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// newFiles keeps files in a folder of the test.
func newFiles(t *testing.T, clock care.Clock) *blob.Store {
	t.Helper()
	dir := t.TempDir()
	files, err := blob.Open(t.Context(), blob.Config{
		URL: filepath.Join(dir, "files"), KeyFile: filepath.Join(dir, "key"), Clock: clock, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// newAttach takes files of at most 1 MB.
func newAttach(d *db.DB, clock care.Clock, files *blob.Store) *attach.Service {
	return attach.New(d, clock, files, attach.Limits{Bytes: 1 << 20})
}

// post sends a body as it is.
func (c *caller) post(path, contentType string, body io.Reader) (int, map[string]any) {
	c.Helper()
	r, err := http.NewRequestWithContext(c.Context(), "POST", c.server.URL+basePath+path, body)
	if err != nil {
		c.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Authorization", "Bearer "+c.token)
	response, err := c.client.Do(r)
	if err != nil {
		c.Fatal(err)
	}
	defer response.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		c.Fatalf("%d: %v", response.StatusCode, err)
	}
	return response.StatusCode, answer
}

// form makes a multipart body of parts: field, file name and content in turn.
func form(t *testing.T, parts ...string) (contentType string, body io.Reader) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for i := 0; i+2 < len(parts); i += 3 {
		part, err := w.CreateFormFile(parts[i], parts[i+1])
		if err == nil {
			_, err = io.WriteString(part, parts[i+2])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), &out
}

func (c *caller) upload(name, content string) map[string]any {
	c.Helper()
	contentType, body := form(c.T, "file", name, content)
	status, got := c.post("/attachments", contentType, body)
	if status != 201 {
		c.Fatalf("%s: %d %v", name, status, got)
	}
	return got
}

// fetch reads a file with some headers.
func (c *caller) fetch(path string, headers ...string) (*http.Response, string) {
	c.Helper()
	r, err := http.NewRequestWithContext(c.Context(), "GET", c.server.URL+basePath+path, nil)
	if err != nil {
		c.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := c.client.Do(r)
	if err != nil {
		c.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		c.Fatal(err)
	}
	return response, string(data)
}

func picture(t *testing.T) string {
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 900, 300))); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestAttachmentsFromEndToEnd(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.practice("North", "olga@example.org")
		olga := o.as("olga@example.org")
		rosaID, rosa := olga.addStaff("Rosa", "provider", nil)
		mayaID, maya := olga.addClient("Maya", rosaID)
		_, arjun := olga.addClient("Arjun", rosaID)
		room := rosa.want("POST", "/conversations", keys{"kind": "direct", "member_ids": []string{mayaID}}, 200, "")["id"].(string)

		limits := maya.want("GET", "/attachments/limits", nil, 200, "")
		if limits["max_bytes"] != float64(1<<20) || limits["max_per_message"] != float64(10) {
			o.Errorf("limits %v", limits)
		}
		shot, note := maya.upload("Befund März.PNG", picture(t)), maya.upload("werte.csv", "day;mg/dl\n"+strings.Repeat("1;98\n", 1000))
		if shot["media_type"] != "image/png" || shot["width"] != float64(900) || shot["has_thumbnail"] != true || note["media_type"] != "text/csv" || note["width"] != nil {
			o.Errorf("became %v and %v", shot, note)
		}
		path := "/attachments/" + shot["id"].(string)
		rosa.want("GET", path, nil, 404, care.CodeNotFound)
		sent := maya.want("POST", "/conversations/"+room+"/messages", keys{"attachment_ids": []any{shot["id"], note["id"]}}, 201, "")
		if list := sent["attachments"].([]any); len(list) != 2 || sent["body"] != "" || list[0].(map[string]any)["name"] != "Befund März.PNG" {
			o.Errorf("sent %v", sent)
		}
		arjun.want("GET", path, nil, 404, care.CodeNotFound)
		o.program("").want("GET", path, nil, 401, care.CodeUnauthenticated)

		response, data := rosa.fetch(path)
		for name, want := range map[string]string{
			"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store",
			"Content-Security-Policy": "default-src 'none'; sandbox", "Accept-Ranges": "bytes",
			"Content-Disposition": "inline; filename*=utf-8''Befund%20M%C3%A4rz.PNG", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := response.Header.Get(name); got != want {
				o.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		if response.StatusCode != 200 || float64(len(data)) != shot["size"] {
			o.Errorf("%d with %d bytes of %v", response.StatusCode, len(data), shot["size"])
		}
		part, piece := rosa.fetch(path, "Range", "bytes=10-19")
		if part.StatusCode != 206 || piece != data[10:20] {
			o.Errorf("a range: %d %q", part.StatusCode, piece)
		}
		if again, _ := rosa.fetch(path, "If-None-Match", response.Header.Get("ETag")); again.StatusCode != 304 {
			o.Errorf("unchanged: %d", again.StatusCode)
		}
		small, thumbnail := rosa.fetch(path + "?size=thumbnail")
		if cfg, _, err := image.DecodeConfig(strings.NewReader(thumbnail)); err != nil || cfg.Width != 640 || small.Header.Get("Content-Type") != "image/jpeg" {
			o.Errorf("the thumbnail is %+v, %v", cfg, err)
		}
		// A text is saved, not shown, and comes as it is also to those who take gzip.
		table, text := rosa.fetch("/attachments/"+note["id"].(string), "Accept-Encoding", "gzip")
		if !strings.HasPrefix(table.Header.Get("Content-Disposition"), "attachment;") || table.Header.Get("Content-Encoding") != "" || !strings.HasPrefix(text, "day;mg/dl\n1;98") {
			o.Errorf("the table: %v", table.Header)
		}
		rosa.want("GET", "/attachments/"+note["id"].(string)+"?size=thumbnail", nil, 404, care.CodeNotFound)
		saved, _ := rosa.fetch(path + "?download=true")
		if !strings.HasPrefix(saved.Header.Get("Content-Disposition"), "attachment;") {
			o.Errorf("saved as %q", saved.Header.Get("Content-Disposition"))
		}
	})
}

func TestAttachmentsAreRefusedWithAReason(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.practice("North", "olga@example.org")
		olga := o.as("olga@example.org")
		refused := func(what string, status int, field string, parts ...string) {
			t.Helper()
			contentType, body := form(t, parts...)
			got, problem := olga.post("/attachments", contentType, body)
			if got != status || fields(problem) != field {
				t.Errorf("%s: %d %v", what, got, problem)
			}
			if status == 422 && field != "other:unknown" && len(fmt.Sprint(problem["detail"])) < 15 {
				t.Errorf("%s: no reason in %v", what, problem)
			}
		}
		refused("SVG", 422, "file:type_not_accepted", "file", "a.svg", "<svg onload=alert(1)>")
		refused("a path", 422, "file:name", "file", "../../a.txt", "x")
		refused("a Windows path", 422, "file:name", "file", `..\a.txt`, "x")
		refused("a turned name", 422, "file:name", "file", "a\u202etxt.exe", "x")
		refused("a wrong type", 422, "file:type_mismatch", "file", "a.pdf", picture(t))
		refused("too much", 413, "file:too_large", "file", "a.txt", strings.Repeat("x", 1<<20+1))
		refused("far too much", 413, "file:too_large", "file", "a.txt", strings.Repeat("x", 2<<20))
		refused("another field", 422, "other:unknown", "other", "a.txt", "x")
		refused("two files", 422, "file:too_many", "file", "a.txt", "x", "file", "b.txt", "y")
		refused("no file", 422, "file:required")
		if status, problem := olga.post("/attachments", "application/json", strings.NewReader(`{}`)); status != 415 {
			t.Errorf("JSON: %d %v", status, problem)
		}
		contentType, body := form(t, "file", "a.txt", strings.Repeat("x", 1000))
		whole, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		if status, problem := olga.post("/attachments", contentType, bytes.NewReader(whole[:500])); status != 400 {
			t.Errorf("half a body: %d %v", status, problem)
		}
		// Chunked, so that its length is not told before.
		contentType, body = form(t, "file", "a.txt", strings.Repeat("x", 3<<20))
		if status, problem := olga.post("/attachments", contentType, io.MultiReader(body)); status != 413 {
			t.Errorf("a long stream: %d %v", status, problem)
		}
		mine := olga.upload("mine.txt", "x")["id"].(string)
		olga.want("DELETE", "/attachments/"+mine, nil, 204, "")
		olga.want("GET", "/attachments/"+mine, nil, 404, care.CodeNotFound)
		olga.want("DELETE", "/attachments/"+mine, nil, 404, care.CodeNotFound)
	})
}
