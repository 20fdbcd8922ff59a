package care

import (
	"bytes"
	"crypto/rand"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"
)

// ID is a UUID (RFC 9562). The type parameter keeps ids of different things apart, so
// that a conversation's id cannot be passed where a person's is wanted. Ids made here
// are version 7: they sort by the time of their making. The zero ID means "none".
type ID[K any] [16]byte

// The kinds of ids.
type (
	OrgID          = ID[orgKind]
	UserID         = ID[userKind]
	GroupID        = ID[groupKind]
	ConversationID = ID[conversationKind]
	MessageID      = ID[messageKind]
	SessionID      = ID[sessionKind]
	InvitationID   = ID[invitationKind]
	AuditID        = ID[auditKind]
	JobID          = ID[jobKind]
	AttachmentID   = ID[attachmentKind]
	ReportID       = ID[reportKind]
	NoteID         = ID[noteKind]
	BlastID        = ID[blastKind]
	OutboxID       = ID[outboxKind]
	NoticeID       = ID[noticeKind]
	DeliveryID     = ID[deliveryKind]
	SubscriptionID = ID[subscriptionKind]
	WebhookID      = ID[webhookKind]

	orgKind          struct{}
	userKind         struct{}
	groupKind        struct{}
	conversationKind struct{}
	messageKind      struct{}
	sessionKind      struct{}
	invitationKind   struct{}
	auditKind        struct{}
	jobKind          struct{}
	attachmentKind   struct{}
	reportKind       struct{}
	noteKind         struct{}
	blastKind        struct{}
	outboxKind       struct{}
	noticeKind       struct{}
	deliveryKind     struct{}
	subscriptionKind struct{}
	webhookKind      struct{}
)

var errNotUUID = errors.New("not a UUID")

// NewID makes a version 7 UUID for the moment at.
func NewID[T ~[16]byte](at time.Time) T {
	var id [16]byte
	// crypto/rand.Read never returns an error since Go 1.24.
	_, _ = rand.Read(id[6:])
	ms := uint64(at.UnixMilli())
	for i := range 6 {
		id[i] = byte(ms >> (8 * (5 - i)))
	}
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return T(id)
}

// ParseID reads the 36-character form of a UUID in either letter case.
func ParseID[K any](s string) (ID[K], error) {
	var id ID[K]
	err := id.UnmarshalText([]byte(s))
	return id, err
}

// IsZero reports whether the id names nothing.
func (id ID[K]) IsZero() bool { return id == ID[K]{} }

// String gives the lower-case 36-character form.
func (id ID[K]) String() string {
	var text [36]byte
	id.encode(&text)
	return string(text[:])
}

// MarshalText gives the lower-case 36-character form.
func (id ID[K]) MarshalText() ([]byte, error) {
	var text [36]byte
	id.encode(&text)
	return text[:], nil
}

func (id ID[K]) encode(text *[36]byte) {
	hex.Encode(text[0:8], id[0:4])
	hex.Encode(text[9:13], id[4:6])
	hex.Encode(text[14:18], id[6:8])
	hex.Encode(text[19:23], id[8:10])
	hex.Encode(text[24:36], id[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
}

// UnmarshalText reads the 36-character form and refuses anything else.
func (id *ID[K]) UnmarshalText(text []byte) error {
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return errNotUUID
	}
	var digits [32]byte
	n := copy(digits[:], text[0:8])
	n += copy(digits[n:], text[9:13])
	n += copy(digits[n:], text[14:18])
	n += copy(digits[n:], text[19:23])
	copy(digits[n:], text[24:36])
	var read ID[K]
	if _, err := hex.Decode(read[:], digits[:]); err != nil {
		return errNotUUID
	}
	*id = read
	return nil
}

// Value stores the 16 bytes; the zero id is stored as NULL.
func (id ID[K]) Value() (driver.Value, error) {
	if id.IsZero() {
		return nil, nil
	}
	return id[:], nil
}

// Scan reads 16 bytes, the 36-character form, or NULL (the zero id).
func (id *ID[K]) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*id = ID[K]{}
		return nil
	case []byte:
		if len(v) == 16 {
			copy(id[:], v)
			return nil
		}
		return id.UnmarshalText(v)
	case string:
		return id.UnmarshalText([]byte(v))
	default:
		return fmt.Errorf("an id cannot be read from %T", src)
	}
}

// Installation stands for the whole installation where an organization is asked for but
// none is concerned, such as a failed sign-in to an account that does not exist.
var Installation = OrgID{6: 0x70, 8: 0x80}

// ordered is the last id that [NewOrderedID] made in this process.
var ordered struct {
	sync.Mutex
	last [16]byte
}

// NewOrderedID makes a version 7 UUID that sorts behind every other one it made in this
// process, also within one millisecond and when the clock goes back (RFC 9562, 6.2). It
// is for records whose order is told by their ids.
func NewOrderedID[T ~[16]byte](at time.Time) T {
	id := [16]byte(NewID[AuditID](at))
	ordered.Lock()
	defer ordered.Unlock()
	if bytes.Compare(id[:], ordered.last[:]) <= 0 || bytes.Equal(id[:6], ordered.last[:6]) {
		id = after(ordered.last)
	}
	ordered.last = id
	return T(id)
}

// after gives the next id in order: it counts in the random bits behind the variant.
func after(id [16]byte) [16]byte {
	for i := 15; i > 8; i-- {
		if id[i]++; id[i] != 0 {
			return id
		}
	}
	return id
}
