package notes

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

var ctx = context.Background()

// world is a practice with a client's conversation, and another practice.
type world struct {
	t     *testing.T
	db    *db.DB
	chat  *chat.Service
	notes *Service
	now   time.Time

	mu     sync.Mutex
	events []care.Event

	org, other              care.OrgID
	noor, elias, sam, owner care.Actor // provider, provider elsewhere, support with the inbox, owner
	mallory, leilani, arjun care.Actor // owner of the other practice; clients
	in, team, circle        care.ConversationID
}

func (w *world) Publish(events ...care.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, events...)
}

// told gives the events of notes since the last call.
func (w *world) told() (events []care.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.events {
		if strings.HasPrefix(string(e.Type), "note.") {
			events = append(events, e)
		}
	}
	w.events = nil
	return events
}

func engines(t *testing.T, test func(w *world)) {
	t.Helper()
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := &world{t: t, db: d, now: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)}
		clock := func() time.Time { return w.now }
		w.chat = chat.New(d, clock, w)
		t.Cleanup(w.chat.Close)
		w.notes = New(d, clock, w.chat, w)
		w.org, w.other = w.organization(), w.organization()
		w.noor = w.staff(w.org, "Noor Haddad", care.RoleProvider)
		w.elias = w.staff(w.org, "Elias Brandt", care.RoleProvider)
		w.sam = w.staff(w.org, "Sam Whitehorse", care.RoleSupport)
		w.owner = w.staff(w.org, "Priya Raghunathan", care.RoleOwner)
		w.mallory = w.staff(w.other, "Mallory", care.RoleOwner)
		w.leilani, w.arjun = w.client("Leilani Kahale", w.noor), w.client("Arjun Mehta", w.elias)
		w.in = w.open(w.noor, care.Direct, w.leilani)
		w.team = w.open(w.noor, care.Internal, w.sam)
		w.circle = w.open(w.noor, care.Community, w.leilani, w.arjun)
		test(w)
	})
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	err := w.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) count(query string, args ...any) (n int64) {
	w.t.Helper()
	err := w.db.Read(ctx, func(tx *db.Tx) error { return tx.QueryRow(ctx, query, args...).Scan(&n) })
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) organization() care.OrgID {
	id := care.NewID[care.OrgID](w.now)
	w.exec(`INSERT INTO organizations (id, name, time_zone, second_factor, default_direct, default_community, version, created_at)
		VALUES ($1, 'A practice', 'UTC', 'optional', TRUE, TRUE, 1, 0)`, id)
	return id
}

func (w *world) person(org care.OrgID, kind care.PersonKind, name string) care.UserID {
	id := care.NewID[care.UserID](w.now)
	w.exec(`INSERT INTO people (id, org_id, kind, name, sort_name, created_at, request_hash) VALUES ($1, $2, $3, $4, LOWER($5), 0, $6)`,
		id, org, string(kind), name, name, []byte{})
	return id
}

func (w *world) staff(org care.OrgID, name string, role care.Role) care.Actor {
	id := w.person(org, care.KindStaff, name)
	w.exec(`INSERT INTO staff (user_id, org_id, role, clients_may_start, active, version) VALUES ($1, $2, $3, TRUE, TRUE, 1)`, id, org, string(role))
	return care.Actor{Org: org, User: id, Kind: care.KindStaff, Name: name, Role: role, Permissions: care.DefaultPermissions(role)}
}

