package live

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/notes"
)

// client makes somebody a client.
func (r *rig) client(name string) care.Actor {
	actor := r.person(name)
	actor.Kind = care.KindClient
	r.mu.Lock()
	defer r.mu.Unlock()
	r.people[name] = actor
	return actor
}

// inbox makes somebody staff with the permission organization inbox.
func (r *rig) inbox(name string) care.Actor {
	actor := r.person(name)
	actor.Permissions = care.PermissionsOf(care.OrganizationInbox)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.people[name] = actor
	return actor
}

func looks(at care.ConversationID, typing bool) string {
	return fmt.Sprintf(`{"type":"viewing","conversation_id":%q,"typing":%v,"ref":"l"}`, at, typing)
}

// waits reads until a presence frame tells who is there and who is writing.
func (d *device) waits(viewers, writing string) {
	d.t.Helper()
	var got string
	for range 50 {
		f := d.next()
		if at(f, "type") != "presence" {
			continue
		}
		if got = names(f, "viewers") + "/" + names(f, "typing"); got == viewers+"/"+writing {
			return
		}
	}
	d.t.Fatalf("there is %q, want %q", got, viewers+"/"+writing)
}

func names(frame map[string]any, list string) string {
	data, _ := frame["data"].(map[string]any)
	people, _ := data[list].([]any)
	var all []string
	for _, p := range people {
		all = append(all, fmt.Sprint(p.(map[string]any)["name"]))
	}
	return strings.Join(all, " ")
}

func everybodyMayRead(r *rig, members ...care.Actor) {
	r.chat.members = func(care.Actor) ([]care.UserID, error) {
		var ids []care.UserID
		for _, m := range members {
			ids = append(ids, m.User)
		}
		return ids, nil
	}
}

func TestWhoIsLooking(t *testing.T) {
	r := newRig(t)
	noor, leilani := r.person("noor"), r.client("leilani")
	r.inbox("sam")
	everybodyMayRead(r, noor, leilani)
	desk, phone, hers := r.connect("noor"), r.connect("noor"), r.connect("leilani")
	sam := r.connect("sam")
	desk.write(looks(thread, false))
	desk.waits("noor", "")
	sam.write(looks(thread, false))
	sam.waits("noor sam", "")
	desk.waits("noor sam", "")
	sam.write(looks(thread, true)) // writing a note, say
	desk.waits("noor sam", "sam")
	sam.write(looks(thread, false))
	desk.waits("noor sam", "")
	// Somebody with two devices is there once, and until the last one has gone.
	phone.write(looks(thread, false))
	phone.waits("noor sam", "")
	desk.write(`{"type":"viewing","conversation_id":null}`)
	sam.write(looks(thread, true))
	sam.waits("noor sam", "sam")
	phone.write(looks(care.NewID[care.ConversationID](time.Now()), false))
	sam.waits("sam", "sam")
	// A connection that ends looks at nothing.
	desk.write(looks(thread, false))
	sam.waits("noor sam", "sam")
	_ = desk.ws.CloseNow()
	sam.waits("sam", "sam")
	hers.nothing()
}

func TestWhatAClientLooksAtIsKnownAndToldToNobody(t *testing.T) {
	r := newRig(t)
	noor, leilani := r.person("noor"), r.client("leilani")
	everybodyMayRead(r, noor, leilani)
	desk, hers := r.connect("noor"), r.connect("leilani")
	desk.write(looks(thread, false))
	desk.waits("noor", "")
	hers.write(looks(thread, false))
	if got := at(hers.next(), "type"); got != "ack" {
		t.Errorf("she is told %q", got)
	}
	for end := time.Now().Add(10 * time.Second); !r.hub.Looking(thread, leilani.User); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nobody knows that she looks")
		}
	}
	desk.write(looks(thread, true))
	desk.waits("noor", "noor") // and she is not there
	hers.nothing()
	_ = hers.ws.CloseNow()
	for end := time.Now().Add(10 * time.Second); r.hub.Looking(thread, leilani.User); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("she is gone and looks on")
		}
	}
	if !r.hub.Looking(thread, noor.User) || r.hub.Looking(care.NewID[care.ConversationID](time.Now()), noor.User) {
		t.Error("what noor looks at is not known")
	}
}

func TestWhatAClientLooksAtIsKnownOnOtherNodes(t *testing.T) {
	r := newRig(t)
	leilani := r.client("leilani")
	said := func(what string) {
		r.hub.receive(care.Event{
			Type: care.EventPresence, Org: leilani.Org, Conversation: thread, Text: what, Origin: 1 << 40,
			Person: care.Person{ID: leilani.User, Kind: care.KindClient},
		})
	}
	if said("here"); !r.hub.Looking(thread, leilani.User) {
		t.Error("what another node says is not known")
	}
	if said("gone"); r.hub.Looking(thread, leilani.User) {
		t.Error("she is gone and looks on")
	}
}

