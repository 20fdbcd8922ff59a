package onboard_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/identity"
	"hearth/internal/onboard"
	"hearth/internal/testkit"
)

const password = "correct horse battery"

// world is one database with all services and a practice.
type world struct {
	*testing.T
	d        *db.DB
	onboard  *onboard.Service
	identity *identity.Service
	chat     *chat.Service
	people   *directory.Service
	owner    care.Actor

	mu     sync.Mutex
	events []care.Event
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{T: t, d: d}
	clock, events := testkit.NewClock(time.Time{}), bus.New()
	w.people = directory.New(d, clock.Now)
	w.identity = identity.New(d, clock.Now, identity.Config{
		Hash: identity.HashParams{Passes: 1, MemoryKiB: 64, Threads: 1}, PublicURL: "http://hearth.test", Bus: events,
	})
	w.chat = chat.New(d, clock.Now, events)
	w.onboard = onboard.New(d, clock.Now, w.people, w.identity, w.chat, events)
	cancel := events.Subscribe(func(e care.Event) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.events = append(w.events, e)
	})
	t.Cleanup(func() { cancel(); w.chat.Close(); w.identity.Close() })
	w.owner = w.actor(w.practice("North", "olga@example.org").Owner)
	return w
}

func (w *world) practice(name, email string) onboard.Practice {
	w.Helper()
	p, err := w.onboard.SetUp(w.Context(), w.newPractice(name, email, false))
	if err != nil {
		w.Fatal(err)
	}
	return p
}

func (w *world) newPractice(name, email string, first bool) onboard.NewPractice {
	w.Helper()
	hash, err := w.identity.HashPassword(password)
	if err != nil {
		w.Fatal(err)
	}
	return onboard.NewPractice{Organization: name, OwnerName: "Olga", OwnerEmail: email, PasswordHash: hash, FirstOnly: first}
}

func (w *world) actor(s directory.Staff) care.Actor {
	w.Helper()
	session, err := w.identity.SignIn(w.Context(), identity.SignIn{Email: s.Email, Password: password, Bearer: true})
	if err != nil {
		w.Fatal(err)
	}
	return session.Actor
}

func (w *world) staff(name string, role care.Role) onboard.AddedStaff {
	w.Helper()
	added, err := w.onboard.AddStaff(w.Context(), w.owner, onboard.NewStaff{
		Password: password, NewStaff: directory.NewStaff{Name: name, Email: strings.ToLower(name) + "@example.org", Role: role},
	})
	if err != nil {
		w.Fatal(err)
	}
	return added
}

// count asks for one number.
func (w *world) count(query string, args ...any) (n int) {
	w.Helper()
	err := w.d.Read(w.Context(), func(tx *db.Tx) error { return tx.QueryRow(w.Context(), query, args...).Scan(&n) })
	if err != nil {
		w.Fatal(err)
	}
	return n
}

// told gives the types of the events since it was last asked.
func (w *world) told() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var types []string
	for _, e := range w.events {
		types = append(types, string(e.Type))
	}
	w.events = nil
	return strings.Join(types, " ")
}

func TestAddClient(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rosa := w.staff("Rosa", care.RoleProvider)
		w.told()
		for _, c := range []struct {
			what            string
			email, password string
			state           care.InvitedState
			link            bool
		}{
			{"with an address", "ana@example.org", "", care.InvitedPending, true},
			{"with a password", "ben@example.org", password, care.InvitedJoined, false},
			{"with nothing", "", "", care.InvitedNever, false},
		} {
			added, err := w.onboard.AddClient(t.Context(), w.owner, onboard.NewClient{
				Password: c.password, NewClient: directory.NewClient{Name: "Ana", Email: c.email, Provider: rosa.ID},
			})
			if err != nil {
				t.Fatalf("%s: %v", c.what, err)
			}
			if added.Invited != c.state || (added.Invitation != nil) != c.link || (c.link && added.Invitation.Link == "") {
				t.Errorf("%s: %s, invitation %+v", c.what, added.Invited, added.Invitation)
			}
			read, err := w.people.Client(t.Context(), w.owner, added.ID)
			if err != nil || read.Invited != c.state || read.DirectConversation != added.DirectConversation || read.DirectConversation.IsZero() {
				t.Errorf("%s: read again %+v, %v", c.what, read, err)
			}
			if got := w.told(); got != "conversation.created" {
				t.Errorf("%s: told %q", c.what, got)
			}
		}
		if _, err := w.identity.SignIn(t.Context(), identity.SignIn{Email: "ben@example.org", Password: password}); err != nil {
			t.Error("with the password:", err)
		}
	})
}

