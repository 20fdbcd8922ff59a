package chat

import (
	"context"
	"database/sql"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// DefaultCommunityLimit is how many people a community chat holds unless that was set.
const DefaultCommunityLimit = 1000

// MaxPostsPerHour bounds the posting rate that can be set.
const MaxPostsPerHour = 1000

// Community is how a community chat works, as one person sees it.
type Community struct {
	// Locked is true where only staff post.
	Locked bool
	// PostsPerHour is how often each client may post; 0 without limit.
	PostsPerHour int64
	// RosterHidden is true where clients see staff and themselves as members.
	RosterHidden bool
	// InStep are the client groups it is kept in step with, told to staff only.
	InStep []care.GroupID
	// Members is how many people are in it; -1 where the viewer is not told.
	Members int
	// ShownAs is the name under which fellow clients see the viewer; "" for staff.
	ShownAs string
}

// rules is how a conversation works, in the rows that every read and every send looks at.
// All but community chats have the zero rules.
type rules struct {
	locked  bool
	hidden  bool
	perHour sql.NullInt64
}

// rulesColumns are the columns of rules of conversations.
const rulesColumns = `locked, posts_per_hour, roster_hidden`

// hides reports whether the actor does not see which clients are in the conversation.
func (r rules) hides(actor care.Actor) bool { return r.hidden && actor.IsClient() }

// maskNotice takes the names of clients out of a notice for a reader who does not see who
// is in the conversation: it was written while everybody did.
func (r rules) maskNotice(actor care.Actor, m *care.Message) {
	if !r.hides(actor) || m.Kind != care.SystemMessage {
		return
	}
	for i, p := range m.Mentions { // a list of the reader's own, made by ShownTo
		if p.Kind == care.KindClient && p.ID != actor.User {
			m.Mentions[i].Name = "Somebody"
		}
	}
}

// LimitCommunities sets how many people a community chat holds. It is called once, before
// the service is used.
func (s *Service) LimitCommunities(people int) { s.limit = people }

func (s *Service) communityLimit() int {
	if s.limit == 0 {
		return DefaultCommunityLimit
	}
	return s.limit
}

// fillCommunity completes views of community chats, and takes out of them what the viewer
// is not told: who else is in one whose roster is hidden, and the names of fellow clients.
func fillCommunity(ctx context.Context, tx *db.Tx, actor care.Actor, list []*Conversation) error {
	groups, err := groupsInStep(ctx, tx, actor, list)
	if err != nil {
		return err
	}
	for _, c := range list {
		if c.Kind != care.Community {
			continue
		}
		c.Community = &Community{
			Locked: c.rules.locked, PostsPerHour: c.rules.perHour.Int64, RosterHidden: c.rules.hidden,
			InStep: groups[c.ID], Members: len(c.Members),
		}
		if c.rules.hides(actor) {
			c.Members, c.Community.Members = seenBy(actor, c.Members), -1
		}
	}
	return hideNames(ctx, tx, actor, list)
}

// seenBy gives the members whom a client sees where the roster is hidden.
func seenBy(actor care.Actor, members []Member) []Member {
	seen := make([]Member, 0, 8)
	for _, m := range members {
		if m.Person.Kind == care.KindStaff || m.Person.ID == actor.User {
			seen = append(seen, m)
		}
	}
	return seen
}

// shownAs gives the name under which fellow clients see one of the members.
func shownAs(members []Member, who care.UserID, style care.NameStyle) string {
	for _, m := range members {
		if m.Person.ID == who {
			return m.Person.ShownTo(care.UserID{}, style).Name
		}
	}
	return ""
}

// groupsInStep gives the groups that community chats follow, to staff.
func groupsInStep(ctx context.Context, tx *db.Tx, actor care.Actor, list []*Conversation) (map[care.ConversationID][]care.GroupID, error) {
	var ids []care.ConversationID
	for _, c := range list {
		if c.Kind == care.Community && actor.IsStaff() {
			ids = append(ids, c.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := tx.Query(ctx, `SELECT conversation_id, group_id FROM conversation_groups
		WHERE conversation_id IN (`+tx.In(1, len(ids))+`) ORDER BY conversation_id, group_id`, args(ids)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	groups := map[care.ConversationID][]care.GroupID{}
	for rows.Next() {
		var id care.ConversationID
		var group care.GroupID
		if err := rows.Scan(&id, &group); err != nil {
			return nil, err
		}
		groups[id] = append(groups[id], group)
	}
	return groups, rows.Err()
}

// audienceOfAct gives who is told of what the actor does beside posting, such as typing and
// reading: where the roster is hidden, a client's doings are told to staff only.
func audienceOfAct(ctx context.Context, tx *db.Tx, actor care.Actor, id care.ConversationID) ([]care.UserID, error) {
	t, err := toldOf(ctx, tx, id)
	if err != nil || !t.rules.hides(actor) {
		return t.audience(), err
	}
	return append(t.staff(), actor.User), nil
}

// CommunityChange changes how a community chat works; nil leaves a part as it is.
type CommunityChange struct {
	Locked *bool
	// PostsPerHour is 1 to MaxPostsPerHour, or 0 for no limit.
	PostsPerHour *int64
	RosterHidden *bool
	// InStep are the client groups to keep it in step with; none ends that, and everybody
	// stays.
	InStep *[]care.GroupID
}

func (ch CommunityChange) none() bool {
	return ch.Locked == nil && ch.PostsPerHour == nil && ch.RosterHidden == nil && ch.InStep == nil
}

func (ch CommunityChange) check() error {
	if n := ch.PostsPerHour; n != nil && (*n < 0 || *n > MaxPostsPerHour) {
		return care.BadField("posts_per_hour", "out_of_range", "Must be between 1 and 1,000, or null for no limit.")
	}
	return nil
}

// changeCommunity changes how a community chat works, within the transaction of a change
// of its view. What is so already writes nothing.
func (s *Service) changeCommunity(ctx context.Context, tx *db.Tx, actor care.Actor, id care.ConversationID, change CommunityChange) ([]care.Event, error) {
	if change.none() {
		return nil, nil
	}
	if err := change.check(); err != nil {
		return nil, err
	}
	threads, err := loadThreads(ctx, tx, []care.ConversationID{id})
	if err != nil {
		return nil, err
	}
	c, err := lookIn(ctx, tx, actor, id)
	if err != nil {
		return nil, err
	}
	if refusal := access.ChangeCommunity(actor, c.subject(actor, access.Words{})); refusal != nil {
		return nil, refusal
	}
	events, err := s.changeRules(ctx, tx, actor, threads[id], change)
	if err != nil || change.InStep == nil {
		return events, err
	}
	followed, err := s.changeGroups(ctx, tx, actor, threads[id], *change.InStep)
	return append(events, followed...), err
}

func (ch CommunityChange) over(r rules) rules {
	if ch.Locked != nil {
		r.locked = *ch.Locked
	}
	if ch.RosterHidden != nil {
		r.hidden = *ch.RosterHidden
	}
	if n := ch.PostsPerHour; n != nil {
		r.perHour = sql.NullInt64{Int64: *n, Valid: *n > 0}
	}
	return r
}

// changeRules writes the rules of a locked thread. A lock is told in the conversation.
func (s *Service) changeRules(ctx context.Context, tx *db.Tx, actor care.Actor, t *thread, change CommunityChange) ([]care.Event, error) {
	before, after := t.rules, change.over(t.rules)
	if before == after {
		return nil, nil
	}
	_, err := tx.Exec(ctx, `UPDATE conversations SET locked = $2, posts_per_hour = $3, roster_hidden = $4 WHERE id = $1`,
		t.id, after.locked, after.perHour, after.hidden)
	if err != nil {
		return nil, err
	}
	t.rules = after
	var events []care.Event
	if before.locked != after.locked {
		words := " opened this chat for everybody’s posts again."
		if after.locked {
			words = " locked this chat. Only the care team can post."
		}
		notice, err := s.appendNotice(ctx, tx, t, care.Mention(actor.User)+words)
		if err != nil {
			return nil, err
		}
		events = append(events, notice)
	}
	told, err := s.recorded(ctx, tx, actor, t.id, "conversation.rules_changed", before.difference(after))
	return append(events, told...), err
}

// difference gives what changed between rules, for the audit log.
func (r rules) difference(after rules) map[string]any {
	details := map[string]any{}
	add := func(name string, old, now any) {
		if old != now {
			details[name] = map[string]any{"old": old, "new": now}
		}
	}
	add("locked", r.locked, after.locked)
	add("roster_hidden", r.hidden, after.hidden)
	add("posts_per_hour", r.perHour.Int64, after.perHour.Int64)
	return details
}