func TestLookingIsForWhoMayRead(t *testing.T) {
	r := newRig(t)
	r.client("leilani")
	r.person("elias")
	r.chat.members = func(care.Actor) ([]care.UserID, error) { return nil, care.Missing("conversation") }
	for name, want := range map[string]string{"leilani": "not_found", "elias": "not_found"} {
		d := r.connect(name)
		d.write(looks(thread, false))
		if got := at(d.next(), "problem.code"); got != want {
			t.Errorf("%s is answered %q, want %s", name, got, want)
		}
		d.nothing()
	}
	if n := len(r.hub.lookers(thread)); n != 0 {
		t.Errorf("%d look on", n)
	}
}

// Whoever may not read a conversation any more is told nothing from the next frame on.
func TestLookingEndsWithTheRight(t *testing.T) {
	r := newRig(t)
	noor := r.person("noor")
	r.inbox("sam")
	var revoked atomic.Bool
	r.chat.members = func(actor care.Actor) ([]care.UserID, error) {
		if revoked.Load() && actor.Name == "sam" {
			return nil, care.Missing("conversation")
		}
		return []care.UserID{noor.User}, nil
	}
	desk, sam := r.connect("noor"), r.connect("sam")
	desk.write(looks(thread, false))
	sam.write(looks(thread, false))
	desk.waits("noor sam", "")
	revoked.Store(true)
	sam.write(looks(thread, false))
	desk.waits("noor", "")
	eventually(t, "sam is put out", func() bool { return len(r.hub.lookers(thread)) == 1 })
}

func TestTypingFromOutsideIsSeenByStaffOnly(t *testing.T) {
	r := newRig(t)
	noor, leilani := r.person("noor"), r.client("leilani")
	r.inbox("sam")
	everybodyMayRead(r, noor, leilani)
	desk, hers, sam := r.connect("noor"), r.connect("leilani"), r.connect("sam")
	desk.write(looks(thread, false))
	sam.write(looks(thread, false))
	desk.waits("noor sam", "")
	sam.write(fmt.Sprintf(`{"type":"typing","conversation_id":%q}`, thread))
	desk.waits("noor sam", "sam")
	hers.nothing()
}

func TestLookingRunsOut(t *testing.T) {
	var later atomic.Int64
	r := newRig(t, func(c *Config) {
		c.Clock = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	})
	noor := r.person("noor")
	r.inbox("sam")
	everybodyMayRead(r, noor)
	desk, sam := r.connect("noor"), r.connect("sam")
	sam.write(looks(thread, true))
	sam.waits("sam", "sam")
	desk.write(looks(thread, false))
	desk.waits("noor sam", "sam")
	later.Store(int64(typingFor + time.Second))
	r.hub.sweepPresence()
	desk.waits("noor sam", "")
	later.Store(int64(lookingFor - time.Second))
	desk.write(looks(thread, false)) // said again
	desk.next()
	later.Store(int64(lookingFor + 2*time.Second))
	r.hub.sweepPresence()
	desk.waits("noor", "")
	later.Store(int64(3 * lookingFor))
	r.hub.sweepPresence()
	r.hub.presence.mu.Lock()
	defer r.hub.presence.mu.Unlock()
	if len(r.hub.presence.rooms) != 0 {
		t.Error("a room stays although nobody is there")
	}
}

// cables joins the buses of two nodes as PostgreSQL does: without names, and without
// saying which connection it was.
type cables struct {
	*bus.Local
	mu    sync.Mutex
	other *bus.Local
}

func (b *cables) Publish(events ...care.Event) {
	b.Local.Publish(events...)
	for _, e := range events {
		e.Person.Name, e.Origin, e.Message = "", 0, nil
		b.other.Publish(e)
	}
}

func TestLookingAcrossNodes(t *testing.T) {
	here := newRig(t)
	there := newRig(t, func(c *Config) { c.Bus = &cables{Local: bus.New(), other: here.bus} })
	noor, sam := here.person("noor"), there.inbox("sam")
	everybodyMayRead(here, noor)
	everybodyMayRead(there, noor)
	desk, far := here.connect("noor"), there.connect("sam")
	desk.write(looks(thread, false))
	desk.waits("noor", "")
	far.write(looks(thread, true))
	desk.waits("Somebody noor", "Somebody") // looked up: names do not travel
	far.write(`{"type":"viewing","conversation_id":null}`)
	desk.waits("noor", "")
	_ = sam
}

