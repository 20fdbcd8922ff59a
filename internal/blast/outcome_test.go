package blast

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
)

// The list of the recipients is filtered and paged in the order of sending.
func TestOutcomeList(t *testing.T) {
	engines(t, func(w *world) {
		ids := w.clients(30, w.noor)
		w.set(w.maya, "own_direct", false)
		w.set(w.leilani, "state", "archived")
		b := w.blast(w.noor, Request{Body: "Hello", Recipients: Recipients{Clients: append(ids, w.maya.User, w.leilani.User)}})
		w.step(b, 25)
		first := care.Actor{Org: w.org, User: ids[0], Kind: care.KindClient}
		second := care.Actor{Org: w.org, User: ids[1], Kind: care.KindClient}
		w.answer(first, "Thanks")
		_, err := w.chat.MarkRead(ctx, second, w.inbox(second, chat.Filter{})[0].ID, 1)
		w.must(err)
		yes, no := true, false
		for name, c := range map[string]struct {
			f    OutcomeFilter
			want int
		}{
			"all":             {OutcomeFilter{}, 32},
			"sent":            {OutcomeFilter{State: "sent"}, 25},
			"pending":         {OutcomeFilter{State: "pending"}, 7},
			"skipped":         {OutcomeFilter{State: "skipped"}, 0},
			"read":            {OutcomeFilter{Read: &yes}, 2},
			"not read":        {OutcomeFilter{Read: &no}, 23},
			"replied":         {OutcomeFilter{Replied: &yes}, 1},
			"read, no reply":  {OutcomeFilter{Read: &yes, Replied: &no}, 1},
			"by name":         {OutcomeFilter{Query: "LEI kah"}, 1},
			"no pattern":      {OutcomeFilter{Query: "%"}, 0},
			"an underscore":   {OutcomeFilter{Query: "_"}, 0},
			"name and state":  {OutcomeFilter{Query: "00002", State: "pending"}, 5},
			"of another kind": {OutcomeFilter{Why: "direct_off"}, 0},
		} {
			if got := w.outcome(w.noor, b, c.f); len(got) != c.want {
				t.Errorf("%s: %d, want %d: %q", name, len(got), c.want, got)
			}
		}
		w.work()
		for f, want := range map[OutcomeFilter]string{
			{State: "skipped"}:  "Leilani Kahale: skipped archived, Maya Lindqvist: skipped direct_off",
			{Why: "direct_off"}: "Maya Lindqvist: skipped direct_off",
			{Why: "forbidden"}:  "", {State: "pending"}: "",
		} {
			if got := strings.Join(w.outcome(w.noor, b, f), ", "); got != want {
				t.Errorf("%+v: %s", f, got)
			}
		}
		var names []string
		var after int64
		for pages := 1; ; pages++ {
			list, next, err := w.blasts.Recipients(ctx, w.noor, b.ID, OutcomeFilter{}, after, 10)
			w.must(err)
			for _, o := range list {
				names = append(names, o.Name)
			}
			if after = next; next == 0 {
				if pages != 4 {
					t.Errorf("%d pages", pages)
				}
				break
			}
		}
		if len(names) != 32 || len(slices.Compact(slices.Clone(names))) != 32 || names[30] != "Leilani Kahale" || names[31] != "Maya Lindqvist" {
			t.Errorf("%d: %q", len(names), names)
		}
	})
}