func (w *world) client(name string, provider care.Actor) care.Actor {
	id := w.person(w.org, care.KindClient, name)
	w.exec(`INSERT INTO clients (user_id, org_id, state, primary_provider_id, default_direct, default_community, version)
		VALUES ($1, $2, 'active', $3, TRUE, TRUE, 1)`, id, w.org, provider.User)
	for _, staff := range []care.UserID{provider.User, w.noor.User} {
		w.exec(`INSERT INTO care_team (client_id, staff_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, id, staff)
	}
	return care.Actor{Org: w.org, User: id, Kind: care.KindClient, Name: name}
}

func (w *world) open(actor care.Actor, kind care.ConversationKind, members ...care.Actor) care.ConversationID {
	w.t.Helper()
	o := chat.Opening{Kind: kind}
	for _, m := range members {
		o.Members = append(o.Members, m.User)
	}
	opened, err := w.chat.Open(ctx, actor, o)
	if err != nil {
		w.t.Fatalf("opening: %v", err)
	}
	return opened.Conversation.ID
}

func (w *world) note(actor care.Actor, body string) Note {
	w.t.Helper()
	n, _, err := w.notes.Write(ctx, actor, w.in, care.NoteID{}, body)
	if err != nil {
		w.t.Fatalf("noting: %v", err)
	}
	return n
}

// list gives the notes as "place text", from all pages.
func (w *world) list(actor care.Actor, pageSize int) (lines []string) {
	w.t.Helper()
	for cursor := ""; ; {
		page, next, err := w.notes.List(ctx, actor, w.in, 0, cursor, pageSize)
		if err != nil {
			w.t.Fatalf("listing: %v", err)
		}
		for _, n := range page {
			line := fmt.Sprintf("%d %s", n.AfterSeq, n.Body)
			if !n.DeletedAt.IsZero() {
				line += "(deleted)"
			}
			lines = append(lines, line)
		}
		if cursor = next; next == "" {
			return lines
		}
	}
}

func (w *world) say(actor care.Actor, body string) {
	w.t.Helper()
	if _, _, err := w.chat.Send(ctx, actor, chat.Draft{Conversation: w.in, Body: body}); err != nil {
		w.t.Fatal(err)
	}
}

func TestNotesStandInTheConversation(t *testing.T) {
	engines(t, func(w *world) {
		w.note(w.noor, "before anything")
		w.say(w.leilani, "hello")
		w.say(w.noor, "hi")
		w.note(w.noor, "she sounds tired")
		second := w.note(w.sam, "call her on Monday")
		w.say(w.leilani, "bye")
		third := w.note(w.noor, "done")
		want := []string{"0 before anything", "2 she sounds tired", "2 call her on Monday", "3 done"}
		for _, size := range []int{1, 2, 200} {
			if got := w.list(w.noor, size); !slices.Equal(got, want) {
				w.t.Errorf("by %d: %q, want %q", size, got, want)
			}
		}
		page, _, err := w.notes.List(ctx, w.noor, w.in, 3, "", 10)
		if err != nil || len(page) != 1 || page[0].ID != third.ID {
			w.t.Errorf("behind the third message: %+v %v", page, err)
		}

		// Changing and deleting.
		w.now = w.now.Add(time.Minute)
		changed, err := w.notes.Edit(ctx, w.noor, third.ID, "all done")
		if err != nil || changed.Body != "all done" || !changed.EditedAt.Equal(w.now) {
			w.t.Errorf("changed: %+v %v", changed, err)
		}
		if err := w.notes.Delete(ctx, w.sam, second.ID); err != nil {
			w.t.Fatal(err)
		}
		want = []string{"0 before anything", "2 she sounds tired", "2 (deleted)", "3 all done"}
		if got := w.list(w.sam, 200); !slices.Equal(got, want) {
			w.t.Errorf("%q, want %q", got, want)
		}
		if _, err := w.notes.Edit(ctx, w.sam, second.ID, "again"); !errors.Is(err, care.Forbidden) {
			w.t.Errorf("changing a deleted one: %v", err)
		}
		if err := w.notes.Delete(ctx, w.sam, second.ID); err != nil {
			w.t.Errorf("deleting again: %v", err)
		}

		// Earlier versions are for those who may read the audit log.
		if _, err := w.notes.Versions(ctx, w.sam, second.ID); !errors.Is(err, care.Forbidden) {
			w.t.Errorf("versions without the right: %v", err)
		}
		for id, want := range map[care.NoteID]string{second.ID: "call her on Monday deleted Sam Whitehorse", third.ID: "done edited Noor Haddad"} {
			list, err := w.notes.Versions(ctx, w.owner, id)
			if err != nil || len(list) != 1 || list[0].Body+" "+list[0].Why+" "+list[0].By.Name != want {
				w.t.Errorf("versions %+v %v, want %s", list, err, want)
			}
		}

		// The conversation knows nothing of notes.
		c, err := w.chat.Conversation(ctx, w.leilani, w.in)
		if err != nil || c.LastSeq != 3 || c.LastMessage.Body != "bye" {
			w.t.Errorf("the client's conversation: %+v %v", c, err)
		}
	})
}

func TestARepeatedNote(t *testing.T) {
	engines(t, func(w *world) {
		id := care.NewID[care.NoteID](w.now)
		first, existed, err := w.notes.Write(ctx, w.noor, w.in, id, "once")
		if err != nil || existed {
			w.t.Fatalf("%v %v", existed, err)
		}
		w.say(w.leilani, "hello")
		if _, err := w.notes.Edit(ctx, w.noor, id, "changed since"); err != nil {
			w.t.Fatal(err)
		}
		w.told()
		again, existed, err := w.notes.Write(ctx, w.noor, w.in, id, "once")
		if err != nil || !existed || again.AfterSeq != first.AfterSeq || again.Body != "changed since" {
			w.t.Errorf("again: %+v %v %v", again, existed, err)
		}
		if told := w.told(); len(told) != 0 {
			w.t.Errorf("a repetition is told: %+v", told)
		}
		for name, err := range map[string]error{
			"another text": second(w.notes.Write(ctx, w.noor, w.in, id, "other")),
			"another one":  second(w.notes.Write(ctx, w.sam, w.in, id, "once")),
			"elsewhere":    second(w.notes.Write(ctx, w.noor, w.circle, id, "once")),
		} {
			var refusal *care.Error
			if !errors.As(err, &refusal) || refusal.Code != care.CodeIDReused {
				w.t.Errorf("%s: %v", name, err)
			}
		}
		if n := w.count(`SELECT COUNT(*) FROM staff_notes`); n != 1 {
			w.t.Errorf("%d notes", n)
		}
	})
}

func second(_ Note, _ bool, err error) error { return err }

func TestWhoReadsAndWritesNotes(t *testing.T) {
	engines(t, func(w *world) {
		n := w.note(w.noor, "for staff")
		for name, one := range map[string]struct {
			actor care.Actor
			in    care.ConversationID
			kind  care.Kind
		}{
			"the client":                    {w.leilani, w.in, care.Forbidden},
			"another client":                {w.arjun, w.in, care.NotFound},
			"a colleague who cannot see it": {w.elias, w.in, care.NotFound},
			"another practice":              {w.mallory, w.in, care.NotFound},
			"an internal conversation":      {w.noor, w.team, care.Invalid},
		} {
			if _, _, err := w.notes.List(ctx, one.actor, one.in, 0, "", 10); !errors.Is(err, one.kind) {
				w.t.Errorf("%s reads: %v", name, err)
			}
			if err := second(w.notes.Write(ctx, one.actor, one.in, care.NoteID{}, "x")); !errors.Is(err, one.kind) {
				w.t.Errorf("%s writes: %v", name, err)
			}
		}
		for name, actor := range map[string]care.Actor{"the client": w.leilani, "elias": w.elias, "mallory": w.mallory} {
			if _, err := w.notes.Edit(ctx, actor, n.ID, "mine now"); !errors.Is(err, care.NotFound) {
				w.t.Errorf("%s changes: %v", name, err)
			}
			if err := w.notes.Delete(ctx, actor, n.ID); !errors.Is(err, care.NotFound) {
				w.t.Errorf("%s deletes: %v", name, err)
			}
		}
		if _, err := w.notes.Versions(ctx, w.mallory, n.ID); !errors.Is(err, care.NotFound) {
			w.t.Errorf("another practice's versions: %v", err)
		}
		// Of those who read it the author changes it; who manages the team may take it away.
		if _, err := w.notes.Edit(ctx, w.owner, n.ID, "mine now"); !errors.Is(err, care.Forbidden) {
			w.t.Errorf("another's: %v", err)
		}
		if err := w.notes.Delete(ctx, w.sam, n.ID); !errors.Is(err, care.Forbidden) {
			w.t.Errorf("support deletes another's: %v", err)
		}
		if err := w.notes.Delete(ctx, w.owner, n.ID); err != nil {
			w.t.Errorf("the owner deletes: %v", err)
		}
		for _, bad := range []string{"", "  \n", "a\x00b", strings.Repeat("é", MaxBody+1)} {
			if err := second(w.notes.Write(ctx, w.noor, w.in, care.NoteID{}, bad)); !errors.Is(err, care.Invalid) {
				w.t.Errorf("%d bytes: %v", len(bad), err)
			}
		}
		w.note(w.noor, strings.Repeat("é", MaxBody))
	})
}

func TestNotesWhereNobodyCanWrite(t *testing.T) {
	engines(t, func(w *world) {
		w.exec(`UPDATE clients SET own_direct = FALSE WHERE user_id = $1`, w.leilani.User)
		w.note(w.noor, "chat is off")
		if _, err := w.chat.SetClosed(ctx, w.noor, w.in, true); err != nil {
			w.t.Fatal(err)
		}
		w.note(w.noor, "closed")
		w.exec(`UPDATE clients SET state = 'archived' WHERE user_id = $1`, w.leilani.User)
		n := w.note(w.sam, "archived")
		if _, err := w.notes.Edit(ctx, w.sam, n.ID, "archived since March"); err != nil {
			w.t.Error(err)
		}
		if got := w.list(w.noor, 10); len(got) != 3 {
			w.t.Errorf("%q", got)
		}
	})
}

func TestNotesAreToldToStaffAlone(t *testing.T) {
	engines(t, func(w *world) {
		w.told()
		n := w.note(w.sam, "for staff")
		if _, err := w.notes.Edit(ctx, w.sam, n.ID, "for staff only"); err != nil {
			w.t.Fatal(err)
		}
		if err := w.notes.Delete(ctx, w.sam, n.ID); err != nil {
			w.t.Fatal(err)
		}
		told := w.told()
		if len(told) != 3 {
			w.t.Fatalf("told %+v", told)
		}
		for _, e := range told {
			if !slices.Equal(e.To, []care.UserID{w.noor.User}) || e.Note != n.ID || e.Text != "" {
				w.t.Errorf("%+v", e)
			}
		}
	})
}

func TestNotesAreRecordedWithoutTheirText(t *testing.T) {
	engines(t, func(w *world) {
		n := w.note(w.noor, "canarytext one")
		if _, err := w.notes.Edit(ctx, w.noor, n.ID, "canarytext two"); err != nil {
			w.t.Fatal(err)
		}
		if err := w.notes.Delete(ctx, w.noor, n.ID); err != nil {
			w.t.Fatal(err)
		}
		if _, err := w.notes.Versions(ctx, w.owner, n.ID); err != nil {
			w.t.Fatal(err)
		}
		for _, action := range []string{"note.created", "note.updated", "note.deleted", "note.versions_read"} {
			if got := w.count(`SELECT COUNT(*) FROM audit_log WHERE action = $1 AND subject_id = $2`, action, w.in); got != 1 {
				w.t.Errorf("%s is recorded %d times", action, got)
			}
		}
		if got := w.count(`SELECT COUNT(*) FROM audit_log WHERE details LIKE '%canary%'`); got != 0 {
			w.t.Error("the audit log says what a note says")
		}
		// Somebody outside the care team who reads notes is recorded, once an hour.
		before := w.count(`SELECT COUNT(*) FROM audit_log WHERE action = 'conversation.read_by_outsider'`)
		w.list(w.sam, 10)
		w.list(w.sam, 10)
		w.list(w.noor, 10)
		if got := w.count(`SELECT COUNT(*) FROM audit_log WHERE action = 'conversation.read_by_outsider'`); got != before+1 {
			w.t.Errorf("%d readings are recorded", got-before)
		}
	})
}

// Who joins a community chat and reads from then on reads its notes from then on as well.
func TestNotesBeforeJoining(t *testing.T) {
	engines(t, func(w *world) {
		ask := func(actor care.Actor) int {
			w.t.Helper()
			list, _, err := w.notes.List(ctx, actor, w.circle, 0, "", 10)
			if err != nil {
				w.t.Fatal(err)
			}
			return len(list)
		}
		early, _, err := w.notes.Write(ctx, w.noor, w.circle, care.NoteID{}, "early")
		if err != nil {
			w.t.Fatal(err)
		}
		if _, _, err := w.chat.Send(ctx, w.noor, chat.Draft{Conversation: w.circle, Body: "welcome"}); err != nil {
			w.t.Fatal(err)
		}
		if _, err := w.chat.AddMember(ctx, w.noor, w.circle, w.elias.User); err != nil {
			w.t.Fatal(err)
		}
		if err := second(w.notes.Write(ctx, w.noor, w.circle, care.NoteID{}, "late")); err != nil {
			w.t.Fatal(err)
		}
		if n, e := ask(w.noor), ask(w.elias); n != 2 || e != 1 {
			w.t.Errorf("noor reads %d, elias %d", n, e)
		}
		if _, err := w.notes.Versions(ctx, w.elias, early.ID); !errors.Is(err, care.Forbidden) {
			w.t.Errorf("versions: %v", err)
		}
		if err := w.notes.Delete(ctx, w.elias, early.ID); !errors.Is(err, care.NotFound) {
			w.t.Errorf("the early one: %v", err)
		}
	})
}
