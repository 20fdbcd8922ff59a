package blast

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/internal/attach"
	"hearth/internal/care"
)

// What cannot be sent is refused with the field that is wrong, and nothing is stored.
func TestBadRequests(t *testing.T) {
	engines(t, func(w *world) {
		now := w.clock.Now()
		nobody := care.NewID[care.UserID](now)
		left := w.staff(w.org, "Left Long Ago", care.RoleProvider)
		w.exec(`UPDATE staff SET active = FALSE WHERE user_id = $1`, left.User)
		six := make([]care.UserID, MaxStaff+1)
		files := make([]care.AttachmentID, attach.Limits{}.PerMessage+100)
		ok := func(change func(*Request)) Request {
			r := Request{Body: "Hello", Recipients: named(w.leilani)}
			change(&r)
			return r
		}
		for name, c := range map[string]struct {
			r           Request
			field, code string
		}{
			"no text":            {ok(func(r *Request) { r.Body = "" }), "body", "required"},
			"blank":              {ok(func(r *Request) { r.Body = " \n\t" }), "body", "required"},
			"too long":           {ok(func(r *Request) { r.Body = strings.Repeat("ä", care.MaxMessage+1) }), "body", "too_long"},
			"NUL":                {ok(func(r *Request) { r.Body = "a\x00b" }), "body", "characters"},
			"NUL in the title":   {ok(func(r *Request) { r.Title = "a\x00b" }), "title", "characters"},
			"a long title":       {ok(func(r *Request) { r.Title = strings.Repeat("x", MaxTitle+1) }), "title", "too_long"},
			"an unknown field":   {ok(func(r *Request) { r.Body = "Hi {{last_name}}" }), "body", "unknown_field"},
			"a field of others":  {ok(func(r *Request) { r.Body = "Hi {{next_step}}" }), "body", "unknown_field"},
			"a mention":          {ok(func(r *Request) { r.Body = "Hi " + care.Mention(w.maya.User) }), "body", "mention"},
			"in the past":        {ok(func(r *Request) { r.SendAt = now.Add(-time.Second) }), "send_at", "past"},
			"at this moment":     {ok(func(r *Request) { r.SendAt = now }), "send_at", "past"},
			"in two years":       {ok(func(r *Request) { r.SendAt = now.AddDate(2, 0, 0) }), "send_at", "too_far"},
			"a grace of 61 s":    {ok(func(r *Request) { r.Grace = 61 * time.Second }), "grace_seconds", "out_of_range"},
			"a negative grace":   {ok(func(r *Request) { r.Grace = -time.Second }), "grace_seconds", "out_of_range"},
			"six colleagues":     {ok(func(r *Request) { r.Staff = six }), "staff_ids", "too_many"},
			"oneself":            {ok(func(r *Request) { r.Staff = []care.UserID{w.noor.User} }), "staff_ids", "twice"},
			"a colleague twice":  {ok(func(r *Request) { r.Staff = []care.UserID{w.sam.User, w.sam.User} }), "staff_ids", "twice"},
			"too many files":     {ok(func(r *Request) { r.Files = files }), "attachment_ids", "too_many"},
			"an unknown file":    {ok(func(r *Request) { r.Files = []care.AttachmentID{care.NewID[care.AttachmentID](now)} }), "attachment_ids", "unknown"},
			"who does not exist": {ok(func(r *Request) { r.Staff = []care.UserID{nobody} }), "", "not_found"},
			"of elsewhere":       {ok(func(r *Request) { r.Staff = []care.UserID{w.mallory.User} }), "", "not_found"},
			"a client as staff":  {ok(func(r *Request) { r.Staff = []care.UserID{w.maya.User} }), "", "not_found"},
			"who has left":       {ok(func(r *Request) { r.Staff = []care.UserID{left.User} }), "", "not_found"},
			"for a colleague":    {ok(func(r *Request) { r.OnBehalfOf = w.elias.User }), "", "forbidden"},
		} {
			t.Run(name, func(t *testing.T) {
				err := w.try(w.noor, c.r)
				if c.field == "" {
					w.refused(err, care.Code(c.code))
					return
				}
				w.field(err, c.field, c.code)
			})
		}
		for _, actor := range []care.Actor{w.sam, w.leilani, {Kind: care.KindSystem, Org: w.org}} {
			w.refused(w.try(actor, ok(func(*Request) {})), care.CodeForbidden)
		}
		w.nothing()
	})
}

