package chat

import (
	"context"
	"database/sql"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// Member is somebody in a conversation, as the others see them.
type Member struct {
	Person care.Person
	Role   care.Role // staff only
	Title  string    // staff only, may be empty
	// Chat is a client's effective switches, told to staff only.
	Chat *ClientChat
	// ReadSeq is how far they have read; in community chats nobody is told.
	ReadSeq int64
	joined  int64
	client  access.Client
}

// ClientChat is the effective switches of a client.
type ClientChat struct{ Direct, Community bool }

// Conversation is a conversation as one person sees it.
type Conversation struct {
	ID          care.ConversationID
	Kind        care.ConversationKind
	Subject     string
	ClientID    care.UserID // direct only
	ClientState care.ClientState
	Members     []Member
	LastSeq     int64
	LastMessage *care.Message

	// The viewer's own.
	ReadSeq      int64
	Unread       int64
	MarkedUnread bool
	MutedUntil   time.Time
	Pinned       bool
	Archived     bool
	Draft        string
	// DraftReply and DraftFiles go with the draft: the message it answers, and its files.
	DraftReply care.MessageID
	DraftFiles []care.Attachment

	// Outsider is true where staff see it through the organization inbox, not as a member.
	Outsider bool
	// OnBehalfOf are the colleagues for whom the viewer may answer here.
	OnBehalfOf []care.UserID

	// Unavailable says to staff why the client of a direct conversation cannot be written
	// to; nil where they can.
	Unavailable *chataccess.Why

	// CannotSend is why the viewer cannot write now; nil when they can.
	CannotSend *care.Error

	// Assignee is who of staff looks after it; nil for nobody, and always to clients.
	Assignee *care.Person

	// Blast is the message blast that made it; zero for others, and always to clients.
	Blast care.BlastID

	// Community is how a community chat works; nil for the other kinds.
	Community *Community

	ClosedAt       time.Time
	CreatedAt      time.Time
	LastActivityAt time.Time

	org       care.OrgID
	joinedSeq int64
	countable int64
	readUpTo  int64
	rules     rules
	assignee  care.UserID
	stamp     stamp
	written   *written // of what is remembered
}

// viewColumns are read by scanView, from conversations c and the viewer's own
// conversation_members m, which may be missing.
const viewColumns = `c.id, c.org_id, c.kind, c.subject, c.client_id, c.last_seq, c.countable,
	c.closed_at, c.created_at, c.last_activity_at, m.user_id, m.joined_seq, m.read_seq, m.read_countable,
	m.marked_unread, m.muted_until, m.pinned, m.archived,
	m.withheld_after_seq, m.withheld_countable, m.withheld_activity_at, c.locked, c.posts_per_hour, c.roster_hidden, c.assignee_id, c.revision, c.blast_id`

func scanView(row db.Scanner) (*Conversation, error) {
	var (
		c                                  Conversation
		closed, muted                      sql.NullInt64
		created, active                    int64
		viewer                             care.UserID
		joined, read, readCountable        sql.NullInt64
		markedUnread, pinned, archived     sql.NullBool
		heldSeq, heldCountable, heldActive sql.NullInt64
	)
	err := row.Scan(&c.ID, &c.org, &c.Kind, &c.Subject, &c.ClientID, &c.LastSeq, &c.countable,
		&closed, &created, &active, &viewer, &joined, &read, &readCountable,
		&markedUnread, &muted, &pinned, &archived, &heldSeq, &heldCountable, &heldActive,
		&c.rules.locked, &c.rules.perHour, &c.rules.hidden, &c.assignee, &c.stamp.revision, &c.Blast)
	if heldSeq.Valid { // to this viewer the conversation stops where their participation did
		c.LastSeq, c.countable, active = heldSeq.Int64, heldCountable.Int64, heldActive.Int64
	}
	c.ClosedAt, c.CreatedAt, c.LastActivityAt = db.TimeOf(closed), db.FromMillis(created), db.FromMillis(active)
	c.Outsider = viewer.IsZero()
	c.joinedSeq, c.ReadSeq, c.readUpTo = joined.Int64, read.Int64, readCountable.Int64
	c.MarkedUnread, c.MutedUntil = markedUnread.Bool, db.TimeOf(muted)
	c.Pinned, c.Archived = pinned.Bool, archived.Bool
	c.Unread = c.unread()
	return &c, err
}

// unread is what the viewer has not read: never less than one where they marked it so.
// To someone who looks on through the organization inbox nothing is unread.
func (c *Conversation) unread() int64 {
	switch n := c.countable - c.readUpTo; {
	case c.Outsider:
		return 0
	case n <= 0 && c.MarkedUnread:
		return 1
	default:
		return max(n, 0)
	}
}

// Conversation gives one conversation as the actor sees it; not_found when they may not.
func (s *Service) Conversation(ctx context.Context, actor care.Actor, id care.ConversationID) (c Conversation, err error) {
	err = s.read(ctx, actor, func(tx *db.Tx) error {
		c, err = view(ctx, tx, actor, id)
		return err
	})
	return c, err
}

// view loads one conversation within a transaction and decides that the actor may see it.
func view(ctx context.Context, tx *db.Tx, actor care.Actor, id care.ConversationID) (Conversation, error) {
	c, err := lookIn(ctx, tx, actor, id)
	if err != nil {
		return Conversation{}, err
	}
	if err := fill(ctx, tx, actor, []*Conversation{&c}); err != nil {
		return Conversation{}, err
	}
	return c, nil
}

// fill completes views with their members and newest messages, each by one set-wise
// query, and with what [finish] adds.
func fill(ctx context.Context, tx *db.Tx, actor care.Actor, list []*Conversation) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]care.ConversationID, len(list))
	byID := make(map[care.ConversationID]*Conversation, len(list))
	for i, c := range list {
		ids[i], byID[c.ID] = c.ID, c
	}
	for _, step := range []func(context.Context, *db.Tx, care.Actor, []care.ConversationID, map[care.ConversationID]*Conversation) error{
		fillMembers, fillLastMessages,
	} {
		if err := step(ctx, tx, actor, ids, byID); err != nil {
			return err
		}
	}
	return finish(ctx, tx, actor, list)
}

