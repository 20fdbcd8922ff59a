package blast

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
)

// During the grace nothing is sent, and cancelling takes the blast back whole.
func TestGrace(t *testing.T) {
	engines(t, func(w *world) {
		file := w.file(w.noor, "plan.csv")
		r := Request{Body: "Hello", Recipients: named(w.leilani, w.maya), Grace: 10 * time.Second, Files: []care.AttachmentID{file}}
		b := w.blast(w.noor, r)
		if b.State != Scheduled || !b.HeldUntil.Equal(w.clock.Now().Add(10*time.Second)) || !b.SendAt.IsZero() || b.May != (May{Edit: true, Cancel: true}) {
			t.Errorf("%s, held until %v, may %+v", b.State, b.HeldUntil, b.May)
		}
		w.clock.Advance(10*time.Second - time.Millisecond)
		w.work()
		if n := w.count(`SELECT COUNT(*) FROM messages`); n != 0 {
			t.Errorf("%d messages during the grace", n)
		}
		w.events.take()
		got, err := w.blasts.Cancel(ctx, w.noor, b.ID)
		w.must(err)
		if got.State != Cancelled || got.Sent != 0 || got.Skipped != 2 || got.Pending() != 0 || !maps.Equal(got.SkippedWhy, map[string]int64{"cancelled": 2}) ||
			!got.StartedAt.IsZero() || got.EndedAt.IsZero() || got.StoppedBy.ID != w.noor.User || got.May != (May{}) {
			t.Errorf("%+v", got)
		}
		if told := w.events.take(); len(told) != 1 || told[0].Type != care.EventBlastProgress || !slices.Equal(told[0].To, []care.UserID{w.noor.User}) {
			t.Errorf("told %+v", told)
		}
		w.clock.Advance(time.Hour)
		w.work()
		for _, table := range []string{"messages", "conversations"} {
			if n := w.count(`SELECT COUNT(*) FROM ` + table); n != 0 {
				t.Errorf("%d %s", n, table)
			}
		}
		b = w.blast(w.noor, Request{Body: "Now", Recipients: named(w.leilani), Files: []care.AttachmentID{file}}) // the file was given back
		if len(b.Files) != 1 {
			t.Errorf("files %+v", b.Files)
		}
	})
}

// A time within the grace does not cut it short.
func TestGraceBeforeATime(t *testing.T) {
	engines(t, func(w *world) {
		b := w.blast(w.noor, Request{Body: "Hello", Recipients: named(w.leilani), Grace: time.Minute, SendAt: w.clock.Now().Add(time.Second)})
		later := w.blast(w.noor, Request{Body: "Later", Recipients: named(w.maya), Grace: time.Minute, SendAt: w.clock.Now().Add(time.Hour)})
		later, err := w.blasts.Edit(ctx, w.noor, later.ID, Change{Version: later.Version, SendAt: &time.Time{}}) // at once
		w.must(err)
		w.clock.Advance(time.Minute - time.Millisecond)
		w.work()
		if n := w.count(`SELECT COUNT(*) FROM messages`); n != 0 {
			t.Errorf("%d messages during the grace", n)
		}
		w.clock.Advance(time.Millisecond)
		w.work()
		if b, later := w.get(w.noor, b), w.get(w.noor, later); b.State != Sent || later.State != Sent || b.Sent+later.Sent != 2 {
			t.Errorf("%s and %s", b.State, later.State)
		}
	})
}

