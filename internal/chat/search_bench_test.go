package chat

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// BenchmarkSearch searches 1,000,000 messages in 10,000 conversations of very different
// length, written over two years in a made-up language whose words are as frequent as
// those of a real one. It measures building the index, and then single pages of 50 as a
// provider with 300 conversations, and as support who read everything.
func BenchmarkSearch(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkSearch(b, testkit.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { benchmarkSearch(b, testkit.DurablePostgres(b)) })
}

const (
	benchConversations = 10_000
	benchMessages      = 1_000_000
	benchMember        = 300
)

func benchmarkSearch(b *testing.B, d *db.DB) {
	w := benchWorld(b, d)
	lib := newLibrary(w)
	b.Run("index", func(b *testing.B) {
		cpu := cpuTime()
		for b.Loop() {
			w.exec(`UPDATE search_state SET version = 0`)
			if err := NewSearch(w.chat).Index(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64((cpuTime()-cpu).Microseconds())/float64(b.N)/benchMessages, "cpu-µs/message")
	})
	for _, reader := range []care.Actor{lib.provider, w.sam} {
		for _, kind := range searchKinds {
			b.Run(reader.Name+"/"+kind.name, func(b *testing.B) { lib.measure(b, reader, kind.make) })
		}
	}
}

// searchKinds are what people look for.
var searchKinds = []struct {
	name string
	make func(*library) string
}{
	{"rare word", func(l *library) string { return l.rank(2000, 8000) + " " }},
	{"word", func(l *library) string { return l.rank(100, 1000) }},
	{"frequent word", func(l *library) string { return l.rank(0, 20) }},
	{"two words", func(l *library) string { return l.rank(50, 500) + " " + l.rank(50, 500) }},
	{"two frequent words", func(l *library) string { return l.rank(0, 40) + " " + l.rank(0, 40) }},
	{"phrase", func(l *library) string { return `"` + l.rank(20, 300) + " " + l.rank(20, 300) + `"` }},
	{"beginning", func(l *library) string { w := l.rank(100, 4000); return w[:min(2, len(w))] }},
	{"no such word", func(l *library) string { return l.rank(0, 1000) + "qqq" }},
	{"from me", func(l *library) string { return "from:me " + l.rank(100, 1000) }},
	{"long ago", func(l *library) string { return "before:2025-01-01 " + l.rank(100, 1000) }},
	{"in one", func(l *library) string { return `in:"Client 77 " ` + l.rank(0, 1000) }},
}

// library is the messages of the benchmark.
type library struct {
	w        *world
	random   *rand.Rand
	words    []string
	zipf     *rand.Zipf
	provider care.Actor
}

func newLibrary(w *world) *library {
	l := &library{w: w, random: rand.New(rand.NewPCG(1, 2))}
	known := map[string]bool{}
	for len(l.words) < 20_000 {
		word := ""
		for range 1 + l.random.IntN(4) {
			word += string("bdfgklmnprstvz"[l.random.IntN(14)]) + string("aeiou"[l.random.IntN(5)])
		}
		if !known[word] {
			known[word] = true
			l.words = append(l.words, word)
		}
	}
	slices.SortStableFunc(l.words[:500], func(a, b string) int { return len(a) - len(b) }) // frequent words are short
	l.zipf = rand.NewZipf(l.random, 1.1, 8, uint64(len(l.words)-1))
	l.provider = w.staff(w.org, "member of 300", care.RoleProvider)
	l.fill()
	return l
}

func (l *library) rank(from, to int) string { return l.words[from+l.random.IntN(to-from)] }

func (l *library) text() string {
	words := make([]string, 3+l.random.IntN(24))
	for i := range words {
		words[i] = l.words[l.zipf.Uint64()]
	}
	return strings.Join(words, " ") + "."
}

// fill writes the conversations without the sender.
func (l *library) fill() {
	left := benchMessages
	var rooms []bulkRoom
	for i := range benchConversations {
		n := min(1+int(l.random.ExpFloat64()*l.random.ExpFloat64()*90), left-(benchConversations-i-1))
		if i == benchConversations-1 {
			n = left
		}
		left -= n
		rooms = append(rooms, l.room(i, n))
	}
	for part := range slices.Chunk(rooms, 50) {
		l.store(part)
	}
}

type bulkRoom struct {
	id       care.ConversationID
	client   care.Actor
	staff    care.Actor
	messages int
	start    time.Time
	step     time.Duration
}

func (l *library) room(i, n int) bulkRoom {
	r := bulkRoom{id: care.NewID[care.ConversationID](l.w.now), staff: l.w.noor, messages: n}
	if i%(benchConversations/benchMember) == 0 && i/(benchConversations/benchMember) < benchMember {
		r.staff = l.provider
	}
	r.start = time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(l.random.IntN(600*24)) * time.Hour)
	r.step = time.Duration(1+l.random.IntN(120*24*3600)) * time.Second / time.Duration(n)
	return r
}

