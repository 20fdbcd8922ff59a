package chataccess_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/testkit"
)

// later makes a practice write what follows the change of any group after it.
func (p *practice) later() *practice {
	p.svc.LargeGroups(0)
	return p
}

func (p *practice) setGroup(group care.GroupID, e chataccess.Edit) chataccess.GroupAccess {
	p.t.Helper()
	now, err := p.svc.Group(p.t.Context(), p.owner, group)
	if err != nil {
		p.t.Fatal(err)
	}
	e.Version = now.Version
	g, err := p.svc.SetGroup(p.t.Context(), p.owner, group, e, nil)
	if err != nil {
		p.t.Fatalf("set group: %v", err)
	}
	return g
}

func (p *practice) move(name string, group care.GroupID) {
	p.t.Helper()
	id := p.people[name]
	p.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := p.svc.Moving(ctx, tx, p.owner, []care.UserID{id}, func() error {
			_, _, err := p.dir.ChangeClient(ctx, tx, p.owner, id, directory.ClientChange{Group: &group})
			return err
		})
		return err
	})
}

func TestLargeGroupCountsAtOnceAndIsWrittenLater(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh").later()
		for name, group := range map[string]care.GroupID{"ann": p.group, "ben": p.group, "keeps": p.group, "elsewhere": {}} {
			p.client(name, p.provider, group)
		}
		p.set("keeps", "own_community", true)
		p.svc.Close() // nothing is written in the background
		reasons := []string{"of direct", "of community"}
		until := p.clock.Now().Add(time.Hour)
		g := p.setGroup(p.group, chataccess.Edit{
			Direct: off(), Community: off(), Until: &until,
			OfDirect: chataccess.Terms{Reason: &reasons[0]}, OfCommunity: chataccess.Terms{Reason: &reasons[1]},
		})
		if g.Direct != care.Off || g.Version != 2 || g.Members != 3 || g.OwnCommunity != 1 || g.CommunityMark.Reason != reasons[1] {
			t.Errorf("%+v", g)
		}
		p.wantEvents(map[string][2]bool{"ann": {false, false}, "ben": {false, false}, "keeps": {false, true}})
		list, _, _, err := p.svc.List(t.Context(), p.owner, chataccess.Filter{Community: care.Off}, chataccess.Page{Limit: 9})
		if err != nil || len(list) != 2 || list[0].Version != 1 || list[0].LastBy.ID != p.owner.User || list[0].Community.Source != care.PlaceGroup {
			t.Fatalf("%+v %v", list, err)
		}
		if n := p.number(`SELECT COUNT(*) FROM chat_access_history WHERE place = 'group' AND subject_id <> $1`, p.group); n != 0 {
			t.Errorf("%d entries are written already", n)
		}
		// What somebody does to one member is built on it.
		p.clock.Advance(time.Second)
		p.edit("ben", chataccess.Edit{Community: on()})
		moment := p.clock.Now().Add(-time.Second)
		if at, is := p.chats.withheld[p.people["ben"]]; is || !at.IsZero() {
			t.Errorf("ben is withheld from %v", at)
		}
		p.restart()
		p.written()
		both := []string{"group group direct unset off of direct", "group group community unset off of community"}
		for name, want := range map[string][]string{"ann": both, "ben": both, "keeps": both[:1], "elsewhere": nil} {
			p.wantHistory(name, want...)
		}
		if at := p.chats.withheld[p.people["ann"]]; !at.Equal(moment) || len(p.chats.withheld) != 1 || p.chats.released[p.people["ben"]] != 1 {
			t.Errorf("withheld %v, want ann from %v; released %v", p.chats.withheld, moment, p.chats.released)
		}
		past, _, err := p.svc.History(t.Context(), p.owner, p.people["ann"], care.AuditID{}, 9)
		if err != nil || past[0].GroupName != "Waitlist" || !past[0].Until.Equal(until) || !past[0].At.Equal(moment) || past[0].Actor.Name != "Olga Owner" {
			t.Errorf("%+v %v", past, err)
		}
		if n := p.number(`SELECT COUNT(*) FROM audit_log WHERE action = 'chat_access.changed' AND subject_id = $1`, p.group); n != 2 {
			t.Errorf("%d records of the group, want one for each switch", n)
		}
		// It is no change of many clients: nobody undoes it there.
		changes, _, err := p.svc.Changes(t.Context(), p.owner, chataccess.Page{Limit: 9})
		if err != nil || len(changes) != 0 {
			t.Errorf("%+v %v", changes, err)
		}
		var id chataccess.ChangeID
		p.write(func(ctx context.Context, tx *db.Tx) error {
			return tx.QueryRow(ctx, `SELECT id FROM chat_access_changes`).Scan(&id)
		})
		_, err = p.svc.Undo(t.Context(), p.owner, id)
		wantCode(t, "undo", err, care.CodeNotFound)
	})
}

