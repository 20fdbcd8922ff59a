package bus_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver of the onlooker

	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/testkit"

	"github.com/jackc/pgx/v5"
)

// What people write and their names stay in the database: they do not travel.
func TestPostgresSendsIDsOnly(t *testing.T) {
	url := testkit.PostgresURL(t)
	b := node(t, url)
	onlooker, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer onlooker.Close(context.Background())
	if _, err := onlooker.Exec(t.Context(), "LISTEN hearth_events"); err != nil {
		t.Fatal(err)
	}
	const secret = "a private word"
	in := care.NewID[care.ConversationID](time.Now())
	e := message(in, 7)
	e.Text, e.Person, e.Message, e.Origin = secret, care.Person{ID: somebody, Name: secret}, &care.Message{Body: secret}, 9
	e.Type = care.EventDraftUpdated
	b.Publish(e)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	n, err := onlooker.WaitForNotification(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(n.Payload, "private") || !strings.Contains(n.Payload, `"s":7`) {
		t.Errorf("the notification is %s", n.Payload)
	}
}

// An event is about a connection of its own node; on another it must not silence one.
func TestPostgresOriginStaysOnItsNode(t *testing.T) {
	here, there := postgresNodes(t)
	far := listen(there)
	e := message(care.NewID[care.ConversationID](time.Now()), 1)
	e.Origin = 3
	here.Publish(e)
	if got := far.wait(t, 1)[0]; got.Origin != 0 {
		t.Errorf("origin %d, want none", got.Origin)
	}
}

// Several events that wait go into one notification.
// A commit of many events, and many commits' worth at once, all arrive.
func TestPostgresManyEventsArrive(t *testing.T) {
	url := testkit.PostgresURL(t)
	b, far := node(t, url), listen(node(t, url))
	in := care.NewID[care.ConversationID](time.Now())
	const n = 20_000
	events := make([]care.Event, n)
	for i := range events {
		events[i] = message(in, int64(i+1))
	}
	b.Publish(events...)
	far.wait(t, n)
}

func TestPostgresTellsOfWhatMayBeMissed(t *testing.T) {
	url := testkit.PostgresURL(t)
	here, there := node(t, url), node(t, url)
	far := listen(there)
	here.Publish(message(care.NewID[care.ConversationID](time.Now()), 1))
	far.wait(t, 1)
	cutOff(t, url)
	missed := func() (n int) {
		for _, e := range far.all() {
			if e.Type == bus.EventMissed {
				n++
			}
		}
		return n
	}
	for end := time.Now().Add(10 * time.Second); missed() == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the lost connection went unnoticed")
		}
	}
	// The publisher lost its connection too; from now on things arrive again.
	arrived := func() bool {
		for _, e := range far.all() {
			if e.Type == care.EventMessageCreated && e.Seq > 1 {
				return true
			}
		}
		return false
	}
	in := care.NewID[care.ConversationID](time.Now())
	seq := int64(1)
	for end := time.Now().Add(10 * time.Second); !arrived(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nothing arrives after the connections were made again")
		}
		seq++
		here.Publish(message(in, seq))
	}
}

// cutOff ends every connection of the bus.
func cutOff(t *testing.T, url string) {
	t.Helper()
	admin, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	var n int
	err = admin.QueryRow(`SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
		WHERE application_name = 'hearth bus' AND datname = current_database()`).Scan(&n)
	if err != nil || n < 3 {
		t.Fatalf("ended %d connections, %v", n, err)
	}
}
