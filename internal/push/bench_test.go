package push_test

import (
	"bufio"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"hearth/internal/outward"
	"hearth/internal/push"
	"hearth/internal/push/pushtest"
)

const (
	benchPushes = 10_000
	benchAtOnce = 16
	benchRole   = "HEARTH_TEST_IS_PUSH_SERVICE"
)

// TestMain lets a benchmark run the push service as a process of its own, so that what it
// takes is not counted: the test binary is it when told so.
func TestMain(m *testing.M) {
	if key := os.Getenv(benchRole); key != "" {
		servePushes(key)
		return
	}
	os.Exit(m.Run())
}

// servePushes says where it serves whom, and at the end of its input how much came.
func servePushes(key string) {
	s := pushtest.New(time.Now)
	defer s.Close()
	out := json.NewEncoder(os.Stdout)
	certificate := s.Certificate().Raw
	devices := make([]*pushtest.Device, benchPushes)
	for i := range devices {
		devices[i] = s.Subscribe(key)
	}
	_ = out.Encode(map[string]any{"certificate": certificate, "devices": devices})
	for input := bufio.NewScanner(os.Stdin); input.Scan(); {
		came, faults := len(s.Messages()), s.Faults()
		s.Forget() // before the answer, behind which the next pushes come
		_ = out.Encode(map[string]any{"came": came, "faults": faults})
	}
}

// remote is a push service in a process of its own.
type remote struct {
	in      io.Writer
	out     *json.Decoder
	roots   *x509.CertPool
	devices []push.Subscription
}

func startRemote(b *testing.B, key string) *remote {
	b.Helper()
	c := exec.CommandContext(b.Context(), os.Args[0])
	c.Env = append(os.Environ(), benchRole+"="+key)
	c.Stderr = os.Stderr
	in, errIn := c.StdinPipe()
	out, errOut := c.StdoutPipe()
	if errIn != nil || errOut != nil || c.Start() != nil {
		b.Fatal("the push service does not start", errIn, errOut)
	}
	b.Cleanup(func() { _ = in.Close(); _ = c.Wait() })
	r := &remote{in: in, out: json.NewDecoder(out), roots: x509.NewCertPool()}
	var serving struct {
		Certificate []byte
		Devices     []struct {
			Endpoint string
			Keys     struct{ P256dh, Auth string }
		}
	}
	if err := r.out.Decode(&serving); err != nil {
		b.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(serving.Certificate)
	if err != nil {
		b.Fatal(err)
	}
	r.roots.AddCert(certificate)
	for _, d := range serving.Devices {
		r.devices = append(r.devices, push.Subscription{Endpoint: d.Endpoint, P256dh: d.Keys.P256dh, Auth: d.Keys.Auth})
	}
	return r
}

// settle fails the benchmark unless every push came and could be read.
func (r *remote) settle(b *testing.B) {
	b.Helper()
	var told struct {
		Came   int
		Faults []string
	}
	if _, err := fmt.Fprintln(r.in, "settle"); err != nil {
		b.Fatal(err)
	}
	if err := r.out.Decode(&told); err != nil || told.Came != benchPushes || len(told.Faults) > 0 {
		b.Fatalf("%d came, %v, %v", told.Came, told.Faults, err)
	}
}

// BenchmarkSend hands over 10,000 pushes for as many browsers, 16 at once, to a push service
// in another process. cpu-ms/push is of this process alone.
func BenchmarkSend(b *testing.B) {
	allowed := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	key := openSender(b, time.Now, outward.New(nil))
	r := startRemote(b, key.PublicKey())
	client := outward.NewTrusting(allowed, r.roots)
	defer client.Close()
	sender := push.WithClient(key, client)
	before := cpu(b)
	for b.Loop() {
		sendAll(b, sender, r.devices)
		b.StopTimer()
		spent := cpu(b)
		r.settle(b)
		before += cpu(b) - spent
		b.StartTimer()
	}
	pushes := float64(b.N) * benchPushes
	b.ReportMetric(float64((cpu(b)-before).Microseconds())/1000/pushes, "cpu-ms/push")
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/10000")
}

func sendAll(b *testing.B, sender *push.Sender, devices []push.Subscription) {
	b.Helper()
	next := make(chan push.Subscription)
	var all sync.WaitGroup
	for range benchAtOnce {
		all.Go(func() {
			for d := range next {
				if err := sender.Send(b.Context(), d, []byte(`{"text":"You have a new message","id":"0197a3e0-0000-7000-8000-000000000000"}`), push.Options{TTL: time.Hour}); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for _, d := range devices {
		next <- d
	}
	close(next)
	all.Wait()
}

// cpu is what this process has taken.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkRequest is one push without handing it over: keys, encryption, headers.
func BenchmarkRequest(b *testing.B) {
	sender := openSender(b, time.Now, outward.New(nil))
	to := push.Subscription{Endpoint: goodAt, P256dh: goodKey, Auth: goodAuth}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := push.Request(sender, to, []byte("You have a new message")); err != nil {
			b.Fatal(err)
		}
	}
}