func TestLargeGroupRefusals(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh").later()
		p.client("ann", p.provider, p.group)
		other := newPractice(t, d, "Marlowe").later()
		long := strings.Repeat("x", 200)
		for _, c := range []struct {
			what   string
			actor  care.Actor
			group  care.GroupID
			e      chataccess.Edit
			notice *chataccess.NoticeEdit
			code   care.Code
		}{
			{"an older version", p.owner, p.group, chataccess.Edit{Version: 7, Direct: off()}, nil, care.CodeVersionConflict},
			{"by a provider", p.provider, p.group, chataccess.Edit{Version: 1, Direct: off()}, nil, care.CodeForbidden},
			{"of another organization", other.owner, p.group, chataccess.Edit{Version: 1, Direct: off()}, nil, care.CodeNotFound},
			{"with a notice that is too long", p.owner, p.group, chataccess.Edit{Version: 1, Direct: off()}, &chataccess.NoticeEdit{Title: &long}, care.CodeInvalid},
			{"of nothing", p.owner, p.group, chataccess.Edit{Version: 1}, nil, care.CodeInvalid},
		} {
			_, err := p.svc.SetGroup(t.Context(), c.actor, c.group, c.e, c.notice)
			wantCode(t, c.what, err, c.code)
		}
		p.written()
		if n := p.number(`SELECT COUNT(*) FROM chat_access_change_rows`); n != 0 {
			t.Errorf("%d rows were left", n)
		}
		if a := p.look("ann"); !a.Direct.Effective || p.number(`SELECT COUNT(*) FROM chat_access_history WHERE how = 'group'`) != 0 {
			t.Errorf("%+v", a.Direct)
		}
		// What changes no value has nobody who follows: a notice, a reason, what is so already.
		title := "Away"
		g, err := p.svc.SetGroup(t.Context(), p.owner, p.group, chataccess.Edit{Version: 1}, &chataccess.NoticeEdit{Title: &title})
		if err != nil || g.Notice.Title != title || g.Version != 2 {
			t.Errorf("%+v %v", g, err)
		}
		p.setGroup(p.group, chataccess.Edit{Direct: off()})
		p.setGroup(p.group, chataccess.Edit{Direct: off(), Reason: &title})
		if g := p.setGroup(p.group, chataccess.Edit{Direct: off()}); g.Version != 4 || g.DirectMark.Reason != title {
			t.Errorf("%+v", g.PlaceAccess)
		}
		p.written()
		p.wantHistory("ann", "group group direct unset off")
	})
}

// TestMembersOfALargeGroupChangeMeanwhile lets somebody join, leave, and get and lose a
// setting of their own between the look at the members and the moment of the change.
func TestMembersOfALargeGroupChangeMeanwhile(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("stays", p.provider, p.group)
		p.client("leaves", p.provider, p.group)
		p.client("joins", p.provider, care.GroupID{})
		p.client("gets", p.provider, p.group)
		p.client("loses", p.provider, p.group)
		p.edit("loses", chataccess.Edit{Direct: on()})
		var looked atomic.Int64 // also by what is written behind
		clock := func() time.Time {
			if looked.Add(1) == 1 { // the first question for the time is the look's
				p.move("joins", p.group)
				p.move("leaves", care.GroupID{})
				p.edit("gets", chataccess.Edit{Direct: on()})
				p.edit("loses", chataccess.Edit{Direct: unset()})
			}
			return p.clock.Now()
		}
		svc := chataccess.New(d, clock, p.chats, p.events)
		t.Cleanup(svc.Close)
		svc.LargeGroups(0)
		if _, err := svc.SetGroup(t.Context(), p.owner, p.group, chataccess.Edit{Version: 1, Direct: off()}, nil); err != nil {
			t.Fatal(err)
		}
		if err := svc.Resume(t.Context()); err != nil {
			t.Fatal(err)
		}
		for name, follows := range map[string]bool{"stays": true, "leaves": false, "joins": true, "gets": false, "loses": true} {
			var want []string
			if follows {
				want = []string{"group group direct unset off"}
			}
			p.wantHistory(name, want...)
			if a := p.look(name); a.Direct.Effective == follows {
				t.Errorf("%s: %+v", name, a.Direct)
			}
		}
		if n := p.number(`SELECT COUNT(*) FROM chat_access_changes`); n != 1 {
			t.Errorf("%d changes were prepared: the rows that were there were not used again", n)
		}
		if n := p.number(`SELECT COUNT(*) FROM chat_access_changes WHERE direct = 'off' AND community IS NULL`); n != 1 {
			t.Error("the change does not say what it is about")
		}
	})
}

