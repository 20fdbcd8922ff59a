package server

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/internal/audit"
	"hearth/internal/db"
	"hearth/internal/onboard"
	"hearth/internal/testkit"
)

// TestServesBothEngines sets a practice up beside the running server and signs in.
func TestServesBothEngines(t *testing.T) {
	for name, place := range map[string]func(*Config){
		"sqlite":   func(*Config) {},
		"postgres": func(c *Config) { c.DatabaseURL = testkit.EmptyPostgresURL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			var cfg Config
			r := start(t, func(c *Config) { place(c); cfg = *c })
			shared := cfg.Store()
			shared.Shared = true
			d, err := db.Open(t.Context(), shared)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			const password = "correct horse battery"
			made, err := SetUp(t.Context(), d, time.Now, onboard.NewPractice{
				Organization: "Maple Court", OwnerName: "Ada Quill", OwnerEmail: "ada@maplecourt.example",
			}, password)
			if err != nil {
				t.Fatal(err)
			}
			response, err := http.Post(r.url+"/api/v1/sessions", "application/json",
				strings.NewReader(`{"email":"ADA@maplecourt.example","password":"`+password+`"}`))
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			cookie := response.Header.Get("Set-Cookie")
			if response.StatusCode != 201 || !strings.Contains(cookie, "HttpOnly") {
				t.Fatalf("signing in: %d %q", response.StatusCode, cookie)
			}
			value, _, _ := strings.Cut(cookie, ";")
			if response, body := r.get(t, "/api/v1/me", "Cookie: "+value); response.StatusCode != 200 || !strings.Contains(body, "Maple Court") {
				t.Errorf("%d %s", response.StatusCode, body)
			}
			if report, err := audit.Verify(t.Context(), d, made.Organization.ID); err != nil || !report.OK() || report.Rows < 3 {
				t.Errorf("%+v %v", report, err)
			}
			if strings.Contains(r.log.String(), "Maple") || strings.Contains(r.log.String(), "ada@") {
				t.Errorf("the log names people: %s", r.log)
			}
		})
	}
}

func TestDemoShowsItsSheet(t *testing.T) {
	r := start(t, func(c *Config) { c.Demo = true })
	_, body := r.get(t, "/api/v1/installation")
	for _, want := range []string{`"demo":true`, `"role":"owner"`, `"role":"client"`, `"role":"provider"`} {
		if !strings.Contains(body, want) {
			t.Errorf("%s is not in %s", want, body)
		}
	}
	if !strings.Contains(r.out.String(), "Sign in at "+r.url) || strings.Contains(r.out.String(), "first-run") {
		t.Errorf("the sheet is %s", r.out)
	}
}
