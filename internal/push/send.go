package push

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outward"
)

// Urgency says how much a message matters, for devices that save their battery.
type Urgency string

// The urgencies of RFC 8030. The empty one is normal.
const (
	VeryLow Urgency = "very-low"
	Low     Urgency = "low"
	Normal  Urgency = "normal"
	High    Urgency = "high"
)

// Options say how a push service keeps a message.
type Options struct {
	// TTL is for how long it is kept for a device that is off, in whole seconds, at most four
	// weeks; 0 is given up at once.
	TTL time.Duration
	// Urgency is normal unless said.
	Urgency Urgency
	// Topic, unless empty, has the message replace one that is kept with the same: up to 32
	// letters of base64url. The push service sees it.
	Topic string
}

const (
	mostTTL   = 28 * 24 * time.Hour
	mostTopic = 32
	base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
)

var errOptions = errors.New("no such urgency or topic")

func (o Options) check() error {
	switch o.Urgency {
	case "", VeryLow, Low, Normal, High:
	default:
		return errOptions
	}
	if len(o.Topic) > mostTopic || strings.Trim(o.Topic, base64url) != "" {
		return errOptions
	}
	return nil
}

// Sender hands messages to push services. It is safe for concurrent use; a program has one.
type Sender struct {
	client *outward.Client
	clock  care.Clock
	tokens *tokens
}

// Open makes a Sender with the installation's key, which is made in d when there is none.
// contact tells push services where to turn about this installation, as an https: or mailto:
// URL; those of Apple take nothing without one.
func Open(ctx context.Context, d *db.DB, clock care.Clock, client *outward.Client, contact string) (*Sender, error) {
	key, err := loadKey(ctx, d, clock)
	if err != nil {
		return nil, err
	}
	t, err := newTokens(key, contact, clock)
	if err != nil {
		return nil, err
	}
	return &Sender{client: client, clock: clock, tokens: t}, nil
}

// PublicKey is what browsers subscribe with (applicationServerKey), as base64url. It is the
// same for the life of the installation.
func (s *Sender) PublicKey() string { return s.tokens.public }

// Send encrypts a message of up to [MaxPayload] bytes and hands it to the push service, once.
// It takes up to [outward.Timeout] unless ctx ends it earlier. nil says that the push service
// has taken it; an error is an [*Error]. It may have been taken although the error is Later,
// when the answer did not come.
func (s *Sender) Send(ctx context.Context, to Subscription, message []byte, o Options) error {
	r, err := s.request(ctx, to, message, o)
	if err != nil {
		return &Error{Failure: Permanent, Cause: err}
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return judgeCall(err)
	}
	return judgeAnswer(answer, s.clock())
}

func (s *Sender) request(ctx context.Context, to Subscription, message []byte, o Options) (*http.Request, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	target, err := to.read()
	if err != nil {
		return nil, err
	}
	body, err := encrypt(target, message)
	if err != nil {
		return nil, err
	}
	authorization, err := s.tokens.header(target.endpoint)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.Endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, outward.ErrAddress
	}
	r.Header = header(o)
	r.Header.Set("Authorization", authorization)
	return r, nil
}

func header(o Options) http.Header {
	h := http.Header{
		"Ttl":              {strconv.FormatInt(int64(min(max(o.TTL, 0), mostTTL)/time.Second), 10)},
		"Content-Encoding": {"aes128gcm"},
		"Content-Type":     {"application/octet-stream"},
		"User-Agent":       {"Hearth"},
	}
	if o.Urgency != "" {
		h.Set("Urgency", string(o.Urgency))
	}
	if o.Topic != "" {
		h.Set("Topic", o.Topic)
	}
	return h
}
