package preference_test

import (
	"flag"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/preference"
	"hearth/internal/testkit"
)

// oracle restates the rules one cell at a time, without masks.
type oracle struct {
	own      map[care.UserID]map[string]care.Setting
	groups   map[care.GroupID]map[string]care.Setting
	fallback map[care.UserID]map[string]bool // the default when added
	defaults map[string]bool
	off      map[care.UserID]map[string]bool // narrowed
	in       map[care.UserID]care.GroupID
	clients  []care.UserID
}

func cellName(k preference.Kind, c preference.Channel) string { return fmt.Sprintf("%s.%s", k, c) }

// decide gives whether a client gets it, and which place said what the practice allows.
func (m *oracle) decide(client care.UserID, cell string) (on bool, source care.Place) {
	on, source = m.fallback[client][cell], care.PlaceDefault
	if s := m.groups[m.in[client]][cell]; s == care.On || s == care.Off {
		on, source = s == care.On, care.PlaceGroup
	}
	if s := m.own[client][cell]; s == care.On || s == care.Off {
		on, source = s == care.On, care.PlaceClient
	}
	return on, source
}

// everyCell calls visit for the cells of clients.
func everyCell(visit func(k preference.Kind, c preference.Channel)) {
	for _, k := range preference.ClientKinds {
		for _, c := range preference.Channels {
			visit(k, c)
		}
	}
}

// drawChange draws what some cells are to be, also as the oracle holds it.
func drawChange(t *rapid.T, settings ...care.Setting) (c preference.Change, said map[string]care.Setting) {
	said = map[string]care.Setting{}
	for len(said) == 0 {
		everyCell(func(k preference.Kind, ch preference.Channel) {
			if rapid.IntRange(0, 2).Draw(t, "names") == 0 {
				s := rapid.SampledFrom(settings).Draw(t, cellName(k, ch))
				c.Name(k, ch, s)
				said[cellName(k, ch)] = s
			}
		})
	}
	return c, said
}

// Whatever is done at any place, by one or for many, what a client gets and where it comes
// from is what a small oracle says (S34), and chat access never moves (S26).
func TestPlacesAgainstAnOracle(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		setFlags(t, map[string]string{"rapid.checks": "12", "rapid.steps": "30", "rapid.nofailfile": "true"})
		rapid.Check(t, func(rt *rapid.T) {
			o := newOffice(t, d)
			m := &oracle{
				own: map[care.UserID]map[string]care.Setting{}, groups: map[care.GroupID]map[string]care.Setting{}, defaults: map[string]bool{},
				fallback: map[care.UserID]map[string]bool{}, off: map[care.UserID]map[string]bool{}, in: map[care.UserID]care.GroupID{},
			}
			everyCell(func(k preference.Kind, c preference.Channel) { m.defaults[cellName(k, c)] = true })
			r := &run{office: o, oracle: m, groups: []care.GroupID{{}, o.group, o.newGroup("Another")}}
			r.add(rt)
			rt.Repeat(map[string]func(*rapid.T){
				"add": r.add, "own": r.setOwn, "group": r.setGroup, "default": r.setDefault, "move": r.move, "narrow": r.narrowOne,
				"many": r.setMany, "": r.check,
			})
		})
	})
}

// setFlags sets flags of rapid for one test.
func setFlags(t *testing.T, flags map[string]string) {
	t.Helper()
	for name, value := range flags {
		before := flag.Lookup(name).Value.String()
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = flag.Set(name, before) })
	}
}

// run is one walk of the model.
type run struct {
	*office
	*oracle
	groups []care.GroupID
}

func (r *run) one(t *rapid.T) care.UserID { return rapid.SampledFrom(r.clients).Draw(t, "client") }

// add is the door by which clients are added: with the default of that moment.
func (r *run) add(t *rapid.T) {
	if len(r.clients) == 4 {
		t.Skip("enough clients")
	}
	group := rapid.SampledFrom(r.groups).Draw(t, "group")
	id := r.added(group)
	r.clients = append(r.clients, id)
	r.in[id], r.own[id], r.off[id], r.fallback[id] = group, map[string]care.Setting{}, map[string]bool{}, map[string]bool{}
	for cell, on := range r.defaults {
		r.fallback[id][cell] = on
	}
}

func (r *run) setOwn(t *rapid.T) {
	id := r.one(t)
	c, said := drawChange(t, care.On, care.Off, care.Unset)
	r.set(id, c)
	for cell, s := range said {
		r.own[id][cell] = s
	}
}

