package httpapi

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/wire"
)

// assignment says who is to look after a conversation.
type assignment struct {
	UserID wire.Opt[care.UserID] `json:"user_id" doc:"Who looks after it from now on: staff who can read it; null gives it back to the queue"`
	Was    wire.Opt[care.UserID] `json:"was,omitempty" doc:"Who looks after it as far as one knows, null for nobody: somebody else is a version_conflict. Left away, claiming for oneself takes it from nobody"`
}

func (a assignment) asked() chat.Assignment {
	var to chat.Assignment
	if user := a.UserID.Pointer(); user != nil {
		to.To = *user
	}
	if a.Was.Set {
		was := care.UserID{}
		if user := a.Was.Pointer(); user != nil {
			was = *user
		}
		to.Was = &was
	}
	return to
}

// NotePath names the note of a call. It is exported to be embedded.
type NotePath struct {
	ID care.NoteID `path:"id"`
}

type noteQuery struct {
	ConversationPath
	PageQuery
	AfterSeq int64 `query:"after_seq" minimum:"0" doc:"Only those that stand behind this message or a later one"`
}

type newNote struct {
	ID   care.NoteID `json:"id,omitempty" doc:"Makes the call safe to repeat"`
	Body string      `json:"body" minLength:"1" maxLength:"20000"`
}

func (a *api) team() {
	route(a, put("/conversations/{id}/assignee", "assign-conversation", "Claim a conversation with clients, hand it over, or give it back to the queue"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			ConversationPath
			Body assignment
		}) (*ok[wire.Conversation], error) {
			return a.conversationTo(ctx, actor)(a.Chat.Assign(ctx, actor, in.ID, in.Body.asked()))
		})
	a.notes()
}

func (a *api) notes() {
	route(a, get("/conversations/{id}/notes", "list-notes", "What staff noted beside a conversation with clients, in its order"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *noteQuery) (*ok[wire.Page[wire.Note]], error) {
			list, next, err := a.Notes.List(ctx, actor, in.ID, in.AfterSeq, in.Cursor, in.Limit)
			if err != nil {
				return nil, err
			}
			return answer(wire.PageOf(wire.Map(list, wire.NoteOf), next)), nil
		})
	route(a, post("/conversations/{id}/notes", "write-note", "Note something for staff behind the newest message, also where chat is off"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			ConversationPath
			Body newNote
		}) (*made[wire.Note], error) {
			n, existed, err := a.Notes.Write(ctx, actor, in.ID, in.Body.ID, in.Body.Body)
			if err != nil {
				return nil, err
			}
			return created(wire.NoteOf(n), existed), nil
		})
	route(a, patch("/notes/{id}", "edit-note", "Change one's note"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			NotePath
			Body struct {
				Body string `json:"body" minLength:"1" maxLength:"20000"`
			}
		}) (*ok[wire.Note], error) {
			return shown(wire.NoteOf)(a.Notes.Edit(ctx, actor, in.ID, in.Body.Body))
		})
	route(a, del("/notes/{id}", "delete-note", "Take a note away; a tombstone stays"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *NotePath) (*none, error) {
			return nil, a.Notes.Delete(ctx, actor, in.ID)
		})
	route(a, get("/notes/{id}/versions", "list-note-versions", "What a note said before, for staff who may read the audit log"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *NotePath) (*ok[wire.Page[wire.Version]], error) {
			list, err := a.Notes.Versions(ctx, actor, in.ID)
			if err != nil {
				return nil, err
			}
			return answer(wire.Page[wire.Version]{Items: wire.Map(list, wire.NoteVersionOf)}), nil
		})
}

// queueCounts is how many conversations wait in the shared queue.
type queueCounts struct {
	Unassigned int64 `json:"unassigned" doc:"Open, and nobody looks after them"`
	Mine       int64 `json:"mine" doc:"Open, and one looks after them oneself"`
}

func queueCountsOf(q *chat.QueueCounts) *queueCounts {
	if q == nil {
		return nil
	}
	return &queueCounts{Unassigned: q.Unassigned, Mine: q.Mine}
}