func TestNewsOfTheQueue(t *testing.T) {
	r := newRig(t)
	noor, leilani := r.person("noor"), r.client("leilani")
	r.inbox("sam")
	mallory := r.inbox("mallory")
	mallory.Org = care.NewID[care.OrgID](time.Now())
	r.mu.Lock()
	r.people["mallory"] = mallory
	r.mu.Unlock()
	sam, hers, desk, foreign := r.connect("sam"), r.connect("leilani"), r.connect("noor"), r.connect("mallory")
	for seq := range int64(20) {
		e := posted(seq+1, "secret", leilani, noor)
		e.Queue = true
		r.bus.Publish(e)
		hers.next()
		desk.next()
	}
	f := sam.next()
	if at(f, "type") != "queue.updated" || at(f, "data.conversation_id") != thread.String() {
		t.Errorf("the queue is told %v", f)
	}
	if data := f["data"].(map[string]any); len(data) != 1 {
		t.Errorf("it is told more than which conversation: %v", data)
	}
	internal := posted(21, "team", noor)
	r.bus.Publish(internal)
	desk.next()
	for _, d := range []*device{hers, desk, foreign} {
		d.nothing()
	}
	// Very much at once is one frame: look at everything again. One that is under way for
	// what came before may precede it.
	for range maxNews + 5 {
		r.bus.Publish(care.Event{
			Type: care.EventConversationUpdated, Org: practice, Conversation: care.NewID[care.ConversationID](time.Now()), Queue: true,
		})
	}
	for f = sam.next(); at(f, "data.conversation_id") != ""; f = sam.next() {
		if at(f, "data.conversation_id") != thread.String() {
			t.Fatalf("one by one: %v", f)
		}
	}
	sam.nothing()
	r.hub.mu.RLock()
	defer r.hub.mu.RUnlock()
	if n := len(r.hub.staff[practice]); n != 2 {
		t.Errorf("%d of staff are known", n)
	}
}

// noted answers with one note.
type noted struct{ n notes.Note }

func (n noted) At(context.Context, care.OrgID, care.NoteID) (notes.Note, bool, error) {
	return n.n, true, nil
}

func TestNotesReachStaffOnly(t *testing.T) {
	n := notes.Note{ID: care.NewID[care.NoteID](time.Now()), Conversation: thread, Body: "She sounds tired", CreatedAt: time.Now()}
	r := newRig(t, func(c *Config) { c.Notes = noted{n} })
	noor, leilani := r.person("noor"), r.client("leilani")
	r.inbox("sam")
	r.inbox("away")
	elias := r.person("elias")
	everybodyMayRead(r, noor, leilani)
	desk, hers, sam, away := r.connect("noor"), r.connect("leilani"), r.connect("sam"), r.connect("away")
	other := r.connect("elias") // looks on, and has no right any more
	sam.write(looks(thread, false))
	sam.waits("sam", "")
	other.write(looks(thread, false))
	other.waits("elias sam", "")
	// Even an event that names the client by mistake does not reach her.
	r.bus.Publish(care.Event{
		Type: care.EventNoteCreated, Org: practice, Conversation: thread, Note: n.ID, To: []care.UserID{noor.User, leilani.User},
	})
	for _, d := range []*device{desk, sam} {
		f := d.next()
		for at(f, "type") != "note.created" {
			f = d.next()
		}
		if at(f, "data.body") != "She sounds tired" || at(f, "data.id") != n.ID.String() {
			t.Errorf("the note is %v", f)
		}
	}
	hers.nothing()
	away.nothing() // who does not look reads it, and is recorded, when they do
	_ = elias
	for {
		f := other.next2()
		if f == nil {
			break
		}
		if strings.HasPrefix(at(f, "type"), "note.") {
			t.Errorf("who may not read it got %v", f)
		}
	}
}

// next2 gives what came before a mark, frame by frame, and then nil.
func (d *device) next2() map[string]any {
	d.t.Helper()
	d.write(`{"type":"no such type","ref":"mark"}`)
	f := d.next()
	if at(f, "ref") == "mark" {
		return nil
	}
	return f
}

// BenchmarkNews is what an event costs the publisher where staff are connected.
func BenchmarkNews(b *testing.B) {
	h := New(Config{Bus: bus.New(), Clock: time.Now, Logger: slog.New(slog.DiscardHandler)})
	server := httptest.NewServer(h)
	defer server.Close()
	defer h.Drain(b.Context())
	c := h.newConn(care.Actor{Org: practice, Kind: care.KindStaff, Permissions: care.PermissionsOf(care.OrganizationInbox)}, "")
	if err := h.add(c); err != nil {
		b.Fatal(err)
	}
	defer h.open.Done()
	e := care.Event{Type: care.EventMessageCreated, Org: practice, Conversation: thread, Queue: true}
	for b.Loop() {
		h.collect(e)
	}
}