// Pause, resume and cancel the rest: who was written to stays so, and repeating an act is
// no other act.
func TestPauseResumeCancel(t *testing.T) {
	engines(t, func(w *world) {
		ids := w.clients(10, w.noor)
		b := w.blast(w.noor, Request{Body: "Hello", Recipients: Recipients{Clients: ids}})
		w.step(b, 4)
		got, err := w.blasts.Pause(ctx, w.noor, b.ID)
		w.must(err)
		if got.State != Paused || got.Sent != 4 || got.Pending() != 6 || got.May != (May{Resume: true, Cancel: true}) {
			t.Errorf("paused: %+v", got)
		}
		again, err := w.blasts.Pause(ctx, w.noor, b.ID)
		w.must(err)
		if again.Version != got.Version {
			t.Error("pausing twice is two acts")
		}
		w.clock.Advance(time.Hour)
		w.work()
		if n := w.count(`SELECT COUNT(*) FROM messages`); n != 4 {
			t.Errorf("%d messages while it is paused", n)
		}
		for range 2 {
			got, err = w.blasts.Resume(ctx, w.noor, b.ID)
			w.must(err)
		}
		if got.State != Sending || got.Left <= 0 || got.May != (May{Pause: true, Cancel: true}) {
			t.Errorf("resumed: %+v", got)
		}
		w.step(b, 3)
		for range 2 {
			got, err = w.blasts.Cancel(ctx, w.noor, b.ID)
			w.must(err)
		}
		if got.State != Cancelled || got.Sent != 7 || got.Skipped != 3 || !maps.Equal(got.SkippedWhy, map[string]int64{"cancelled": 3}) || got.StartedAt.IsZero() {
			t.Errorf("cancelled: %+v", got)
		}
		w.work()
		if n := w.count(`SELECT COUNT(*) FROM messages`); n != 7 {
			t.Errorf("%d messages in the end", n)
		}
		for name, act := range map[string]func() error{
			"pause":  func() error { _, err := w.blasts.Pause(ctx, w.noor, b.ID); return err },
			"resume": func() error { _, err := w.blasts.Resume(ctx, w.noor, b.ID); return err },
			"edit":   func() error { _, err := w.blasts.Edit(ctx, w.noor, b.ID, Change{Version: got.Version}); return err },
		} {
			refusal := w.refused(act(), care.CodeVersionConflict)
			if now, is := refusal.Current.(*Blast); !is || now.State != Cancelled || now.Sent != 7 {
				t.Errorf("%s: the conflict says %+v", name, refusal.Current)
			}
		}
		for f, want := range map[OutcomeFilter]int{{State: "sent"}: 7, {State: "skipped"}: 3, {Why: "cancelled"}: 3, {State: "pending"}: 0, {}: 10} {
			if lines := w.outcome(w.noor, b, f); len(lines) != want || want == 3 && !strings.HasSuffix(lines[0], "skipped cancelled") {
				t.Errorf("%+v: %q", f, lines)
			}
		}
		want := []string{"blast.created", "blast.paused", "blast.resumed", "blast.cancelled"}
		if acts := w.audits(); !slices.Equal(acts, want) {
			t.Errorf("on record %q", acts)
		}
	})
}

// Who may do what with a colleague's blast.
func TestWhoSteers(t *testing.T) {
	engines(t, func(w *world) {
		b := w.blast(w.noor, Request{Body: "Hello", Recipients: named(w.leilani), SendAt: w.clock.Now().Add(time.Hour)})
		for name, c := range map[string]struct {
			actor      care.Actor
			see, steer care.Code
		}{
			"the sender":           {w.noor, "", ""},
			"a colleague":          {w.elias, care.CodeNotFound, care.CodeNotFound},
			"with the inbox":       {w.sam, "", care.CodeForbidden},
			"the owner":            {w.olga, "", ""},
			"of another practice":  {w.mallory, care.CodeNotFound, care.CodeNotFound},
			"who gets it":          {w.leilani, care.CodeNotFound, care.CodeNotFound},
			"without send_blasts":  {w.permit(w.noor), "", ""}, // who can still stop it
			"settings, no inbox":   {w.permit(w.elias, care.ManageSettings), care.CodeNotFound, care.CodeNotFound},
			"inbox and no sending": {w.permit(w.sam, care.OrganizationInbox, care.SendBlasts), "", care.CodeForbidden},
		} {
			code := func(err error, want care.Code) {
				t.Helper()
				switch {
				case want == "" && err != nil:
					t.Errorf("%s: %v", name, err)
				case want != "":
					w.refused(err, want)
				}
			}
			_, err := w.blasts.Get(ctx, c.actor, b.ID)
			code(err, c.see)
			_, _, err = w.blasts.Recipients(ctx, c.actor, b.ID, OutcomeFilter{}, 0, 10)
			code(err, c.see)
			_, err = w.blasts.Export(ctx, c.actor, b.ID)
			code(err, c.see)
			list, _, err := w.blasts.List(ctx, c.actor, Filter{}, nil, 10)
			if c.actor.IsStaff() && (err != nil || (len(list) == 1) != (c.see == "")) {
				t.Errorf("%s: the list has %d (%v)", name, len(list), err)
			}
			for _, act := range []func() error{
				func() error { _, err := w.blasts.Pause(ctx, c.actor, b.ID); return err },
				func() error { _, err := w.blasts.Resume(ctx, c.actor, b.ID); return err },
			} {
				if c.steer == "" {
					code(act(), care.CodeVersionConflict) // it is scheduled
				} else {
					code(act(), c.steer)
				}
			}
			if c.steer != "" {
				_, err = w.blasts.Cancel(ctx, c.actor, b.ID)
				code(err, c.steer)
			}
		}
		for _, other := range []care.Actor{w.olga, w.permit(w.noor)} { // its text is its sender's, who must still be allowed
			_, err := w.blasts.Edit(ctx, other, b.ID, Change{Version: b.Version, Body: pointer("x")})
			w.refused(err, care.CodeForbidden)
		}
		if got := w.get(w.noor, b); got.State != Scheduled || got.Version != b.Version || got.Body != "Hello" {
			t.Errorf("%+v", got)
		}
		got, err := w.blasts.Cancel(ctx, w.olga, b.ID)
		w.must(err)
		if got.StoppedBy == nil || got.StoppedBy.Name != "Olga Owner" {
			t.Errorf("stopped by %+v", got.StoppedBy)
		}
	})
}