func TestAddingIsRefusedBeforeAnything(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rosa := w.staff("Rosa", care.RoleProvider)
		people, rows := w.count(`SELECT COUNT(*) FROM people`), w.count(`SELECT COUNT(*) FROM audit_log`)
		client := directory.NewClient{Name: "Ana", Email: "rosa@example.org", Provider: rosa.ID}
		_, err := w.onboard.AddClient(t.Context(), w.owner, onboard.NewClient{NewClient: client, Password: password})
		if !errors.Is(err, care.Invalid) {
			t.Errorf("a taken address: %v", err)
		}
		_, err = w.onboard.AddClient(t.Context(), w.owner, onboard.NewClient{NewClient: client, Password: "short"})
		if !errors.Is(err, care.Invalid) {
			t.Errorf("a short password: %v", err)
		}
		someone := care.Actor{Org: w.owner.Org, User: rosa.ID, Kind: care.KindStaff, Role: care.RoleProvider}
		if _, err = w.onboard.AddClient(t.Context(), someone, onboard.NewClient{NewClient: client}); !errors.Is(err, care.Forbidden) {
			t.Errorf("without the permission: %v", err)
		}
		if _, err = w.onboard.AddStaff(t.Context(), someone, onboard.NewStaff{}); !errors.Is(err, care.Forbidden) {
			t.Errorf("staff without the permission: %v", err)
		}
		if w.count(`SELECT COUNT(*) FROM people`) != people || w.count(`SELECT COUNT(*) FROM audit_log`) != rows {
			t.Error("something was stored")
		}
	})
}

// Whatever fails last, nothing of a client stays: here the conversation cannot be made.
func TestAClientIsAddedWholeOrNotAtAll(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		people, rows := w.count(`SELECT COUNT(*) FROM people`), w.count(`SELECT COUNT(*) FROM audit_log`)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `ALTER TABLE conversation_members RENAME TO hidden`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		w.told()
		_, err = w.onboard.AddClient(t.Context(), w.owner, onboard.NewClient{
			NewClient: directory.NewClient{Name: "Ana", Email: "ana@example.org", Provider: w.owner.User},
		})
		if err == nil {
			t.Fatal("was added without a conversation")
		}
		if w.count(`SELECT COUNT(*) FROM people`) != people || w.count(`SELECT COUNT(*) FROM audit_log`) != rows || w.told() != "" {
			t.Error("something stayed")
		}
	})
}

func TestChangingTheProviderMakesTheirConversation(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rosa, sam := w.staff("Rosa", care.RoleProvider), w.staff("Sam", care.RoleProvider)
		ana, err := w.onboard.AddClient(t.Context(), w.owner, onboard.NewClient{NewClient: directory.NewClient{Name: "Ana", Provider: rosa.ID}})
		if err != nil {
			t.Fatal(err)
		}
		w.told()
		provide := func(id care.UserID) care.ConversationID {
			c, err := w.onboard.ChangeClient(t.Context(), w.owner, ana.ID, directory.ClientChange{Provider: &id})
			if err != nil {
				t.Fatal(err)
			}
			return c.DirectConversation
		}
		withSam := provide(sam.ID)
		if got := w.told(); got != "conversation.created" || withSam == ana.DirectConversation || withSam.IsZero() {
			t.Errorf("told %q, conversation %s", got, withSam)
		}
		if back := provide(rosa.ID); back != ana.DirectConversation || w.told() != "" {
			t.Error("the conversation that was there is not used again")
		}
	})
}

func TestAnotherAddressEndsOpenLinks(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ana, err := w.onboard.AddClient(t.Context(), w.owner, onboard.NewClient{
			NewClient: directory.NewClient{Name: "Ana", Email: "wrong@example.org", Provider: w.owner.User},
		})
		if err != nil {
			t.Fatal(err)
		}
		_, token, _ := strings.Cut(ana.Invitation.Link, "#")
		if _, err := w.identity.Lookup(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		email := "ana@example.org"
		if _, err := w.onboard.ChangeClient(t.Context(), w.owner, ana.ID, directory.ClientChange{Email: &email}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.identity.Lookup(t.Context(), token); !errors.Is(err, care.NotFound) {
			t.Errorf("the earlier link: %v", err)
		}
		again, err := w.onboard.InviteClient(t.Context(), w.owner, ana.ID)
		if err != nil {
			t.Fatal(err)
		}
		_, token, _ = strings.Cut(again.Link, "#")
		if offer, err := w.identity.Lookup(t.Context(), token); err != nil || offer.Email != email {
			t.Errorf("the new link: %+v, %v", offer, err)
		}
	})
}

