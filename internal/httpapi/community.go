package httpapi

import (
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/wire"
)

// communityEdit is a change of how a community chat works.
type communityEdit struct {
	Locked       wire.Maybe[bool]           `json:"locked,omitempty" doc:"Community, for everyone: only staff post. Needs start_community_chats, as the next three"`
	PostsPerHour wire.Opt[int64]            `json:"posts_per_hour,omitempty" doc:"How often each client may post, 1 to 1000; null without limit"`
	RosterHidden wire.Maybe[bool]           `json:"roster_hidden,omitempty" doc:"Clients see staff and themselves as members"`
	InStep       wire.Maybe[[]care.GroupID] `json:"in_step_group_ids,omitempty" maxItems:"100" doc:"The groups to keep it in step with, which needs view_all_clients; empty ends that and everybody stays"`
}

func (e communityEdit) change() chat.CommunityChange {
	change := chat.CommunityChange{
		Locked: e.Locked.Pointer(), RosterHidden: e.RosterHidden.Pointer(), InStep: e.InStep.Pointer(),
	}
	if e.PostsPerHour.Set {
		perHour := int64(0)
		if n := e.PostsPerHour.Pointer(); n != nil {
			if perHour = *n; perHour == 0 {
				perHour = -1 // null is no limit; nobody posts zero times
			}
		}
		change.PostsPerHour = &perHour
	}
	return change
}
