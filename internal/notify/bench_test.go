package notify

import (
	"crypto/ecdh"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outbox"
	"hearth/internal/outward"
	"hearth/internal/push"
	"hearth/internal/testkit"
)

// BenchmarkPush10000 is a message to 10,000 people with a device each: how long it takes to
// find whom to tell (finding_s) and to hand the pushes, encrypted and signed, to a push
// service over TLS (sending_s). The service is in this process, so its part is counted too.
func BenchmarkPush10000(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": testkit.SQLite, "postgres": testkit.DurablePostgres} {
		b.Run(name, func(b *testing.B) { benchPush(b, open(b), 10_000) })
	}
}

func benchPush(b *testing.B, d *db.DB, people int) {
	w := newWorld(b, d)
	var came atomic.Int64
	service := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		came.Add(1)
		w.WriteHeader(http.StatusCreated)
	}))
	service.EnableHTTP2 = true
	service.StartTLS()
	defer service.Close()
	roots := x509.NewCertPool()
	roots.AddCert(service.Certificate())
	client := outward.NewTrusting([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, roots)
	sender, err := push.Open(b.Context(), d, w.clock.Now, client, "mailto:hearth@example.org")
	w.must(err)
	w.notify.cfg.Push = sender
	in := w.crowd(people)
	w.devices(in, service.URL+"/")
	w.exec(`ANALYZE`) // as a store that has been in use
	for b.Loop() {
		w.exec(`DELETE FROM deliveries`)
		w.exec(`UPDATE conversation_members SET read_seq = (SELECT last_seq FROM conversations k WHERE k.id = conversation_id), read_countable = (SELECT countable FROM conversations k WHERE k.id = conversation_id)`)
		w.say(w.noor, in, "Hello everybody")
		came.Store(0)
		began := time.Now()
		w.hear()
		found := time.Now()
		w.clock.Advance(2 * time.Second)
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() {
				for n := 1; n > 0 && err == nil; {
					n, err = w.notify.WorkPush(b.Context())
				}
			})
		}
		all.Wait()
		w.must(err)
		b.ReportMetric(found.Sub(began).Seconds(), "finding_s")
		b.ReportMetric(time.Since(found).Seconds(), "sending_s")
		if n := came.Load(); n != int64(people) {
			b.Fatalf("%d pushes came, want %d", n, people)
		}
	}
}

// devices gives every client in a conversation a device.
func (w *world) devices(in care.ConversationID, base string) {
	w.t.Helper()
	w.must(w.db.Write(w.ctx(), func(tx *db.Tx) error {
		people, err := db.Many(w.ctx(), tx, scanID[care.UserID], `SELECT user_id FROM conversation_members WHERE conversation_id = $1 AND kind = 'client'`, in)
		if err != nil {
			return err
		}
		for _, who := range people {
			key, err := ecdh.P256().GenerateKey(rand.Reader)
			if err != nil {
				return err
			}
			secret := make([]byte, 16)
			_, _ = rand.Read(secret)
			endpoint := base + who.String()
			hash := sha256.Sum256([]byte(endpoint))
			_, err = tx.Exec(w.ctx(), `INSERT INTO push_subscriptions (id, org_id, user_id, session_id, endpoint, endpoint_hash, p256dh, auth, device, created_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', 0)`, care.NewID[care.SubscriptionID](w.clock.Now()), w.org, who, w.maya.Session, endpoint, hash[:],
				base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()), base64.RawURLEncoding.EncodeToString(secret))
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

// BenchmarkTake is what the outbox pays behind sends: 64 messages in 64 conversations whose
// other member was told already (as while people write), and was not (the first message).
// It is time in which others wait for the writer on SQLite.
func BenchmarkTake(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": testkit.SQLite, "postgres": testkit.DurablePostgres} {
		b.Run(name, func(b *testing.B) {
			w := newWorld(b, open(b))
			events := make([]*outbox.Event, 64)
			for i := range events {
				c := w.client(w.org, "Client", w.noor)
				in := w.open(care.Direct, w.noor, c)
				w.say(w.noor, in, "One")
				w.say(c, in, "Two")
				events[i] = &outbox.Event{Org: w.org, Kind: outbox.MessageCreated, Subject: in, Seq: 2, At: w.clock.Now()}
			}
			take := func() time.Duration {
				began := time.Now()
				w.must(w.db.Write(w.ctx(), func(tx *db.Tx) error {
					_, err := w.notify.Take(w.ctx(), tx, events)
					return err
				}))
				return time.Since(began)
			}
			var first, again time.Duration
			rounds := 0
			for b.Loop() {
				w.exec(`DELETE FROM notices`)
				w.exec(`DELETE FROM deliveries`)
				first += take()
				again += take()
				rounds++
			}
			b.ReportMetric(float64(first.Microseconds())/float64(rounds), "first_µs")
			b.ReportMetric(float64(again.Microseconds())/float64(rounds), "again_µs")
		})
	}
}