// The fields are filled for each, and a name brings nothing but a name.
func TestFieldsForEach(t *testing.T) {
	engines(t, func(w *world) {
		w.exec(`UPDATE people SET name = 'Dr. **Ana** {{practice}} [x](http://evil.test) <@' WHERE id = $1`, w.leilani.User)
		w.exec(`UPDATE people SET name = 'Noor _{{first_name}}_ Haddad' WHERE id = $1`, w.noor.User)
		w.exec(`UPDATE people SET name = '***' WHERE id = $1`, w.maya.User)
		w.blast(w.noor, Request{Body: "**Hi** {{ first_name }}! {{provider}}, {{practice}} and {{first_name}} {single} {{}", Recipients: named(w.leilani, w.maya)})
		w.work()
		if got, want := w.reads(w.leilani).Body, "**Hi** Ana! Noor firstname Haddad, Alder Row Clinic and Ana {single} {{}"; got != want {
			t.Errorf("reads %q, want %q", got, want)
		}
		if got := w.reads(w.maya).Body; !strings.HasPrefix(got, "**Hi** [first name]!") {
			t.Errorf("without a name: %q", got)
		}
	})
}

// The program says when a blast with a title of its own has none.
func TestTitles(t *testing.T) {
	engines(t, func(w *world) {
		for body, want := range map[string]string{
			"Hello {{first_name}},\n\nthe clinic is closed": "Hello …, the clinic is closed",
			strings.Repeat("wordy ", 30):                    strings.TrimSpace(strings.Repeat("wordy ", 10)),
			strings.Repeat("x", 90):                         "Message blast",
		} {
			if b := w.blast(w.noor, Request{Body: body, Recipients: named(w.leilani), SendAt: w.clock.Now().Add(time.Hour)}); b.Title != want {
				t.Errorf("%q, want %q", b.Title, want)
			}
		}
		if b := w.blast(w.noor, Request{Title: "  Closed \n on Monday ", Body: "x", Recipients: named(w.leilani)}); b.Title != "Closed on Monday" {
			t.Errorf("%q", b.Title)
		}
	})
}

// A repeated request gives what exists, also when its time has passed meanwhile.
func TestARepeatedRequestComesLate(t *testing.T) {
	engines(t, func(w *world) {
		r := Request{ID: care.NewID[care.BlastID](w.clock.Now()), Body: "Hello", Recipients: named(w.leilani), SendAt: w.clock.Now().Add(time.Minute)}
		first := w.blast(w.noor, r)
		w.clock.Advance(time.Hour)
		w.set(w.leilani, "own_direct", false)
		b, existed, err := w.blasts.Create(ctx, w.noor, r)
		if err != nil || !existed || b.ID != first.ID {
			t.Errorf("again: %v (%v)", existed, err)
		}
		for name, change := range map[string]func(*Request){
			"text":       func(r *Request) { r.Body = "Other" },
			"title":      func(r *Request) { r.Title = "Other" },
			"recipients": func(r *Request) { r.Recipients = named(w.maya) },
			"time":       func(r *Request) { r.SendAt = w.clock.Now().Add(time.Hour) },
			"grace":      func(r *Request) { r.Grace = time.Second },
			"staff":      func(r *Request) { r.Staff = []care.UserID{w.sam.User} },
		} {
			other := r
			change(&other)
			if _, _, err := w.blasts.Create(ctx, w.noor, other); err == nil {
				t.Errorf("another %s is made too", name)
			} else {
				w.refused(err, care.CodeIDReused)
			}
		}
		w.refused(w.try(w.olga, r), care.CodeIDReused) // of somebody else
		if n := w.count(`SELECT COUNT(*) FROM blasts`); n != 1 {
			t.Errorf("%d blasts", n)
		}
	})
}

