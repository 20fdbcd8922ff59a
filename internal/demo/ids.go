package demo

import (
	"crypto/sha256"
	"time"

	"hearth/internal/care"
)

// newID makes a version 7 UUID for the moment at, as [care.NewID] does, but with the
// random part taken from a name, so that it is the same at every start.
func newID[T ~[16]byte](at time.Time, name string) T {
	sum := sha256.Sum256([]byte("alder row clinic\x00" + name))
	id := care.NewID[T](at)
	copy(id[6:], sum[:])
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id
}