func (l *library) store(rooms []bulkRoom) {
	w := l.w
	err := w.db.Write(ctx, func(tx *db.Tx) error {
		for i := range rooms {
			r := &rooms[i]
			id := care.NewID[care.UserID](w.now)
			r.client = care.Actor{User: id}
			name := fmt.Sprintf("Client %d %s", l.random.IntN(1000), l.rank(0, 1000))
			last := r.start.Add(r.step * time.Duration(r.messages)).UnixMilli()
			for _, s := range []struct {
				query string
				args  []any
			}{
				{`INSERT INTO people (id, org_id, kind, name, sort_name, created_at) VALUES ($1, $2, 'client', $3, $4, 0)`, []any{id, w.org, name, strings.ToLower(name)}},
				{`INSERT INTO clients (user_id, org_id, state, primary_provider_id, default_direct, default_community, version)
					VALUES ($1, $2, 'active', $3, TRUE, TRUE, 1)`, []any{id, w.org, r.staff.User}},
				{`INSERT INTO conversations (id, org_id, kind, subject, client_id, history_all, request_hash, created_at, last_seq, countable, last_activity_at)
					VALUES ($1, $2, 'direct', '', $3, TRUE, $4, 0, $5, $5, $6)`, []any{r.id, w.org, id, []byte{}, r.messages, last}},
				{`INSERT INTO conversation_members (conversation_id, user_id, kind, joined_at, joined_seq, read_seq, read_countable, marked_unread, pinned, archived)
					VALUES ($1, $2, 'client', 0, 0, 0, 0, FALSE, FALSE, FALSE), ($1, $3, 'staff', 0, 0, 0, 0, FALSE, FALSE, FALSE)`, []any{r.id, id, r.staff.User}},
			} {
				if _, err := tx.Exec(ctx, s.query, s.args...); err != nil {
					return err
				}
			}
			if err := l.storeMessages(tx, r); err != nil {
				return err
			}
		}
		return nil
	})
	w.must(err)
}

func (l *library) storeMessages(tx *db.Tx, r *bulkRoom) error {
	var entries []entry
	for seq := range r.messages {
		author := r.client
		if seq%2 == 1 {
			author = r.staff
		}
		at := r.start.Add(r.step * time.Duration(seq))
		entries = append(entries, entry{message: care.Message{
			ID: care.NewID[care.MessageID](at), Conversation: r.id, Seq: int64(seq + 1), Kind: care.TextMessage,
			Author: author.Person(), Body: l.text(), CreatedAt: at,
		}, countable: int64(seq + 1)})
	}
	return appendEntries(ctx, tx, nil, entries)
}

// measure asks for one page after the other and reports the times.
func (l *library) measure(b *testing.B, reader care.Actor, query func(*library) string) {
	const pages = 60
	l.random = rand.New(rand.NewPCG(3, 4))
	search := NewSearch(l.w.chat)
	search.complete.Store(db.Millis(time.Now()))
	var took, used []time.Duration
	hits := 0
	for b.Loop() {
		for range pages {
			words := query(l)
			since, cpu := time.Now(), cpuTime()
			found, _, err := search.Find(b.Context(), reader, Asking{Words: words}, nil, 50)
			if err != nil {
				b.Fatal(err)
			}
			took, used = append(took, time.Since(since)), append(used, cpuTime()-cpu)
			hits += len(found)
		}
	}
	report := func(what string, times []time.Duration) {
		slices.Sort(times)
		b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-"+what)
		b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-"+what)
	}
	report("ms", took)
	report("cpu-ms", used)
	b.ReportMetric(float64(hits)/float64(len(took)), "hits")
	b.ReportMetric(0, "ns/op")
}
