package httpapi

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hearth/internal/blast"
	"hearth/internal/care"
	"hearth/internal/wire"
)

// BlastPath names a message blast.
type BlastPath struct {
	ID care.BlastID `path:"id"`
}

// maxRecipients bounds bodies that name up to 100,000 clients twice.
const maxRecipients = 10 << 20

type newBlast struct {
	ID            care.BlastID        `json:"id,omitempty" doc:"Makes the call safe to repeat"`
	Recipients    wire.Recipients     `json:"recipients"`
	Title         string              `json:"title,omitempty" maxLength:"120" doc:"For staff only; the first words of the body unless given"`
	Body          string              `json:"body,omitempty" maxLength:"20000" doc:"With fields: {{first_name}}, {{provider}}, {{practice}}; may be empty beside files"`
	AttachmentIDs []care.AttachmentID `json:"attachment_ids,omitempty" maxItems:"100"`
	OnBehalfOf    care.UserID         `json:"on_behalf_of,omitempty" doc:"The colleague for whom it is written; needs organization_inbox"`
	StaffIDs      []care.UserID       `json:"staff_ids,omitempty" maxItems:"5" doc:"Colleagues who get the replies too"`
	SendAt        wire.Opt[wire.Time] `json:"send_at,omitempty"`
	GraceSeconds  int                 `json:"grace_seconds,omitempty" minimum:"0" maximum:"60" doc:"In which nothing is sent and it can be taken back whole"`
	Token         string              `json:"token,omitempty" maxLength:"100" doc:"Of the preview"`
}

func (n newBlast) asked() blast.Request {
	r := blast.Request{
		ID: n.ID, Title: n.Title, Body: n.Body, Recipients: n.Recipients.Asked(), Files: n.AttachmentIDs, OnBehalfOf: n.OnBehalfOf,
		Staff: n.StaffIDs, Grace: time.Duration(n.GraceSeconds) * time.Second, Token: n.Token,
	}
	if at := n.SendAt.Pointer(); at != nil {
		r.SendAt = at.Time
	}
	return r
}

type blastChange struct {
	Version       int64                           `json:"version"`
	Title         wire.Maybe[string]              `json:"title,omitempty" maxLength:"120"`
	Body          wire.Maybe[string]              `json:"body,omitempty" maxLength:"20000"`
	Recipients    wire.Maybe[wire.Recipients]     `json:"recipients,omitempty"`
	AttachmentIDs wire.Maybe[[]care.AttachmentID] `json:"attachment_ids,omitempty" maxItems:"100"`
	OnBehalfOf    wire.Opt[care.UserID]           `json:"on_behalf_of,omitempty"`
	StaffIDs      wire.Maybe[[]care.UserID]       `json:"staff_ids,omitempty" maxItems:"5"`
	SendAt        wire.Opt[wire.Time]             `json:"send_at,omitempty" doc:"null: at once"`
}

func (c blastChange) asked() blast.Change {
	change := blast.Change{
		Version: c.Version, Title: c.Title.Pointer(), Body: c.Body.Pointer(), Files: c.AttachmentIDs.Pointer(), Staff: c.StaffIDs.Pointer(),
	}
	if r := c.Recipients.Pointer(); r != nil {
		asked := r.Asked()
		change.Recipients = &asked
	}
	if c.OnBehalfOf.Set {
		change.OnBehalfOf = &c.OnBehalfOf.Value
	}
	if c.SendAt.Set {
		change.SendAt = &c.SendAt.Value.Time
	}
	return change
}

