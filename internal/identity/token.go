package identity

import (
	"crypto/sha256"
	"encoding/base64"
)

const (
	tokenBytes = 32
	tokenChars = 43
)

// newToken makes a token for a cookie, a header or a link, and what is stored of it.
func newToken() (token string, stored []byte) {
	token = base64.RawURLEncoding.EncodeToString(random(tokenBytes))
	sum := sha256.Sum256([]byte(token))
	return token, sum[:]
}

// tokenSum gives what is stored of a token; false for what cannot be one.
func tokenSum(token string) (sum [sha256.Size]byte, ok bool) {
	if len(token) != tokenChars {
		return sum, false
	}
	return sha256.Sum256([]byte(token)), true
}