// The same request many times at once is one blast, and leaves nothing else behind.
func TestTheSameRequestAtOnce(t *testing.T) {
	engines(t, func(w *world) {
		w.clients(700, w.noor)
		r := Request{ID: care.NewID[care.BlastID](w.clock.Now()), Body: "Hello", Recipients: Recipients{All: MyActive}}
		var made, repeated int
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				_, existed, err := w.blasts.Create(context.Background(), w.noor, r)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err != nil:
					t.Error(err)
				case existed:
					repeated++
				default:
					made++
				}
			})
		}
		all.Wait()
		w.work()
		if made != 1 || repeated != 5 {
			t.Errorf("made %d, repeated %d", made, repeated)
		}
		for query, want := range map[string]int64{
			`SELECT COUNT(*) FROM blasts`: 1, `SELECT COUNT(*) FROM blast_recipients`: 702,
			`SELECT COUNT(*) FROM messages`: 702, `SELECT COUNT(DISTINCT client_id) FROM conversations`: 702,
		} {
			if n := w.count(query); n != want {
				t.Errorf("%s: %d, want %d", query, n, want)
			}
		}
		if acts := w.audits(); !slices.Equal(acts, []string{"blast.created", "blast.finished"}) {
			t.Errorf("on record %q", acts)
		}
	})
}

// What a killed request left counts for nobody and is swept; the same request may come
// again before, and is not swept away under its feet.
func TestHalfMadeBlasts(t *testing.T) {
	engines(t, func(w *world) {
		w.clients(1200, w.noor)
		file := w.file(w.noor, "plan.csv")
		half := func() (Request, *resolved, int64) {
			r := Request{ID: care.NewID[care.BlastID](w.clock.Now()), Body: "Hello", Recipients: Recipients{All: MyActive}, Files: []care.AttachmentID{file}}
			who, chosen, err := w.blasts.survey(ctx, w.noor, &r)
			w.must(err)
			list, err := w.blasts.begin(ctx, w.noor, r, r.hash(w.noor.User), chosen)
			w.must(err)
			w.must(w.blasts.stage(ctx, r.ID, list, who))
			return r, who, list
		}
		r, _, _ := half()
		if _, err := w.blasts.Get(ctx, w.noor, r.ID); err == nil {
			t.Error("half of a blast is seen")
		}
		if list, _, err := w.blasts.List(ctx, w.noor, Filter{}, nil, 10); err != nil || len(list) != 0 {
			t.Errorf("%d are listed (%v)", len(list), err)
		}
		if p := w.preview(w.noor, Recipients{All: MyActive}); p.Used != 0 {
			t.Errorf("it counts for the limit: %d", p.Used)
		}
		w.nothing()
		w.clock.Advance(abandoned - time.Second)
		w.nothing()
		if n := w.count(`SELECT COUNT(*) FROM blasts`); n != 1 {
			t.Error("swept too early")
		}
		// The same request again, just before it would be swept: it has its time anew.
		who, chosen, err := w.blasts.survey(ctx, w.noor, &r)
		w.must(err)
		list, err := w.blasts.begin(ctx, w.noor, r, r.hash(w.noor.User), chosen)
		w.must(err)
		w.clock.Advance(30 * time.Second)
		w.must(w.blasts.stage(ctx, r.ID, list, who))
		w.nothing()
		if _, err = w.blasts.release(ctx, w.noor, r, list, who); err != nil {
			t.Fatal(err)
		}
		w.work()
		if b := w.get(w.noor, &Blast{ID: r.ID}); b.Sent != 1202 || b.State != Sent {
			t.Errorf("%s, %d sent", b.State, b.Sent)
		}
		w.exec(`DELETE FROM messages`)

		// Repeated as a program does it, nothing is left of the first time.
		file = w.file(w.noor, "plan.csv")
		r, _, _ = half()
		w.blast(w.noor, r)
		if n := w.count(`SELECT COUNT(*) FROM blast_recipients WHERE blast_id = $1`, r.ID); n != 1202 {
			t.Errorf("%d rows for 1,202 recipients", n)
		}
		w.work()
		w.exec(`DELETE FROM messages`)

		file = w.file(w.noor, "plan.csv")
		r, _, _ = half()
		w.clock.Advance(abandoned)
		w.work()
		for _, table := range []string{"blasts", "blast_recipients"} {
			if n := w.count(`SELECT COUNT(*) FROM `+table+` WHERE `+map[string]string{"blasts": "id", "blast_recipients": "blast_id"}[table]+` = $1`, r.ID); n != 0 {
				t.Errorf("%d rows of %s are left", n, table)
			}
		}
		if n := w.count(`SELECT COUNT(*) FROM messages`); n != 0 {
			t.Errorf("%d messages were sent", n)
		}
	})
}

