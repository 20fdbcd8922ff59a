package pushtest

import (
	"bufio"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"sync"

	"hearth/internal/care"
)

// command is a line that Serve reads; one of the two is set.
type command struct {
	// Subscribe makes a device that takes messages of this key (base64url).
	Subscribe string `json:"subscribe"`
	// Refuse has the next pushes refused.
	Refuse *struct {
		Endpoint   string `json:"endpoint"` // of one device; "" is all
		Times      int    `json:"times"`    // -1 is until something else is said
		Status     int    `json:"status"`
		RetryAfter string `json:"retry_after"`
		Hang       bool   `json:"hang"`
	} `json:"refuse"`
}

// Serve runs a push service for a test in another language, until in ends. It reads a
// command from each line and answers each with one, in order:
//
//	{"subscribe": "BASE64URL"}                        → {"subscription": {"endpoint", "keys": {"p256dh", "auth"}}}
//	{"refuse": {"endpoint": "", "times": 2, "status": 429, "retry_after": "3", "hang": false}} → {"refusing": true}
//
// Before that comes {"serving": {"url", "certificate"}}, the certificate as PEM, which the
// program under test has to trust (SSL_CERT_FILE); in between, for each push that came,
// {"push": {"endpoint", "text", "ttl", "urgency", "topic", "status"}}, or {"fault": "…"}.
func Serve(clock care.Clock, in io.Reader, out io.Writer) error {
	s := New(clock)
	defer s.Close()
	lines := &lines{out: out}
	s.seen = lines.tell
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	lines.write(map[string]any{"serving": map[string]string{"url": s.URL, "certificate": string(certificate)}})
	for scanner := bufio.NewScanner(in); scanner.Scan(); {
		var c command
		if err := json.Unmarshal(scanner.Bytes(), &c); err != nil {
			return err
		}
		answer, err := s.obey(c)
		if err != nil {
			return err
		}
		lines.write(answer)
	}
	return lines.err
}

var errCommand = errors.New("pushtest: neither subscribe nor refuse, or of a device that is not there")

func (s *Server) obey(c command) (any, error) {
	if c.Subscribe != "" {
		return map[string]any{"subscription": s.Subscribe(c.Subscribe)}, nil
	}
	if c.Refuse == nil {
		return nil, errCommand
	}
	answer := Answer{Status: c.Refuse.Status, RetryAfter: c.Refuse.RetryAfter, Hang: c.Refuse.Hang}
	if c.Refuse.Endpoint == "" {
		s.Refuse(c.Refuse.Times, answer)
		return map[string]bool{"refusing": true}, nil
	}
	device := s.at(c.Refuse.Endpoint)
	if device == nil {
		return nil, errCommand
	}
	device.Refuse(c.Refuse.Times, answer)
	return map[string]bool{"refusing": true}, nil
}

func (s *Server) at(endpoint string) *Device {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.devices {
		if d.Endpoint == endpoint {
			return d
		}
	}
	return nil
}

// lines writes one JSON object a line. It is safe for concurrent use.
type lines struct {
	mu  sync.Mutex
	out io.Writer
	err error
}

func (l *lines) write(value any) {
	text, err := json.Marshal(value)
	l.mu.Lock()
	defer l.mu.Unlock()
	_, errWrite := l.out.Write(append(text, '\n'))
	l.err = errors.Join(l.err, err, errWrite)
}

func (l *lines) tell(m Message, fault error) {
	if fault != nil {
		l.write(map[string]string{"fault": fault.Error()})
		return
	}
	l.write(map[string]any{"push": map[string]any{
		"endpoint": m.Device.Endpoint, "text": string(m.Text), "ttl": int(m.TTL.Seconds()),
		"urgency": m.Urgency, "topic": m.Topic, "status": m.Status,
	}})
}