// TestTwoEndsOfALargeGroupMeet lets the second end come while what follows the first is
// prepared.
func TestTwoEndsOfALargeGroupMeet(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh").later()
		p.client("ann", p.provider, p.group)
		first, second := p.clock.Now().Add(time.Hour), p.clock.Now().Add(2*time.Hour)
		p.setGroup(p.group, chataccess.Edit{
			Direct: off(), OfDirect: chataccess.Terms{Until: &first}, Community: off(), OfCommunity: chataccess.Terms{Until: &second},
		})
		p.written()
		p.clock.Advance(time.Hour)
		var asked atomic.Int64
		clock := func() time.Time {
			if asked.Add(1) == 3 { // after what is due was looked for, and what has run out
				p.clock.Advance(time.Hour)
			}
			return p.clock.Now()
		}
		svc := chataccess.New(d, clock, p.chats, p.events)
		t.Cleanup(svc.Close)
		svc.LargeGroups(0)
		if n, err := svc.Expire(t.Context()); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if err := svc.Resume(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(p.scheduled("ann")); got != "[group community off>unset system true group direct off>unset system true]" {
			t.Errorf("scheduled %s", got)
		}
		if n := p.number(`SELECT COUNT(*) FROM chat_access_changes WHERE how = 'schedule' AND state = 'applied' AND direct = 'unset' AND community = 'unset'`); n != 1 {
			t.Errorf("%d changes of both switches, want 1", n)
		}
		if p.chats.released[p.people["ann"]] != 1 {
			t.Errorf("released %v", p.chats.released)
		}
	})
}

// joiner moves somebody into a group when the members' community chats are first held.
type joiner struct {
	*chats
	join func()
}

func (j *joiner) LockCommunities(ctx context.Context, tx *db.Tx, clients []care.UserID) error {
	if join := j.join; join != nil {
		j.join = nil
		join()
	}
	return j.chats.LockCommunities(ctx, tx, clients)
}

// Nobody joins a small group unseen while it changes. SQLite has one writer, so that
// nobody can.
func TestSomebodyJoinsASmallGroupMeanwhile(t *testing.T) {
	d := testkit.Postgres(t)
	p := newPractice(t, d, "Fernleigh")
	p.client("ann", p.provider, p.group)
	p.client("joins", p.provider, care.GroupID{})
	held := &joiner{chats: p.chats, join: func() { p.move("joins", p.group) }}
	svc := chataccess.New(d, p.clock.Now, held, p.events)
	t.Cleanup(svc.Close)
	if _, err := svc.SetGroup(t.Context(), p.owner, p.group, chataccess.Edit{Version: 1, Community: off()}, nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ann", "joins"} {
		if _, is := p.chats.withheld[p.people[name]]; !is {
			t.Errorf("nothing is withheld from %s", name)
		}
	}
}

// pair is two practices to which the same happens: one writes what follows the change of a
// group with it, the other afterwards.
type pair struct {
	*rapid.T
	p      [2]*practice
	groups [2][2]care.GroupID
	last   [2]chataccess.ChangeID // of a bulk change
}

