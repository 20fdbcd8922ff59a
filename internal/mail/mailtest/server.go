// Package mailtest is an SMTP server on loopback for tests: it speaks real SMTP, keeps
// what it receives, and refuses on demand.
package mailtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// The account that the server knows.
const (
	User     = "hearth"
	Password = "post office"
)

// Mail is one mail as it was received.
type Mail struct {
	From string
	To   []string
	Data string // headers and body as they came
}

// Options choose how the server behaves. The zero Options: plain, no sign-in needed.
type Options struct {
	TLS      bool // encrypted from the first byte
	StartTLS bool // offers STARTTLS
	Auth     bool // refuses who has not signed in
}

// Server is a running server; it ends with the test.
type Server struct {
	Addr  string      // host:port
	Trust *tls.Config // what a client needs to trust it
	auth  bool

	mu    sync.Mutex
	mails []Mail
	fail  []*smtp.SMTPError
	lines int
	came  chan struct{}
}

// Start starts a server on a free port of 127.0.0.1.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Addr: listener.Addr().String(), auth: o.Auth, came: make(chan struct{}, 1000)}
	server := smtp.NewServer(s)
	server.Domain = "localhost"
	server.AllowInsecureAuth = true
	server.EnableSMTPUTF8 = true
	identity, trust := certificate(t)
	s.Trust = trust
	if o.StartTLS {
		server.TLSConfig = identity
	}
	if o.TLS {
		listener = tls.NewListener(listener, identity)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close(); <-done })
	return s
}

// Refuse makes the server answer the next n mails with code.
func (s *Server) Refuse(n, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		s.fail = append(s.fail, &smtp.SMTPError{Code: code, Message: "no, <somebody@example.org>"})
	}
}

// Mails gives what was received so far, oldest first.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Connections counts the connections that were made.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lines
}

// Next waits for a mail that was not waited for before.
func (s *Server) Next(t testing.TB) Mail {
	t.Helper()
	select {
	case <-s.came:
		mails := s.Mails()
		return mails[len(mails)-1]
	case <-time.After(10 * time.Second):
		t.Fatal("no mail came")
		return Mail{}
	}
}

// NewSession makes a Server a backend of go-smtp.
func (s *Server) NewSession(*smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	s.lines++
	s.mu.Unlock()
	return &session{server: s, welcome: !s.auth}, nil
}

type session struct {
	server  *Server
	welcome bool
	mail    Mail
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != User || password != Password {
			return errors.New("wrong user or password")
		}
		s.welcome = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.welcome {
		return smtp.ErrAuthRequired
	}
	s.mail = Mail{From: from}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.To = append(s.mail.To, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if len(s.server.fail) > 0 {
		refusal := s.server.fail[0]
		s.server.fail = s.server.fail[1:]
		return refusal
	}
	s.mail.Data = string(data)
	s.server.mails = append(s.server.mails, s.mail)
	s.server.came <- struct{}{}
	return nil
}

func (s *session) Reset()        { s.mail = Mail{} }
func (s *session) Logout() error { return nil }

// certificate makes a key pair for 127.0.0.1 and the configuration that trusts it.
func certificate(t testing.TB) (identity, trust *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(made)
	identity = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	return identity, &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool}
}
