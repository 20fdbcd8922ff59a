package pushtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Claims is what a sender says of itself.
type Claims struct {
	Audience string `json:"aud"`
	Expires  int64  `json:"exp"`
	Subject  string `json:"sub"`
}

// Verify reads the Authorization of a push (RFC 8292): the claims, and the key that they are
// signed with.
func Verify(authorization string) (c Claims, key string, err error) {
	words, found := strings.CutPrefix(authorization, "vapid ")
	if !found {
		return c, "", errors.New("no vapid authorization")
	}
	part := map[string]string{}
	for pair := range strings.SplitSeq(words, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
		part[name] = value
	}
	text, signature, _ := cutLast(part["t"], ".")
	head, body, found := strings.Cut(text, ".")
	if !found || strings.Contains(body, ".") {
		return c, "", errors.New("the token has not three parts")
	}
	var kind struct{ Typ, Alg string }
	if err := errors.Join(decodeJSON(head, &kind), decodeJSON(body, &c)); err != nil {
		return c, "", err
	}
	if kind.Alg != "ES256" {
		return c, "", fmt.Errorf("the token is signed with %q", kind.Alg)
	}
	return c, part["k"], signed(part["k"], text, signature)
}

func signed(key, text, signature string) error {
	point, errKey := base64.RawURLEncoding.DecodeString(key)
	bytes, errSignature := base64.RawURLEncoding.DecodeString(signature)
	if err := errors.Join(errKey, errSignature); err != nil {
		return err
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return fmt.Errorf("the key of the token: %w", err)
	}
	sum := sha256.Sum256([]byte(text))
	if len(bytes) != 64 || !ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(bytes[:32]), new(big.Int).SetBytes(bytes[32:])) {
		return errors.New("the token's signature is wrong")
	}
	return nil
}

// check says what a push service holds against claims that are signed rightly.
func (c Claims) check(audience string, now time.Time) error {
	left := time.Unix(c.Expires, 0).Sub(now)
	switch {
	case c.Audience != audience:
		return fmt.Errorf("the token is for %q", c.Audience)
	case left <= 0 || left > 24*time.Hour:
		return fmt.Errorf("the token ends in %v", left)
	case c.Subject != "" && !strings.HasPrefix(c.Subject, "mailto:") && !strings.HasPrefix(c.Subject, "https://"):
		return fmt.Errorf("the token's subject is %q", c.Subject)
	}
	return nil
}

var (
	urgencies = regexp.MustCompile(`^(|very-low|low|normal|high)$`)
	topics    = regexp.MustCompile(`^[A-Za-z0-9_-]{0,32}$`)
)

// checkHeaders says what is wrong with the headers of a push (RFC 8030, section 5).
func (m Message) checkHeaders() error {
	ttl, err := strconv.Atoi(m.Header.Get("TTL"))
	switch {
	case err != nil || ttl < 0:
		return fmt.Errorf("the TTL is %q", m.Header.Get("TTL"))
	case m.Header.Get("Content-Encoding") != "aes128gcm":
		return fmt.Errorf("the encoding is %q", m.Header.Get("Content-Encoding"))
	case !urgencies.MatchString(m.Urgency):
		return fmt.Errorf("the urgency is %q", m.Urgency)
	case !topics.MatchString(m.Topic):
		return fmt.Errorf("the topic is %q", m.Topic)
	}
	return nil
}

func cutLast(text, sep string) (before, after string, found bool) {
	i := strings.LastIndex(text, sep)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(sep):], true
}

func decodeJSON(text string, into any) error {
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}
