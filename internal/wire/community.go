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
