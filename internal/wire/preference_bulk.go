package wire

import (
	"hearth/internal/care"
	"hearth/internal/preference"
)

// NotificationsChangeRequest asks for one change of many clients.
type NotificationsChangeRequest struct {
	Clients    AccessFilter  `json:"clients" doc:"As of a change of chat access"`
	Place      Maybe[string] `json:"place,omitempty" enum:"own,default" doc:"own, unless it is said: each client's own setting. default: the default when added"`
	Set        CellEdit      `json:"set" doc:"unset clears an own setting. What is left out stays"`
	IncludeOwn bool          `json:"include_own,omitempty" doc:"Also where clients have an own setting, which otherwise stays"`
}

// Request gives the request in the words of the domain.
func (r NotificationsChangeRequest) Request() preference.Request {
	out := preference.Request{Filter: r.Clients.Filter(), Place: preference.PlaceOwn, Change: r.Set.Change(), IncludeOwn: r.IncludeOwn}
	if r.Place.Set {
		out.Place = r.Place.Value
	}
	return out
}

// NotificationsPreview is what a change of many would do. Each client is counted once.
type NotificationsPreview struct {
	Total      int                   `json:"total" doc:"Clients it is about"`
	Changed    int                   `json:"changed"`
	Unchanged  int                   `json:"unchanged" doc:"It is so already"`
	KeepsOwn   int                   `json:"keeps_own" doc:"An own value stays and decides"`
	KeepsGroup int                   `json:"keeps_group" doc:"The group's value still decides"`
	Sample     []NotificationsSample `json:"sample" doc:"Up to 20 clients of each outcome"`
	Token      string                `json:"token" doc:"Applies it, once, within 15 minutes"`
	ExpiresAt  Time                  `json:"expires_at"`
}

// NotificationsSample is a client in a preview.
type NotificationsSample struct {
	ClientID care.UserID        `json:"client_id"`
	Name     string             `json:"name"`
	Outcome  preference.Outcome `json:"outcome" enum:"changed,keeps_own,keeps_group,unchanged"`
}

// NotificationsPreviewOf shows a preview.
func NotificationsPreviewOf(p preference.Preview) NotificationsPreview {
	return NotificationsPreview{
		Total: p.Matched, Changed: p.Counts[preference.Changed], Unchanged: p.Counts[preference.Unchanged],
		KeepsOwn: p.Counts[preference.KeepsOwn], KeepsGroup: p.Counts[preference.KeepsGroup],
		Sample: Map(p.Sample, func(s preference.Sample) NotificationsSample {
			return NotificationsSample{ClientID: s.Client, Name: s.Name, Outcome: s.Outcome}
		}),
		Token: p.Token, ExpiresAt: TimeOf(p.Expires),
	}
}

// NotificationsChange is a change of many clients, and how far it is.
type NotificationsChange struct {
	ID         preference.ChangeID `json:"id"`
	State      string              `json:"state" enum:"applying,applied,undoing,undone"`
	Place      string              `json:"place" enum:"own,default"`
	Set        CellsSet            `json:"set"`
	IncludeOwn bool                `json:"include_own"`
	How        string              `json:"how" enum:"bulk,api"`
	Matched    int                 `json:"matched" doc:"Clients it is about"`
	Total      int                 `json:"total" doc:"Clients it writes"`
	Done       int                 `json:"done" doc:"Of those, how many it is through with"`
	Changed    int                 `json:"changed" doc:"Clients for whom something changed, so far"`
	Restored   int                 `json:"restored" doc:"Clients to whom the undo gave back what they had, so far"`
	Left       int                 `json:"left" doc:"Clients whom the undo left as they are, so far: somebody changed them since"`
	LeftSample []NamedClient       `json:"left_sample" doc:"Up to 20 of those, on the page of one change"`
	CreatedAt  Time                `json:"created_at"`
	By         Person              `json:"by"`
	FinishedAt *Time               `json:"finished_at"`
	UndoneAt   *Time               `json:"undone_at"`
	UndoneBy   *Person             `json:"undone_by"`
	UndoUntil  Time                `json:"undo_until"`
	CanUndo    bool                `json:"can_undo"`
}

// NamedClient is a client by name.
type NamedClient struct {
	ClientID care.UserID `json:"client_id"`
	Name     string      `json:"name"`
}

// NotificationsChangeOf shows a change of many clients.
func NotificationsChangeOf(c preference.BulkChange) NotificationsChange {
	out := NotificationsChange{
		ID: c.ID, State: c.State, Place: c.Place, Set: cellsSetOf(c.Change), IncludeOwn: c.IncludeOwn, How: c.How, Matched: c.Matched,
		Total: c.Total, Done: c.Done, Changed: c.Changed, Restored: c.Restored, Left: c.Kept,
		LeftSample: Map(c.Left, func(s preference.Sample) NamedClient { return NamedClient{s.Client, s.Name} }),
		CreatedAt:  TimeOf(c.At), By: PersonOf(c.By), FinishedAt: TimeOrNull(c.Finished),
		UndoneAt: TimeOrNull(c.UndoneAt), UndoUntil: TimeOf(c.UndoUntil), CanUndo: c.CanUndo,
	}
	if !c.UndoneAt.IsZero() {
		by := PersonOf(c.UndoneBy)
		out.UndoneBy = &by
	}
	return out
}