// finish says of views that have their members and last messages what the viewer was
// writing and may do, and takes out what they are not told.
func finish(ctx context.Context, tx *db.Tx, actor care.Actor, list []*Conversation) (err error) {
	if err := fillDrafts(ctx, tx, actor, list); err != nil {
		return err
	}
	var words access.Words // staff are told another way
	if actor.IsClient() {
		if words, err = ladder.Words(ctx, tx, actor.Org, actor.User); err != nil {
			return err
		}
	}
	for _, c := range list {
		if actor.IsClient() {
			c.hideBlast()
		}
		c.judge(actor, words)
		if err := c.explain(ctx, tx, actor); err != nil {
			return err
		}
	}
	if err := fillAssignees(ctx, tx, actor, list); err != nil {
		return err
	}
	return fillCommunity(ctx, tx, actor, list)
}

// hideBlast takes out what tells a client that others got the same: to them it is a
// conversation as any other.
func (c *Conversation) hideBlast() {
	c.Blast = care.BlastID{}
	if c.LastMessage != nil && !c.LastMessage.Blast.IsZero() {
		shown := c.LastMessage.ForClient() // the message itself is remembered for staff too
		c.LastMessage = &shown
	}
}

// explain adds what only staff are told: the switches of the clients here, and why the
// client of a direct conversation cannot be written to.
func (c *Conversation) explain(ctx context.Context, tx *db.Tx, actor care.Actor) error {
	if !actor.IsStaff() {
		return nil
	}
	for i := range c.Members {
		m := &c.Members[i]
		if m.Person.Kind != care.KindClient {
			continue
		}
		m.Chat = &ClientChat{Direct: m.client.Direct.On(), Community: m.client.Community.On()}
		if m.Person.ID == c.ClientID && !m.Chat.Direct {
			var err error
			if c.Unavailable, err = chataccess.WhyDirectOff(ctx, tx, c.ClientID); err != nil {
				return err
			}
		}
	}
	return nil
}

