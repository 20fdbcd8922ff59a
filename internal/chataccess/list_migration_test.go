package chataccess_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/testkit"
)

// before gives the migrations up to a number.
func before(t *testing.T, last string) fs.FS {
	t.Helper()
	all := os.DirFS("../db/migrations")
	names, err := fs.Glob(all, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	some := fstest.MapFS{}
	for _, name := range names {
		if name[:4] <= last {
			text, err := fs.ReadFile(all, name)
			if err != nil {
				t.Fatal(err)
			}
			some[name] = &fstest.MapFile{Data: text}
		}
	}
	return some
}

// TestListOfAnOlderDatabase fills a database as it was before lists were counted and
// searched by words, and compares what the newest schema answers with each client.
func TestListOfAnOlderDatabase(t *testing.T) {
	for name, cfg := range map[string]db.Config{"sqlite": {Dir: t.TempDir()}, "postgres": {URL: testkit.EmptyPostgresURL(t)}} {
		t.Run(name, func(t *testing.T) {
			w := &oldWorld{listWorld: &listWorld{ctx: t.Context()}, t: t}
			old, err := db.OpenWith(t.Context(), cfg, before(t, "0002"))
			if err != nil {
				t.Fatal(err)
			}
			w.fill(old)
			if err := old.Close(); err != nil {
				t.Fatal(err)
			}
			if w.d, err = db.Open(t.Context(), cfg); err != nil {
				t.Fatal(err)
			}
			defer w.d.Close()
			w.dir = directory.New(w.d, time.Now)
			w.svc = chataccess.New(w.d, time.Now, nil, nil)
			w.sameWords()
			w.sameLists()
		})
	}
}

type oldWorld struct {
	*listWorld
	t   *testing.T
	all []plainClient
}

func (w *oldWorld) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// exec writes as the program of that time did.
func (w *oldWorld) exec(d *db.DB, into string, columns int, values []any) {
	w.t.Helper()
	w.must(d.Write(w.ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(w.ctx, `INSERT INTO `+into+` VALUES `+db.Rows(1, len(values)/columns, columns), values...)
		return err
	}))
}

func (w *oldWorld) fill(d *db.DB) {
	now := time.Now()
	org := care.NewID[care.OrgID](now)
	w.exec(d, `organizations (id, name, time_zone, second_factor, default_direct, default_community, version, created_at)`, 8,
		[]any{org, "Practice", "UTC", "off", true, true, 1, 1})
	for _, name := range []string{"Olga", "Rosa"} {
		id, role := care.NewID[care.UserID](now), care.RoleProvider
		if name == "Olga" {
			role = care.RoleOwner
		}
		w.exec(d, `people (id, org_id, kind, name, sort_name, created_at)`, 6, []any{id, org, "staff", name, directory.SortName(name), 1})
		w.exec(d, `staff (user_id, org_id, role, clients_may_start, active, version)`, 6, []any{id, org, string(role), true, true, 1})
		w.staff = append(w.staff, care.Actor{Org: org, User: id, Kind: care.KindStaff, Role: role, Permissions: care.DefaultPermissions(role)})
	}
	for _, direct := range []any{nil, false} {
		id := care.NewID[care.GroupID](now)
		w.exec(d, `client_groups (id, org_id, name, direct, version, created_at)`, 6, []any{id, org, "Group", direct, 1, 1})
		w.groups = append(w.groups, id)
	}
	var people, clients, team []any
	for i := range 2 * 3 * 2 * 3 * 3 * 2 * 2 {
		c, own, until := w.client(i)
		w.all = append(w.all, c)
		var email any
		if c.email != "" {
			email = c.email
		}
		people = append(people, c.id, org, "client", c.name, directory.SortName(c.name), email, 1)
		clients = append(clients, c.id, org, string(c.state), c.group, c.provider, own[0], own[1], until, c.direct.Default, c.community.Default, 1)
		team = append(team, c.id, c.provider)
	}
	w.exec(d, `people (id, org_id, kind, name, sort_name, email, created_at)`, 7, people)
	w.exec(d, `clients (user_id, org_id, state, group_id, primary_provider_id, own_direct, own_community, own_direct_until, default_direct, default_community, version)`, 11, clients)
	w.exec(d, `care_team (client_id, staff_id)`, 2, team)
}

