package chataccess_test

import (
	"flag"
	"fmt"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

func TestUndoLeavesWhomSomebodyChangedSince(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		for _, name := range []string{"ann", "ben", "cid", "dan", "eve"} {
			p.client(name, p.provider, care.GroupID{})
		}
		until := p.clock.Now().Add(time.Hour)
		p.set("ann", "own_direct", true)
		p.set("ann", "own_direct_until", db.Millis(until))
		applied := p.apply(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: off(), IncludeOwn: true})
		p.written()
		edit := func(name string, e chataccess.Edit) {
			p.clock.Advance(time.Second)
			e.Version = p.look(name).Version
			if _, err := p.svc.SetClient(t.Context(), p.owner, p.people[name], e); err != nil {
				t.Fatal(err)
			}
		}
		edit("ben", chataccess.Edit{Direct: on()})
		edit("cid", chataccess.Edit{Direct: on()})
		edit("cid", chataccess.Edit{Direct: off()}) // as the change left it, and yet changed since
		edit("dan", chataccess.Edit{Community: off()})
		p.set("eve", "state", "archived")
		p.events.take()
		undone, err := p.svc.Undo(t.Context(), p.owner, applied.ID)
		if err != nil {
			t.Fatal(err)
		}
		if undone.Restored != 3 || len(undone.Left) != 2 || undone.Left[0].Name != "ben" || undone.Left[1].Name != "cid" || undone.Left[0].Why != chataccess.ChangedSince {
			t.Errorf("undone %+v", undone)
		}
		p.wantEvents(map[string][2]bool{"dan": {true, false}, "eve": {true, true}, "ann": {true, true}})
		p.written()
		if n := p.number(`SELECT COUNT(*) FROM clients WHERE own_direct = TRUE AND own_direct_until = $1 AND user_id = $2`, db.Millis(until), p.people["ann"]); n != 1 {
			t.Error("ann did not get back what she had, with its time limit")
		}
		p.wantHistory("dan", "bulk client direct unset off because", "undo client direct off unset")
		_, err = p.svc.Undo(t.Context(), p.owner, applied.ID)
		wantCode(t, "a second undo", err, care.CodeVersionConflict)
	})
}

// What was changed since counts switch by switch, also where it is again as the change
// left it.
func TestUndoLooksAtTheSwitchesThatWereWritten(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		for _, name := range []string{"direct", "community"} {
			p.client(name, p.provider, care.GroupID{})
		}
		applied := p.apply(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Community: off()})
		p.written()
		p.clock.Advance(time.Second)
		for _, value := range []*care.Setting{on(), off()} {
			p.edit("direct", chataccess.Edit{Direct: value})
			p.edit("community", chataccess.Edit{Community: value})
		}
		undone, err := p.svc.Undo(t.Context(), p.owner, applied.ID)
		if err != nil || undone.Restored != 1 || len(undone.Left) != 1 || undone.Left[0].Name != "community" {
			t.Errorf("%+v %v", undone, err)
		}
	})
}

func TestUndoRefuses(t *testing.T) {
	p := newPractice(t, testkit.SQLite(t), "Fernleigh")
	p.client("ann", p.provider, care.GroupID{})
	other := newPractice(t, p.d, "Marlowe")
	undo := func(actor care.Actor, id chataccess.ChangeID) error {
		_, err := p.svc.Undo(t.Context(), actor, id)
		return err
	}
	applied := p.apply(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: off()})
	wantCode(t, "unknown", undo(p.owner, care.NewID[chataccess.ChangeID](p.clock.Now())), care.CodeNotFound)
	wantCode(t, "another organization's", undo(other.owner, applied.ID), care.CodeNotFound)
	wantCode(t, "a colleague's, by a provider", undo(p.provider, applied.ID), care.CodeForbidden)
	wantCode(t, "a client", undo(care.Actor{Org: p.owner.Org, User: p.people["ann"], Kind: care.KindClient}, applied.ID), care.CodeForbidden)
	p.clock.Advance(24 * time.Hour)
	wantCode(t, "too late", undo(p.owner, applied.ID), care.CodeVersionConflict)

	own := p.apply(p.provider, chataccess.BulkRequest{Filter: everyone(), Place: "own", Community: off()})
	p.exec(`DELETE FROM care_team WHERE client_id = $1 AND staff_id = $2`, p.people["ann"], p.provider.User)
	undone, err := p.svc.Undo(t.Context(), p.provider, own.ID)
	if err != nil || undone.Restored != 0 || len(undone.Left) != 1 || undone.Left[0].Why != chataccess.NotAllowed {
		t.Errorf("a client who left the care team: %+v %v", undone, err)
	}
}

// values is what is stored of a client's switches.
type values [6]string

