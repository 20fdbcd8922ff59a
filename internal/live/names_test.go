package live

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// far is a bus whose events come as from another node: without what people wrote and
// their names.
type far struct{ *bus.Local }

// Publish leaves out what does not travel.
func (f far) Publish(events ...care.Event) {
	for i := range events {
		events[i].Message, events[i].Person.Name = nil, ""
	}
	f.Local.Publish(events...)
}

// No frame tells a client the hidden part of a fellow client's name, neither from this
// node nor from another one.
func TestNoFrameTellsHiddenNames(t *testing.T) {
	for name, wrap := range map[string]func(*bus.Local) bus.Bus{
		"here":     func(b *bus.Local) bus.Bus { return b },
		"far away": func(b *bus.Local) bus.Bus { return far{b} },
	} {
		t.Run(name, func(t *testing.T) {
			testkit.Engines(t, func(t *testing.T, d *db.DB) { hiddenNames(t, d, wrap(bus.New())) })
		})
	}
}

func hiddenNames(t *testing.T, d *db.DB, events bus.Bus) {
	service := chat.New(d, time.Now, events)
	t.Cleanup(service.Close)
	r := newRig(t, func(c *Config) { c.Chat, c.Bus = service, events })
	noor, leilani, _, id := community(t, d, r, service)
	ctx := t.Context()
	hers, mayas, staff := r.connect("leilani"), r.connect("maya"), r.connect("noor")
	hers.write(fmt.Sprintf(`{"type":"send","ref":1,"conversation_id":%q,"message":{"body":"Hello"}}`, id))
	var post care.MessageID
	if err := post.UnmarshalText([]byte(at(hers.next(), "message.id"))); err != nil {
		t.Fatal(err)
	}
	hers.write(fmt.Sprintf(`{"type":"typing","conversation_id":%q}`, id))
	isTyping := func(frame map[string]any) bool { return at(frame, "type") == "typing" }
	before := kindsUntil(t, mayas, "Kahale", false, isTyping)
	mayas.write(fmt.Sprintf(`{"type":"send","ref":3,"conversation_id":%q,"message":{"body":"Thank you <@%s>","reply_to":%q}}`, id, leilani.User, post))
	acts := []func() error{
		func() error { _, err := service.Edit(ctx, leilani, id, post, "Hello all"); return err },
		func() error { _, err := service.React(ctx, leilani, id, post, "👍", true); return err },
		func() error {
			_, _, err := service.Send(ctx, noor, chat.Draft{Conversation: id, Body: "Welcome " + care.Mention(leilani.User)})
			return err
		},
		func() error { return service.Delete(ctx, leilani, id, post) },
		func() error {
			_, err := service.Change(ctx, noor, id, chat.OwnView{Community: chat.CommunityChange{Locked: new(true)}})
			return err
		},
		func() error { return service.RemoveMember(ctx, noor, id, leilani.User) },
		func() error {
			_, _, err := service.Send(ctx, noor, chat.Draft{Conversation: id, Body: "The end"})
			return err
		},
	}
	for i, act := range acts {
		if err := act(); err != nil {
			t.Fatal(i, err)
		}
	}
	seen := kinds(t, mayas, "Kahale", false)
	for _, kind := range []string{"message.created", "message.updated", "message.deleted", "conversation.updated", "typing", "ack"} {
		if !seen[kind] && !before[kind] {
			t.Errorf("no %s came to her", kind)
		}
	}
	kinds(t, staff, "Kahale", true)
}

// kinds reads frames up to the last message and looks for a word in them; it gives what
// kinds of frames came.
func kinds(t *testing.T, d *device, word string, wanted bool) map[string]bool {
	t.Helper()
	return kindsUntil(t, d, word, wanted, func(frame map[string]any) bool { return at(frame, "data.body") == "The end" })
}

func kindsUntil(t *testing.T, d *device, word string, wanted bool, last func(frame map[string]any) bool) map[string]bool {
	t.Helper()
	seen, found := map[string]bool{}, false
	for {
		frame := d.next()
		text, err := json.Marshal(frame)
		if err != nil {
			t.Fatal(err)
		}
		seen[at(frame, "type")] = true
		if strings.Contains(string(text), word) {
			if found = true; !wanted {
				t.Errorf("a frame says %s", text)
			}
		}
		if last(frame) {
			if wanted && !found {
				t.Errorf("no frame says %s, and one should", word)
			}
			return seen
		}
	}
}

// community makes a practice with a community chat of two clients and a provider.
func community(t *testing.T, d *db.DB, r *rig, service *chat.Service) (noor, leilani, maya care.Actor, id care.ConversationID) {
	t.Helper()
	noor, leilani, _ = practiceWith(t, d, r, service)
	maya = r.person("maya")
	maya.Kind, leilani.Name, noor.Permissions = care.KindClient, "Leilani Kahale", care.DefaultPermissions(care.RoleProvider)
	r.people["maya"], r.people["leilani"], r.people["noor"] = maya, leilani, noor
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, one := range []struct {
			query string
			args  []any
		}{
			{`UPDATE people SET name = 'Leilani Kahale' WHERE id = $1`, []any{leilani.User}},
			{`INSERT INTO people (id, org_id, kind, name, sort_name, created_at, request_hash) VALUES ($1, $2, 'client', 'Maya Lindqvist', 'maya', 0, $3)`,
				[]any{maya.User, practice, []byte{}}},
			{`INSERT INTO clients (user_id, org_id, state, primary_provider_id, default_direct, default_community, version)
				VALUES ($1, $2, 'active', $3, TRUE, TRUE, 1)`, []any{maya.User, practice, noor.User}},
			{`INSERT INTO care_team (client_id, staff_id) VALUES ($1, $2)`, []any{maya.User, noor.User}},
		} {
			if _, err := tx.Exec(t.Context(), one.query, one.args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := service.Open(t.Context(), noor, chat.Opening{Kind: care.Community, Members: []care.UserID{leilani.User, maya.User}})
	if err != nil {
		t.Fatal(err)
	}
	return noor, leilani, maya, opened.Conversation.ID
}
