package chataccess_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/testkit"
)

// BenchmarkList lists pages of a practice with 100,000 clients, with what the page of chat
// access asks for beside them. There is no bound in it: it shows what a change costs.
func BenchmarkList(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": testkit.SQLite, "postgres": testkit.Postgres} {
		b.Run(name, func(b *testing.B) { benchmarkList(b, open(b)) })
	}
}

func benchmarkList(b *testing.B, d *db.DB) {
	owner, group := crowd(b, d, 100_000)
	svc := chataccess.New(d, time.Now, nil, nil)
	for _, c := range []struct {
		name   string
		filter chataccess.Filter
	}{
		{"everyone", chataccess.Filter{}},
		{"direct off, few", chataccess.Filter{Direct: care.Off}},
		{"community off, half", chataccess.Filter{Community: care.Off}},
		{"a group", chataccess.Filter{Group: group}},
		{"own", chataccess.Filter{Source: care.PlaceClient}},
		{"ending", chataccess.Filter{Ending: true}},
		{"words", chataccess.Filter{Query: "client 0777"}},
		{"archived", chataccess.Filter{State: care.ClientArchived}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, _, _, err := svc.List(b.Context(), owner, c.filter, chataccess.Page{Limit: 50}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("counts", func(b *testing.B) {
		for b.Loop() {
			if _, err := svc.Counts(b.Context(), owner); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// crowd makes a practice in which D is off for one client in a thousand and C for half,
// one in fifty is in a group, and one in a hundred is archived.
func crowd(b testing.TB, d *db.DB, n int) (owner care.Actor, group care.GroupID) {
	b.Helper()
	dir := directory.New(d, time.Now)
	write := func(act func(ctx context.Context, tx *db.Tx) error) {
		if err := d.Write(b.Context(), func(tx *db.Tx) error { return act(b.Context(), tx) }); err != nil {
			b.Fatal(err)
		}
	}
	write(func(ctx context.Context, tx *db.Tx) error {
		org, err := dir.CreateOrganization(ctx, tx, directory.NewOrganization{Name: "Big"})
		if err != nil {
			return err
		}
		s, err := dir.CreateOwner(ctx, tx, org.ID, directory.NewStaff{Name: "Olga", Email: "olga@example.org"})
		if err != nil {
			return err
		}
		owner = actorOf(org.ID, s)
		g, _, err := dir.CreateGroup(ctx, tx, owner, care.GroupID{}, "Group")
		group = g.ID
		return err
	})
	const batch = 500
	for at := 0; at < n; at += batch {
		write(func(ctx context.Context, tx *db.Tx) error { return fill(ctx, tx, owner, group, at, batch, n) })
	}
	write(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `ANALYZE`)
		return err
	})
	return owner, group
}

func fill(ctx context.Context, tx *db.Tx, owner care.Actor, group care.GroupID, from, batch, n int) error {
	var people, clients []any
	for i := from; i < from+batch; i++ {
		id := care.UserID{0: 1, 1: byte(i >> 16), 2: byte(i >> 8), 3: byte(i), 8: byte(i * 31)}
		in, state := care.GroupID{}, "active"
		if i%50 == 0 {
			in = group
		}
		if i%100 == 99 {
			state = "archived"
		}
		var own, until any
		if i%1000 == 0 {
			own = false
		}
		if i%2000 == 0 {
			until = db.Millis(time.Now().Add(time.Hour))
		}
		name := fmt.Sprintf("Client %06d", i*7919%n)
		people = append(people, id, owner.Org, "client", name, directory.SortName(name), fmt.Sprintf("c%d@example.org", i), 1)
		clients = append(clients, id, owner.Org, state, in, owner.User, own, until, true, i%2 == 0, 1)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO people (id, org_id, kind, name, sort_name, email, created_at) VALUES `+db.Rows(1, batch, 7), people...); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO clients (user_id, org_id, state, group_id, primary_provider_id, own_direct, own_direct_until,
		default_direct, default_community, version) VALUES `+db.Rows(1, batch, 10), clients...)
	return err
}
