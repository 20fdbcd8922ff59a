package live

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"hearth/internal/attach"
	"hearth/internal/blast"
	"hearth/internal/blob"
	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// No frame tells a client that their message is one of a blast, neither from this node nor
// from another one, whatever becomes of it; its sender is told how far it is.
func TestNoFrameTellsOfABlast(t *testing.T) {
	for name, wrap := range map[string]func(*bus.Local) bus.Bus{
		"here":     func(b *bus.Local) bus.Bus { return b },
		"far away": func(b *bus.Local) bus.Bus { return far{b} },
	} {
		t.Run(name, func(t *testing.T) {
			testkit.Engines(t, func(t *testing.T, d *db.DB) { mailing(t, d, wrap(bus.New())) })
		})
	}
}

func newBlasts(t *testing.T, d *db.DB, service *chat.Service, events bus.Bus) *blast.Service {
	t.Helper()
	dir := t.TempDir()
	files, err := blob.Open(t.Context(), blob.Config{URL: dir + "/files", KeyFile: dir + "/files.key", Clock: time.Now, Logger: slog.New(slog.DiscardHandler)})
	must(t, err)
	return blast.New(d, time.Now, service, attach.New(d, time.Now, files, attach.Limits{}), events)
}

func mailing(t *testing.T, d *db.DB, events bus.Bus) {
	service := chat.New(d, time.Now, events)
	t.Cleanup(service.Close)
	ctx, blasts := t.Context(), newBlasts(t, d, service, events)
	r := newRig(t, func(c *Config) { c.Chat, c.Bus, c.Blasts = service, events, blasts })
	noor, leilani, _ := practiceWith(t, d, r, service)
	noor.Role, noor.Permissions = care.RoleProvider, care.DefaultPermissions(care.RoleProvider)
	r.people["noor"] = noor
	must(t, d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE people SET email = 'leilani@client.example' WHERE id = $1`, leilani.User)
		return err
	}))
	hers, staff, bystander := r.connect("leilani"), r.connect("noor"), r.person("elias")
	his := r.connect(bystander.Name)
	b, _, err := blasts.Create(ctx, noor, blast.Request{Title: "Staff only", Body: "Hello", Recipients: blast.Recipients{Clients: []care.UserID{leilani.User}}})
	must(t, err)
	for worked := true; worked; {
		worked, err = blasts.Work(ctx)
		must(t, err)
	}
	list, _, err := blasts.Recipients(ctx, noor, b.ID, blast.OutcomeFilter{}, 0, 10)
	must(t, err)
	in := list[0].Conversation
	messages, _, err := service.Messages(ctx, noor, in, chat.Page{Limit: 1})
	must(t, err)
	for _, act := range []func() error{
		func() error { _, err := service.Edit(ctx, noor, in, messages[0].ID, "Hello again"); return err },
		func() error { _, err := service.React(ctx, leilani, in, messages[0].ID, "👍", true); return err },
		func() error { _, err := service.MarkRead(ctx, leilani, in, 1); return err },
		func() error {
			_, _, err := service.Send(ctx, leilani, chat.Draft{Conversation: in, Body: "Thanks", ReplyTo: messages[0].ID})
			return err
		},
		func() error { return service.Delete(ctx, noor, in, messages[0].ID) },
		func() error { _, err := service.SetClosed(ctx, noor, in, true); return err },
		func() error { _, err := service.SetClosed(ctx, noor, in, false); return err },
		func() error {
			_, _, err := service.Send(ctx, noor, chat.Draft{Conversation: in, Body: "The end"})
			return err
		},
	} {
		must(t, act())
	}
	seen := kinds(t, hers, "blast", false)
	for _, kind := range []string{"conversation.created", "message.created", "message.updated", "message.deleted", "conversation.updated", "read.updated"} {
		if !seen[kind] {
			t.Errorf("no %s came to her", kind)
		}
	}
	kinds(t, staff, fmt.Sprintf(`"blast_id":"%s"`, b.ID), true)
	his.nothing()
}

// Its sender is told how far a blast is, with the numbers, and who sees all; nobody else.
func TestBlastProgress(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		service := chat.New(d, time.Now, discard{})
		t.Cleanup(service.Close)
		events := bus.New()
		ctx, blasts := t.Context(), newBlasts(t, d, service, events)
		r := newRig(t, func(c *Config) { c.Chat, c.Bus, c.Blasts = service, events, blasts })
		noor, leilani, _ := practiceWith(t, d, r, service)
		noor.Permissions = care.DefaultPermissions(care.RoleProvider)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE people SET email = 'leilani@client.example' WHERE id = $1`, leilani.User)
			return err
		}))
		sam, mallory := r.person("sam"), r.person("mallory")
		sam.Permissions, mallory.Permissions = care.PermissionsOf(care.OrganizationInbox), care.PermissionsOf(care.AllPermissions...)
		mallory.Org = care.NewID[care.OrgID](time.Now())
		r.people["sam"], r.people["mallory"] = sam, mallory
		staff, elias := r.connect("noor"), r.person("elias")
		his, overseer, elsewhere := r.connect(elias.Name), r.connect("sam"), r.connect("mallory")
		to := blast.Recipients{Clients: []care.UserID{leilani.User}}
		b, _, err := blasts.Create(ctx, noor, blast.Request{Title: "Staff only", Body: "Hello", Recipients: to, SendAt: time.Now().Add(time.Hour)})
		must(t, err)
		_, err = blasts.Cancel(ctx, noor, b.ID)
		must(t, err)
		text, err := json.Marshal(staff.next())
		must(t, err)
		want := fmt.Sprintf(`{"data":{"id":"%s","pending":0,"read":0,"replied":0,"seconds_left":null,"sent":0,"skipped":1,"state":"cancelled","total":1,"version":2},"type":"blast.progress"}`, b.ID)
		if string(text) != want || strings.Contains(string(text), "Staff only") {
			t.Errorf("the frame is %s", text)
		}
		if text, err = json.Marshal(overseer.next()); err != nil || string(text) != want {
			t.Errorf("who sees all is told %s (%v)", text, err)
		}
		for _, other := range []*device{his, elsewhere, r.connect("leilani")} {
			other.nothing()
		}
	})
}

type discard struct{}

func (discard) Publish(...care.Event) {}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
