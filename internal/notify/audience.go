package notify

import (
	"bytes"
	"cmp"
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
	seqs         map[int64]bool
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

// readCandidates finds the members to whom something in the heaps may be new, the first most
// of them by conversation and person. Who was told already and has not read since is left
// out, unless a message names them.
func readCandidates(ctx context.Context, tx *db.Tx, heaps []*heap, most int) ([]*candidate, error) {
	few, many, err := bySize(ctx, tx, heaps)
	if err != nil {
		return nil, err
	}
	var all []*candidate
	if len(few) > 0 {
		if all, err = readFew(ctx, tx, few, most); err != nil {
			return nil, err
		}
	}
	for _, h := range many {
		some, err := readMany(ctx, tx, h, most)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b *candidate) int {
		return cmp.Or(bytes.Compare(a.conversation[:], b.conversation[:]), bytes.Compare(a.user[:], b.user[:]))
	})
	return all[:min(len(all), most)], nil
}

// bySize parts the heaps of community chats, which may have thousands of members.
func bySize(ctx context.Context, tx *db.Tx, heaps []*heap) (few, many []*heap, err error) {
	ids := make([]care.ConversationID, len(heaps))
	for i, h := range heaps {
		ids[i] = h.conversation
	}
	large, err := db.Many(ctx, tx, scanID[care.ConversationID],
		`SELECT id FROM conversations WHERE kind = 'community' AND id IN (`+tx.In(1, len(ids))+`)`, args(ids)...)
	for _, h := range heaps {
		if slices.Contains(large, h.conversation) {
			many = append(many, h)
		} else {
			few = append(few, h)
		}
	}
	return few, many, err
}

// readFew reads the candidates of many small conversations with one statement.
func readFew(ctx context.Context, tx *db.Tx, heaps []*heap, most int) ([]*candidate, error) {
	var values []any
	for _, h := range heaps {
		values = append(values, h.conversation, h.top, h.place)
	}
	from := `(VALUES ` + tx.Values(len(heaps), "id", "int", "id") + `) AS v
		JOIN conversation_members m ON m.conversation_id = v.column1 AND (v.column3 IS NULL OR m.user_id > v.column3)`
	return findCandidates(ctx, tx, from, `m.read_seq < v.column2`, values, heaps, most)
}

// readMany reads those of a large one, in the order of its members' key from a place on.
func readMany(ctx context.Context, tx *db.Tx, h *heap, most int) ([]*candidate, error) {
	return findCandidates(ctx, tx, `conversation_members m`, `m.conversation_id = $1 AND m.read_seq < $2 AND m.user_id > $3`,
		[]any{h.conversation, h.top, placeOr(h.place)}, []*heap{h}, most)
}

// findCandidates joins only the few that are found with what decides about them.
func findCandidates(ctx context.Context, tx *db.Tx, from, where string, values []any, heaps []*heap, most int) ([]*candidate, error) {
	var named []care.UserID
	for _, h := range heaps {
		for i := range h.written {
			named = append(named, h.written[i].Mentions...)
		}
	}
	last := len(values) + 1
	values = append(append(values, most), args(named)...)
	return db.Many(ctx, tx, scanCandidate, `
		SELECT `+seatColumns+`, n.id, COALESCE(n.seq, 0), COALESCE(n.closed_seq, 0), COALESCE(n.told, 0), COALESCE(n.mention, FALSE)
		FROM (SELECT m.conversation_id, m.user_id FROM `+from+`
			LEFT JOIN notices n ON n.conversation_id = m.conversation_id AND n.user_id = m.user_id AND n.reminder = FALSE
			WHERE `+where+` AND m.left_at IS NULL
				AND (n.id IS NULL OR n.seq <= m.read_seq OR n.seq <= n.closed_seq OR (n.mention = FALSE AND m.user_id IN (`+tx.In(last+1, len(named))+`)))
			ORDER BY m.conversation_id, m.user_id LIMIT CAST($`+itoa(last)+` AS BIGINT)) AS f
		JOIN conversations k ON k.id = f.conversation_id
		JOIN conversation_members m ON m.conversation_id = f.conversation_id AND m.user_id = f.user_id
		JOIN people p ON p.id = f.user_id
		LEFT JOIN notices n ON n.conversation_id = f.conversation_id AND n.user_id = f.user_id AND n.reminder = FALSE`+seatJoins+`
		ORDER BY f.conversation_id, f.user_id`, values...)
}

func scanCandidate(row db.Scanner) (*candidate, error) {
	var s seatScan
	var c candidate
	err := row.Scan(append(s.targets(), &c.notice, &c.seq, &c.closed, &c.told, &c.mention)...)
	c.seat = s.read()
	return &c, err
}
