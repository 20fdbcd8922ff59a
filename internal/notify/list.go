package notify

import (
	"context"
	"database/sql"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/preference"
)

// Notice is what somebody was told, as they see it in their list.
type Notice struct {
	ID           care.NoticeID
	Kind         string // direct, community, team, mention or reminder
	Conversation care.ConversationID
	Title        string // of the conversation, as its reader sees it
	Seq          int64  // of the message that it tells of; 0 where that is gone, or not theirs to read
	Count        int64  // messages that are unread there now
	At           time.Time
	Read         bool
}

// Words of a notice's kind beyond those of preference.Kind.
const KindMention = "mention"

func wordOf(k preference.Kind, mention bool) string {
	if mention && k != preference.Reminder {
		return KindMention
	}
	return string(k)
}

type listed struct {
	Notice
	place    chat.Place
	closed   int64
	reminder bool
	open     bool
}

const listedColumns = `n.id, n.kind, n.mention, n.conversation_id, n.at, n.seq, n.closed_seq, n.reminder, n.open`

func scanListed(row db.Scanner) (*listed, error) {
	var l listed
	var kind preference.Kind
	var mention bool
	var at int64
	err := row.Scan(&l.ID, &kind, &mention, &l.Conversation, &at, &l.place.Seq, &l.closed, &l.reminder, &l.open)
	l.Kind, l.At, l.place.Conversation = wordOf(kind, mention), db.FromMillis(at), l.Conversation
	return &l, err
}

// Notices lists what the actor was told in the app, the newest first, at most limit behind
// the notice before (zero for the first page); more says that there are others, unread how
// many of all are unread.
func (s *Service) Notices(ctx context.Context, actor care.Actor, before care.NoticeID, limit int) (list []Notice, unread int, more bool, err error) {
	var rows []*listed
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		where, values := `n.user_id = $1 AND n.shown`, []any{actor.User}
		if !before.IsZero() {
			where += ` AND (n.at < b.at OR (n.at = b.at AND n.id < b.id))`
			values = append(values, before)
		}
		from := `notices n`
		if !before.IsZero() {
			from = `notices b JOIN notices n ON b.id = $2 AND b.user_id = $1`
		}
		values = append(values, limit+1)
		if rows, err = db.Many(ctx, tx, scanListed, `SELECT `+listedColumns+` FROM `+from+` WHERE `+where+`
			ORDER BY n.at DESC, n.id DESC LIMIT CAST($`+itoa(len(values))+` AS BIGINT)`, values...); err != nil {
			return err
		}
		unread, err = countUnread(ctx, tx, actor.User)
		return err
	})
	if err != nil {
		return nil, 0, false, err
	}
	if more = len(rows) > limit; more {
		rows = rows[:limit]
	}
	list, err = s.shown(ctx, actor, rows)
	return list, unread, more, err
}

// shown completes notices with what the actor sees of their conversations now. One of a
// conversation that they may not read any more is left out.
func (s *Service) shown(ctx context.Context, actor care.Actor, rows []*listed) ([]Notice, error) {
	places := make([]chat.Place, len(rows))
	for i, l := range rows {
		places[i] = l.place
	}
	glimpses, err := s.chat.Glimpses(ctx, actor, places)
	if err != nil {
		return nil, err
	}
	list := make([]Notice, 0, len(rows))
	for _, l := range rows {
		g, visible := glimpses[l.place]
		if !visible {
			continue
		}
		l.Title, l.Count = g.Title, g.Unread
		if g.Here {
			l.Seq = l.place.Seq
		}
		l.Read = !l.open || l.closed >= l.place.Seq || (!l.reminder && g.Unread == 0)
		list = append(list, l.Notice)
	}
	return list, nil
}

