package httpapi

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
)

// SetupCode lets whoever reads the program's output make the first organization in a
// browser. Only its hash is kept, in memory, so that it ends with the process. A nil
// *SetupCode matches nothing.
type SetupCode struct{ sum [sha256.Size]byte }

// NewSetupCode makes a code of 26 letters and digits.
func NewSetupCode() (kept *SetupCode, code string) {
	code = rand.Text()
	return &SetupCode{sum: sha256.Sum256([]byte(code))}, code
}

// Matches reports whether code is the one that was made. It takes the same time whether
// it is or not.
func (s *SetupCode) Matches(code string) bool {
	if s == nil {
		return false
	}
	sum := sha256.Sum256([]byte(code))
	return subtle.ConstantTimeCompare(s.sum[:], sum[:]) == 1
}