func fillMembers(ctx context.Context, tx *db.Tx, _ care.Actor, ids []care.ConversationID, byID map[care.ConversationID]*Conversation) error {
	rows, err := tx.Query(ctx, `
		SELECT m.conversation_id, m.user_id, m.kind, m.joined_at, m.read_seq, p.alias, s.role, s.title, `+ladder.ClientColumns+`
		FROM conversation_members m JOIN people p ON p.id = m.user_id
		LEFT JOIN staff s ON s.user_id = m.user_id
		LEFT JOIN clients c ON c.user_id = m.user_id`+ladder.Joins+`
		WHERE m.left_at IS NULL AND m.conversation_id IN (`+tx.In(1, len(ids))+`)
		ORDER BY m.conversation_id, m.joined_at, m.user_id`, args(ids)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var in care.ConversationID
		var m Member
		var alias, role, title sql.NullString
		var client ladder.ClientScan
		into := append([]any{&in, &m.Person.ID, &m.Person.Kind, &m.joined, &m.ReadSeq, &alias, &role, &title}, client.Targets()...)
		if err := rows.Scan(into...); err != nil {
			return err
		}
		m.Person.Name, m.Person.Alias = client.Name.String, alias.String
		m.Role, m.Title, m.client = care.Role(role.String), title.String, client.Client()
		c := byID[in]
		if c.Kind == care.Community {
			m.ReadSeq = 0
		}
		c.Members = append(c.Members, m)
		if m.Person.ID == c.ClientID {
			c.ClientState = m.client.State
		}
	}
	return rows.Err()
}

func fillLastMessages(ctx context.Context, tx *db.Tx, actor care.Actor, ids []care.ConversationID, byID map[care.ConversationID]*Conversation) error {
	last, err := db.Many(ctx, tx, scanMessage, `SELECT `+messageColumns+`
		FROM conversations c
		LEFT JOIN conversation_members v ON v.conversation_id = c.id AND v.user_id = $1 AND v.left_at IS NULL
		JOIN messages m ON m.conversation_id = c.id AND m.seq = COALESCE(v.withheld_after_seq, c.last_seq)`+messageJoins+`
		WHERE c.id IN (`+tx.In(2, len(ids))+`)`, args(ids, actor.User)...)
	if err != nil {
		return err
	}
	shown := make([]*care.Message, 0, len(last))
	for i := range last {
		if c := byID[last[i].Conversation]; last[i].Seq > c.joinedSeq {
			c.LastMessage = &last[i]
			shown = append(shown, &last[i])
		}
	}
	return complete(ctx, tx, actor.Org, shown)
}

// subject gives what access needs to judge the viewer here.
func (c *Conversation) subject(actor care.Actor, words access.Words) access.Conversation {
	subject := access.Conversation{
		Kind: c.Kind, Closed: !c.ClosedAt.IsZero(), Locked: c.rules.locked, Member: !c.Outsider,
		SameOrganization: c.org == actor.Org, Words: words,
	}
	for i := range c.Members {
		switch m := &c.Members[i]; m.Person.ID {
		case c.ClientID:
			subject.Client = m.client
			if m.Person.ID == actor.User {
				subject.Self = m.client
			}
		case actor.User:
			subject.Self = m.client
		}
	}
	return subject
}

// judge works out what the viewer may do.
func (c *Conversation) judge(actor care.Actor, words access.Words) {
	c.CannotSend = access.Send(actor, c.subject(actor, words))
	if c.Kind == care.Internal || !actor.Can(care.OrganizationInbox) {
		return
	}
	for _, m := range c.Members {
		if m.Person.Kind == care.KindStaff && m.Person.ID != actor.User {
			c.OnBehalfOf = append(c.OnBehalfOf, m.Person.ID)
		}
	}
}