// A person's blasts of one day of the practice's time zone are bounded together; cancelled
// ones count for whom they had reached.
func TestLimitPerDay(t *testing.T) {
	engines(t, func(w *world) {
		// 2026-03-02 09:30 UTC is 01:30 in Los Angeles; its day ends at 08:00 UTC.
		_, err := w.blasts.SetSettings(ctx, w.olga, SettingsChange{DailyLimit: pointer(int64(5))})
		w.must(err)
		ids := w.clients(5, w.noor)
		to := func(n int) Recipients { return Recipients{Clients: ids[:n]} }
		used := func() int64 { return w.preview(w.noor, to(1)).Used }
		b := w.blast(w.noor, Request{Body: "1", Recipients: to(3)})
		refusal := w.refused(w.try(w.noor, Request{Body: "2", Recipients: to(3)}), care.CodeRateLimited)
		if want := int((22*time.Hour + 30*time.Minute).Seconds()); refusal.RetryAfter != want {
			t.Errorf("retry after %d s, want %d", refusal.RetryAfter, want)
		}
		if !strings.Contains(refusal.Message, "5 recipients") || !strings.Contains(refusal.Message, "2 left") || !strings.Contains(refusal.Message, "has 3") {
			t.Errorf("%q does not say the numbers", refusal.Message)
		}
		w.must(w.try(w.olga, Request{Body: "another person", Recipients: to(3)}))
		tomorrow := time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC)
		w.refused(w.try(w.noor, Request{Body: "2", Recipients: to(3), SendAt: tomorrow.Add(-time.Second)}), care.CodeRateLimited)
		later := w.blast(w.noor, Request{Body: "2", Recipients: to(3), SendAt: tomorrow}) // counts there
		if n := used(); n != 3 {
			t.Errorf("%d are used today", n)
		}
		w.refused(w.try(w.noor, Request{Body: "3", Recipients: to(3), SendAt: tomorrow.Add(23 * time.Hour)}), care.CodeRateLimited)
		_, err = w.blasts.Edit(ctx, w.noor, later.ID, Change{Version: later.Version, SendAt: pointer(w.clock.Now().Add(time.Hour))})
		w.refused(err, care.CodeRateLimited)
		_, err = w.blasts.Edit(ctx, w.noor, later.ID, Change{Version: later.Version, Recipients: pointer(to(5))}) // in place of its three
		w.must(err)

		w.step(b, 2)
		_, err = w.blasts.Cancel(ctx, w.noor, b.ID)
		w.must(err)
		if n := used(); n != 2 {
			t.Errorf("%d are used after it was cancelled", n)
		}
		w.must(w.try(w.noor, Request{Body: "3", Recipients: to(3)}))
		w.refused(w.try(w.noor, Request{Body: "4", Recipients: to(1)}), care.CodeRateLimited)
		w.blasts.Unlimit()
		w.must(w.try(w.noor, Request{Body: "4", Recipients: to(5)}))
	})
}

// Two blasts at the same moment do not pass the limit together.
func TestLimitAtOnce(t *testing.T) {
	engines(t, func(w *world) {
		_, err := w.blasts.SetSettings(ctx, w.olga, SettingsChange{DailyLimit: pointer(int64(5))})
		w.must(err)
		ids := w.clients(3, w.noor)
		var made, refused int
		var mu sync.Mutex
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				err := w.try(w.noor, Request{Body: fmt.Sprint(i), Recipients: Recipients{Clients: ids}})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					made++
				} else {
					w.refused(err, care.CodeRateLimited)
					refused++
				}
			})
		}
		all.Wait()
		w.work()
		if n := w.count(`SELECT COUNT(*) FROM messages`); made != 1 || refused != 3 || n != 3 {
			t.Errorf("made %d, refused %d, %d messages", made, refused, n)
		}
	})
}
