package chat

import (
	"context"
	"strings"
	"time"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// How staff settled a report.
const (
	OutcomeRemoved = "removed"
	OutcomeKept    = "kept"
)

// maxReportText bounds what a report and its settling say, in characters.
const maxReportText = 1000

// Report is a post of a community chat that somebody reported to staff.
type Report struct {
	ID           care.ReportID
	Conversation care.ConversationID
	Subject      string // of the conversation
	// Message is the post as it is now, with the names as staff see them.
	Message   care.Message
	Reporter  care.Person
	Reason    string // may be empty
	CreatedAt time.Time
	// ResolvedAt is zero while it is open; Outcome and Note say how it was settled.
	ResolvedAt time.Time
	ResolvedBy care.Person
	Outcome    string
	Note       string
	// CanRemove is whether the viewer may take the post away.
	CanRemove bool

	closed, member bool // how the viewer stands to the conversation, for what decides
	message        care.MessageID
}

// ReportMessage reports a post to the staff who keep its community chat. Reporting it
// again changes nothing. The author and the other members are told nothing. Refusals:
// invalid, not_found, forbidden.
func (s *Service) ReportMessage(ctx context.Context, actor care.Actor, in care.ConversationID, id care.MessageID, reason string) error {
	if err := care.CheckText("reason", reason, 0, maxReportText); err != nil {
		return err
	}
	// This read has a bulk change written that decides what the actor may read.
	if _, err := s.Message(ctx, actor, in, id); err != nil {
		return err
	}
	return s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		m, err := readOne(ctx, tx, actor, in, id)
		if err != nil {
			return nil, err
		}
		c, err := lookIn(ctx, tx, actor, in)
		if err != nil {
			return nil, err
		}
		if refusal := access.Report(actor, m, c.subject(actor, access.Words{})); refusal != nil {
			return nil, refusal
		}
		return s.addReport(ctx, tx, actor, m, strings.TrimSpace(reason))
	})
}

func (s *Service) addReport(ctx context.Context, tx *db.Tx, actor care.Actor, m care.Message, reason string) ([]care.Event, error) {
	now := s.clock()
	n, err := tx.Exec(ctx, `INSERT INTO message_reports (id, org_id, conversation_id, message_id, reporter_id, reason, created_at, outcome, note)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '', '') ON CONFLICT (message_id, reporter_id) DO NOTHING`,
		care.NewID[care.ReportID](now), actor.Org, m.Conversation, m.ID, actor.User, reason, db.Millis(now))
	if err != nil || n == 0 {
		return nil, err
	}
	return s.reported(ctx, tx, actor, m.Conversation, "message.reported", map[string]any{"message_id": m.ID.String()})
}

// reported records an act about a report and tells those who keep the conversation that
// their reports are different now.
func (s *Service) reported(ctx context.Context, tx *db.Tx, actor care.Actor, in care.ConversationID, action string, details map[string]any) ([]care.Event, error) {
	err := audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(), audit.Act(action, audit.About("conversation", in), details))
	if err != nil {
		return nil, err
	}
	keepers, err := keepersOf(ctx, tx, actor.Org, in)
	return []care.Event{{Type: care.EventReportsChanged, Org: actor.Org, To: keepers, Conversation: in}}, err
}

// keepersOf gives the staff who settle the reports of a conversation: those in it, and
// those who see it through the organization inbox, with the right to keep community chats.
func keepersOf(ctx context.Context, tx *db.Tx, org care.OrgID, in care.ConversationID) ([]care.UserID, error) {
	var keepers []care.UserID
	_, err := db.Many(ctx, tx, func(row db.Scanner) (struct{}, error) {
		a := care.Actor{Kind: care.KindStaff}
		var chosen *string
		var member bool
		err := row.Scan(&a.User, &a.Role, &chosen, &member)
		a.Permissions = care.StoredPermissions(a.Role, chosen)
		if access.Moderate(a) == nil && (member || a.Can(care.OrganizationInbox)) {
			keepers = append(keepers, a.User)
		}
		return struct{}{}, err
	}, `SELECT s.user_id, s.role, s.permissions, m.user_id IS NOT NULL FROM staff s
		LEFT JOIN conversation_members m ON m.conversation_id = $1 AND m.user_id = s.user_id AND m.left_at IS NULL
		WHERE s.org_id = $2 AND s.active`, in, org)
	return keepers, err
}