func (a *api) blasts() {
	a.blastPreviews()
	a.blastList()
	making := post("/blasts", "send-blast", "Write one text to many clients, each in a private conversation of their own")
	making.MaxBodyBytes, making.DefaultStatus = maxRecipients, http.StatusAccepted
	route(a, making, staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct{ Body newBlast }) (*made[wire.Blast], error) {
			b, existed, err := a.Blasts.Create(ctx, actor, in.Body.asked())
			if err != nil {
				return nil, err
			}
			status := http.StatusAccepted
			if existed {
				status = http.StatusOK
			}
			return &made[wire.Blast]{Status: status, Body: wire.BlastOf(b)}, nil
		})
	changing := patch("/blasts/{id}", "change-blast", "Change a blast before it begins; after that it is version_conflict")
	changing.MaxBodyBytes = maxRecipients
	route(a, changing, staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			BlastPath
			Body blastChange
		}) (*ok[wire.Blast], error) {
			return oneBlast(a.Blasts.Edit(ctx, actor, in.ID, in.Body.asked()))
		})
	a.blastActs()
	a.blastWriting()
}

// oneBlast answers with a blast, also where a conflict carries one.
func oneBlast(b *blast.Blast, err error) (*ok[wire.Blast], error) {
	if err != nil {
		return nil, withCurrent(err, wire.BlastOf)
	}
	return answer(wire.BlastOf(b)), nil
}

func (a *api) blastPreviews() {
	previewing := post("/blasts/preview", "preview-blast", "Who would be reached now, and who not and why; changes nothing")
	previewing.MaxBodyBytes, previewing.DefaultStatus = maxRecipients, http.StatusOK
	route(a, previewing, staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct{ Body wire.Recipients }) (*ok[wire.BlastPreview], error) {
			return shown(wire.BlastPreviewOf)(a.Blasts.Preview(ctx, actor, in.Body.Asked()))
		})
	type More struct {
		wire.Recipients
		After int `json:"after,omitempty" minimum:"0" doc:"next of the page before"`
	}
	type page struct {
		Items []wire.BlastUnavailable `json:"items"`
		Next  *int                    `json:"next"`
	}
	more := post("/blasts/preview/unavailable", "preview-blast-unavailable", "All who would not be reached, by name, 1,000 at a time")
	more.MaxBodyBytes, more.DefaultStatus = maxRecipients, http.StatusOK
	route(a, more, staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct{ Body More }) (*ok[page], error) {
			list, next, err := a.Blasts.Unavailable(ctx, actor, in.Body.Recipients.Asked(), in.Body.After)
			if err != nil {
				return nil, err
			}
			out := page{Items: wire.Map(list, wire.BlastUnavailableOf)}
			if next > 0 {
				out.Next = &next
			}
			return answer(out), nil
		})
	naming := post("/blasts/recipients", "find-blast-recipients", "Whom a file of addresses or ids names, and its lines that name nobody")
	naming.MaxBodyBytes, naming.DefaultStatus = maxImport, http.StatusOK
	route(a, naming, staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			Body struct {
				CSV string `json:"csv" doc:"One address or id in each line, or a column called email or client_id. At most 5 MB and 100,000 lines"`
			}
		}) (*ok[wire.BlastNamed], error) {
			return shown(wire.BlastNamedOf)(a.Blasts.ReadNames(ctx, actor, in.Body.CSV))
		})
}

