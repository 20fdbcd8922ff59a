package directory_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/testkit"
)

// BenchmarkClients lists one page of a practice with 100,000 clients. It has no
// bound: it is there to see what a change of a query costs, on both engines.
func BenchmarkClients(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkClients(b, testkit.SQLite(b), func() {}) })
	b.Run("postgres", func(b *testing.B) {
		url := testkit.PostgresURL(b)
		d, err := db.Open(b.Context(), db.Config{URL: url})
		if err != nil {
			b.Fatal(err)
		}
		defer d.Close()
		benchmarkClients(b, d, func() { vacuum(b, url) })
	})
}

// vacuum does what the server does by itself about a minute after many inserts; until then
// it reads tables beside indexes.
func vacuum(b *testing.B, url string) {
	conn, err := sql.Open("pgx", url)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(b.Context(), `VACUUM ANALYZE`); err != nil {
		b.Fatal(err)
	}
}

func benchmarkClients(b *testing.B, d *db.DB, settle func()) {
	p := crowd(b, d, 100_000)
	settle()
	middle, _, _, err := p.dir.Clients(b.Context(), p.owner, directory.ClientFilter{Query: "client 050000"}, directory.Page{Limit: 1})
	if err != nil || len(middle) != 1 {
		b.Fatal(len(middle), err)
	}
	for _, c := range []struct {
		name   string
		actor  care.Actor
		filter directory.ClientFilter
		page   directory.Page
	}{
		{"first page", p.owner, directory.ClientFilter{}, directory.Page{Limit: 50}},
		{"in the middle", p.owner, directory.ClientFilter{}, directory.Page{Limit: 50, Cursor: cursorOf(middle[0].ID)}},
		{"search, many", p.owner, directory.ClientFilter{Query: "client 05"}, directory.Page{Limit: 50}},
		{"search, one", p.owner, directory.ClientFilter{Query: "077777"}, directory.Page{Limit: 50}},
		{"search, all", p.owner, directory.ClientFilter{Query: "client"}, directory.Page{Limit: 50}},
		{"search, direct off", p.owner, directory.ClientFilter{Query: "client", Direct: care.Off}, directory.Page{Limit: 50}},
		{"a group", p.owner, directory.ClientFilter{Group: p.group.ID}, directory.Page{Limit: 50}},
		{"a provider", p.owner, directory.ClientFilter{Provider: p.provider.User}, directory.Page{Limit: 50}},
		{"direct off", p.owner, directory.ClientFilter{Direct: care.Off}, directory.Page{Limit: 50}},
		{"archived", p.owner, directory.ClientFilter{State: care.ClientArchived}, directory.Page{Limit: 50}},
		{"one's own", p.provider, directory.ClientFilter{}, directory.Page{Limit: 50}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, _, _, err := p.dir.Clients(b.Context(), c.actor, c.filter, c.page); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

type crowded struct {
	dir             *directory.Service
	owner, provider care.Actor
	group           directory.Group
}

// crowd makes a practice in which one provider has 1,000 clients, a group has 2,000, and
// each hundredth client is archived.
func crowd(b *testing.B, d *db.DB, n int) (p crowded) {
	b.Helper()
	clock := testkit.NewClock(time.Time{})
	p.dir = directory.New(d, clock.Now)
	err := d.Write(b.Context(), func(tx *db.Tx) error {
		ctx := b.Context()
		org, err := p.dir.CreateOrganization(ctx, tx, directory.NewOrganization{Name: "Big"})
		if err != nil {
			return err
		}
		owner, err := p.dir.CreateOwner(ctx, tx, org.ID, directory.NewStaff{Name: "Olga", Email: "olga@example.org"})
		if err != nil {
			return err
		}
		p.owner = care.Actor{Org: org.ID, User: owner.ID, Kind: care.KindStaff, Role: owner.Role, Permissions: owner.Permissions}
		rosa, _, err := p.dir.CreateStaff(ctx, tx, p.owner, directory.NewStaff{Name: "Rosa", Email: "rosa@example.org", Role: care.RoleProvider})
		if err != nil {
			return err
		}
		p.provider = care.Actor{Org: org.ID, User: rosa.ID, Kind: care.KindStaff, Role: rosa.Role, Permissions: rosa.Permissions}
		if p.group, _, err = p.dir.CreateGroup(ctx, tx, p.owner, care.GroupID{}, "Group"); err != nil {
			return err
		}
		return nil
	})
	const batch = 250
	for at := 0; at < n && err == nil; at += batch {
		err = d.Write(b.Context(), func(tx *db.Tx) error { return p.fill(b.Context(), tx, at, batch, n) })
	}
	if err == nil { // as both engines do by themselves after a while
		err = d.Write(b.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(b.Context(), `ANALYZE`)
			return err
		})
	}
	if err != nil {
		b.Fatal(err)
	}
	return p
}

func (p crowded) fill(ctx context.Context, tx *db.Tx, from, batch, n int) error {
	var people, clients, team, words, lines []any
	for i := from; i < from+batch; i++ {
		id := care.UserID{0: 1, 1: byte(i >> 16), 2: byte(i >> 8), 3: byte(i)}
		provider, group, state := p.owner.User, care.GroupID{}, care.ClientActive
		if i%100 == 7 {
			provider = p.provider.User
		}
		if i%50 == 0 {
			group = p.group.ID
		}
		if i%100 == 99 {
			state = care.ClientArchived
		}
		name := fmt.Sprintf("Client %06d", i*7919%n)
		email := fmt.Sprintf("c%d@example.org", i)
		people = append(people, id, p.owner.Org, "client", name, directory.SortName(name), email, 1)
		lines = append(lines, id, directory.SearchLine(name, email))
		for _, word := range directory.SearchWords(name, email) {
			words = append(words, id, word, p.owner.Org, directory.SortName(name))
		}
		clients = append(clients, id, p.owner.Org, string(state), group, provider, i%1000 != 0, true, 1)
		team = append(team, id, provider)
	}
	for _, insert := range []struct {
		into    string
		columns int
		values  []any
	}{
		{`client_words (client_id, word, org_id, sort_name)`, 4, words},
		{`people (id, org_id, kind, name, sort_name, email, created_at)`, 7, people},
		{`clients (user_id, org_id, state, group_id, primary_provider_id, default_direct, default_community, version)`, 8, clients},
		{`care_team (client_id, staff_id)`, 2, team},
	} {
		if _, err := tx.Exec(ctx, `INSERT INTO `+insert.into+` VALUES `+db.Rows(1, len(insert.values)/insert.columns, insert.columns), insert.values...); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `UPDATE client_list SET line = v.column2 FROM (VALUES `+tx.Values(batch, "id", "text")+`) AS v WHERE client_id = v.column1`, lines...)
	return err
}