// The file has everybody in it, and nothing that a spreadsheet runs.
func TestExport(t *testing.T) {
	engines(t, func(w *world) {
		tricks := []string{`=HYPERLINK("http://evil.test")`, "+1", "-1", "@SUM(A1)", `He said "hi", twice`, "Ünïcode 名前", "two; parts"}
		var who []care.Actor
		for _, name := range tricks {
			who = append(who, w.client(w.org, name, w.noor))
		}
		w.set(who[1], "own_direct", false)
		b := w.blast(w.noor, Request{Body: "A secret text", Title: "A secret title", Recipients: Recipients{Clients: append(w.clients(outcomePage, w.noor), ids(who)...)}})
		w.work()
		w.answer(who[0], "Thanks")
		write, err := w.blasts.Export(ctx, w.noor, b.ID)
		w.must(err)
		var out bytes.Buffer
		w.must(write(ctx, &out))
		rows, err := csv.NewReader(&out).ReadAll()
		w.must(err)
		if len(rows) != outcomePage+len(tricks)+1 || strings.Join(rows[0], ",") != "client_id,name,state,why,setting_from,until,at,read_at,replied_at" {
			t.Fatalf("%d rows, %q", len(rows), rows[0])
		}
		byID := map[string][]string{}
		for _, row := range rows[1:] {
			byID[row[0]] = row
			if strings.ContainsAny(row[1][:1], "=+-@\t\r") {
				t.Errorf("%q begins a formula", row[1])
			}
		}
		at := w.clock.Now().Format(time.RFC3339)
		for i, c := range who {
			name := tricks[i]
			if i < 4 {
				name = "'" + name
			}
			want := []string{c.User.String(), name, "sent", "", "", "", at, "", ""}
			switch i {
			case 0:
				want[7], want[8] = at, at
			case 1:
				want[2], want[3], want[4] = "skipped", "direct_off", "client"
			}
			if !slices.Equal(byID[c.User.String()], want) {
				t.Errorf("%q, want %q", byID[c.User.String()], want)
			}
		}
		if acts := w.audits(); acts[len(acts)-1] != "blast.exported" {
			t.Errorf("on record %q", acts)
		}
		if details := w.details(); strings.Contains(details, "secret") || strings.Contains(details, "evil") {
			t.Errorf("the record has what people wrote: %s", details)
		}
	})
}

// Reading and answering are counted once for each, and the same for whoever looks.
func TestReadAndReplied(t *testing.T) {
	engines(t, func(w *world) {
		b := w.blast(w.noor, Request{Body: "Hello", Recipients: named(w.leilani, w.maya)})
		w.work()
		in := w.inbox(w.leilani, chat.Filter{})[0].ID
		counts := func(want string) {
			t.Helper()
			got := w.get(w.noor, b)
			at, found, err := w.blasts.At(ctx, w.org, b.ID)
			w.must(err)
			if text := fmt.Sprint(got.Read, " ", got.Replied); text != want || !found || at.Read != got.Read || at.Replied != got.Replied {
				t.Errorf("read and replied %s, want %s", text, want)
			}
		}
		counts("0 0")
		_, err := w.chat.MarkRead(ctx, w.noor, in, 1) // by staff is no reading
		w.must(err)
		counts("0 0")
		read := w.clock.Advance(time.Minute)
		for range 3 {
			_, err := w.chat.MarkRead(ctx, w.leilani, in, 1)
			w.must(err)
			w.clock.Advance(time.Minute)
		}
		counts("1 0")
		_, _, err = w.chat.Send(ctx, w.noor, chat.Draft{Conversation: in, Body: "One more thing"}) // nor answering
		w.must(err)
		counts("1 0")
		replied := w.clock.Advance(time.Minute)
		w.answer(w.leilani, "Thanks")
		w.clock.Advance(time.Minute)
		w.answer(w.leilani, "And bye")
		w.answer(w.maya, "Who is this?")
		counts("2 2")
		list, _, err := w.blasts.Recipients(ctx, w.noor, b.ID, OutcomeFilter{}, 0, 10)
		w.must(err)
		if o := list[0]; !o.ReadAt.Equal(read) || !o.RepliedAt.Equal(replied) || o.Conversation != in {
			t.Errorf("on record %+v", o)
		}
		if o := list[1]; !o.ReadAt.Equal(o.RepliedAt) || o.ReadAt.IsZero() {
			t.Errorf("who answered has read: %+v", o)
		}
		if _, found, err := w.blasts.At(ctx, w.other, b.ID); found || err != nil {
			t.Errorf("another practice sees it (%v)", err)
		}
	})
}

