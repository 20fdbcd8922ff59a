package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hearth/internal/mail"
)

func TestBouncedHandsAMessageInOrSaysTryAgain(t *testing.T) {
	status, got := http.StatusAccepted, ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost || r.URL.Path != "/bounces" {
			t.Errorf("%s %s %v", r.Method, r.URL, err)
		}
		got = string(body)
		w.WriteHeader(status)
	}))
	defer server.Close()
	if r := hearth(t, "To: canary\n\nword", "bounced", "--server", server.URL+"/"); r.code != 0 || r.said() != "" || got != "To: canary\n\nword" {
		t.Errorf("exit %d %q, handed in %q", r.code, r.said(), got)
	}
	if r := hearth(t, strings.Repeat("x", 3*mail.MaxReport), "bounced", "--server", server.URL); r.code != 0 || len(got) != mail.MaxReport {
		t.Errorf("a long message: exit %d, %d bytes", r.code, len(got))
	}
	for _, status = range []int{404, 405, 429, 500, 503} {
		if r := hearth(t, "canary", "bounced", "--server", server.URL); r.code != 75 || strings.Contains(r.said(), "canary") {
			t.Errorf("%d: exit %d %s", status, r.code, r.said())
		}
	}
	server.Close()
	if r := hearth(t, "canary", "bounced", "--server", server.URL); r.code != 75 || !strings.Contains(r.errs, "--server") || strings.Contains(r.said(), "canary") {
		t.Errorf("nobody answers: exit %d %s", r.code, r.said())
	}
}