// TestLargeGroupsAreLikeSmallOnes compares everything that is told of the two.
func TestLargeGroupsAreLikeSmallOnes(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		run, other := 0, testkit.SQLite // what ends by the time does so in all of a store
		if d.Engine() == db.Postgres {
			other = testkit.Postgres
		}
		stores := [2]*db.DB{d, other(t)}
		fewer(t, 8)
		rapid.Check(t, func(rt *rapid.T) {
			run++
			m := newPair(t, rt, stores, run)
			rt.Repeat(map[string]func(*rapid.T){
				"group": m.group, "own": m.own, "move": m.move, "expire": m.expire, "bulk": m.bulk, "undo": m.undo,
				"restart": m.restart, "": m.compare,
			})
			m.written()
			m.compare(rt)
		})
	})
}

func newPair(t *testing.T, rt *rapid.T, stores [2]*db.DB, run int) *pair {
	m := &pair{T: rt}
	for i, d := range stores {
		p := newPractice(t, d, fmt.Sprint("practice", run))
		if m.p[i] = p; i == 1 {
			p.clock = m.p[0].clock
			p.restart()
			p.later()
		}
		p.write(func(ctx context.Context, tx *db.Tx) error {
			g, _, err := p.dir.CreateGroup(ctx, tx, p.owner, care.GroupID{}, "Concierge")
			m.groups[i] = [2]care.GroupID{p.group, g.ID}
			return err
		})
		for _, name := range names(4) {
			p.client(name, p.provider, p.group)
		}
	}
	return m
}

func names(n int) []string { return []string{"ann", "ben", "cid", "dan", "eve"}[:n] }

// both does the same to both practices, a second after what came before.
func (m *pair) both(act func(i int, p *practice)) {
	m.p[0].clock.Advance(time.Second)
	for i, p := range m.p {
		act(i, p)
	}
}

func (m *pair) edit(t *rapid.T) (e chataccess.Edit) {
	settings := rapid.SampledFrom([]*care.Setting{nil, on(), off(), unset()})
	e.Direct, e.Community = settings.Draw(t, "direct"), settings.Draw(t, "community")
	if e.Direct == nil && e.Community == nil {
		e.Community = off()
	}
	if rapid.Bool().Draw(t, "reasons") {
		reason := "moves house"
		e.OfDirect.Reason = &reason
	}
	if rapid.Bool().Draw(t, "ends") {
		until := m.p[0].clock.Now().Add(time.Duration(rapid.IntRange(1, 9).Draw(t, "minutes")) * time.Minute)
		e.OfCommunity.Until = &until
	}
	for i, of := range []*care.Setting{e.Direct, e.Community} { // terms belong to what is set
		if terms := []*chataccess.Terms{&e.OfDirect, &e.OfCommunity}[i]; of == nil || *of == care.Unset {
			*terms = chataccess.Terms{}
		}
	}
	return e
}

func (m *pair) group(t *rapid.T) {
	which, e := rapid.IntRange(0, 1).Draw(t, "which"), m.edit(t)
	m.both(func(i int, p *practice) { p.setGroup(m.groups[i][which], e) })
}

func (m *pair) own(t *rapid.T) {
	name, e := rapid.SampledFrom(names(4)).Draw(t, "client"), m.edit(t)
	m.both(func(_ int, p *practice) { p.edit(name, e) })
}

func (m *pair) move(t *rapid.T) {
	name, to := rapid.SampledFrom(names(4)).Draw(t, "client"), rapid.IntRange(0, 2).Draw(t, "to")
	m.both(func(i int, p *practice) {
		if to == 2 {
			p.move(name, care.GroupID{})
		} else {
			p.move(name, m.groups[i][to])
		}
	})
}