// The list: one's own, all with the inbox, found by words of the title, page by page.
func TestListOfBlasts(t *testing.T) {
	engines(t, func(w *world) {
		for i := range 7 {
			actor := w.noor
			if i%3 == 0 {
				actor = w.olga
			}
			w.blast(actor, Request{Body: "x", Title: fmt.Sprintf("Blast %d 100%% Über_uns", i), Recipients: named(w.leilani), SendAt: w.clock.Now().Add(time.Duration(i%2+1) * time.Hour)})
			if i%2 == 0 {
				w.clock.Advance(time.Millisecond) // and two at the same moment
			}
		}
		list := func(actor care.Actor, f Filter, limit int) (all []string) {
			t.Helper()
			var after *Cursor
			for {
				page, next, err := w.blasts.List(ctx, actor, f, after, limit)
				w.must(err)
				if len(page) > limit {
					t.Errorf("%d on a page of %d", len(page), limit)
				}
				for _, b := range page {
					all = append(all, strings.Fields(b.Title)[1])
				}
				if after = next; next == nil {
					return all
				}
			}
		}
		all := list(w.olga, Filter{}, 100)
		if got := slices.Sorted(slices.Values(all)); !slices.Equal(got, []string{"0", "1", "2", "3", "4", "5", "6"}) || all[0] < "5" || all[6] != "0" {
			t.Errorf("%q", all)
		}
		for limit := 1; limit < 8; limit++ {
			if got := list(w.sam, Filter{}, limit); !slices.Equal(got, all) {
				t.Errorf("by %d: %q, want %q", limit, got, all)
			}
		}
		if got := list(w.noor, Filter{}, 2); len(got) != 4 {
			t.Errorf("one's own: %q", got)
		}
		if got := list(w.mallory, Filter{}, 2); len(got) != 0 {
			t.Errorf("elsewhere: %q", got)
		}
		for q, want := range map[string]int{"blast": 7, "ÜBER": 7, "100%": 7, "3 bla": 1, "_uns": 7, "nothing": 0, "%3%": 0, "r_u": 7, "rxu": 0} {
			if got := list(w.olga, Filter{Query: q}, 3); len(got) != want {
				t.Errorf("%q: %q", q, got)
			}
		}
		if got := list(w.olga, Filter{State: Sent}, 3); len(got) != 0 {
			t.Errorf("sent: %q", got)
		}
		w.clock.Advance(time.Hour)
		w.work()
		if a, b := len(list(w.olga, Filter{State: Sent}, 3)), len(list(w.olga, Filter{State: Scheduled}, 3)); a != 4 || b != 3 {
			t.Errorf("%d sent, %d scheduled", a, b)
		}
		_, _, err := w.blasts.List(ctx, w.leilani, Filter{}, nil, 10)
		w.refused(err, care.CodeForbidden)
	})
}

// Who looks at the page of a blast is told when clients read and answer, not for each.
func TestReadingIsToldALittleLater(t *testing.T) {
	engines(t, func(w *world) {
		b := w.blast(w.noor, Request{Body: "Hello", Recipients: named(w.leilani, w.maya)})
		w.work()
		told := func() (n int) {
			t.Helper()
			w.events.take()
			w.must(w.blasts.tellStirred(ctx))
			for _, e := range w.events.take() {
				if e.Type != care.EventBlastProgress || e.Blast != b.ID || e.Org != w.org || !slices.Equal(e.To, []care.UserID{w.noor.User}) {
					t.Errorf("told %+v", e)
				}
				n++
			}
			return n
		}
		if n := told() + told(); n != 0 {
			t.Errorf("told %d times of nothing", n)
		}
		_, err := w.chat.MarkRead(ctx, w.leilani, w.inbox(w.leilani, chat.Filter{})[0].ID, 1)
		w.must(err)
		w.answer(w.maya, "Thanks")
		if first, second, third := told(), told(), told(); first != 0 || second != 1 || third != 0 {
			t.Errorf("told %d, %d and %d times", first, second, third)
		}
	})
}
