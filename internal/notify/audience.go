package notify

import (
	"bytes"
	"context"
	"database/sql"
	"slices"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/ladder"
	"hearth/internal/preference"
)

// seat is how somebody stands to a conversation at the moment it is read.
type seat struct {
	conversation care.ConversationID
	org          care.OrgID
	kind         care.ConversationKind
	user         care.UserID
	person       care.PersonKind

	member    bool
	active    bool // of staff; true for clients
	readSeq   int64
	unread    bool
	muted     time.Time
	off       bool // chat is off for them there, or it is withheld
	email     string
	newestSeq int64
}

// seatColumns are read by seat.targets, of conversations k, people p, their membership m
// and the joins of seatJoins.
const seatColumns = `k.id, k.org_id, k.kind, k.last_seq, p.id, p.kind, COALESCE(p.email, ''), COALESCE(s.active, TRUE),
	m.user_id IS NOT NULL AND m.left_at IS NULL, COALESCE(m.read_seq, 0),
	COALESCE(COALESCE(m.withheld_countable, k.countable) > m.read_countable, FALSE), m.muted_until,
	CASE WHEN c.user_id IS NULL THEN FALSE
		WHEN k.kind = 'direct' THEN NOT COALESCE(` + ladder.Direct + `, FALSE)
		WHEN k.kind = 'community' THEN c.state <> 'active' OR NOT COALESCE(` + ladder.Community + `, FALSE)
			OR (m.withheld_after_seq IS NOT NULL AND NOT COALESCE(w.sets_community, FALSE))
		ELSE FALSE END`

const seatJoins = ` LEFT JOIN staff s ON s.user_id = p.id LEFT JOIN clients c ON c.user_id = p.id` + ladder.Joins

type seatScan struct {
	seat
	mutedUntil sql.NullInt64
}

func (s *seatScan) targets() []any {
	return []any{
		&s.conversation, &s.org, &s.kind, &s.newestSeq, &s.user, &s.person, &s.email, &s.active,
		&s.member, &s.readSeq, &s.unread, &s.mutedUntil, &s.off,
	}
}

func (s *seatScan) read() seat {
	s.muted = db.TimeOf(s.mutedUntil)
	return s.seat
}

// kindOf is the kind of notification that what is written in a conversation is.
func kindOf(k care.ConversationKind) preference.Kind {
	switch k {
	case care.Community:
		return preference.Community
	case care.Internal:
		return preference.Team
	default:
		return preference.Direct
	}
}

// candidate is a member who might be told of something.
type candidate struct {
	seat
	notice  care.NoticeID // zero where they were never told of the conversation
	seq     int64         // what began what is open, or was
	closed  int64
	told    Channels
	mention bool
}

// open reports whether the person was told of something that they have not read since.
func (c *candidate) open() bool {
	return !c.notice.IsZero() && c.seq > max(c.readSeq, c.closed)
}

// heap is what was written in one conversation and is judged together: the events with the
// same place in its members.
type heap struct {
	conversation care.ConversationID
	place        care.UserID // only members behind
	top          int64       // the newest message
	written      []chat.Written
}

// newTo gives the newest message of the heaps that is new to a person, and whether one of
// those that are names them; 0 where none is.
func newTo(c *candidate, heaps []*heap) (seq int64, mentioned bool) {
	for _, h := range heaps {
		if h.conversation != c.conversation || bytes.Compare(c.user[:], h.place[:]) <= 0 {
			continue
		}
		for i := range h.written {
			w := &h.written[i]
			if w.Seq <= c.readSeq || w.Author == c.user || (w.Automatic && c.person == care.KindStaff) {
				continue
			}
			seq = max(seq, w.Seq)
			mentioned = mentioned || slices.Contains(w.Mentions, c.user)
		}
	}
	return seq, mentioned
}

// readCandidates finds the members to whom something in the heaps may be new, at most most
// of them, by conversation and person. Who was told already and has not read since is left
// out, unless a message names them.
func readCandidates(ctx context.Context, tx *db.Tx, heaps []*heap, most int) ([]*candidate, error) {
	var values []any
	var named []care.UserID
	for _, h := range heaps {
		values = append(values, h.conversation, h.top, h.place)
		for i := range h.written {
			named = append(named, h.written[i].Mentions...)
		}
	}
	first := len(values) + 1
	values = append(append(values, most), args(named)...)
	return db.Many(ctx, tx, scanCandidate, `
		SELECT `+seatColumns+`, n.id, COALESCE(n.seq, 0), COALESCE(n.closed_seq, 0), COALESCE(n.told, 0), COALESCE(n.mention, FALSE)
		FROM (VALUES `+tx.Values(len(heaps), "id", "int", "id")+`) AS v
		JOIN conversations k ON k.id = v.column1
		JOIN conversation_members m ON m.conversation_id = v.column1 AND (v.column3 IS NULL OR m.user_id > v.column3)
		JOIN people p ON p.id = m.user_id
		LEFT JOIN notices n ON n.conversation_id = m.conversation_id AND n.user_id = m.user_id AND n.reminder = FALSE`+seatJoins+`
		WHERE m.left_at IS NULL AND m.read_seq < v.column2
			AND (n.id IS NULL OR n.seq <= m.read_seq OR n.seq <= n.closed_seq OR (n.mention = FALSE AND m.user_id IN (`+tx.In(first+1, len(named))+`)))
		ORDER BY m.conversation_id, m.user_id LIMIT CAST($`+itoa(first)+` AS BIGINT)`, values...)
}

func scanCandidate(row db.Scanner) (*candidate, error) {
	var s seatScan
	var c candidate
	err := row.Scan(append(s.targets(), &c.notice, &c.seq, &c.closed, &c.told, &c.mention)...)
	c.seat = s.read()
	return &c, err
}