func (a *api) blastList() {
	route(a, get("/blasts", "list-blasts", "One's own blasts, the newest first; with organization_inbox those of all"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			PageQuery
			State string `query:"state" enum:"scheduled,sending,paused,sent,cancelled"`
			Query string `query:"q" maxLength:"200" doc:"Words in the title"`
		}) (*ok[wire.Page[wire.Blast]], error) {
			after, err := blastCursor(in.Cursor)
			if err != nil {
				return nil, err
			}
			list, next, err := a.Blasts.List(ctx, actor, blast.Filter{State: blast.State(in.State), Query: in.Query}, after, in.Limit)
			if err != nil {
				return nil, err
			}
			return answer(wire.PageOf(wire.Map(list, wire.BlastOf), blastCursorText(next))), nil
		})
	route(a, get("/blasts/{id}", "get-blast", "One blast, and how far it is"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *BlastPath) (*ok[wire.Blast], error) {
			return oneBlast(a.Blasts.Get(ctx, actor, in.ID))
		})
	route(a, get("/blasts/{id}/recipients", "list-blast-recipients", "What became of each recipient"), staffOnly, a.blastRecipients)
	exporting := get("/blasts/{id}/outcome", "export-blast", "The same as a file; recorded")
	exporting.Responses = map[string]*huma.Response{"200": {
		Description: "The recipients, with a first line of column names",
		Content:     map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
	route(a, exporting, staffOnly, a.exportBlast)
}

func (a *api) blastRecipients(ctx context.Context, actor care.Actor, in *struct {
	BlastPath
	PageQuery
	State   string         `query:"state" enum:"pending,sent,skipped"`
	Why     string         `query:"why" enum:"archived,direct_off,no_account,forbidden,cancelled,failed"`
	Read    optional[bool] `query:"read"`
	Replied optional[bool] `query:"replied"`
	Query   string         `query:"q" maxLength:"200" doc:"Words in the name"`
}) (*ok[wire.Page[wire.BlastRecipient]], error) {
	after := int64(0)
	if in.Cursor != "" {
		place, err := strconv.ParseInt(in.Cursor, 10, 64)
		if err != nil || place < 0 {
			return nil, badCursor()
		}
		after = place
	}
	list, next, err := a.Blasts.Recipients(ctx, actor, in.ID, blast.OutcomeFilter{
		State: in.State, Why: in.Why, Read: in.Read.pointer(), Replied: in.Replied.pointer(), Query: in.Query,
	}, after, in.Limit)
	if err != nil {
		return nil, err
	}
	text := ""
	if next > 0 {
		text = strconv.FormatInt(next, 10)
	}
	return answer(wire.PageOf(wire.Map(list, wire.BlastRecipientOf), text)), nil
}

// exportBlast sends the file while it is read, as exportAccess does.
func (a *api) exportBlast(ctx context.Context, actor care.Actor, in *BlastPath) (*huma.StreamResponse, error) {
	write, err := a.Blasts.Export(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(out huma.Context) {
		out.SetHeader("Content-Type", "text/csv; charset=utf-8")
		out.SetHeader("Content-Disposition", `attachment; filename="message-blast.csv"`)
		if err := write(ctx, out.BodyWriter()); err != nil {
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

func (a *api) blastActs() {
	for _, act := range []struct {
		name, id, summary string
		do                func(context.Context, care.Actor, care.BlastID) (*blast.Blast, error)
	}{
		{"pause", "pause-blast", "Stop sending until it is resumed", a.Blasts.Pause},
		{"resume", "resume-blast", "Go on with a paused blast", a.Blasts.Resume},
		{"cancel", "cancel-blast", "End a blast: whoever was not written to is not", a.Blasts.Cancel},
	} {
		o := post("/blasts/{id}/"+act.name, act.id, act.summary)
		o.DefaultStatus = http.StatusOK
		route(a, o, staffOnly, func(ctx context.Context, actor care.Actor, in *BlastPath) (*ok[wire.Blast], error) {
			return oneBlast(act.do(ctx, actor, in.ID))
		})
	}
}

type blastDraftEdit struct {
	Title         string                    `json:"title,omitempty" maxLength:"120"`
	Body          string                    `json:"body,omitempty" maxLength:"20000"`
	Recipients    wire.Opt[wire.Recipients] `json:"recipients,omitempty"`
	AttachmentIDs []care.AttachmentID       `json:"attachment_ids,omitempty" maxItems:"100"`
	OnBehalfOf    wire.Opt[care.UserID]     `json:"on_behalf_of,omitempty"`
	StaffIDs      []care.UserID             `json:"staff_ids,omitempty" maxItems:"5"`
	SendAt        wire.Opt[wire.Time]       `json:"send_at,omitempty"`
}

func (d blastDraftEdit) asked() blast.Draft {
	out := blast.Draft{Title: d.Title, Body: d.Body, Files: d.AttachmentIDs, Staff: d.StaffIDs, OnBehalfOf: d.OnBehalfOf.Value, SendAt: d.SendAt.Value.Time}
	if r := d.Recipients.Pointer(); r != nil {
		asked := r.Asked()
		out.Recipients = &asked
	}
	return out
}

func (a *api) blastWriting() {
	route(a, get("/blasts/draft", "get-blast-draft", "What one is about to send to many; empty when there is nothing"), staffOnly,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.BlastDraft], error) {
			return shown(wire.BlastDraftOf)(a.Blasts.Draft(ctx, actor))
		})
	saving := put("/blasts/draft", "save-blast-draft", "Keep it, for all one's devices")
	saving.MaxBodyBytes = maxRecipients
	route(a, saving, staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct{ Body blastDraftEdit }) (*ok[wire.BlastDraft], error) {
			return shown(wire.BlastDraftOf)(a.Blasts.SaveDraft(ctx, actor, in.Body.asked()))
		})
	route(a, del("/blasts/draft", "drop-blast-draft", "Take it away"), staffOnly,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*none, error) {
			return nil, a.Blasts.DropDraft(ctx, actor)
		})
	type tested struct {
		ConversationID care.ConversationID `json:"conversation_id"`
		MessageID      care.MessageID      `json:"message_id"`
	}
	route(a, post("/blasts/test", "test-blast", "Send a text to oneself alone, filled as for a client"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			Body struct {
				Body          string              `json:"body,omitempty" maxLength:"20000"`
				AttachmentIDs []care.AttachmentID `json:"attachment_ids,omitempty" maxItems:"100"`
				ExampleID     care.UserID         `json:"example_id,omitempty" doc:"The client for whom the fields are filled"`
			}
		}) (*made[tested], error) {
			m, err := a.Blasts.Try(ctx, actor, blast.Trial{Body: in.Body.Body, Files: in.Body.AttachmentIDs, Example: in.Body.ExampleID})
			if err != nil {
				return nil, err
			}
			return created(tested{ConversationID: m.Conversation, MessageID: m.ID}, false), nil
		})
	a.blastSettings()
}

