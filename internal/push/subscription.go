package push

import (
	"crypto/ecdh"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"

	"hearth/internal/care"
)

// Subscription is where a message goes and for whom it is encrypted: what a browser gives
// as PushSubscription.toJSON().
type Subscription struct {
	Endpoint string // of the browser's push service
	P256dh   string // the browser's public key: a point of P-256, not compressed, as base64url
	Auth     string // a secret that the browser shares with who writes to it: 16 bytes as base64url
}

const authBytes = 16

// recipient is a Subscription that has been read.
type recipient struct {
	endpoint *url.URL
	key      *ecdh.PublicKey
	auth     []byte
}

var (
	errKey  = errors.New("not a public key on P-256")
	errAuth = errors.New("not a secret of 16 bytes")
)

// Check says what of a subscription that somebody gives cannot be used, as a [care.Error]
// with the fields endpoint, keys.p256dh and keys.auth, and nil if nothing.
func (s *Sender) Check(given Subscription) error {
	if err := s.client.Check(given.Endpoint); err != nil {
		return care.BadField("endpoint", "invalid", err.Error())
	}
	if _, err := readKey(given.P256dh); err != nil {
		return care.BadField("keys.p256dh", "invalid", "The browser's key must be a point of P-256, not compressed, as base64url.")
	}
	if _, err := readAuth(given.Auth); err != nil {
		return care.BadField("keys.auth", "invalid", "The browser's secret must be 16 bytes as base64url.")
	}
	return nil
}

func (s Subscription) read() (to recipient, err error) {
	if to.endpoint, err = url.Parse(s.Endpoint); err != nil {
		return to, errors.New("not an address") // err repeats it
	}
	if to.key, err = readKey(s.P256dh); err != nil {
		return to, err
	}
	to.auth, err = readAuth(s.Auth)
	return to, err
}

// readKey refuses points that are not on the curve, which could betray the key that they
// are multiplied with.
func readKey(text string) (*ecdh.PublicKey, error) {
	point, ok := fromBase64(text)
	if !ok {
		return nil, errKey
	}
	key, err := ecdh.P256().NewPublicKey(point)
	if err != nil {
		return nil, errKey
	}
	return key, nil
}

func readAuth(text string) ([]byte, error) {
	auth, ok := fromBase64(text)
	if !ok || len(auth) != authBytes {
		return nil, errAuth
	}
	return auth, nil
}

// fromBase64 reads base64url as browsers write it; the padding that some programs add is
// passed over. The decoder of the library takes line breaks too, which are refused.
func fromBase64(text string) ([]byte, bool) {
	text = strings.TrimRight(text, "=")
	if len(text) > base64.RawURLEncoding.EncodedLen(pointBytes) || strings.ContainsAny(text, "\r\n") {
		return nil, false
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return data, err == nil
}

func toBase64(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }
