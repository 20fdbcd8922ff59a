package chataccess_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/testkit"
)

// plainClient is a client as the naive list below reads them, one by one.
type plainClient struct {
	id                care.UserID
	name, email       string
	state             care.ClientState
	group             care.GroupID
	provider          care.UserID
	team              []care.UserID
	direct, community access.Ladder
	ending            bool
}

// naive chooses among all clients without any index, and does not share a line with List.
func naive(all []plainClient, actor care.Actor, f chataccess.Filter) (found []care.UserID) {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b plainClient) int {
		return cmp.Or(strings.Compare(directory.SortName(a.name), directory.SortName(b.name)), slices.Compare(a.id[:], b.id[:]))
	})
	for _, c := range all {
		if c.fits(actor, f) {
			found = append(found, c.id)
		}
	}
	return found
}

func (c plainClient) fits(actor care.Actor, f chataccess.Filter) bool {
	direct, from := c.direct.Resolve()
	community, fromToo := c.community.Resolve()
	state := cmp.Or(f.State, care.ClientActive)
	return c.state == state && (actor.Can(care.ViewAllClients) || slices.Contains(c.team, actor.User)) &&
		(f.Group.IsZero() || f.Group == c.group) && (f.Provider.IsZero() || f.Provider == c.provider) &&
		(f.Direct == "" || f.Direct == care.SettingOf(direct)) && (f.Community == "" || f.Community == care.SettingOf(community)) &&
		(f.Source == "" || f.Source == from || f.Source == fromToo) && (!f.Ending || c.ending) && c.found(f.Query)
}

// found reports whether each word of a query begins a word of the name or the address.
func (c plainClient) found(query string) bool {
	for _, word := range strings.Fields(query) {
		word, there := bare(directory.SortName(word)), false
		for _, line := range []string{bare(directory.SortName(c.name)), c.email} {
			for at := range line {
				begins := at == 0 || strings.ContainsAny(line[at-1:at], ` @._+-'(),/&"`) || line[at] == '@'
				there = there || begins && strings.HasPrefix(line[at:], word)
			}
		}
		if !there {
			return false
		}
	}
	return true
}

// bare leaves out the sign that nobody can look for.
func bare(text string) string { return strings.ReplaceAll(text, "|", "") }

// listWorld is a practice that changes at random.
type listWorld struct {
	t       *rapid.T
	ctx     context.Context
	d       *db.DB
	dir     *directory.Service
	svc     *chataccess.Service
	owner   care.Actor
	staff   []care.Actor
	groups  []care.GroupID
	clients []care.UserID
	found   int // lists that were not empty
}

// TestListIsWhatEachClientSays compares pages, totals and counts with a look at each
// client, after whatever changes clients: adding, renaming, moving, archiving, groups,
// single settings, and bulk changes before and after they are written.
func TestListIsWhatEachClientSays(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newListWorld(t, d)
		rapid.Check(t, func(rt *rapid.T) {
			w.t = rt
			for _, act := range rapid.SliceOfN(rapid.SampledFrom([]func(){w.add, w.change, w.own, w.group, w.bulk, w.written}), 1, 4).Draw(rt, "acts") {
				act()
			}
			// Looking at each client writes what a bulk change left; so all lists come first.
			var compare []func(all []plainClient)
			for range 3 {
				compare = append(compare, w.ask())
			}
			all := w.look()
			for _, with := range compare {
				with(all)
			}
		})
		if w.found < 20 {
			t.Errorf("only %d lists found anybody: does this test still ask for anything?", w.found)
		}
	})
}