// Resolve settles a report, and with it every open report of the same post: the post is
// removed, or kept. The note is for staff. Settling it the same way again changes nothing.
// Refusals: invalid, not_found, forbidden, version_conflict where somebody settled it
// another way.
func (s *Service) Resolve(ctx context.Context, actor care.Actor, id care.ReportID, outcome, note string) (r Report, err error) {
	if outcome != OutcomeRemoved && outcome != OutcomeKept {
		return r, care.BadField("outcome", "unknown", "Must be removed or kept.")
	}
	if err := care.CheckText("note", note, 0, maxReportText); err != nil {
		return r, err
	}
	err = s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		before, err := oneReport(ctx, tx, actor, id)
		if err != nil {
			return nil, err
		}
		events, err := s.resolve(ctx, tx, actor, before, outcome, strings.TrimSpace(note))
		if err != nil {
			return nil, err
		}
		r, err = oneReport(ctx, tx, actor, id)
		return events, err
	})
	return r, err
}

func (s *Service) resolve(ctx context.Context, tx *db.Tx, actor care.Actor, r Report, outcome, note string) ([]care.Event, error) {
	held, err := s.holdReported(ctx, tx, actor, r)
	if err != nil {
		return nil, err
	}
	if r, err = oneReport(ctx, tx, actor, r.ID); err != nil { // as it is now that it is held
		return nil, err
	}
	switch {
	case r.Outcome == outcome:
		return nil, nil
	case r.Outcome != "":
		refusal := care.Fail(care.Conflict, care.CodeVersionConflict, "Somebody settled this report another way a moment ago.")
		refusal.Current = r
		return nil, refusal
	case outcome == OutcomeKept || !held.message.DeletedAt.IsZero():
		return s.settleReports(ctx, tx, actor, held, outcome, note)
	}
	if refusal := access.DeleteMessage(actor, held.message, held.subject); refusal != nil {
		return nil, refusal
	}
	if err := s.remove(ctx, tx, actor, held); err != nil {
		return nil, err
	}
	settled, err := s.settleReports(ctx, tx, actor, held, outcome, note)
	if err != nil {
		return nil, err
	}
	events, err := held.events(ctx, tx, care.EventMessageDeleted)
	return append(events, settled...), err
}

// holdReported locks the conversation of a report and what decides there, and gives the
// post. Who keeps the conversation sees what was reported to them, also when it was
// written before they came.
func (s *Service) holdReported(ctx context.Context, tx *db.Tx, actor care.Actor, r Report) (*heldMessage, error) {
	act := &pending{actor: actor, draft: Draft{Conversation: r.Conversation}}
	f, err := loadFacts(ctx, tx, []*pending{act})
	if err != nil {
		return nil, err
	}
	found, err := readReported(ctx, tx, []care.MessageID{r.message})
	if err != nil {
		return nil, err
	}
	t := f.threads[r.Conversation]
	if t == nil || len(found) == 0 {
		return nil, care.Missing("report")
	}
	return &heldMessage{thread: t, subject: f.subject(t, actor), message: found[0], facts: f}, nil
}

// settleReports ends every open report of a held post. Where there is none it writes
// nothing.
func (s *Service) settleReports(ctx context.Context, tx *db.Tx, actor care.Actor, held *heldMessage, outcome, note string) ([]care.Event, error) {
	n, err := tx.Exec(ctx, `UPDATE message_reports SET resolved_at = $2, resolved_by = $3, outcome = $4, note = $5
		WHERE message_id = $1 AND resolved_at IS NULL`, held.message.ID, db.Millis(s.clock()), actor.User, outcome, note)
	if err != nil || n == 0 {
		return nil, err
	}
	return s.reported(ctx, tx, actor, held.thread.id, "report.resolved", map[string]any{
		"message_id": held.message.ID.String(), "outcome": outcome,
	})
}

// settleRemoved ends the reports of a post that somebody else than its author took away. A
// post that its author deleted stays reported: staff decide about what it said.
func (s *Service) settleRemoved(ctx context.Context, tx *db.Tx, actor care.Actor, held *heldMessage) ([]care.Event, error) {
	if held.message.Author.ID == actor.User {
		return nil, nil
	}
	return s.settleReports(ctx, tx, actor, held, OutcomeRemoved, "")
}