// A scheduled blast is changed with its recipients until it starts, and goes as it is then.
func TestEditBeforeItStarts(t *testing.T) {
	engines(t, func(w *world) {
		at := w.clock.Now().Add(time.Hour)
		first := w.file(w.noor, "first.csv")
		b := w.blast(w.noor, Request{Body: "Hello", Recipients: named(w.leilani, w.maya), SendAt: at, Files: []care.AttachmentID{first}})
		if b.State != Scheduled || !b.SendAt.Equal(at) || b.Chosen != "Leilani Kahale and one other" {
			t.Fatalf("%+v", b)
		}
		edit := func(c Change) (*Blast, error) { return w.blasts.Edit(ctx, w.noor, b.ID, c) }
		var err error
		old := b.Version
		b, err = edit(Change{Version: b.Version, Body: pointer("Hi {{first_name}}"), Title: pointer("News")})
		w.must(err)
		if b.Body != "Hi {{first_name}}" || b.Title != "News" || b.Total != 2 || b.Version != old+1 || len(b.Files) != 1 || !b.SendAt.Equal(at) {
			t.Errorf("%+v", b)
		}
		refusal := w.refused(func() error { _, err := edit(Change{Version: old, Body: pointer("x")}); return err }(), care.CodeVersionConflict)
		if now, is := refusal.Current.(*Blast); !is || now.Body != "Hi {{first_name}}" || now.Version != b.Version {
			t.Errorf("the conflict says %+v", refusal.Current)
		}
		for name, c := range map[string]Change{
			"body unknown_field":  {Body: pointer("{{nope}}")},
			"send_at past":        {SendAt: pointer(w.clock.Now())},
			"staff_ids twice":     {Staff: &[]care.UserID{w.noor.User}},
			"recipients required": {Recipients: &Recipients{}},
			"title too_long":      {Title: pointer(strings.Repeat("x", MaxTitle+1))},
		} {
			c.Version = b.Version
			_, err := edit(c)
			field, code, _ := strings.Cut(name, " ")
			w.field(err, field, code)
		}
		_, err = edit(Change{Version: b.Version, Recipients: pointer(named(w.stranger))})
		w.refused(err, care.CodeNotFound)
		_, err = edit(Change{Version: b.Version, Recipients: pointer(Recipients{Groups: []care.GroupID{w.group}})})
		w.refused(err, care.CodeNoReachableRecipients)
		newcomer := w.client(w.org, "Nia Newcomer", w.noor)
		b, err = edit(Change{Version: b.Version, Recipients: pointer(named(newcomer, w.leilani))})
		w.must(err)
		if b.Total != 2 || b.Chosen != "Leilani Kahale and one other" || !slices.Equal(w.outcome(w.noor, b, OutcomeFilter{}), []string{"Leilani Kahale: pending", "Nia Newcomer: pending"}) {
			t.Errorf("%s: %q", b.Chosen, w.outcome(w.noor, b, OutcomeFilter{}))
		}
		if n := w.count(`SELECT COUNT(*) FROM blast_recipients`); n != 2 {
			t.Errorf("%d rows: the list that counts no longer is kept", n)
		}
		b, err = edit(Change{Version: b.Version, SendAt: pointer(at.Add(time.Hour)), Staff: &[]care.UserID{w.sam.User}, OnBehalfOf: &w.noor.User})
		w.must(err)
		if b.OnBehalfOf != nil || len(b.Staff) != 1 {
			t.Errorf("on behalf of %+v, staff %+v", b.OnBehalfOf, b.Staff)
		}
		w.clock.Set(at)
		w.work()
		if n := w.count(`SELECT COUNT(*) FROM messages`); n != 0 {
			t.Errorf("%d messages at the time it had before", n)
		}
		w.clock.Set(at.Add(time.Hour))
		w.work()
		if b = w.get(w.noor, b); b.State != Sent || b.Sent != 2 || b.May.Edit {
			t.Errorf("%s, %d sent", b.State, b.Sent)
		}
		if m := w.reads(newcomer); m.Body != "Hi Nia" || len(m.Attachments) != 1 || m.OnBehalfOf != nil {
			t.Errorf("reads %+v", m)
		}
		if n := len(w.inbox(w.maya, chat.Filter{})); n != 0 {
			t.Error("who was taken out has it")
		}
		_, err = edit(Change{Version: b.Version, Body: pointer("x")})
		w.refused(err, care.CodeVersionConflict)
	})
}

