package live

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/coder/websocket"
)

func TestHello(t *testing.T) {
	r := newRig(t)
	noor := r.person("noor")
	d, response, err := r.dial("noor")
	if err != nil {
		t.Fatal(err)
	}
	if got := d.ws.Subprotocol(); got != "hearth.v1" {
		t.Errorf("the server names %q", got)
	}
	if response.Header.Get("Sec-WebSocket-Extensions") != "" {
		t.Error("the server compresses")
	}
	hello := d.next()
	if at(hello, "type") != "hello" || at(hello, "user_id") != noor.User.String() || len(at(hello, "server_time")) != 24 {
		t.Errorf("hello is %v", hello)
	}
}

// header makes the handshake carry a header and no token besides.
func header(name, value string) func(*websocket.DialOptions) {
	return func(o *websocket.DialOptions) {
		o.Subprotocols = nil
		if o.HTTPHeader == nil {
			o.HTTPHeader = http.Header{}
		}
		o.HTTPHeader.Set(name, value)
	}
}

func TestWhoMayConnect(t *testing.T) {
	r := newRig(t, func(c *Config) { c.PublicURL = &url.URL{Scheme: "https", Host: "chat.example.org"} })
	r.person("noor")
	cookie := header("Cookie", "other=1; hearth=noor")
	origin := func(value string) func(*websocket.DialOptions) {
		return func(o *websocket.DialOptions) { cookie(o); o.HTTPHeader.Set("Origin", value) }
	}
	for _, c := range []struct {
		name   string
		token  string
		change func(*websocket.DialOptions)
		status int
		code   string
	}{
		{"bearer as a protocol", "noor", func(*websocket.DialOptions) {}, 101, ""},
		{"bearer in the header", "", header("Authorization", "Bearer noor"), 101, ""},
		{"cookie", "", cookie, 101, ""},
		{"an unknown token", "mallory", func(*websocket.DialOptions) {}, 401, "unauthenticated"},
		{"none", "", header("X-Nothing", "1"), 401, "unauthenticated"},
		{"an unknown cookie", "", header("Cookie", "hearth=mallory"), 401, "unauthenticated"},
		{"the same origin", "", origin(r.server.URL), 101, ""},
		{"the public origin", "", origin("https://chat.example.org"), 101, ""},
		{"the public host without encryption", "", origin("http://chat.example.org"), 403, "forbidden"},
		{"another origin", "", origin("https://elsewhere.example"), 403, "forbidden"},
		{"a hidden origin", "", origin("null"), 403, "forbidden"},
		{"no address as origin", "", origin("http://%zz"), 403, "forbidden"},
		{"another origin with a good bearer", "noor", func(o *websocket.DialOptions) {
			o.HTTPHeader = http.Header{"Origin": {"https://elsewhere.example"}}
		}, 403, "forbidden"},
		{"another site without an origin", "", func(o *websocket.DialOptions) {
			cookie(o)
			o.HTTPHeader.Set("Sec-Fetch-Site", "cross-site")
		}, 403, "forbidden"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, response, err := r.dial(c.token, c.change)
			if response == nil {
				t.Fatal(err)
			}
			if response.StatusCode != c.status || (err == nil) != (c.status == 101) {
				t.Fatalf("status %d, %v; want %d", response.StatusCode, err, c.status)
			}
			if c.code != "" {
				isProblem(t, response, c.code)
			}
		})
	}
}

func isProblem(t *testing.T, response *http.Response, code string) {
	t.Helper()
	var problem map[string]any
	if err := json.NewDecoder(response.Body).Decode(&problem); err != nil {
		t.Fatal(err)
	}
	if kind := response.Header.Get("Content-Type"); kind != "application/problem+json" || at(problem, "code") != code {
		t.Errorf("%s %v, want the problem %s", kind, problem, code)
	}
}

func TestPlainRequestsGetAProblem(t *testing.T) {
	r := newRig(t)
	r.person("noor")
	for name, change := range map[string]func(http.Header){
		"no handshake":    func(http.Header) {},
		"an old version":  func(h http.Header) { handshake(h); h.Set("Sec-WebSocket-Version", "8") },
		"without its key": func(h http.Header) { handshake(h); h.Del("Sec-WebSocket-Key") },
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer noor")
		change(request.Header)
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, response.StatusCode)
		}
		isProblem(t, response, "malformed")
		_ = response.Body.Close()
	}
}

func handshake(h http.Header) {
	h.Set("Upgrade", "websocket")
	h.Set("Connection", "Upgrade")
	h.Set("Sec-WebSocket-Version", "13")
	h.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
}

func TestTooManyConnections(t *testing.T) {
	r := newRig(t, func(c *Config) { c.MaxPerPerson, c.MaxTotal = 2, 3 })
	r.person("noor")
	r.person("sam")
	r.connect("noor")
	last := r.connect("noor")
	_, response, _ := r.dial("noor")
	if response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Retry-After") == "" {
		t.Errorf("the third of one person: status %d", response.StatusCode)
	}
	isProblem(t, response, "rate_limited")
	r.connect("sam")
	_, response, _ = r.dial("sam")
	if response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("the fourth of all: status %d", response.StatusCode)
	}
	isProblem(t, response, "unavailable")
	_ = last.ws.Close(websocket.StatusNormalClosure, "")
	eventually(t, "the place is free again", func() bool { return r.hub.Stats().Connections == 2 })
	r.connect("noor")
}

func TestDrain(t *testing.T) {
	r := newRig(t)
	r.person("noor")
	d := r.connect("noor")
	sent, proceed := slowSender(r)
	d.write(sendFrame("1", "on its way"))
	<-sent
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		r.hub.Drain(ctx)
	}()
	eventually(t, "new ones are refused", func() bool {
		_, response, _ := r.dial("noor")
		return response.StatusCode == http.StatusServiceUnavailable
	})
	close(proceed)
	if f := d.next(); at(f, "type") != "ack" || at(f, "message.body") != "on its way" {
		t.Errorf("before the end came %v", f)
	}
	if code := d.closed(); code != websocket.StatusGoingAway {
		t.Errorf("closed with %d", code)
	}
	<-drained
	if n := r.hub.Stats().Connections; n != 0 {
		t.Errorf("%d connections are left", n)
	}
}
