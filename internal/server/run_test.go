package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

// output is what a running server writes, to be read while it runs.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// running is a server under test.
type running struct {
	url   string
	log   *output
	out   *output
	stop  context.CancelFunc
	ended chan error
}

func start(t *testing.T, change func(*Config)) *running {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r := &running{log: &output{}, out: &output{}, stop: stop, ended: make(chan error, 1)}
	cfg := Config{
		Addr: "127.0.0.1:0", Data: filepath.Join(t.TempDir(), "data"), Out: r.out, Version: "test",
		Logger: slog.New(slog.NewJSONHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Dist: fstest.MapFS{"index.html": {Data: []byte("the app")}},
	}
	if change != nil {
		change(&cfg)
	}
	go func() { r.ended <- Run(ctx, cfg) }()
	t.Cleanup(func() { r.end(t) })
	r.url = "http://" + r.await(t, "Hearth is serving", "address")
	return r
}

// await gives a field of the log line with the message.
func (r *running) await(t *testing.T, message, field string) string {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		for line := range strings.Lines(r.log.String()) {
			var entry map[string]any
			if json.Unmarshal([]byte(line), &entry) == nil && entry["msg"] == message {
				text, _ := entry[field].(string)
				return text
			}
		}
		select {
		case err := <-r.ended:
			t.Fatalf("the server ended: %v\n%s", err, r.log)
		default:
		}
	}
	t.Fatalf("%q was not logged:\n%s", message, r.log)
	return ""
}

// end stops the server and gives what Run returned; the second time nil.
func (r *running) end(t *testing.T) error {
	t.Helper()
	r.stop()
	select {
	case err, first := <-r.ended:
		if first {
			close(r.ended)
		}
		return err
	case <-time.After(20 * time.Second):
		t.Error("the server does not end")
		return nil
	}
}

func (r *running) get(t *testing.T, path string, headers ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func TestServesProbesAppAndAPI(t *testing.T) {
	r := start(t, nil)
	for path, want := range map[string]int{
		"/healthz": 200, "/readyz": 200, "/": 200, "/inbox": 200, "/missing.js": 404, "/metrics": 404,
		"/api/v1/openapi.json": 200, "/api/docs": 200, "/api/v1/me-not": 404, "/api/v1/conversations": 401,
	} {
		response, body := r.get(t, path)
		if response.StatusCode != want {
			t.Errorf("%s: %d %s, want %d", path, response.StatusCode, body, want)
		}
		for _, header := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Request-Id"} {
			if response.Header.Get(header) == "" {
				t.Errorf("%s has no %s", path, header)
			}
		}
	}
	if !strings.Contains(r.out.String(), r.url+"/first-run#") {
		t.Errorf("no link for the first run: %s", r.out)
	}
	if strings.Contains(r.log.String(), "first-run") {
		t.Error("the setup code is in the log")
	}
}

func TestEndsCleanly(t *testing.T) {
	r := start(t, nil)
	r.get(t, "/healthz")
	if err := r.end(t); err != nil {
		t.Errorf("Run returned %v", err)
	}
	if _, err := net.DialTimeout("tcp", strings.TrimPrefix(r.url, "http://"), time.Second); err == nil {
		t.Error("it still listens")
	}
}

func TestMetricsAreNeverOpen(t *testing.T) {
	token := strings.Repeat("k", 20)
	r := start(t, func(c *Config) { c.MetricsToken = token })
	for header, want := range map[string]int{"Accept: */*": 404, "Authorization: Bearer wrong": 404, "Authorization: Bearer " + token: 200} {
		response, body := r.get(t, "/metrics", header)
		if response.StatusCode != want {
			t.Errorf("%q: %d", header, response.StatusCode)
		}
		if want == 200 && (!strings.Contains(body, "hearth_db_writes_total") || !strings.Contains(body, "hearth_live_connections")) {
			t.Errorf("metrics lack what they should tell:\n%s", body)
		}
	}
}

func TestMetricsHaveTheirOwnListener(t *testing.T) {
	probe, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := probe.Addr().String()
	_ = probe.Close()
	r := start(t, func(c *Config) { c.MetricsAddr = addr })
	if response, _ := r.get(t, "/metrics"); response.StatusCode != 404 {
		t.Errorf("on the main listener: %d", response.StatusCode)
	}
	own := &running{url: "http://" + addr}
	if response, body := own.get(t, "/metrics"); response.StatusCode != 200 || !strings.Contains(body, "go_goroutines") {
		t.Errorf("on its own: %d", response.StatusCode)
	}
	if response, _ := own.get(t, "/readyz"); response.StatusCode != 404 {
		t.Errorf("something else answers there: %d", response.StatusCode)
	}
}

func TestATakenAddressIsSaidInWords(t *testing.T) {
	r := start(t, nil)
	addr := strings.TrimPrefix(r.url, "http://")
	err := Run(t.Context(), Config{Addr: addr, Data: t.TempDir(), Logger: slog.New(slog.DiscardHandler), Out: io.Discard})
	if err == nil || !strings.Contains(err.Error(), addr) || !strings.Contains(err.Error(), "address") {
		t.Errorf("%v", err)
	}
}

// TestALargeBodyGetsItsAnswer sends ten megabytes over a real connection, also where the
// answer is known before anything of them was read.
func TestALargeBodyGetsItsAnswer(t *testing.T) {
	r := start(t, nil)
	body := strings.Repeat(`{"email":"x"}`, 800_000)
	for path, want := range map[string]int{
		"/api/v1/conversations": 401, "/api/v1/nothing": 404, "/healthz": 405, "/api/v1/openapi.json": 405,
	} {
		response, err := http.Post(r.url+path, "application/json", strings.NewReader(body))
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		_ = response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, response.StatusCode, want)
		}
	}
	if response, _ := r.get(t, "/healthz"); response.StatusCode != 200 {
		t.Errorf("afterwards: %d", response.StatusCode)
	}
}