var oddNames = []string{
	"Ana Keller", "anna O'Neil", "Zoë Ärlig", "Bo | 100%", "K_a (Bo)", "李 小龙", "Straße, Jo/Ann & Co", `Dr. "Al" Na-Na`, "Łukasz  Ünal", "😀 Smile",
	"--A..b", strings.Repeat("Longname", 12) + " End", "Ana",
}

// client gives the client of a number: all that a client can be, one after the other.
func (w *oldWorld) client(i int) (c plainClient, own [2]any, until any) {
	pick := func(n int) int { at := i % n; i /= n; return at }
	c = plainClient{id: care.NewID[care.UserID](time.Now()), name: oddNames[i%len(oddNames)]}
	if i%3 > 0 {
		c.email = fmt.Sprintf("ana_%d.k+x@mail-%d.example.org", i, i%4)
	}
	c.state = []care.ClientState{care.ClientActive, care.ClientArchived}[pick(2)]
	if at := pick(3); at > 0 {
		c.group = w.groups[at-1]
		if at == 2 {
			c.direct.Group = care.Off
		}
	}
	c.provider = w.staff[pick(2)].User
	c.team = []care.UserID{c.provider}
	for at, ladder := range []*access.Ladder{&c.direct, &c.community} {
		if set := pick(3); set > 0 {
			ladder.Own, own[at] = care.SettingOf(set == 1), set == 1
		}
		ladder.Default = pick(2) == 1
	}
	if own[0] == false && i%2 == 0 {
		until, c.ending = db.Millis(time.Now().Add(time.Hour)), true
	}
	return c, own, until
}

// sameWords compares what the migration wrote to be searched with what is written today.
func (w *oldWorld) sameWords() {
	for _, c := range w.all {
		var words []string
		var line string
		w.must(w.d.Read(w.ctx, func(tx *db.Tx) (err error) {
			scan := func(row db.Scanner) (s string, err error) { err = row.Scan(&s); return s, err }
			if words, err = db.Many(w.ctx, tx, scan, `SELECT word FROM client_words WHERE client_id = $1 ORDER BY word`, c.id); err != nil {
				return err
			}
			line, _, err = db.One(w.ctx, tx, scan, `SELECT line FROM client_list WHERE client_id = $1`, c.id)
			return err
		}))
		if want := directory.SearchWords(c.name, c.email); !slices.Equal(words, want) {
			w.t.Errorf("%q, %q: found by %q, want %q", c.name, c.email, words, want)
		}
		for _, word := range words {
			if pattern := strings.Trim(directory.LinePattern(word), "%"); !strings.ContainsAny(pattern, `\%`) && !strings.Contains(line, pattern) {
				w.t.Errorf("%q is not in the line %q", pattern, line)
			}
		}
	}
}

func (w *oldWorld) sameLists() {
	found := 0
	for _, f := range manyFilters(w.listWorld) {
		for _, actor := range w.staff {
			want := naive(w.all, actor, f)
			found += len(want)
			list, _, total, err := w.svc.List(context.Background(), actor, f, chataccess.Page{Limit: 1000})
			w.must(err)
			got := make([]care.UserID, len(list))
			for i, r := range list {
				got[i] = r.Client
			}
			if !slices.Equal(got, want) || total.Count != len(want) || total.More {
				w.t.Errorf("%+v: %d found of %+v, want %d", f, len(got), total, len(want))
			}
		}
	}
	if found == 0 {
		w.t.Error("no list found anybody")
	}
}

func manyFilters(w *listWorld) (filters []chataccess.Filter) {
	for _, query := range []string{"", "a", "ana kel", "o'n", "@mail-1", "100%", "arl zoe", "小", "longname e", "na-", "😀", "-a", "k_a"} {
		for _, state := range []care.ClientState{"", care.ClientArchived} {
			filters = append(filters, chataccess.Filter{Query: query, State: state},
				chataccess.Filter{Query: query, State: state, Direct: care.Off, Group: w.groups[1]},
				chataccess.Filter{Query: query, State: state, Community: care.On, Provider: w.staff[1].User},
				chataccess.Filter{Query: query, State: state, Source: care.PlaceGroup},
				chataccess.Filter{Query: query, State: state, Source: care.PlaceDefault, Direct: care.On},
				chataccess.Filter{Query: query, State: state, Ending: true})
		}
	}
	return filters
}
