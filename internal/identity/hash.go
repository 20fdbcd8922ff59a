package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"hearth/internal/care"
)

// HashParams are the costs of argon2id.
type HashParams struct {
	Passes    uint32
	MemoryKiB uint32
	Threads   uint8
}

// DefaultHash is what OWASP recommends where memory is scarce: 19 MiB, two passes.
var DefaultHash = HashParams{Passes: 2, MemoryKiB: 19 * 1024, Threads: 1}

const (
	saltBytes = 16
	keyBytes  = 32
	// maxWait bounds how long somebody waits for their turn to be hashed.
	maxWait = 10 * time.Second
)

var (
	encoding = base64.RawStdEncoding
	errHash  = errors.New("identity: a stored password hash cannot be read")
)

// hash is a parsed PHC string: $argon2id$v=19$m=19456,t=2,p=1$salt$key.
type hash struct {
	HashParams
	salt, key []byte
}

func (h hash) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		h.MemoryKiB, h.Passes, h.Threads, encoding.EncodeToString(h.salt), encoding.EncodeToString(h.key))
}

// parseHash reads a PHC string and refuses costs that nobody chose.
func parseHash(text string) (hash, error) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return hash{}, errHash
	}
	var h hash
	costs := parts[3]
	if _, err := fmt.Sscanf(costs, "m=%d,t=%d,p=%d", &h.MemoryKiB, &h.Passes, &h.Threads); err != nil {
		return hash{}, errHash
	}
	var errSalt, errKey error
	h.salt, errSalt = encoding.DecodeString(parts[4])
	h.key, errKey = encoding.DecodeString(parts[5])
	sane := h.MemoryKiB >= 8 && h.MemoryKiB <= 1<<20 && h.Passes >= 1 && h.Passes <= 32 && h.Threads >= 1 && h.Threads <= 16
	if errSalt != nil || errKey != nil || !sane || len(h.salt) < 8 || len(h.key) < 16 || h.String() != text {
		return hash{}, errHash
	}
	return h, nil
}

// derive makes the key that belongs to the password. NFC lets the same letters typed on
// different keyboards be the same password.
func (h hash) derive(password string) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), h.salt, h.Passes, h.MemoryKiB, h.Threads, uint32(max(len(h.key), keyBytes)))
}

func (h hash) matches(password string) bool {
	return subtle.ConstantTimeCompare(h.derive(password), h.key) == 1
}

// hasher hashes few passwords at a time.
type hasher struct {
	params HashParams
	slots  chan struct{}
	// decoy is what the password of an account that does not exist is compared with.
	decoy hash
}

func newHasher(params HashParams, slots int) *hasher {
	h := &hasher{params: params, slots: make(chan struct{}, slots)}
	h.decoy = h.fresh()
	h.decoy.key = random(keyBytes)
	return h
}

func (h *hasher) fresh() hash { return hash{HashParams: h.params, salt: random(saltBytes)} }

// enter waits for a turn; the caller leaves when it is done hashing.
func (h *hasher) enter(ctx context.Context) error {
	timer := time.NewTimer(maxWait)
	defer timer.Stop()
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		busy := care.Fail(care.Unavailable, care.CodeUnavailable, "Too many people are signing in. Try again in a moment.")
		busy.RetryAfter = 5
		return busy
	}
}

func (h *hasher) leave() { <-h.slots }

// hash makes the stored form of a password; the caller has entered.
func (h *hasher) hash(password string) string {
	made := h.fresh()
	made.key = made.derive(password)
	return made.String()
}

// verify compares a password with a stored hash; "" is that of no account and costs the
// same. stale means that the hash should be renewed.
func (h *hasher) verify(stored, password string) (match, stale bool, err error) {
	if stored == "" {
		h.decoy.matches(password)
		return false, false, nil
	}
	parsed, err := parseHash(stored)
	if err != nil {
		return false, false, err
	}
	return parsed.matches(password), parsed.HashParams != h.params, nil
}

// HashPassword checks the length of a new password and makes the form that is stored. It
// waits for its turn and fails with care.Unavailable when there is none within seconds.
func (s *Service) HashPassword(password string) (string, error) {
	return s.newHash(context.Background(), password)
}

func (s *Service) newHash(ctx context.Context, password string) (string, error) {
	if refusal := care.CheckPassword("password", password); refusal != nil {
		return "", refusal
	}
	if err := s.hasher.enter(ctx); err != nil {
		return "", err
	}
	defer s.hasher.leave()
	return s.hasher.hash(password), nil
}

// random gives n bytes nobody can guess.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return b
}
