package push

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"net/url"
	"strings"
	"sync"
	"time"

	"hearth/internal/care"
)

const (
	// tokenLife is for how long a push service may believe a token; RFC 8292 allows a day.
	tokenLife = 12 * time.Hour
	// tokenUse is for how long the same token is sent: Apple wants to see a new one no more
	// often than once an hour, and there is no need to sign for each message.
	tokenUse = 6 * time.Hour
	// mostTokens bounds how many push services are remembered. There are a handful, unless
	// somebody gives invented ones.
	mostTokens = 256
)

// tokens are what shows push services who sends: one for each, kept for some hours. It is
// safe for concurrent use.
type tokens struct {
	key     *ecdsa.PrivateKey
	public  string // as base64url
	contact string // a URL, mailto: or https:, or ""
	clock   care.Clock

	mu   sync.Mutex
	kept map[string]token
}

type token struct {
	header string
	made   time.Time
}

func newTokens(key *ecdsa.PrivateKey, contact string, clock care.Clock) (*tokens, error) {
	point, err := key.PublicKey.Bytes()
	if err != nil {
		return nil, err
	}
	return &tokens{key: key, public: toBase64(point), contact: contact, clock: clock, kept: map[string]token{}}, nil
}

// header is the value of Authorization for a push service.
func (t *tokens) header(endpoint *url.URL) (string, error) {
	audience, now := origin(endpoint), t.clock()
	t.mu.Lock()
	defer t.mu.Unlock()
	if kept, ok := t.kept[audience]; ok && !now.Before(kept.made) && now.Sub(kept.made) < tokenUse {
		return kept.header, nil
	}
	signed, err := t.sign(claims{Audience: audience, Expires: now.Add(tokenLife).Unix(), Subject: t.contact})
	if err != nil {
		return "", err
	}
	if len(t.kept) >= mostTokens {
		clear(t.kept)
	}
	made := token{header: "vapid t=" + signed + ", k=" + t.public, made: now}
	t.kept[audience] = made
	return made.header, nil
}

// claims is the middle part of a token.
type claims struct {
	Audience string `json:"aud"`
	Expires  int64  `json:"exp"`
	Subject  string `json:"sub,omitempty"`
}

const tokenHead = `{"typ":"JWT","alg":"ES256"}`

// unsigned is what is signed of a token (RFC 7515).
func (c claims) unsigned() (string, error) {
	body, err := json.Marshal(c)
	return toBase64([]byte(tokenHead)) + "." + toBase64(body), err
}

// sign makes a token: ES256 of RFC 7518, the two numbers one behind the other.
func (t *tokens) sign(c claims) (string, error) {
	text, err := c.unsigned()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, t.key, sum[:])
	if err != nil {
		return "", err
	}
	var signature [64]byte
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return text + "." + toBase64(signature[:]), nil
}

// origin names the push service of an endpoint: scheme, host, and the port unless it is the
// usual one.
func origin(endpoint *url.URL) string {
	host := strings.ToLower(endpoint.Host)
	if endpoint.Scheme == "https" {
		host = strings.TrimSuffix(host, ":443")
	}
	return endpoint.Scheme + "://" + host
}
