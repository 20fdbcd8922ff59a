package chataccess_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

func (p *practice) expire(want int) {
	p.t.Helper()
	if n, err := p.svc.Expire(p.t.Context()); n != want || err != nil {
		p.t.Errorf("set back %d, want %d: %v", n, want, err)
	}
}

// scheduled gives the entries that the system made for a client, in their order.
func (p *practice) scheduled(name string) []string {
	p.t.Helper()
	list, _, err := p.svc.History(p.t.Context(), p.owner, p.people[name], care.AuditID{}, 50)
	if err != nil {
		p.t.Fatal(err)
	}
	var lines []string
	for _, h := range list {
		if h.How == chataccess.HowSchedule {
			lines = append(lines, fmt.Sprint(h.Place, " ", h.Switch, " ", h.Old, ">", h.New, " ", h.Actor.Kind, " ", h.Until.IsZero()))
		}
	}
	return lines
}

func TestExpireSetsBackWhatHasRunOutAndNothingElse(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p, other := newPractice(t, d, "Fernleigh"), newPractice(t, d, "Marlowe")
		other.clock = p.clock
		soon, later := p.clock.Now().Add(time.Hour), p.clock.Now().Add(2*time.Hour)
		for _, name := range []string{"both", "one", "kept", "goes off"} {
			p.client(name, p.provider, care.GroupID{})
		}
		other.client("theirs", other.owner, care.GroupID{})
		p.edit("both", chataccess.Edit{Direct: off(), Community: off(), Until: &soon})
		p.edit("one", chataccess.Edit{Direct: off(), Community: off(), Until: &soon, OfDirect: chataccess.Terms{Until: &later}})
		p.edit("kept", chataccess.Edit{Direct: off(), Community: off()})
		p.set("goes off", "default_community", false)
		p.edit("goes off", chataccess.Edit{Community: on(), Until: &soon})
		other.edit("theirs", chataccess.Edit{Direct: off(), Until: &soon})
		p.expire(0)
		p.events.take()
		versions := p.number(`SELECT SUM(access_version) FROM clients`)
		p.clock.Advance(time.Hour)
		p.expire(4)
		p.expire(0)
		p.wantEvents(map[string][2]bool{"both": {true, true}, "one": {false, true}, "goes off": {true, false}, "theirs": {true, true}}, other)
		for name, want := range map[string]string{
			"both":     "[client community off>unset system true client direct off>unset system true]",
			"one":      "[client community off>unset system true]",
			"kept":     "[]",
			"goes off": "[client community on>unset system true]",
		} {
			if got := fmt.Sprint(p.scheduled(name)); got != want {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}
		if n := p.number(`SELECT SUM(access_version) FROM clients`) - versions; n != 4 {
			t.Errorf("%d versions more, want one for each client", n)
		}
		if a := p.look("one"); a.Direct.Own != care.Off || !a.Direct.Mark.Until.Equal(later) || a.Community.Own != care.Unset {
			t.Errorf("one: %+v", a)
		}
		if at, is := p.chats.withheld[p.people["goes off"]]; !is || !at.IsZero() {
			t.Errorf("withheld %v from %v", is, at)
		}
		if p.chats.released[p.people["both"]] != 1 || p.chats.released[p.people["kept"]] != 0 {
			t.Errorf("released %v", p.chats.released)
		}
		if n := p.number(`SELECT COUNT(*) FROM audit_log WHERE action = 'chat_access.changed' AND actor_kind = 'system' AND actor_id IS NULL
			AND subject_id = $1 AND details LIKE '%"how":"schedule"%' AND details LIKE '%"new":"unset"%'`, p.people["both"]); n != 2 {
			t.Errorf("%d records of both, want 2", n)
		}
		p.clock.Advance(time.Hour)
		p.expire(1)
		if a := p.look("one"); a.Direct.Own != care.Unset {
			t.Errorf("one: %+v", a.Direct)
		}
	})
}

// A bulk change that counts and is not written yet comes before what has run out.
func TestExpireBesideABulkChangeThatIsNotWritten(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.provider, care.GroupID{})
		soon := p.clock.Now().Add(time.Hour)
		p.edit("ann", chataccess.Edit{Direct: off(), Community: off(), Until: &soon})
		p.svc.Close()
		p.apply(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: on(), IncludeOwn: true})
		p.clock.Advance(2 * time.Hour)
		p.expire(1)
		if a := p.look("ann"); a.Direct.Own != care.On || a.Community.Own != care.Unset {
			t.Errorf("direct %s, community %s", a.Direct.Own, a.Community.Own)
		}
		p.wantHistory("ann", "bulk client direct off on because")
		if got := fmt.Sprint(p.scheduled("ann")); got != "[client community off>unset system true]" {
			t.Errorf("scheduled %s", got)
		}
		p.written()
		p.expire(0)
		// A change with an end that passes before it is written ends once it is.
		p.apply(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: off(), IncludeOwn: true, Until: p.clock.Now().Add(time.Hour)})
		p.clock.Advance(2 * time.Hour)
		p.written()
		p.expire(1)
		if a := p.look("ann"); a.Direct.Own != care.Unset {
			t.Errorf("direct %s", a.Direct.Own)
		}
	})
}

