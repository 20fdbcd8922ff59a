package httpapi

import (
	"archive/zip"
	"encoding/json"
	"strings"
	"testing"

	"hearth/internal/care"
	"hearth/internal/transcript/pdf/pdftest"
)

func TestExportsFromEndToEnd(t *testing.T) {
	clinics(t, func(c *clinic) {
		room := "/conversations/" + c.direct
		c.noor.want("POST", room+"/messages", keys{"body": "How was the **week**?"}, 201, "")

		// A provider has no permission to export; a client exports their own.
		c.noor.want("POST", room+"/exports", keys{"format": "pdf"}, 403, care.CodeForbidden)
		c.maya.want("POST", room+"/exports", keys{"format": "pdf"}, 404, care.CodeNotFound)
		for _, bad := range []keys{{"format": "docx"}, {}, {"format": "pdf", "time_zone": "Mars/Base"}, {"format": "pdf", "notes": true}} {
			c.leilani.want("POST", room+"/exports", bad, 422, care.CodeInvalid)
		}
		asked := c.leilani.want("POST", room+"/exports", keys{"format": "json", "time_zone": "Pacific/Honolulu"}, 202, "")
		path := "/exports/" + asked["id"].(string)
		if asked["state"] != "queued" || asked["conversation_id"] != c.direct || asked["attachments"] != false || asked["expires_at"] != nil {
			t.Errorf("asked: %v", asked)
		}
		c.leilani.want("GET", path+"/file", nil, 404, care.CodeNotFound) // not yet
		c.work()
		ready := c.leilani.want("GET", path, nil, 200, "")
		if ready["state"] != "ready" || ready["done"] != ready["total"] || ready["size"] == float64(0) || ready["expires_at"] == nil || ready["why"] != nil {
			t.Errorf("ready: %v", ready)
		}
		if items := list(c.leilani.want("GET", "/exports", nil, 200, "")); len(items) != 1 || items[0]["id"] != asked["id"] {
			t.Errorf("list: %v", items)
		}
		response, body := c.leilani.fetch(path + "/file")
		for name, want := range map[string]string{
			"Content-Type": "application/json", "Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff",
			"Content-Security-Policy": "default-src 'none'; sandbox",
			"Content-Disposition":     "attachment; filename=conversation-export-" + c.clock.Now().UTC().Format("2006-01-02") + ".json",
		} {
			if got := response.Header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		if response.StatusCode != 200 || !json.Valid([]byte(body)) || !strings.Contains(body, "How was the **week**?") {
			t.Errorf("%d %s", response.StatusCode, body)
		}
		for _, other := range []*caller{c.noor, c.maya} {
			other.want("GET", path, nil, 404, care.CodeNotFound)
			other.want("GET", path+"/file", nil, 404, care.CodeNotFound)
			other.want("DELETE", path, nil, 404, care.CodeNotFound)
		}
		c.program("").want("GET", path+"/file", nil, 401, care.CodeUnauthenticated)
		c.leilani.want("DELETE", path, nil, 204, "")
		c.leilani.want("GET", path+"/file", nil, 404, care.CodeNotFound)
	})
}

func TestOwnersExportEveryFormat(t *testing.T) {
	clinics(t, func(c *clinic) {
		room := "/conversations/" + c.direct
		c.noor.want("POST", room+"/messages", keys{"body": "See you at ten"}, 201, "")
		for format, check := range map[string]func(body string) bool{
			"pdf": func(body string) bool { return strings.Contains(pdftest.Read(t, []byte(body)).Text(), "Seeyouatten") },
			"html": func(body string) bool {
				return strings.Contains(body, "See you at ten") && strings.HasPrefix(body, "<!DOCTYPE")
			},
			"json": func(body string) bool { return strings.Contains(body, "See you at ten") },
		} {
			for _, attachments := range []bool{false, true} {
				path := "/exports/" + c.olga.want("POST", room+"/exports", keys{"format": format, "attachments": attachments}, 202, "")["id"].(string)
				c.work()
				response, body := c.olga.fetch(path + "/file")
				if attachments {
					z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
					if err != nil || len(z.File) != 1 || z.File[0].Name != "conversation."+format || response.Header.Get("Content-Type") != "application/zip" {
						t.Errorf("%s: %v %v", format, err, response.Header)
					}
				} else if !check(body) {
					t.Errorf("%s: %d %s", format, response.StatusCode, body)
				}
			}
		}
	})
}

func TestThreeExportsAtATime(t *testing.T) {
	clinics(t, func(c *clinic) {
		for range 3 {
			c.olga.want("POST", "/conversations/"+c.direct+"/exports", keys{"format": "json"}, 202, "")
		}
		status, problem, response := c.olga.call("POST", "/conversations/"+c.direct+"/exports", keys{"format": "json"})
		if status != 429 || problem["code"] != string(care.CodeRateLimited) || response.Header.Get("Retry-After") == "" {
			t.Errorf("%d %v", status, problem)
		}
	})
}
