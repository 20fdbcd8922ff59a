package push_test

import (
	"crypto/x509"
	"encoding/json"
	"io"
	"net/netip"
	"testing"
	"time"

	"hearth/internal/outward"
	"hearth/internal/push"
	"hearth/internal/push/pushtest"
	"hearth/internal/testkit"
)

// TestTheServiceForOtherLanguages sends over it as a browser test has Hearth send.
func TestTheServiceForOtherLanguages(t *testing.T) {
	clock := testkit.NewClock(start)
	in, commands := io.Pipe()
	lines, out := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- pushtest.Serve(clock.Now, in, out) }()
	read := json.NewDecoder(lines)
	var serving struct{ Serving struct{ Certificate string } }
	if err := read.Decode(&serving); err != nil {
		t.Fatal(err)
	}
	sender := openSender(t, clock.Now, trusting(t, serving.Serving.Certificate))
	if err := json.NewEncoder(commands).Encode(map[string]string{"subscribe": sender.PublicKey()}); err != nil {
		t.Fatal(err)
	}
	var made struct {
		Subscription struct {
			Endpoint string
			Keys     struct{ P256dh, Auth string }
		}
	}
	if err := read.Decode(&made); err != nil {
		t.Fatal(err)
	}
	to := push.Subscription{Endpoint: made.Subscription.Endpoint, P256dh: made.Subscription.Keys.P256dh, Auth: made.Subscription.Keys.Auth}
	sent := make(chan error, 1)
	go func() {
		sent <- sender.Send(t.Context(), to, []byte("You have a new message"), push.Options{TTL: time.Hour, Urgency: push.High, Topic: "one"})
	}()
	var told struct {
		Push struct {
			Endpoint, Text, Urgency, Topic string
			TTL, Status                    int
		}
	}
	if err := read.Decode(&told); err != nil {
		t.Fatal(err)
	}
	if p := told.Push; p.Endpoint != to.Endpoint || p.Text != "You have a new message" || p.TTL != 3600 || p.Urgency != "high" || p.Topic != "one" || p.Status != 201 {
		t.Errorf("told %+v", told)
	}
	if err := <-sent; err != nil {
		t.Error(err)
	}
	_ = commands.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// trusting reads the certificate as SSL_CERT_FILE would.
func trusting(t *testing.T, certificate string) *outward.Client {
	t.Helper()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(certificate)) {
		t.Fatalf("no certificate: %q", certificate)
	}
	c := outward.NewTrusting([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, roots)
	t.Cleanup(c.Close)
	return c
}
