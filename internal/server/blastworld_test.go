package server

import (
	"context"
	"fmt"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/onboard"
	"hearth/internal/testkit"
)

const blastPassword = "correct horse battery"

// multitude is a practice of very many clients behind real processes.
type multitude struct {
	*testing.T
	store db.Config
	nodes []*process
	token string // of the owner, who sends

	org     care.OrgID
	owner   care.UserID
	group   care.GroupID // everybody is in it
	clients []care.UserID
	skipped map[care.UserID]string // who cannot be reached, and why
}

// newMultitude fills a store with so many clients, by the thousand, and serves it by so
// many nodes, which are ready.
func newMultitude(t *testing.T, size int, store db.Config, nodes int) *multitude {
	t.Helper()
	m := &multitude{T: t, store: store, skipped: map[care.UserID]string{}}
	flags := []string{"--database-url", store.URL}
	if store.URL == "" {
		flags = []string{"--data", store.Dir}
	}
	m.fill(size)
	for range nodes {
		m.nodes = append(m.nodes, newProcess(t, flags...))
	}
	for _, node := range m.nodes {
		node.begin()
	}
	for _, node := range m.nodes {
		node.ready()
	}
	status, answer, err := m.nodes[0].call("", "POST", "/api/v1/sessions", object{"email": "ada@maplecourt.example", "password": blastPassword, "bearer": true})
	if err != nil || status != 201 {
		t.Fatalf("signing in: %d %v %v", status, answer, err)
	}
	m.token, _ = answer["token"].(string)
	return m
}

// open gives the store beside the processes.
func (m *multitude) open() *db.DB {
	m.Helper()
	shared := m.store
	shared.Shared = true
	d, err := db.Open(context.Background(), shared)
	if err != nil {
		m.Fatal(err)
	}
	return d
}

// fill sets the practice up, by SQL where the use cases would take minutes.
func (m *multitude) fill(size int) {
	m.Helper()
	d := m.open()
	defer d.Close()
	made, err := SetUp(m.Context(), d, time.Now, onboard.NewPractice{
		Organization: "Maple Court", OwnerName: "Ada Quill", OwnerEmail: "ada@maplecourt.example",
	}, blastPassword)
	if err != nil {
		m.Fatal(err)
	}
	m.org, m.owner, m.group = made.Organization.ID, made.Owner.ID, care.NewID[care.GroupID](time.Now())
	err = d.Write(m.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(m.Context(), `INSERT INTO client_groups (id, org_id, name, version, created_at, request_hash) VALUES ($1, $2, 'Everybody', 1, 0, $3)`,
			m.group, m.org, []byte{})
		return err
	})
	m.choose(size)
	for start := 0; err == nil && start < size; start += 1000 {
		err = d.Write(m.Context(), func(tx *db.Tx) error { return m.addClients(tx, start, start+1000) })
	}
	if err != nil {
		m.Fatal(err)
	}
}

// choose names the clients: of some the chat is off, some are archived.
func (m *multitude) choose(size int) {
	for i := range size {
		id := care.NewID[care.UserID](time.Now())
		switch m.clients = append(m.clients, id); {
		case i%41 == 0:
			m.skipped[id] = "archived"
		case i%37 == 0:
			m.skipped[id] = "direct_off"
		}
	}
}

// addClients writes the clients with the numbers from first on.
func (m *multitude) addClients(tx *db.Tx, first, end int) error {
	for ; first < end; first += 100 {
		var people, clients, teams []any
		for i := first; i < first+100; i++ {
			id, name := m.clients[i], fmt.Sprintf("Client %06d", i)
			state, direct := care.ClientActive, any(nil)
			switch m.skipped[id] {
			case "archived":
				state = care.ClientArchived
			case "direct_off":
				direct = false
			}
			people = append(people, id, m.org, "client", name, name, id.String()+"@example.org", 0, []byte{})
			clients = append(clients, id, m.org, string(state), m.owner, m.group, direct, true, true, 1)
			teams = append(teams, id, m.owner)
		}
		for _, table := range []struct {
			into    string
			columns int
			values  []any
		}{
			{`people (id, org_id, kind, name, sort_name, email, created_at, request_hash)`, 8, people},
			{`clients (user_id, org_id, state, primary_provider_id, group_id, own_direct, default_direct, default_community, version)`, 9, clients},
			{`care_team (client_id, staff_id)`, 2, teams},
		} {
			if _, err := tx.Exec(m.Context(), `INSERT INTO `+table.into+` VALUES `+db.Rows(1, 100, table.columns), table.values...); err != nil {
				return err
			}
		}
	}
	return nil
}

// eachMultitude runs a test on encrypted SQLite behind one node, and on PostgreSQL behind two.
func eachMultitude(t *testing.T, size int, test func(m *multitude)) {
	t.Helper()
	for name, place := range map[string]func(t *testing.T) (store db.Config, nodes int){
		"sqlite":   func(t *testing.T) (db.Config, int) { return db.Config{Dir: testkit.SQLiteDir(t)}, 1 },
		"postgres": func(t *testing.T) (db.Config, int) { return db.Config{URL: testkit.PostgresURL(t)}, 2 },
	} {
		t.Run(name, func(t *testing.T) {
			store, nodes := place(t)
			test(newMultitude(t, size, store, nodes))
		})
	}
}

// each reads rows of the store.
func (m *multitude) each(d *db.DB, scan func(db.Scanner) error, query string, args ...any) {
	m.Helper()
	err := d.Read(m.Context(), func(tx *db.Tx) error {
		_, err := db.Many(m.Context(), tx, func(row db.Scanner) (struct{}, error) { return struct{}{}, scan(row) }, query, args...)
		return err
	})
	if err != nil {
		m.Fatal(err)
	}
}

// tally reads counts by somebody's id.
func (m *multitude) tally(d *db.DB, query string, args ...any) map[care.UserID]int {
	m.Helper()
	counts := map[care.UserID]int{}
	m.each(d, func(row db.Scanner) error {
		var id care.UserID
		var n int
		err := row.Scan(&id, &n)
		counts[id] = n
		return err
	}, query, args...)
	return counts
}

// outcomes gives what became of each recipient of a blast, as "sent " or "skipped why".
// Nobody is there twice.
func (m *multitude) outcomes(d *db.DB, blast care.BlastID) map[care.UserID]string {
	m.Helper()
	found := map[care.UserID]string{}
	m.each(d, func(row db.Scanner) error {
		var id care.UserID
		var state, why string
		if err := row.Scan(&id, &state, &why); err != nil {
			return err
		}
		if found[id] != "" {
			m.Errorf("a client is a recipient twice: %s, and %s %s", found[id], state, why)
		}
		found[id] = state + " " + why
		return nil
	}, `SELECT r.client_id, r.state, COALESCE(r.why, '') FROM blast_recipients r JOIN blasts b ON b.id = r.blast_id AND b.list = r.list WHERE b.id = $1`, blast)
	return found
}