func (a *api) blastSettings() {
	route(a, get("/organization/blast-settings", "get-blast-settings", "How the organization sends message blasts"), staffOnly,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.BlastSettings], error) {
			return shown(wire.BlastSettingsOf)(a.Blasts.Settings(ctx, actor))
		})
	route(a, put("/organization/blast-settings", "set-blast-settings", "Change it; needs manage_settings"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			Body struct {
				Version      int64             `json:"version"`
				ConfirmAbove wire.Maybe[int64] `json:"confirm_above,omitempty" minimum:"1" maximum:"1000000"`
				DailyLimit   wire.Maybe[int64] `json:"daily_limit,omitempty" minimum:"1" maximum:"1000000"`
			}
		}) (*ok[wire.BlastSettings], error) {
			set, err := a.Blasts.SetSettings(ctx, actor, blast.SettingsChange{
				Version: in.Body.Version, ConfirmAbove: in.Body.ConfirmAbove.Pointer(), DailyLimit: in.Body.DailyLimit.Pointer(),
			})
			if err != nil {
				return nil, withCurrent(err, wire.BlastSettingsOf)
			}
			return answer(wire.BlastSettingsOf(set)), nil
		})
}

func blastCursor(text string) (*blast.Cursor, error) {
	if text == "" {
		return nil, nil
	}
	var c blast.Cursor
	var id string
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		_, err = fmt.Sscanf(string(raw), "%d %36s", &c.CreatedAt, &id)
	}
	if err == nil {
		err = c.ID.UnmarshalText([]byte(id))
	}
	if err != nil {
		return nil, badCursor()
	}
	return &c, nil
}

func blastCursorText(c *blast.Cursor) string {
	if c == nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s", c.CreatedAt, c.ID))
}