func (r *run) setGroup(t *rapid.T) {
	id := rapid.SampledFrom(r.groups[1:]).Draw(t, "group")
	c, said := drawChange(t, care.On, care.Off, care.Unset)
	g, err := r.svc.Group(r.t.Context(), r.owner, id)
	if err == nil {
		_, err = r.svc.SetGroup(r.t.Context(), r.owner, id, preference.Edit{Version: g.Version, Change: c})
	}
	if err != nil {
		t.Fatal(err)
	}
	if r.oracle.groups[id] == nil {
		r.oracle.groups[id] = map[string]care.Setting{}
	}
	for cell, s := range said {
		r.oracle.groups[id][cell] = s
	}
}

func (r *run) setDefault(t *rapid.T) {
	c, said := drawChange(t, care.On, care.Off)
	was, err := r.svc.Organization(r.t.Context(), r.owner)
	if err == nil {
		_, err = r.svc.SetOrganization(r.t.Context(), r.owner, preference.DefaultsEdit{Version: was.Version, Change: c})
	}
	if err != nil {
		t.Fatal(err)
	}
	for cell, s := range said {
		r.defaults[cell] = s == care.On
	}
}

func (r *run) move(t *rapid.T) {
	id, group := r.one(t), rapid.SampledFrom(r.groups).Draw(t, "to")
	r.regroup(id, group)
	r.in[id] = group
}

func (r *run) narrowOne(t *rapid.T) {
	id, k, c := r.one(t), rapid.SampledFrom(preference.ClientKinds).Draw(t, "kind"), rapid.SampledFrom(preference.Channels).Draw(t, "channel")
	if changed := r.narrow(id, k, c); changed == r.off[id][cellName(k, c)] {
		t.Fatalf("narrowing changed something: %v", changed)
	}
	r.off[id][cellName(k, c)] = true
}

// setMany changes some clients at once; some of these changes are taken back.
func (r *run) setMany(t *rapid.T) {
	q := preference.Request{Place: preference.PlaceOwn, IncludeOwn: rapid.Bool().Draw(t, "include own")}
	q.Filter.Clients = rapid.SliceOfNDistinct(rapid.SampledFrom(r.clients), 1, len(r.clients), rapid.ID).Draw(t, "clients")
	settings := []care.Setting{care.On, care.Off, care.Unset}
	if rapid.IntRange(0, 2).Draw(t, "default") == 0 {
		q.Place, q.IncludeOwn, settings = preference.PlaceDefault, false, settings[:2]
	}
	var said map[string]care.Setting
	q.Change, said = drawChange(t, settings...)
	made := r.apply(q)
	if made.State != preference.Applied || made.Done != made.Total || made.Matched != len(q.Filter.Clients) {
		t.Fatalf("applied: %+v", made)
	}
	if rapid.Bool().Draw(t, "undo") {
		if made = r.undo(made.ID); made.State != preference.Undone || made.Restored != made.Total || made.Kept != 0 {
			t.Fatalf("undone: %+v", made)
		}
		return
	}
	for _, id := range q.Filter.Clients {
		for cell, s := range said {
			has := r.own[id][cell] == care.On || r.own[id][cell] == care.Off
			switch {
			case q.Place == preference.PlaceDefault:
				r.fallback[id][cell] = s == care.On
			case q.IncludeOwn || !has:
				r.own[id][cell] = s
			}
		}
	}
}

func (r *run) check(t *rapid.T) {
	loaded := r.load(r.clients...)
	for _, id := range r.clients {
		shown := r.look(id)
		everyCell(func(k preference.Kind, c preference.Channel) {
			cell := cellName(k, c)
			on, source := r.decide(id, cell)
			if got := shown.Ladder.On().Has(k, c); got != on || shown.Ladder.Source(k, c) != source {
				t.Fatalf("%s is %v from %s, want %v from %s", cell, got, shown.Ladder.Source(k, c), on, source)
			}
			if got, want := loaded[id].Wants(k, c), on && !r.off[id][cell]; got != want {
				t.Fatalf("%s is wanted: %v, want %v", cell, got, want)
			}
			if shown.Narrowed.Has(k, c) != r.off[id][cell] {
				t.Fatalf("%s is narrowed: %v", cell, !r.off[id][cell])
			}
		})
	}
	if n := r.number(`SELECT COUNT(*) FROM clients WHERE org_id = $1 AND (own_direct IS NOT NULL OR own_community IS NOT NULL
			OR default_direct = FALSE OR default_community = FALSE OR access_version <> 1)`, r.owner.Org); n != 0 {
		t.Fatalf("chat access of %d clients moved", n)
	}
}