func TestDeactivationEndsSessions(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rosa := w.staff("Rosa", care.RoleProvider)
		session, err := w.identity.SignIn(t.Context(), identity.SignIn{Email: "rosa@example.org", Password: password, Bearer: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.identity.Authenticate(t.Context(), session.Token); err != nil {
			t.Fatal(err)
		}
		w.told()
		off := false
		if _, err := w.onboard.ChangeStaff(t.Context(), w.owner, rosa.ID, directory.StaffChange{Active: &off}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.identity.Authenticate(t.Context(), session.Token); !errors.Is(err, care.Unauthenticated) {
			t.Errorf("the session still works: %v", err)
		}
		if got := w.told(); got != "session.ended" {
			t.Errorf("told %q", got)
		}
	})
}

// A person with fewer permissions must not get at the account of one with more.
func TestInvitingIsNoWayUp(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		team := care.PermissionsOf(care.ManageTeam)
		added, err := w.onboard.AddStaff(t.Context(), w.owner, onboard.NewStaff{
			Password: password, NewStaff: directory.NewStaff{Name: "Lea", Email: "lea@example.org", Role: care.RoleSupport, Permissions: &team},
		})
		if err != nil {
			t.Fatal(err)
		}
		lea := w.actor(added.Staff)
		links := w.count(`SELECT COUNT(*) FROM invitations`)
		for what, id := range map[string]care.UserID{"an owner": w.owner.User, "an admin": w.staff("Ada", care.RoleAdmin).ID, "herself": lea.User} {
			if _, err := w.onboard.InviteStaff(t.Context(), lea, id); !errors.Is(err, care.Forbidden) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := w.onboard.InviteClient(t.Context(), lea, w.owner.User); !errors.Is(err, care.NotFound) {
			t.Errorf("an owner as if a client: %v", err)
		}
		if w.count(`SELECT COUNT(*) FROM invitations`) != links {
			t.Error("a link was made")
		}
	})
}

func TestSetUp(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		second := w.practice("South", "mallory@example.net")
		if second.Owner.Role != care.RoleOwner || second.Organization.Name != "South" || w.actor(second.Owner).Org != second.Organization.ID {
			t.Errorf("the second practice: %+v", second)
		}
		_, err := w.onboard.SetUp(t.Context(), w.newPractice("East", "olga@example.org", false))
		var failure *care.Error
		if !errors.As(err, &failure) || failure.Fields[0].Field != "owner_email" || failure.Fields[0].Code != "taken" {
			t.Errorf("a taken address: %v", err)
		}
		if _, err := w.onboard.SetUp(t.Context(), w.newPractice("West", "west@example.org", true)); !errors.Is(err, care.NotFound) {
			t.Errorf("the first one, again: %v", err)
		}
		if n := w.count(`SELECT COUNT(*) FROM organizations`); n != 2 {
			t.Errorf("%d organizations", n)
		}
	})
}

func TestTheFirstPracticeIsMadeOnce(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		clock, events := testkit.NewClock(time.Time{}), bus.New()
		accounts := identity.New(d, clock.Now, identity.Config{Hash: identity.HashParams{Passes: 1, MemoryKiB: 64, Threads: 1}, Bus: events})
		defer accounts.Close()
		chats := chat.New(d, clock.Now, events)
		defer chats.Close()
		service := onboard.New(d, clock.Now, directory.New(d, clock.Now), accounts, chats, events)
		hash, err := accounts.HashPassword(password)
		if err != nil {
			t.Fatal(err)
		}
		var wait sync.WaitGroup
		errs := make(chan error, 4)
		for i := range 4 {
			wait.Go(func() {
				_, err := service.SetUp(context.Background(), onboard.NewPractice{
					Organization: "North", OwnerName: "Olga", OwnerEmail: string(rune('a'+i)) + "@example.org", PasswordHash: hash, FirstOnly: true,
				})
				errs <- err
			})
		}
		wait.Wait()
		close(errs)
		made := 0
		for err := range errs {
			switch {
			case err == nil:
				made++
			case !errors.Is(err, care.NotFound):
				t.Error(err)
			}
		}
		if made != 1 {
			t.Errorf("made %d times", made)
		}
	})
}
