package notify

import (
	"context"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/preference"
)

// Channels is a set of channels, as a bit mask.
type Channels int64

func channelBit(c preference.Channel) Channels {
	for i, one := range preference.Channels {
		if one == c {
			return 1 << i
		}
	}
	return 0
}

func (s Channels) has(c preference.Channel) bool { return s&channelBit(c) != 0 }

// State is what became of a delivery.
type State string

// The states. What is waiting may have been tried already.
const (
	Waiting State = "waiting"
	Sent    State = "sent"
	Failed  State = "failed"  // it could not be handed over
	Bounced State = "bounced" // the mail server did not take it for this address, or another returned it
	Dropped State = "dropped" // nobody was to be told any more
)

// notice is what somebody is told, on its way to its row.
type notice struct {
	ID           care.NoticeID
	Org          care.OrgID
	User         care.UserID
	Conversation care.ConversationID
	Reminder     bool
	Kind         preference.Kind
	Mention      bool
	Seq          int64
	At           time.Time
	told         Channels
	closed       int64
	again        bool // it was open before
}

type noticeKey struct {
	conversation care.ConversationID
	user         care.UserID
	reminder     bool
}

func (n *notice) key() noticeKey { return noticeKey{n.Conversation, n.User, n.Reminder} }

// delivery is one telling over one channel, on its way to its row.
type delivery struct {
	of           noticeKey
	org          care.OrgID
	kind         preference.Kind
	mention      bool
	seq          int64
	channel      preference.Channel
	subscription care.SubscriptionID
	state        State
	why          Why
	at, due      time.Time
}

// writing collects the rows of one transaction.
type writing struct {
	notices    []notice
	deliveries []delivery
	kept       []notice
}

// add keeps a notice that is new up to what its person has read or put away.
func (w *writing) add(n notice, closed int64) {
	n.closed = closed
	if n.ID.IsZero() {
		n.ID = care.NewID[care.NoticeID](n.At)
	}
	w.notices = append(w.notices, n)
}

// deliver keeps a delivery for a channel; of push one for each device.
func (w *writing) deliver(n *notice, c preference.Channel, devices []care.SubscriptionID, v Verdict) {
	d := delivery{
		of: n.key(), org: n.Org, kind: n.Kind, mention: n.Mention, seq: n.Seq, channel: c,
		state: Waiting, why: v.Why, at: n.At, due: n.At,
	}
	switch {
	case v.Act == Drop:
		d.state = Dropped
	case c == preference.InApp:
		d.state = Sent
	case v.Act == Wait:
		d.due = v.At
	}
	if c != preference.Push {
		devices = []care.SubscriptionID{{}}
	}
	for _, device := range devices {
		d.subscription = device
		w.deliveries = append(w.deliveries, d)
	}
}

// told are the notices that people see now in the app.
func (w *writing) told() (list []notice) {
	for _, n := range w.kept {
		if n.told.has(preference.InApp) && !n.again {
			list = append(list, n)
		}
	}
	return list
}

// rowsMost bounds the rows of one statement.
const rowsMost = 50

// write stores the notices, and the deliveries of those that no other node has opened at the
// same moment: it has told these people already.
func (w *writing) write(ctx context.Context, tx *db.Tx) error {
	kept := map[noticeKey]bool{}
	for start := 0; start < len(w.notices); start += rowsMost {
		part := w.notices[start:min(start+rowsMost, len(w.notices))]
		if err := putNotices(ctx, tx, part, kept); err != nil {
			return err
		}
	}
	w.kept = w.kept[:0]
	for _, n := range w.notices {
		if kept[n.key()] {
			w.kept = append(w.kept, n)
		}
	}
	var rows []delivery
	for _, d := range w.deliveries {
		if kept[d.of] {
			rows = append(rows, d)
		}
	}
	for start := 0; start < len(rows); start += rowsMost {
		if err := putDeliveries(ctx, tx, rows[start:min(start+rowsMost, len(rows))]); err != nil {
			return err
		}
	}
	return nil
}

// putNotices opens notices, again where there is a row, and notes which it did. One that is
// open already is left alone, unless a mention is added to just that one.
func putNotices(ctx context.Context, tx *db.Tx, list []notice, kept map[noticeKey]bool) error {
	const columns = 13
	values := make([]any, 0, columns*len(list))
	for i := range list {
		n := &list[i]
		values = append(values, n.Conversation, n.User, n.Reminder, n.ID, n.Org, string(n.Kind), n.Mention, n.Seq, n.closed,
			db.Millis(n.At), int64(n.told), n.told.has(preference.InApp), true)
	}
	_, err := db.Many(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var key noticeKey
		err := row.Scan(&key.conversation, &key.user, &key.reminder)
		kept[key] = true
		return struct{}{}, err
	}, `INSERT INTO notices (conversation_id, user_id, reminder, id, org_id, kind, mention, seq, closed_seq, at, told, shown, open)
		VALUES `+db.Rows(1, len(list), columns)+`
		ON CONFLICT (conversation_id, user_id, reminder) DO UPDATE SET kind = excluded.kind, mention = excluded.mention, seq = excluded.seq,
			closed_seq = excluded.closed_seq, at = excluded.at, told = excluded.told, shown = excluded.shown, open = TRUE
		WHERE notices.seq <= excluded.closed_seq OR (notices.seq = excluded.seq AND excluded.mention AND notices.mention = FALSE)
		RETURNING conversation_id, user_id, reminder`, values...)
	return err
}

func putDeliveries(ctx context.Context, tx *db.Tx, list []delivery) error {
	const columns = 16
	values := make([]any, 0, columns*len(list))
	for _, d := range list {
		var settled any
		if d.state != Waiting {
			settled = db.Millis(d.at)
		}
		values = append(values, care.NewOrderedID[care.DeliveryID](d.at), d.org, d.of.user, d.of.conversation, d.of.reminder, string(d.kind), d.mention,
			d.seq, string(d.channel), d.subscription, string(d.state), whyOrNull(d.why), 0, db.Millis(d.at), db.Millis(d.due), settled)
	}
	_, err := tx.Exec(ctx, `INSERT INTO deliveries (id, org_id, user_id, conversation_id, reminder, kind, mention,
			seq, channel, subscription_id, state, why, attempt, at, due_at, settled_at)
		VALUES `+db.Rows(1, len(list), columns), values...)
	return err
}

func whyOrNull(w Why) any {
	if w == "" {
		return nil
	}
	return string(w)
}
