package wire

import (
	"hearth/internal/care"
	"hearth/internal/chat"
)

// Community is how a community chat works.
type Community struct {
	Locked         bool           `json:"locked" doc:"Only staff post"`
	PostsPerHour   *int64         `json:"posts_per_hour" doc:"How often each client may post; null without limit"`
	RosterHidden   bool           `json:"roster_hidden" doc:"Clients see staff and themselves as members"`
	InStepGroupIDs []care.GroupID `json:"in_step_group_ids" doc:"The groups it is kept in step with; empty for clients"`
	MemberCount    *int           `json:"member_count" doc:"Null for clients where the roster is hidden"`
	ShownAs        *string        `json:"shown_as" doc:"The name under which fellow clients see the client who asks; null for staff"`
}

// Report is a post that somebody reported to staff.
type Report struct {
	ID           care.ReportID `json:"id"`
	Conversation struct {
		ID      care.ConversationID `json:"id"`
		Subject string              `json:"subject"`
	} `json:"conversation"`
	Message    Message `json:"message" doc:"The post as it is now; a tombstone where it was removed or deleted"`
	Reporter   Person  `json:"reporter"`
	Reason     string  `json:"reason"`
	CreatedAt  Time    `json:"created_at"`
	State      string  `json:"state" enum:"open,closed"`
	Outcome    *string `json:"outcome" enum:"removed,kept" doc:"How it was settled; null while it is open"`
	Note       string  `json:"note" doc:"What staff noted when they settled it"`
	ResolvedBy *Person `json:"resolved_by"`
	ResolvedAt *Time   `json:"resolved_at"`
	CanRemove  bool    `json:"can_remove" doc:"Whether the person who asks may take the post away"`
}

// ReportOf shows a report.
func ReportOf(r chat.Report) Report {
	out := Report{
		ID: r.ID, Message: MessageOf(r.Message), Reporter: PersonOf(r.Reporter), Reason: r.Reason,
		CreatedAt: TimeOf(r.CreatedAt), State: "open", Outcome: StringOrNull(r.Outcome), Note: r.Note,
		ResolvedAt: TimeOrNull(r.ResolvedAt), CanRemove: r.CanRemove,
	}
	out.Conversation.ID, out.Conversation.Subject = r.Conversation, r.Subject
	if r.Outcome != "" {
		by := PersonOf(r.ResolvedBy)
		out.State, out.ResolvedBy = "closed", &by
	}
	return out
}

func communityOf(c *chat.Community) *Community {
	if c == nil {
		return nil
	}
	out := &Community{
		Locked: c.Locked, RosterHidden: c.RosterHidden, InStepGroupIDs: c.InStep, ShownAs: StringOrNull(c.ShownAs),
	}
	if c.PostsPerHour > 0 {
		out.PostsPerHour = &c.PostsPerHour
	}
	if c.Members >= 0 {
		out.MemberCount = &c.Members
	}
	if out.InStepGroupIDs == nil {
		out.InStepGroupIDs = []care.GroupID{}
	}
	return out
}
