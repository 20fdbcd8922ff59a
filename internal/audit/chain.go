package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"

	"hearth/internal/care"
)

const chainVersion = "hearth-audit-1"

// record is a row as it is stored and hashed.
type record struct {
	N       int64
	ID      care.AuditID
	At      int64 // milliseconds since 1970
	Actor   care.UserID
	Kind    care.PersonKind
	Action  string
	Subject Subject
	Details string
	Hash    []byte
}

// sum computes the hash of the row that follows previous in the chain of org; doc.go
// says of what.
func (r record) sum(org care.OrgID, previous []byte) []byte {
	h := sha256.New()
	field(h, []byte(chainVersion))
	field(h, org[:])
	number(h, r.N)
	field(h, r.ID[:])
	number(h, r.At)
	optional(h, r.Actor)
	field(h, []byte(r.Kind))
	field(h, []byte(r.Action))
	field(h, []byte(r.Subject.Kind))
	optional(h, r.Subject.ID)
	field(h, []byte(r.Details))
	field(h, previous)
	return h.Sum(nil)
}

// start is the hash before the first row.
func start() []byte { return make([]byte, sha256.Size) }

// field writes a length before the bytes, so that no two lists of fields run together to
// the same input. Writing to a hash never fails.
func field(h hash.Hash, data []byte) {
	_, _ = h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(data))))
	_, _ = h.Write(data)
}

func number(h hash.Hash, n int64) { field(h, binary.BigEndian.AppendUint64(nil, uint64(n))) }

func optional(h hash.Hash, id [16]byte) {
	if id == [16]byte{} {
		field(h, nil)
		return
	}
	field(h, id[:])
}
