package chataccess_test

import (
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"os"
	"slices"
	"syscall"
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
	b.Run("sqlite", func(b *testing.B) { benchmarkList(b, testkit.SQLite(b), nil) })
	b.Run("postgres", func(b *testing.B) {
		url := testkit.PostgresURL(b)
		d, err := db.Open(b.Context(), db.Config{URL: url})
		if err != nil {
			b.Fatal(err)
		}
		defer d.Close()
		conn, err := sql.Open("pgx", url)
		if err != nil {
			b.Fatal(err)
		}
		defer conn.Close()
		benchmarkList(b, d, conn)
	})
}

// benchmarkList measures; server is the database's server, where there is one.
func benchmarkList(b *testing.B, d *db.DB, server *sql.DB) {
	owner, group := crowd(b, d, 100_000)
	svc := chataccess.New(d, time.Now, nil, nil)
	rosa := withTeam(b, d, owner, 2000)
	if server != nil { // as it does by itself about a minute after many inserts; until then it reads tables beside indexes
		if _, err := server.ExecContext(b.Context(), `VACUUM ANALYZE`); err != nil {
			b.Fatal(err)
		}
	}
	deep := clientAt(b, svc, owner, "client 090000")
	for _, c := range []struct {
		name   string
		actor  care.Actor
		filter chataccess.Filter
		cursor string
	}{
		{"everyone", owner, chataccess.Filter{}, ""},
		{"everyone, deep", owner, chataccess.Filter{}, deep},
		{"direct off, few", owner, chataccess.Filter{Direct: care.Off}, ""},
		{"direct off, deep", owner, chataccess.Filter{Direct: care.Off}, deep},
		{"community off, half", owner, chataccess.Filter{Community: care.Off}, ""},
		{"community off, deep", owner, chataccess.Filter{Community: care.Off}, deep},
		{"a group", owner, chataccess.Filter{Group: group}, ""},
		{"a group, deep", owner, chataccess.Filter{Group: group}, deep},
		{"a group, community off", owner, chataccess.Filter{Group: group, Community: care.Off}, ""},
		{"a provider", owner, chataccess.Filter{Provider: owner.User}, ""},
		{"own", owner, chataccess.Filter{Source: care.PlaceClient}, ""},
		{"ending", owner, chataccess.Filter{Ending: true}, ""},
		{"archived", owner, chataccess.Filter{State: care.ClientArchived}, ""},
		{"words, few", owner, chataccess.Filter{Query: "client 0777"}, ""},
		{"words, all", owner, chataccess.Filter{Query: "client"}, ""},
		{"words, all, deep", owner, chataccess.Filter{Query: "c", Community: care.Off}, deep},
		{"words, none", owner, chataccess.Filter{Query: "client nobody"}, ""},
		{"words, one in ten", owner, chataccess.Filter{Query: "client 05"}, ""},
		{"words, direct off", owner, chataccess.Filter{Query: "client exam", Direct: care.Off}, ""},
		{"all together", owner, chataccess.Filter{Query: "client 0", Group: group, Provider: owner.User, Community: care.Off, Source: care.PlaceDefault}, ""},
		{"own team of 2,000", rosa, chataccess.Filter{}, ""},
		{"own team, community off", rosa, chataccess.Filter{Community: care.Off, Query: "client"}, deep},
	} {
		b.Run(c.name, func(b *testing.B) {
			steady(b, server, func() error {
				_, _, _, err := svc.List(b.Context(), c.actor, c.filter, chataccess.Page{Limit: 50, Cursor: c.cursor})
				return err
			})
		})
	}
	for name, actor := range map[string]care.Actor{"counts": owner, "counts, own team": rosa} {
		b.Run(name, func(b *testing.B) {
			steady(b, server, func() error { _, err := svc.Counts(b.Context(), actor); return err })
		})
	}
}

// steady also gives the median, which a busy machine disturbs less than the mean, and the
// processor time of this process and of the database's server.
func steady(b *testing.B, server *sql.DB, act func() error) {
	var took []time.Duration
	if err := act(); err != nil { // with what a first time prepares
		b.Fatal(err)
	}
	beforeServer := serverTime(b, server)
	before := processorTime()
	for b.Loop() {
		since := time.Now()
		if err := act(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(since))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "median-ms")
	b.ReportMetric(float64((processorTime()-before).Microseconds())/1000/float64(len(took)), "cpu-ms")
	if server != nil {
		b.ReportMetric(float64((serverTime(b, server)-beforeServer).Microseconds())/1000/float64(len(took)), "server-cpu-ms")
	}
}

// serverTime is the processor time of those who serve this database, on this machine.
func serverTime(b *testing.B, server *sql.DB) (sum time.Duration) {
	b.Helper()
	if server == nil {
		return 0
	}
	rows, err := server.QueryContext(b.Context(), `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var pid, ran int64
		if err := rows.Scan(&pid); err != nil {
			b.Fatal(err)
		}
		line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", pid)) // not there on other systems
		_, _ = fmt.Sscan(string(line), &ran)
		sum += time.Duration(ran)
	}
	return sum
}

func processorTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// withTeam makes a provider who sees only the clients of their care team.
func withTeam(b *testing.B, d *db.DB, owner care.Actor, n int) (rosa care.Actor) {
	b.Helper()
	dir := directory.New(d, time.Now)
	err := d.Write(b.Context(), func(tx *db.Tx) error {
		s, _, err := dir.CreateStaff(b.Context(), tx, owner, directory.NewStaff{Name: "Rosa", Email: "rosa@example.org", Role: care.RoleProvider})
		if err != nil {
			return err
		}
		rosa = actorOf(owner.Org, s)
		_, err = tx.Exec(b.Context(), `INSERT INTO care_team (client_id, staff_id)
			SELECT m.client_id, s.user_id FROM (SELECT client_id FROM client_list WHERE org_id = $1 ORDER BY client_id LIMIT $2) AS m
			JOIN staff s ON s.user_id = $3`, owner.Org, n, rosa.User)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return rosa
}

// clientAt gives the cursor behind the one client with these words.
func clientAt(b *testing.B, s *chataccess.Service, owner care.Actor, words string) string {
	b.Helper()
	list, _, _, err := s.List(b.Context(), owner, chataccess.Filter{Query: words}, chataccess.Page{Limit: 2})
	if err != nil || len(list) != 1 {
		b.Fatal(len(list), err)
	}
	return base64.RawURLEncoding.EncodeToString(list[0].Client[:])
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
	var people, clients, words, lines []any
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
		name, email := fmt.Sprintf("Client %06d", i*7919%n), fmt.Sprintf("c%d@example.org", i)
		people = append(people, id, owner.Org, "client", name, directory.SortName(name), email, 1)
		lines = append(lines, id, directory.SearchLine(name, email))
		for _, word := range directory.SearchWords(name, email) {
			words = append(words, id, word, owner.Org, directory.SortName(name))
		}
		clients = append(clients, id, owner.Org, state, in, owner.User, own, until, true, i%2 == 0, 1)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO people (id, org_id, kind, name, sort_name, email, created_at) VALUES `+db.Rows(1, batch, 7), people...); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO client_words (client_id, word, org_id, sort_name) VALUES `+db.Rows(1, len(words)/4, 4), words...); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO clients (user_id, org_id, state, group_id, primary_provider_id, own_direct, own_direct_until,
		default_direct, default_community, version) VALUES `+db.Rows(1, batch, 10), clients...); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE client_list SET line = v.column2 FROM (VALUES `+tx.Values(batch, "id", "text")+`) AS v WHERE client_id = v.column1`, lines...)
	return err
}