func TestExpireAGroup(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("follows", p.provider, p.group)
		p.client("own", p.provider, p.group)
		p.set("own", "own_community", true)
		soon := p.clock.Now().Add(time.Hour)
		_, err := p.svc.SetGroup(t.Context(), p.owner, p.group, chataccess.Edit{Version: 1, Direct: off(), Community: off(), Until: &soon}, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.svc.SetGroup(t.Context(), p.owner, p.group, chataccess.Edit{Version: 2, Direct: off(), Until: &time.Time{}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		p.expire(0)
		p.events.take()
		p.clock.Advance(time.Hour)
		p.expire(1)
		p.expire(0)
		p.wantEvents(map[string][2]bool{"follows": {false, true}})
		if got := fmt.Sprint(p.scheduled("follows"), p.scheduled("own")); got != "[group community off>unset system true] []" {
			t.Errorf("scheduled %s", got)
		}
		g, err := p.svc.Group(t.Context(), p.owner, p.group)
		if err != nil || g.Direct != care.Off || g.Community != care.Unset || g.Version != 4 {
			t.Errorf("%+v %v", g.PlaceAccess, err)
		}
		if p.chats.released[p.people["follows"]] != 1 || p.chats.released[p.people["own"]] != 0 {
			t.Errorf("released %v", p.chats.released)
		}
	})
}

// stopper ends a context when it is told of the first clients.
type stopper struct {
	events
	stop context.CancelFunc
}

func (s *stopper) Publish(list ...care.Event) {
	s.events.Publish(list...)
	s.stop()
}

// TestExpireManyIsStoppedAnywhere ends the settings of many at one moment and stops on the
// way: each client is set back once, with its record, and staff are not told one by one.
func TestExpireManyIsStoppedAnywhere(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		const clients, due = 500, 400
		owner, _ := crowd(t, d, clients)
		p := &practice{t: t, d: d, owner: owner}
		p.exec(`UPDATE clients SET own_direct = NULL, own_direct_until = NULL`)
		p.exec(`UPDATE clients SET own_direct = FALSE, own_direct_until = $1, own_community = TRUE
			WHERE user_id IN (SELECT user_id FROM clients ORDER BY user_id LIMIT $2)`, db.Millis(time.Now())-1, due)
		ctx, stop := context.WithCancel(t.Context())
		told := &stopper{stop: stop}
		p.svc = chataccess.New(d, time.Now, &chats{withheld: map[care.UserID]time.Time{}, released: map[care.UserID]int{}}, told)
		first, err := p.svc.Expire(ctx)
		if !errors.Is(err, context.Canceled) || first == 0 || first >= due {
			t.Fatalf("set back %d: %v", first, err)
		}
		if n := p.number(`SELECT COUNT(*) FROM clients WHERE own_direct = FALSE`); n != due-first {
			t.Errorf("%d wait, want %d", n, due-first)
		}
		p.expire(due - first)
		if n := p.number(`SELECT COUNT(*) FROM clients WHERE access_version = 2 AND own_direct IS NULL AND own_direct_until IS NULL AND own_community`); n != due {
			t.Errorf("%d were set back once, want %d", n, due)
		}
		if n := p.number(`SELECT COUNT(*) FROM chat_access_history WHERE how = 'schedule'`); n != due {
			t.Errorf("%d entries, want %d", n, due)
		}
		if n := p.number(`SELECT COUNT(DISTINCT subject_id) FROM audit_log WHERE action = 'chat_access.changed'`); n != due {
			t.Errorf("%d recorded, want %d", n, due)
		}
		p.wantChain()
		staff := 0
		list := told.take()
		for _, e := range list {
			if len(e.To) > 1 {
				staff++
			}
		}
		if len(list) != due || staff > due-first || staff == due {
			t.Errorf("%d events, %d of them to staff", len(list), staff)
		}
	})
}

// wantChain checks that the records of the organization follow each other.
func (p *practice) wantChain() {
	p.t.Helper()
	report, err := audit.Verify(p.t.Context(), p.d, p.owner.Org)
	if err != nil || !report.OK() || report.Rows == 0 {
		p.t.Errorf("the chain: %+v %v", report, err)
	}
}

// edit changes a client's own settings on the version as it is.
func (p *practice) edit(name string, e chataccess.Edit) {
	p.t.Helper()
	e.Version = p.look(name).Version
	if _, err := p.svc.SetClient(p.t.Context(), p.owner, p.people[name], e); err != nil {
		p.t.Fatalf("edit %s: %v", name, err)
	}
}
