package pushtest_test

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/internal/push/pushtest"
	"hearth/internal/testkit"
)

// application is a sender of these tests, which share no code with package push.
type application struct {
	key    *ecdsa.PrivateKey
	public string
}

func newApplication(t *testing.T) application {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return application{key, base64.RawURLEncoding.EncodeToString(point)}
}

// token signs claims in good form.
func (a application) token(t *testing.T, c pushtest.Claims) string {
	t.Helper()
	body, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(`{"typ":"JWT","alg":"ES256"}`)) + "." + encode(body)
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, a.key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return "vapid t=" + text + "." + encode(append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)) + ", k=" + a.public
}

func post(t *testing.T, s *pushtest.Server, to string, header map[string]string, body []byte) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: s.Roots}}}
	defer client.CloseIdleConnections()
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.StatusCode
}

func TestWhatIsNotAsItShouldBeIsSeen(t *testing.T) {
	clock := testkit.NewClock(time.Time{})
	s := pushtest.Start(t, clock.Now)
	a, other := newApplication(t), newApplication(t)
	d := s.Subscribe(a.public)
	good := pushtest.Claims{Audience: s.URL, Expires: clock.Now().Add(time.Hour).Unix(), Subject: "mailto:a@maplecourt.example"}
	late, long, elsewhere, nobody := good, good, good, good
	late.Expires, long.Expires = clock.Now().Unix(), clock.Now().Add(25*time.Hour).Unix()
	elsewhere.Audience, nobody.Subject = "https://push.example.net", "a@maplecourt.example"
	for name, v := range map[string]struct {
		header, value string
		status        int
	}{
		"no TTL":             {"TTL", "", 400},
		"a TTL in words":     {"TTL", "soon", 400},
		"a negative TTL":     {"TTL", "-1", 400},
		"another encoding":   {"Content-Encoding", "aesgcm", 400},
		"an urgency":         {"Urgency", "extreme", 400},
		"a long topic":       {"Topic", strings.Repeat("a", 33), 400},
		"a topic with signs": {"Topic", "a+b", 400},
		"no authorization":   {"Authorization", "", 401},
		"a late token":       {"Authorization", a.token(t, late), 401},
		"a long token":       {"Authorization", a.token(t, long), 401},
		"another's token":    {"Authorization", a.token(t, elsewhere), 401},
		"a bare subject":     {"Authorization", a.token(t, nobody), 401},
		"another key":        {"Authorization", other.token(t, good), 403},
		"a text in clear":    {"X", "", 400}, // everything else is good
	} {
		header := map[string]string{"TTL": "60", "Content-Encoding": "aes128gcm", "Authorization": a.token(t, good)}
		header[v.header] = v.value
		body := append(make([]byte, 20), []byte("in clear")...)
		if got := post(t, s, d.Endpoint, header, body); got != v.status || len(s.Faults()) != 1 || len(s.Attempts()) != 0 {
			t.Errorf("%s: answered %d, want %d; %v", name, got, v.status, s.Faults())
		}
		s.Forget()
	}
	if got := post(t, s, s.URL+"/push/nobody", nil, nil); got != 404 {
		t.Errorf("nobody's path: %d", got)
	}
	if got := post(t, s, d.Endpoint, nil, make([]byte, 4097)); got != 413 {
		t.Errorf("a long body: %d", got)
	}
	s.Forget()
}

// encrypted is a push of the example of RFC 8291 for a device whose keys are not the
// example's: what it holds cannot be read.
func TestSomebodyElsesMessageCannotBeRead(t *testing.T) {
	clock := testkit.NewClock(time.Time{})
	s, a := pushtest.Start(t, clock.Now), newApplication(t)
	header := map[string]string{
		"TTL": "60", "Content-Encoding": "aes128gcm",
		"Authorization": a.token(t, pushtest.Claims{Audience: s.URL, Expires: clock.Now().Add(time.Hour).Unix()}),
	}
	if got := post(t, s, s.Subscribe(a.public).Endpoint, header, data(t, example)); got != 400 || len(s.Faults()) != 1 {
		t.Errorf("answered %d, %v", got, s.Faults())
	}
	s.Forget()
}

func TestLinesForOtherLanguages(t *testing.T) {
	clock := testkit.NewClock(time.Time{})
	in, commands := io.Pipe()
	lines, out := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- pushtest.Serve(clock.Now, in, out); _ = out.Close() }()
	read := json.NewDecoder(lines)
	next := func(into any) {
		t.Helper()
		if err := read.Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	say := func(format string, args ...any) {
		t.Helper()
		if _, err := fmt.Fprintf(commands, format+"\n", args...); err != nil {
			t.Fatal(err)
		}
	}
	var serving struct {
		Serving struct{ URL, Certificate string }
	}
	next(&serving)
	if !strings.HasPrefix(serving.Serving.URL, "https://127.0.0.1:") || !strings.Contains(serving.Serving.Certificate, "BEGIN CERTIFICATE") {
		t.Errorf("%+v", serving)
	}
	say(`{"subscribe": %q}`, newApplication(t).public)
	var made struct {
		Subscription struct {
			Endpoint string
			Keys     struct{ P256dh, Auth string }
		}
	}
	next(&made)
	point, err := ecdh.P256().NewPublicKey(data(t, made.Subscription.Keys.P256dh))
	if err != nil || point == nil || len(data(t, made.Subscription.Keys.Auth)) != 16 || !strings.HasPrefix(made.Subscription.Endpoint, serving.Serving.URL) {
		t.Errorf("%+v, %v", made, err)
	}
	say(`{"refuse": {"endpoint": %q, "times": -1, "status": 410}}`, made.Subscription.Endpoint)
	var refusing struct{ Refusing bool }
	if next(&refusing); !refusing.Refusing {
		t.Error("the command is not obeyed")
	}
	_ = commands.Close()
	if err := <-done; err != nil {
		t.Errorf("ended with %v", err)
	}
	for _, bad := range []string{"{}", "no JSON", `{"refuse": {"endpoint": "https://nobody.example"}}`} {
		if err := pushtest.Serve(clock.Now, strings.NewReader(bad), io.Discard); err == nil {
			t.Errorf("%s is obeyed", bad)
		}
	}
}