func newListWorld(t *testing.T, d *db.DB) *listWorld {
	ctx := t.Context()
	w := &listWorld{ctx: ctx, d: d, dir: directory.New(d, time.Now)}
	// Closed from the start: a bulk change counts, and is written when Resume is called.
	w.svc = chataccess.New(d, time.Now, &chats{withheld: map[care.UserID]time.Time{}, released: map[care.UserID]int{}}, &events{})
	w.svc.Close()
	err := d.Write(ctx, func(tx *db.Tx) error {
		org, err := w.dir.CreateOrganization(ctx, tx, directory.NewOrganization{Name: "Practice"})
		if err != nil {
			return err
		}
		s, err := w.dir.CreateOwner(ctx, tx, org.ID, directory.NewStaff{Name: "Olga", Email: "olga@example.org"})
		if err != nil {
			return err
		}
		w.owner = actorOf(org.ID, s)
		for i, name := range []string{"Rosa", "Sam"} {
			s, _, err := w.dir.CreateStaff(ctx, tx, w.owner, directory.NewStaff{Name: name, Email: fmt.Sprintf("s%d@example.org", i), Role: care.RoleProvider})
			if err != nil {
				return err
			}
			w.staff = append(w.staff, actorOf(org.ID, s))
			g, _, err := w.dir.CreateGroup(ctx, tx, w.owner, care.GroupID{}, "Group "+name)
			if err != nil {
				return err
			}
			w.groups = append(w.groups, g.ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *listWorld) no(err error) {
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *listWorld) write(act func(tx *db.Tx) error) { w.no(w.d.Write(w.ctx, act)) }

func (w *listWorld) name() string {
	return rapid.SampledFrom([]string{"Ana", "anna", "Zoë", "Bo"}).Draw(w.t, "first") + " " +
		rapid.SampledFrom([]string{"O'Neil", "Keller-Ana", "Ärlig", "Bo | 100%", "K_a", "(Al/Bo)"}).Draw(w.t, "last")
}

func (w *listWorld) inGroup() care.GroupID {
	return rapid.SampledFrom(append([]care.GroupID{{}}, w.groups...)).Draw(w.t, "group")
}

func (w *listWorld) one() care.UserID {
	if len(w.clients) == 0 {
		w.add()
	}
	return rapid.SampledFrom(w.clients).Draw(w.t, "client")
}

func (w *listWorld) of() care.UserID { return rapid.SampledFrom(w.staff).Draw(w.t, "staff").User }

func (w *listWorld) address() string {
	if rapid.Bool().Draw(w.t, "has address") {
		return ""
	}
	return fmt.Sprintf("ana_%s.b@mail-%d.example.org", care.NewID[care.UserID](time.Now()), len(w.clients))
}

func (w *listWorld) written() { w.no(w.svc.Resume(w.ctx)) }

func (w *listWorld) add() {
	if len(w.clients) > 15 {
		return
	}
	w.write(func(tx *db.Tx) error {
		c, _, err := w.dir.CreateClient(w.ctx, tx, w.owner, directory.NewClient{Name: w.name(), Email: w.address(), Group: w.inGroup(), Provider: w.of()})
		w.clients = append(w.clients, c.ID)
		return err
	})
}

func (w *listWorld) change() {
	var change directory.ClientChange
	switch rapid.IntRange(0, 3).Draw(w.t, "what") {
	case 0:
		name, email := w.name(), w.address()
		change.Name, change.Email = &name, &email
	case 1:
		state := rapid.SampledFrom([]care.ClientState{care.ClientActive, care.ClientArchived}).Draw(w.t, "state")
		change.State = &state
	case 2:
		provider := w.of()
		change.Provider = &provider
	default:
		group := w.inGroup()
		change.Group = &group
	}
	id := w.one()
	w.write(func(tx *db.Tx) error {
		_, err := w.svc.Moving(w.ctx, tx, w.owner, []care.UserID{id}, func() error {
			_, _, err := w.dir.ChangeClient(w.ctx, tx, w.owner, id, change)
			return err
		})
		return err
	})
}

func (w *listWorld) setting() *care.Setting {
	s := rapid.SampledFrom([]care.Setting{care.On, care.Off, care.Unset}).Draw(w.t, "setting")
	return &s
}

func (w *listWorld) own() {
	id := w.one()
	now, err := w.svc.Client(w.ctx, w.owner, id)
	w.no(err)
	e := chataccess.Edit{Version: now.Version, Direct: w.setting(), Community: w.setting()}
	if *e.Direct != care.Unset && rapid.Bool().Draw(w.t, "ends") {
		until := time.Now().Add(time.Hour)
		e.Until = &until
	}
	_, err = w.svc.SetClient(w.ctx, w.owner, id, e)
	w.no(err)
}

func (w *listWorld) group() {
	id := rapid.SampledFrom(w.groups).Draw(w.t, "which")
	now, err := w.svc.Group(w.ctx, w.owner, id)
	w.no(err)
	_, err = w.svc.SetGroup(w.ctx, w.owner, id, chataccess.Edit{Version: now.Version, Direct: w.setting(), Community: w.setting()}, nil)
	w.no(err)
}

func (w *listWorld) bulk() {
	w.no(w.svc.Resume(w.ctx)) // another one would wait for it, and nothing writes it here
	p, err := w.svc.Preview(w.ctx, w.owner, chataccess.BulkRequest{Filter: w.filter(), Place: "own", Direct: w.setting(), IncludeOwn: true})
	if err != nil || p.Counts[chataccess.Changed] == 0 {
		return // says nothing or changes nothing
	}
	_, err = w.svc.Apply(w.ctx, w.owner, p.Token, "")
	w.no(err)
}

func (w *listWorld) filter() chataccess.Filter {
	pick := func(what string) bool { return rapid.IntRange(0, 3).Draw(w.t, what) == 0 }
	f := chataccess.Filter{
		Query:     rapid.SampledFrom([]string{"", "", "a", "ana", "ana kel", "@mail", "ana_", "100%", "O'N neil", "b example.org", "%", "|bo", "zoe ä"}).Draw(w.t, "words"),
		Direct:    rapid.SampledFrom([]care.Setting{"", "", care.On, care.Off}).Draw(w.t, "direct"),
		Community: rapid.SampledFrom([]care.Setting{"", "", care.On, care.Off}).Draw(w.t, "community"),
		Source:    rapid.SampledFrom([]care.Place{"", "", care.PlaceClient, care.PlaceGroup, care.PlaceDefault}).Draw(w.t, "source"),
		Ending:    pick("ending"),
	}
	if pick("in a group") {
		f.Group = w.groups[0]
	}
	if pick("of a provider") {
		f.Provider = w.staff[0].User
	}
	if pick("archived") {
		f.State = care.ClientArchived
	}
	return f
}

// ask takes the list of one filter, page by page, and the counts, to be compared.
func (w *listWorld) ask() (compare func(all []plainClient)) {
	actor := rapid.SampledFrom([]care.Actor{w.owner, w.staff[0]}).Draw(w.t, "actor")
	f := w.filter()
	limit := rapid.IntRange(1, 5).Draw(w.t, "limit")
	var got []care.UserID
	var totals []chataccess.Total
	exact := rapid.Bool().Draw(w.t, "as many as there are")
	if !exact { // as where there are very many
		defer chataccess.ReadLittle(rapid.IntRange(0, 3).Draw(w.t, "few"), rapid.IntRange(0, 6).Draw(w.t, "many"), rapid.IntRange(0, 2).Draw(w.t, "kinds"))()
	}
	for page := (chataccess.Page{Limit: limit}); ; {
		list, next, total, err := w.svc.List(w.ctx, actor, f, page)
		w.no(err)
		totals = append(totals, total)
		for _, r := range list {
			got = append(got, r.Client)
		}
		if page.Cursor = next; next == "" {
			break
		}
	}
	counts, err := w.svc.Counts(w.ctx, actor)
	w.no(err)
	return func(all []plainClient) {
		want := naive(all, actor, f)
		for _, total := range totals {
			if total.Count > len(want) || !total.More && total.Count != len(want) || exact && total.More {
				w.t.Fatalf("total %+v, want %d of %+v", total, len(want), f)
			}
		}
		if !slices.Equal(got, want) {
			w.t.Fatalf("%+v: found %v, want %v", f, got, want)
		}
		if len(want) > 0 {
			w.found++
		}
		if exact {
			w.checkCounts(all, actor, counts)
		}
	}
}

func (w *listWorld) checkCounts(all []plainClient, actor care.Actor, counts chataccess.Counts) {
	n := func(f chataccess.Filter) int { return len(naive(all, actor, f)) }
	wanted := chataccess.Counts{
		All: n(chataccess.Filter{}), DirectOff: n(chataccess.Filter{Direct: care.Off}), CommunityOff: n(chataccess.Filter{Community: care.Off}),
		Own: n(chataccess.Filter{Source: care.PlaceClient}), Ending: n(chataccess.Filter{Ending: true}),
	}
	if counts != wanted {
		w.t.Fatalf("counts %+v, want %+v", counts, wanted)
	}
}

// look reads each client by itself.
func (w *listWorld) look() (all []plainClient) {
	for _, id := range w.clients {
		c, err := w.dir.Client(w.ctx, w.owner, id)
		w.no(err)
		a, err := w.svc.Client(w.ctx, w.owner, id)
		w.no(err)
		ends := func(s chataccess.SwitchAccess) bool {
			return s.Own != care.Unset && s.Mark != nil && !s.Mark.Until.IsZero() && s.Source == care.PlaceClient
		}
		all = append(all, plainClient{
			id: id, name: c.Name, email: c.Email, state: c.State, group: c.Group, provider: c.Provider, team: c.CareTeam,
			direct: c.Direct, community: c.Community, ending: ends(a.Direct) || ends(a.Community),
		})
	}
	return all
}

// TestListInBlocksCountsFromTheStart finds a rare word behind many other names: a page
// from the start knows how many there are, one behind a cursor only how many follow.
func TestListInBlocksCountsFromTheStart(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		for _, name := range []string{"Ann A", "Ann B", "Ann C", "Ann D", "Zoe A", "Zoe B", "Zoe C"} {
			p.client(name, p.provider, care.GroupID{})
		}
		defer chataccess.ReadLittle(0, 100, 0)()
		f := chataccess.Filter{Query: "zoe"}
		list, _, total, err := p.svc.List(t.Context(), p.owner, f, chataccess.Page{Limit: 5})
		if err != nil || len(list) != 3 || total != (chataccess.Total{Count: 3}) {
			t.Fatalf("%d found of %+v, %v", len(list), total, err)
		}
		_, next, _, err := p.svc.List(t.Context(), p.owner, f, chataccess.Page{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		list, _, total, err = p.svc.List(t.Context(), p.owner, f, chataccess.Page{Limit: 5, Cursor: next})
		if err != nil || len(list) != 2 || total != (chataccess.Total{Count: 2, More: true}) {
			t.Errorf("behind the first: %d found of %+v, %v", len(list), total, err)
		}
	})
}