func (m *pair) expire(t *rapid.T) {
	m.p[0].clock.Advance(time.Duration(rapid.IntRange(1, 5).Draw(t, "minutes")) * time.Minute)
	m.both(func(_ int, p *practice) {
		if _, err := p.svc.Expire(p.t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

func (m *pair) bulk(t *rapid.T) {
	e := m.edit(t)
	m.both(func(i int, p *practice) {
		p.written()
		preview, err := p.svc.Preview(p.t.Context(), p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: e.Direct, Community: e.Community, IncludeOwn: true})
		if err != nil {
			t.Fatal(err)
		}
		applied, err := p.svc.Apply(p.t.Context(), p.owner, preview.Token, "")
		if err != nil {
			t.Fatal(err)
		}
		m.last[i] = applied.ID
	})
}

func (m *pair) undo(t *rapid.T) {
	if m.last[0].IsZero() {
		t.Skip("nothing to undo")
	}
	var told [2]string
	m.both(func(i int, p *practice) {
		undone, err := p.svc.Undo(p.t.Context(), p.owner, m.last[i])
		if err != nil {
			t.Fatal(err)
		}
		told[i] = fmt.Sprint(undone.Restored, len(undone.Left))
		m.last[i] = chataccess.ChangeID{}
	})
	if told[0] != told[1] {
		t.Fatalf("undone %q", told)
	}
}

// restart ends both between two transactions of what they write.
func (m *pair) restart(*rapid.T) {
	for i, p := range m.p {
		if p.restart(); i == 1 {
			p.later()
		}
	}
}

func (m *pair) written() {
	for _, p := range m.p {
		p.written()
	}
}

// compare asks what counts, and of one of the two in three also what is written.
func (m *pair) compare(t *rapid.T) {
	if rapid.IntRange(0, 2).Draw(t, "written") == 0 {
		m.written()
		if was, now := m.p[0].story(), m.p[1].story(); was != now {
			t.Fatalf("a small group\n%s\na large one\n%s", was, now)
		}
	}
	if was, now := m.p[0].listed(), m.p[1].listed(); was != now {
		t.Fatalf("a small group\n%s\na large one\n%s", was, now)
	}
}

// listed is what counts for each client, without waiting until anything is written.
func (p *practice) listed() (text string) {
	list, _, _, err := p.svc.List(p.t.Context(), p.owner, chataccess.Filter{}, chataccess.Page{Limit: 9})
	if err != nil {
		p.t.Fatal(err)
	}
	for _, r := range list {
		text += fmt.Sprintln(r.Name, r.GroupName, r.Version, brief(r.Direct), brief(r.Community), r.LastBy.Name, r.LastAt.Unix())
	}
	g, err := p.svc.Group(p.t.Context(), p.owner, p.group)
	if err != nil {
		p.t.Fatal(err)
	}
	text += fmt.Sprintln(g.Members, g.OwnDirect, g.OwnCommunity)
	for _, of := range []chataccess.Filter{{Direct: care.Off}, {Community: care.Off}, {Source: care.PlaceGroup}} {
		_, _, total, err := p.svc.List(p.t.Context(), p.owner, of, chataccess.Page{Limit: 1})
		text += fmt.Sprintln(total, err)
	}
	return text
}

func brief(s chataccess.SwitchAccess) string {
	mark := ""
	if s.Mark != nil {
		mark = fmt.Sprint(s.Mark.By.Name, s.Mark.Reason, s.Mark.Until.Unix())
	}
	return fmt.Sprint(s.Effective, s.Source, s.Own, s.Group, s.Default, mark)
}

// story is everything that is told of clients and groups, and what their chats were told.
func (p *practice) story() (text string) {
	for _, name := range names(4) {
		a := p.look(name)
		_, withheld := p.chats.withheld[a.Client]
		text += fmt.Sprintln(name, a.GroupName, a.Version, brief(a.Direct), brief(a.Community), withheld)
		past, _, err := p.svc.History(p.t.Context(), p.owner, a.Client, care.AuditID{}, 100)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, h := range past {
			text += fmt.Sprintln(" ", h.At.Unix(), h.Actor.Kind, h.Actor.Name, h.Place, h.Switch, h.Old, h.New, h.Reason, h.Until.Unix(), h.How, h.GroupName)
		}
	}
	var records []string
	p.write(func(ctx context.Context, tx *db.Tx) (err error) {
		records, err = db.Many(ctx, tx, func(r db.Scanner) (string, error) {
			var n int
			var action, kind string
			err := r.Scan(&action, &kind, &n)
			return fmt.Sprint(action, kind, n), err
		}, `SELECT action, subject_kind, COUNT(*) FROM audit_log WHERE org_id = $1 GROUP BY action, subject_kind ORDER BY 1, 2`, p.owner.Org)
		return err
	})
	slices.Sort(records)
	return text + strings.Join(records, "\n")
}
