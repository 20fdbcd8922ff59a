package demo

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"hearth/internal/audit"
	"hearth/internal/blob"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/identity"
	"hearth/internal/testkit"
)

var seedAt = moments[0]

// world is a seeded database as a server would open it.
type world struct {
	t         *testing.T
	db        *db.DB
	practice  Practice
	directory *directory.Service
	identity  *identity.Service
	chat      *chat.Service
	signedIn  map[string]care.Actor
}

// eachSeeded runs a test on a practice in a database of each engine.
func eachSeeded(t *testing.T, test func(w *world)) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		began := time.Now()
		if err := Seed(t.Context(), d, files(t), seedAt); err != nil {
			t.Fatal(err)
		}
		t.Logf("preparing took %s", time.Since(began))
		test(open(t, d))
	})
}

// files is a store of files in a folder of the test.
func files(t *testing.T) *blob.Store {
	t.Helper()
	dir := t.TempDir()
	store, err := blob.Open(t.Context(), blob.Config{
		URL: filepath.Join(dir, "files"), KeyFile: filepath.Join(dir, "key"), Clock: time.Now, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func open(t *testing.T, d *db.DB) *world {
	clock := testkit.NewClock(seedAt).Now
	w := &world{
		t: t, db: d, practice: Build(seedAt), directory: directory.New(d, clock),
		identity: identity.New(d, clock, identity.Config{}), chat: chat.New(d, clock, nobody{}),
		signedIn: map[string]care.Actor{},
	}
	t.Cleanup(w.identity.Close)
	t.Cleanup(w.chat.Close)
	return w
}

func (w *world) signIn(email string) care.Actor {
	w.t.Helper()
	if actor, ok := w.signedIn[email]; ok {
		return actor
	}
	session, err := w.identity.SignIn(w.t.Context(), identity.SignIn{Email: email, Password: Password})
	if err != nil {
		w.t.Fatalf("%s cannot sign in: %v", email, err)
	}
	w.signedIn[email] = session.Actor
	return session.Actor
}

func (w *world) inbox(actor care.Actor, f chat.Filter) []*chat.Conversation {
	w.t.Helper()
	list, _, err := w.chat.Inbox(w.t.Context(), actor, f, nil, 200)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func TestSeedWritesThePracticeOnce(t *testing.T) {
	eachSeeded(t, func(w *world) {
		for _, s := range w.practice.SignIns {
			if actor := w.signIn(s.Email); actor.Name != s.Name {
				w.t.Errorf("%s signs in as %s", s.Email, actor.Name)
			}
		}
		w.checkClients()
		w.checkConversations()
		w.checkUnread()
		w.checkTemplates()
		reports, err := audit.VerifyAll(w.t.Context(), w.db)
		if err != nil || len(reports) != 2 {
			w.t.Errorf("%d chains, %v; want those of the practice and of the installation", len(reports), err)
		}
		for _, r := range reports {
			if !r.OK() {
				w.t.Errorf("the audit log does not hold: %s", r.Problem)
			}
		}
		w.checkAgain(reports)
	})
}

func (w *world) checkClients() {
	owner := w.signIn(w.practice.Staff[0].Email)
	for state, want := range map[care.ClientState]int{care.ClientActive: 113, care.ClientArchived: 7} {
		list, _, total, err := w.directory.Clients(w.t.Context(), owner, directory.ClientFilter{State: state}, directory.Page{Limit: 200})
		if err != nil || total != (directory.Total{Count: want}) || len(list) != want {
			w.t.Errorf("%v clients are %s (%v), want %d", total, state, err, want)
		}
	}
	invited := 0
	for _, want := range w.practice.Clients {
		got, err := w.directory.Client(w.t.Context(), owner, want.ID)
		if err != nil || got.Name != want.Name || got.Group != want.Group || len(got.CareTeam) != len(want.CareTeam) || got.Provider != want.CareTeam[0] {
			w.t.Errorf("%s is not as in the practice (%v)", want.Name, err)
		}
		if (got.Invited == care.InvitedPending) != !want.InvitedAt.IsZero() {
			w.t.Errorf("%s is %s", want.Name, got.Invited)
		}
		if got.Invited == care.InvitedPending {
			invited++
		}
	}
	if invited == 0 {
		w.t.Error("nobody is invited")
	}
}

// checkConversations compares everything people wrote, as one of the staff reads it.
func (w *world) checkConversations() {
	list := map[care.MessageID]care.Message{}
	for _, staff := range w.practice.Staff {
		actor := w.signIn(staff.Email)
		for _, state := range []string{chat.StateActive, chat.StateClosed} {
			for _, c := range w.inbox(actor, chat.Filter{State: state}) {
				w.read(actor, c, list)
			}
		}
	}
	for i, c := range w.practice.Conversations {
		var seq int64
		for n, want := range c.Messages {
			got, found := list[want.ID]
			if !found || got.Body != want.Body || got.Author.ID != want.Author || !got.CreatedAt.Equal(want.At) || got.Seq <= seq {
				w.t.Errorf("conversation %d, message %d is missing or differs", i, n+1)
			}
			if behalf := got.OnBehalfOf; (behalf == nil) != want.OnBehalfOf.IsZero() || (behalf != nil && behalf.ID != want.OnBehalfOf) {
				w.t.Errorf("conversation %d, message %d is on behalf of somebody else", i, n+1)
			}
			seq = got.Seq
		}
	}
}

// read pages through a conversation and checks that its numbers have no gap.
func (w *world) read(actor care.Actor, c *chat.Conversation, into map[care.MessageID]care.Message) {
	after := int64(0)
	for more := true; more; {
		var page []care.Message
		var err error
		page, more, err = w.chat.Messages(w.t.Context(), actor, c.ID, chat.Page{After: &after, Limit: 200})
		if err != nil {
			w.t.Fatal(err)
		}
		for _, m := range page {
			if m.Seq != after+1 && c.Kind == care.Direct {
				w.t.Errorf("message %d follows %d", m.Seq, after)
			}
			after = m.Seq
			into[m.ID] = m
		}
	}
}

// checkUnread compares how much of each conversation its members have not read.
func (w *world) checkUnread() {
	want := map[care.UserID]int64{}
	for _, c := range w.practice.Conversations {
		for _, m := range c.Members {
			for _, unread := range c.Messages[m.ReadSeq:] {
				if !unread.At.Before(m.JoinedAt) {
					want[m.Person]++
				}
			}
		}
	}
	for _, s := range w.practice.SignIns {
		actor := w.signIn(s.Email)
		var unread int64
		pinned, drafts := 0, 0
		for _, c := range w.inbox(actor, chat.Filter{}) {
			unread += c.Unread
			if c.Pinned {
				pinned++
			}
			if c.Draft != "" {
				drafts++
			}
		}
		if unread != want[actor.User] {
			w.t.Errorf("%s has %d unread messages, want %d", s.Name, unread, want[actor.User])
		}
		if s.Name == "Noor Haddad" && (pinned != 2 || drafts != 1 || unread == 0) {
			w.t.Errorf("Noor has %d pinned, %d drafts and %d unread", pinned, drafts, unread)
		}
	}
}

// checkAgain seeds a second time, a day later.
func (w *world) checkAgain(before []audit.Report) {
	if err := Seed(w.t.Context(), w.db, files(w.t), seedAt.AddDate(0, 0, 1)); err != nil {
		w.t.Errorf("the second time: %v", err)
	}
	after, err := audit.VerifyAll(w.t.Context(), w.db)
	if err != nil || len(before) != len(after) {
		w.t.Fatalf("%d chains, %d before (%v)", len(after), len(before), err)
	}
	for i := range after {
		if after[i].Rows != before[i].Rows {
			w.t.Errorf("%d acts, %d before the second time", after[i].Rows, before[i].Rows)
		}
	}
}

func TestAnInterruptedSeedIsSaid(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		ctx, stop := context.WithCancel(t.Context())
		s := newSeeder(d, files(t), Build(seedAt))
		s.history.then(s.practice.Staff[4].AddedAt, func(context.Context) error { stop(); return nil })
		err := s.run(ctx, seedAt)
		s.close()
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("interrupted: %v", err)
		}
		if err := Seed(t.Context(), d, files(t), seedAt); !errors.Is(err, ErrUnfinished) {
			t.Errorf("after an interruption: %v, want %v", err, ErrUnfinished)
		}
	})
}

func TestAPracticeOfSomebodyElseIsLeftAlone(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := w.directory.CreateOrganization(t.Context(), tx, directory.NewOrganization{Name: "Another practice"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := Seed(t.Context(), d, files(t), seedAt); err != nil {
			t.Errorf("beside another practice: %v", err)
		}
		if _, err := w.identity.SignIn(t.Context(), identity.SignIn{Email: w.practice.SignIns[0].Email, Password: Password}); err == nil {
			t.Error("the demo's people were added to another practice's database")
		}
	})
}