// countUnread counts the notices of a person that are unread.
func countUnread(ctx context.Context, tx *db.Tx, user care.UserID) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM notices n
		WHERE n.user_id = $1 AND n.shown AND n.open AND n.closed_seq < n.seq AND (n.reminder OR NOT `+nothingUnread+`)`, user).Scan(&n)
	return n, err
}

// Unread counts the actor's notices that are unread.
func (s *Service) Unread(ctx context.Context, user care.UserID) (n int, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		n, err = countUnread(ctx, tx, user)
		return err
	})
	return n, err
}

// Get gives one of the actor's notices, also one that stands in no list: a push names it.
func (s *Service) Get(ctx context.Context, actor care.Actor, id care.NoticeID) (Notice, error) {
	var l *listed
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		var found bool
		l, found, err = db.One(ctx, tx, scanListed, `SELECT `+listedColumns+` FROM notices n WHERE n.id = $1 AND n.user_id = $2`, id, actor.User)
		if err == nil && !found {
			return care.Missing("notice")
		}
		return err
	})
	if err != nil {
		return Notice{}, err
	}
	list, err := s.shown(ctx, actor, []*listed{l})
	if err == nil && len(list) == 0 {
		err = care.Missing("notice")
	}
	if err != nil {
		return Notice{}, err
	}
	return list[0], nil
}

// Rings tells whether the app may make a sound for a person now: not in their quiet hours,
// and not where they chose none.
func (s *Service) Rings(ctx context.Context, actor care.Actor) (rings bool, err error) {
	now := s.clock()
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		rules, err := preference.Load(ctx, tx, actor.Org, []care.UserID{actor.User})
		p := rules[actor.User]
		rings = p.Sound != preference.SoundNone && p.Zone != nil && p.Next(now).Equal(now)
		return err
	})
	return rings, err
}

// maxAway bounds the notices that one call puts away.
const maxAway = 200

// PutAway marks notices as read without reading their conversations: those named, or all.
// What waits to be sent of them is not sent any more.
func (s *Service) PutAway(ctx context.Context, actor care.Actor, ids []care.NoticeID, all bool) (unread int, err error) {
	if len(ids) > maxAway {
		return 0, care.BadField("ids", "too_many", "Has at most 200.")
	}
	var over []closed
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		where, values := `user_id = $1 AND open`, []any{actor.User}
		if !all {
			where += ` AND id IN (` + tx.In(2, len(ids)) + `)`
			values = args(ids, actor.User)
		}
		if over, err = db.Many(ctx, tx, scanClosed, `UPDATE notices SET open = FALSE,
			closed_seq = (SELECT k.last_seq FROM conversations k WHERE k.id = notices.conversation_id) WHERE `+where+` RETURNING id, org_id, user_id`, values...); err != nil {
			return err
		}
		unread, err = countUnread(ctx, tx, actor.User)
		return err
	})
	if err == nil {
		s.tell(nil, over)
	}
	return unread, err
}

// Delivery is one line of somebody's history: never what was told, or of whom.
type Delivery struct {
	ID        care.DeliveryID
	At        time.Time
	Kind      string
	Channel   preference.Channel
	State     State
	Why       Why // empty where there is nothing to say
	SettledAt time.Time
}

// History lists what was told to a person, the newest first, at most limit behind the
// delivery before: one's own, or that of a client whom staff may see.
func (s *Service) History(ctx context.Context, actor care.Actor, user care.UserID, before care.DeliveryID, limit int) (list []Delivery, more bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if err := maySeeHistory(ctx, tx, actor, user); err != nil {
			return err
		}
		where, values := `user_id = $1`, []any{user}
		if !before.IsZero() {
			where, values = where+` AND id < $2`, append(values, before)
		}
		values = append(values, limit+1)
		list, err = db.Many(ctx, tx, scanDelivery, `SELECT id, at, kind, mention, channel, state, why, settled_at FROM deliveries
			WHERE `+where+` ORDER BY id DESC LIMIT CAST($`+itoa(len(values))+` AS BIGINT)`, values...)
		return err
	})
	if more = len(list) > limit; more {
		list = list[:limit]
	}
	return list, more, err
}

func scanDelivery(row db.Scanner) (d Delivery, err error) {
	var at int64
	var kind preference.Kind
	var mention bool
	var why sql.NullString
	var settled sql.NullInt64
	err = row.Scan(&d.ID, &at, &kind, &mention, &d.Channel, &d.State, &why, &settled)
	d.At, d.Kind, d.Why, d.SettledAt = db.FromMillis(at), wordOf(kind, mention), Why(why.String), db.TimeOf(settled)
	return d, err
}

// maySeeHistory decides about the history of a client; one's own everybody may see.
func maySeeHistory(ctx context.Context, tx *db.Tx, actor care.Actor, user care.UserID) error {
	if actor.User == user {
		return nil
	}
	var org care.OrgID
	var onTeam bool
	_, found, err := db.One(ctx, tx, func(row db.Scanner) (struct{}, error) { return struct{}{}, row.Scan(&org, &onTeam) },
		`SELECT c.org_id, t.staff_id IS NOT NULL FROM clients c LEFT JOIN care_team t ON t.client_id = c.user_id AND t.staff_id = $2 WHERE c.user_id = $1`, user, actor.User)
	if err != nil {
		return err
	}
	if refusal := access.SeeClient(actor, user, found && org == actor.Org, onTeam); refusal != nil {
		return refusal
	}
	return nil
}