// A text can be put right whatever became of the recipients and of the limit meanwhile.
func TestEditTheTextAlone(t *testing.T) {
	engines(t, func(w *world) {
		b := w.blast(w.noor, Request{Body: "Helo", Recipients: named(w.leilani, w.maya), SendAt: w.clock.Now().Add(time.Hour)})
		w.exec(`DELETE FROM care_team WHERE client_id = $1`, w.maya.User)
		w.set(w.leilani, "own_direct", false)
		_, err := w.blasts.SetSettings(ctx, w.olga, SettingsChange{DailyLimit: pointer(int64(1))})
		w.must(err)
		got, err := w.blasts.Edit(ctx, w.noor, b.ID, Change{Version: b.Version, Body: pointer("Hello")})
		w.must(err)
		if got.Body != "Hello" || got.Total != 2 || got.Chosen != b.Chosen {
			t.Errorf("%+v", got)
		}
	})
}

// An edit that began before the start and ends after it is refused: what was sent is what
// its sender knows.
func TestEditRacesTheStart(t *testing.T) {
	engines(t, func(w *world) {
		at := w.clock.Now().Add(time.Hour)
		b := w.blast(w.noor, Request{Body: "Hello", Recipients: named(w.leilani, w.maya), SendAt: at})
		change := Change{Version: b.Version, Body: pointer("Other"), Recipients: pointer(named(w.maya))}
		n := change.over(b)
		who, chosen, err := w.blasts.resurvey(ctx, w.noor, &n, change, b)
		w.must(err)
		list, err := w.blasts.relist(ctx, b.ID, who)
		w.must(err)
		w.clock.Set(at)
		w.step(b, 1) // starts
		w.step(b, 1)
		w.refused(w.blasts.save(ctx, w.noor, change, n, who, chosen, list), care.CodeVersionConflict)
		w.must(w.blasts.dropList(ctx, b.ID, list))
		w.work()
		if got := w.get(w.noor, b); got.Sent != 2 || got.Body != "Hello" || w.reads(w.leilani).Body != "Hello" {
			t.Errorf("%d sent of %q", got.Sent, got.Body)
		}
		if n := w.count(`SELECT COUNT(*) FROM blast_recipients`); n != 2 {
			t.Errorf("%d rows are left", n)
		}
		w.must(w.blasts.dropList(ctx, b.ID, b.list)) // never the one that counts
		if n := w.count(`SELECT COUNT(*) FROM blast_recipients`); n != 2 {
			t.Error("the list that counts was dropped")
		}
	})
}
