package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

const (
	secretBytes  = 32 // Standard Webhooks: 24 to 64
	secretPrefix = "whsec_"
	// OldSecretFor is how long the secret before signs too.
	OldSecretFor = 24 * time.Hour
)

// Secret is the key of a webhook's signatures. It is written as it is shown; a log gets
// nothing of it.
type Secret []byte

func newSecret() Secret {
	s := make(Secret, secretBytes)
	_, _ = rand.Read(s) // never fails since Go 1.24
	return s
}

// Reveal gives the secret as who receives the calls has to know it.
func (s Secret) Reveal() string { return secretPrefix + base64.StdEncoding.EncodeToString(s) }

// String hides the secret.
func (s Secret) String() string { return "(secret)" }

// GoString hides the secret.
func (s Secret) GoString() string { return s.String() }

// signature is the value of webhook-signature: one of each secret, by blanks. A receiver
// takes the call if one of them is right.
func signature(secrets []Secret, id string, at time.Time, body []byte) string {
	signed := make([]string, len(secrets))
	for i, secret := range secrets {
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(id + "." + seconds(at) + "."))
		mac.Write(body)
		signed[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return strings.Join(signed, " ")
}

// seconds is the form of webhook-timestamp.
func seconds(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }
