package pushtest

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
)

// Always, as the number of times, is until something else is said.
const Always = -1

// Answer is how a push is refused.
type Answer struct {
	Status     int
	RetryAfter string // the header as it is sent; "" is none
	Hang       bool   // nothing is answered, until the test ends or the sender goes
}

type refusals struct {
	times  int
	answer Answer
}

// next gives the refusal whose turn it is.
func (r *refusals) next() (Answer, bool) {
	if r.times == 0 {
		return Answer{}, false
	}
	if r.times > 0 {
		r.times--
	}
	return r.answer, true
}

// Message is a push as it came.
type Message struct {
	Device  *Device
	Text    []byte // decrypted
	Body    []byte // as it came
	Header  http.Header
	TTL     time.Duration
	Urgency string
	Topic   string
	Claims  Claims
	Status  int // what it was answered with; 0 is nothing
}

// Server is a running push service.
type Server struct {
	URL   string         // its origin
	Roots *x509.CertPool // what a client needs to trust it

	clock  care.Clock
	http   *httptest.Server
	ending context.Context
	end    context.CancelFunc
	seen   func(Message, error) // told of everything that comes; set before anything does

	mu       sync.Mutex
	devices  map[string]*Device
	refuse   refusals
	attempts []Message
	faults   []string
	came     chan struct{}
}

// New starts a server on a free port of 127.0.0.1. clock says until when signatures are
// good. Call [Server.Close] in the end.
func New(clock care.Clock) *Server {
	s := &Server{clock: clock, devices: map[string]*Device{}, came: make(chan struct{}, 1), seen: func(Message, error) {}}
	s.ending, s.end = context.WithCancel(context.Background())
	s.http = httptest.NewUnstartedServer(s)
	s.http.EnableHTTP2 = true // as those of browsers
	s.http.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.http.StartTLS()
	s.URL, s.Roots = s.http.URL, x509.NewCertPool()
	s.Roots.AddCert(s.http.Certificate())
	return s
}

// Start is New for a test: the server ends with it, and everything that came and was not as
// the standards want fails it.
func Start(t testing.TB, clock care.Clock) *Server {
	t.Helper()
	s := New(clock)
	t.Cleanup(func() {
		s.Close()
		for _, fault := range s.Faults() {
			t.Errorf("a push was not as it should be: %s", fault)
		}
	})
	return s
}

// Certificate is the server's own, which a client needs to trust.
func (s *Server) Certificate() *x509.Certificate { return s.http.Certificate() }

// Close ends the server.
func (s *Server) Close() {
	s.end()
	s.http.Close()
}

// Refuse has the next pushes to devices without a refusal of their own answered with a;
// times 0 takes it back.
func (s *Server) Refuse(times int, a Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = refusals{times, a}
}

// Messages gives what was taken for a device, oldest first.
func (s *Server) Messages() []Message {
	var taken []Message
	for _, m := range s.Attempts() {
		if m.Status == http.StatusCreated {
			taken = append(taken, m)
		}
	}
	return taken
}

// Attempts gives every push that was as it should be, also those refused on demand.
func (s *Server) Attempts() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.attempts...)
}

// Faults says what came that was not as the standards want.
func (s *Server) Faults() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.faults...)
}

// Forget drops what came so far, faults as well: for tests that send such.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.attempts, s.faults = nil, nil
}

// WaitFor waits until n pushes came that were as they should be, and gives them.
func (s *Server) WaitFor(t testing.TB, n int) []Message {
	t.Helper()
	patience := time.After(20 * time.Second)
	for {
		if all := s.Attempts(); len(all) >= n {
			return all
		}
		select {
		case <-s.came:
		case <-patience:
			t.Fatalf("%d pushes came, not %d", len(s.Attempts()), n)
		}
	}
}

// ServeHTTP takes a push.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return // the sender went
	}
	m, status, err := s.read(r, body)
	if err != nil {
		s.note(func() { s.faults = append(s.faults, err.Error()) })
		s.seen(m, err)
		w.WriteHeader(status)
		return
	}
	answer := s.answer(&m)
	s.note(func() { s.attempts = append(s.attempts, m) })
	s.seen(m, nil)
	if answer.Hang {
		select {
		case <-r.Context().Done():
		case <-s.ending.Done():
		}
		return
	}
	if answer.RetryAfter != "" {
		w.Header().Set("Retry-After", answer.RetryAfter)
	}
	w.WriteHeader(answer.Status)
}

func (s *Server) note(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	select {
	case s.came <- struct{}{}:
	default:
	}
}

// read decrypts and checks a push; status is what a push service answers to one that is not
// as it should be.
func (s *Server) read(r *http.Request, body []byte) (m Message, status int, err error) {
	s.mu.Lock()
	device := s.devices[r.URL.Path]
	s.mu.Unlock()
	m = Message{Device: device, Body: body, Header: r.Header.Clone(), Urgency: r.Header.Get("Urgency"), Topic: r.Header.Get("Topic")}
	switch {
	case device == nil:
		return m, http.StatusNotFound, fmt.Errorf("nobody is subscribed at that path")
	case r.Method != http.MethodPost:
		return m, http.StatusMethodNotAllowed, fmt.Errorf("the method is %s", r.Method)
	case len(body) > 4096:
		return m, http.StatusRequestEntityTooLarge, fmt.Errorf("%d bytes", len(body))
	}
	if err := m.checkHeaders(); err != nil {
		return m, http.StatusBadRequest, err
	}
	m.TTL, _ = time.ParseDuration(r.Header.Get("TTL") + "s")
	var key string
	if m.Claims, key, err = Verify(r.Header.Get("Authorization")); err == nil {
		err = m.Claims.check(s.URL, s.clock())
	}
	if err != nil {
		return m, http.StatusUnauthorized, err
	}
	if key != device.sender {
		return m, http.StatusForbidden, fmt.Errorf("the device takes messages of another key")
	}
	if m.Text, err = Decrypt(device.private, device.secret, body); err != nil {
		return m, http.StatusBadRequest, err
	}
	return m, http.StatusCreated, nil
}

// answer decides how a push that is as it should be is answered.
func (s *Server) answer(m *Message) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer, refused := m.Device.refuse.next()
	if !refused {
		answer, refused = s.refuse.next()
	}
	if !refused {
		answer = Answer{Status: http.StatusCreated}
	}
	if m.Status = answer.Status; answer.Hang {
		m.Status = 0
	}
	return answer
}