func (p *practice) values() map[care.UserID]values {
	all := map[care.UserID]values{}
	for _, id := range p.people {
		var v values
		for i, column := range []string{"own_direct", "own_community", "default_direct", "default_community", "own_direct_until", "own_community_until"} {
			cast := "INTEGER"
			if i > 3 {
				cast = "BIGINT"
			}
			v[i] = fmt.Sprint(p.number(`SELECT COALESCE(CAST(`+column+` AS `+cast+`), -1) FROM clients WHERE user_id = $1`, id))
		}
		all[id] = v
	}
	return all
}

// TestUndoIsExact draws clients with random settings, a bulk change and changes of single
// clients after it, and undoes it: who was not changed since has exactly what they had,
// who was keeps what they have.
func TestUndoIsExact(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		var names []string
		for i := range 6 {
			names = append(names, fmt.Sprintf("client %d", i))
			p.client(names[i], p.owner, [2]care.GroupID{{}, p.group}[i%2])
		}
		fewer(t, 20)
		rapid.Check(t, func(rt *rapid.T) { p.undoExactly(rt, names) })
	})
}

// fewer draws less often than rapid does by itself, unless -rapid.checks says how often:
// each case is a dozen durable transactions.
func fewer(t *testing.T, checks int) {
	flag := flag.Lookup("rapid.checks")
	if flag.Value.String() != flag.DefValue {
		return
	}
	if err := flag.Value.Set(strconv.Itoa(checks)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = flag.Value.Set(flag.DefValue) })
}

func (p *practice) undoExactly(rt *rapid.T, names []string) {
	for _, name := range names {
		for _, column := range []string{"own_direct", "own_community"} {
			value := rapid.SampledFrom([]any{nil, true, false}).Draw(rt, name+column)
			p.set(name, column, value)
			var until any
			if value != nil && rapid.Bool().Draw(rt, "limited") {
				until = db.Millis(p.clock.Now().Add(time.Duration(rapid.IntRange(48, 96).Draw(rt, "hours")) * time.Hour))
			}
			p.set(name, column+"_until", until)
		}
	}
	before := p.values()
	applied := p.apply(p.owner, drawRequest(rt, p))
	if rapid.Bool().Draw(rt, "written") {
		p.written()
	}
	touched := map[care.UserID]bool{}
	changed := p.effects(applied.ID)
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 3, rapid.ID).Draw(rt, "edited") {
		p.clock.Advance(time.Second)
		if err := p.svc.SettleClient(p.t.Context(), p.owner.Org, p.people[name]); err != nil {
			rt.Fatal(err)
		}
		_, err := p.svc.SetClient(p.t.Context(), p.owner, p.people[name], chataccess.Edit{Version: p.look(name).Version, Direct: on(), Reason: new(string)})
		if err != nil {
			rt.Fatal(err)
		}
		touched[p.people[name]] = true
	}
	p.written()
	after := p.values()
	undone, err := p.svc.Undo(p.t.Context(), p.owner, applied.ID)
	if err != nil {
		rt.Fatal(err)
	}
	p.written()
	left := map[care.UserID]bool{}
	for _, l := range undone.Left {
		left[l.Client] = true
	}
	for id, now := range p.values() {
		// An edit of Direct's own setting is a change since only where the bulk change wrote it.
		since := touched[id] && changed[id]
		want := before[id]
		if touched[id] {
			want = after[id]
			if !since {
				want = mixed(before[id], after[id])
			}
		}
		if now != want || left[id] != since {
			rt.Fatalf("client: before %v, after the changes %v, undone %v; want %v, left %v want %v", before[id], after[id], now, want, left[id], since)
		}
	}
	p.clock.Advance(time.Minute)
}

// mixed is what a client has whose own setting of Direct was changed since, by hand, and
// who is given back everything else.
func mixed(before, after values) values {
	want := before
	want[0], want[4] = after[0], after[4]
	return want
}

// effects tells for which clients a bulk change wrote the own setting of Direct.
func (p *practice) effects(id chataccess.ChangeID) map[care.UserID]bool {
	wrote := map[care.UserID]bool{}
	for _, client := range p.people {
		wrote[client] = p.number(`SELECT COUNT(*) FROM chat_access_change_rows WHERE change_id = $1 AND client_id = $2
			AND place = 'own' AND sets_direct`, id, client) == 1
	}
	return wrote
}

func drawRequest(rt *rapid.T, p *practice) chataccess.BulkRequest {
	r := chataccess.BulkRequest{Filter: everyone(), Place: rapid.SampledFrom([]string{"own", "default"}).Draw(rt, "place")}
	options := []*care.Setting{nil, on(), off()}
	if r.Place == "own" {
		options = append(options, unset())
		r.IncludeOwn = rapid.Bool().Draw(rt, "include own")
	}
	r.Direct = rapid.SampledFrom(options[1:]).Draw(rt, "direct")
	r.Community = rapid.SampledFrom(options).Draw(rt, "community")
	if r.Place == "own" && *r.Direct != care.Unset && rapid.Bool().Draw(rt, "until") {
		r.Until = p.clock.Now().Add(72 * time.Hour)
	}
	return r
}
