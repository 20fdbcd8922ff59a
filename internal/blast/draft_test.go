package blast

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
)

// A test goes to oneself alone, filled as for the example, into one conversation of one's own.
func TestATestToOneself(t *testing.T) {
	engines(t, func(w *world) {
		file := w.file(w.noor, "plan.csv")
		w.set(w.maya, "own_direct", false)
		w.exec(`UPDATE clients SET primary_provider_id = $2 WHERE user_id = $1`, w.maya.User, w.elias.User)
		const body = "Hi {{first_name}}, {{provider}} of {{practice}}"
		m, err := w.blasts.Try(ctx, w.noor, Trial{Body: body, Example: w.maya.User, Files: []care.AttachmentID{file}}) // also who is not reached
		w.must(err)
		if m.Body != "Hi Maya, Dr. Elias Brandt of Alder Row Clinic" || m.Author.ID != w.noor.User || len(m.Attachments) != 1 || m.Attachments[0].ID == file {
			t.Errorf("%+v", m)
		}
		again, err := w.blasts.Try(ctx, w.noor, Trial{Body: body})
		w.must(err)
		if again.Conversation != m.Conversation || again.Body != "Hi Noor, Noor Haddad of Alder Row Clinic" {
			t.Errorf("%+v", again)
		}
		c := w.inbox(w.noor, chat.Filter{})[0]
		if c.Kind != care.Internal || len(c.Members) != 1 || c.ID != m.Conversation {
			t.Errorf("%+v", c)
		}
		for _, who := range []care.Actor{w.olga, w.sam, w.maya, w.leilani, w.elias} {
			if list := w.inbox(who, chat.Filter{}); len(list) != 0 {
				t.Errorf("%s sees %+v", who.Name, list)
			}
			if w.mayRead(who, m.Attachments[0].ID) {
				t.Errorf("%s reads its file", who.Name)
			}
		}
		_, err = w.chat.SetClosed(ctx, w.noor, m.Conversation, true)
		w.must(err)
		fresh, err := w.blasts.Try(ctx, w.noor, Trial{Body: "Again"})
		w.must(err)
		if fresh.Conversation == m.Conversation {
			t.Error("written into what was closed")
		}
		b := w.blast(w.noor, Request{Body: "x", Recipients: named(w.leilani), Files: []care.AttachmentID{file}}) // which the test did not use up
		if len(b.Files) != 1 {
			t.Errorf("%+v", b.Files)
		}
		for want, trial := range map[string]Trial{
			"body required":           {},
			"body unknown_field":      {Body: "{{x}}"},
			"body too_long":           {Body: strings.Repeat("x", care.MaxMessage+1)},
			"attachment_ids too_many": {Body: "x", Files: make([]care.AttachmentID, 200)},
		} {
			_, err := w.blasts.Try(ctx, w.noor, trial)
			field, code, _ := strings.Cut(want, " ")
			w.field(err, field, code)
		}
		for _, trial := range []Trial{{Body: "x", Example: w.arjun.User}, {Body: "x", Example: w.stranger.User}, {Body: "x", Files: []care.AttachmentID{w.file(w.olga, "hers.csv")}}} {
			_, err := w.blasts.Try(ctx, w.noor, trial)
			w.refused(err, care.CodeNotFound)
		}
		_, err = w.blasts.Try(ctx, w.sam, Trial{Body: "x"})
		w.refused(err, care.CodeForbidden)
	})
}

// Two tests at once are in one conversation.
func TestTwoTestsAtOnce(t *testing.T) {
	engines(t, func(w *world) {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, err := w.blasts.Try(ctx, w.noor, Trial{Body: "x"}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if list := w.inbox(w.noor, chat.Filter{}); len(list) != 1 || list[0].LastSeq != 4 {
			t.Errorf("%d conversations", len(list))
		}
	})
}

// A draft is one for each, of anything that is not too long, and nobody else's.
func TestDrafts(t *testing.T) {
	engines(t, func(w *world) {
		d, err := w.blasts.Draft(ctx, w.noor)
		w.must(err)
		if !d.UpdatedAt.IsZero() || d.Body != "" || d.Recipients != nil {
			t.Errorf("before anything: %+v", d)
		}
		file, hers := w.file(w.noor, "plan.csv"), w.file(w.olga, "hers.csv")
		want := Draft{
			Title: "News", Body: "Hi {{nonsense", Recipients: pointer(named(w.stranger)), Files: []care.AttachmentID{hers, file},
			OnBehalfOf: w.elias.User, Staff: []care.UserID{w.sam.User}, SendAt: w.clock.Now().Add(-time.Hour),
		}
		for range 2 {
			d, err = w.blasts.SaveDraft(ctx, w.noor, want)
			w.must(err)
		}
		if d.Title != want.Title || d.Body != want.Body || !slices.Equal(d.Recipients.Clients, want.Recipients.Clients) || d.OnBehalfOf != want.OnBehalfOf ||
			!slices.Equal(d.Staff, want.Staff) || !d.SendAt.Equal(want.SendAt) || !d.UpdatedAt.Equal(w.clock.Now()) {
			t.Errorf("%+v", d)
		}
		if len(d.Shown) != 1 || d.Shown[0].ID != file {
			t.Errorf("shown are %+v", d.Shown)
		}
		if other, err := w.blasts.Draft(ctx, w.olga); err != nil || other.Body != "" {
			t.Errorf("somebody else has %+v (%v)", other, err)
		}
		w.blast(w.noor, Request{Body: "x", Recipients: named(w.leilani), Files: []care.AttachmentID{file}})
		if d, err = w.blasts.Draft(ctx, w.noor); err != nil || len(d.Shown) != 0 {
			t.Errorf("a file that was used is shown: %+v (%v)", d.Shown, err)
		}
		for range 2 {
			w.must(w.blasts.DropDraft(ctx, w.noor))
		}
		if d, err = w.blasts.Draft(ctx, w.noor); err != nil || d.Body != "" || !d.UpdatedAt.IsZero() {
			t.Errorf("dropped: %+v (%v)", d, err)
		}
		for want, d := range map[string]Draft{
			"title too_long":          {Title: strings.Repeat("x", MaxTitle+1)},
			"body too_long":           {Body: strings.Repeat("x", care.MaxMessage+1)},
			"body characters":         {Body: "\x00"},
			"attachment_ids too_many": {Files: make([]care.AttachmentID, 200)},
		} {
			_, err := w.blasts.SaveDraft(ctx, w.noor, d)
			field, code, _ := strings.Cut(want, " ")
			w.field(err, field, code)
		}
		_, err = w.blasts.Draft(ctx, w.sam)
		w.refused(err, care.CodeForbidden)
		_, err = w.blasts.SaveDraft(ctx, w.sam, Draft{})
		w.refused(err, care.CodeForbidden)
		w.refused(w.blasts.DropDraft(ctx, w.leilani), care.CodeForbidden)
	})
}

// The settings: the defaults, who changes them, bounds, and two who save at once.
func TestSettings(t *testing.T) {
	engines(t, func(w *world) {
		get := func(actor care.Actor) Settings {
			t.Helper()
			set, err := w.blasts.Settings(ctx, actor)
			w.must(err)
			return set
		}
		if set := get(w.elias); set != (Settings{0, 50, 5000}) {
			t.Errorf("%+v", set)
		}
		set, err := w.blasts.SetSettings(ctx, w.olga, SettingsChange{ConfirmAbove: pointer(int64(10))})
		w.must(err)
		if set != (Settings{1, 10, 5000}) || get(w.noor) != set {
			t.Errorf("%+v", set)
		}
		refusal := w.refused(func() error {
			_, err := w.blasts.SetSettings(ctx, w.olga, SettingsChange{DailyLimit: pointer(int64(9))})
			return err
		}(), care.CodeVersionConflict)
		if refusal.Current != set {
			t.Errorf("the conflict says %+v", refusal.Current)
		}
		for _, bad := range []int64{0, -1, MaxDailyLimit + 1} {
			_, err := w.blasts.SetSettings(ctx, w.olga, SettingsChange{Version: 1, DailyLimit: &bad})
			w.field(err, "daily_limit", "out_of_range")
			_, err = w.blasts.SetSettings(ctx, w.olga, SettingsChange{Version: 1, ConfirmAbove: &bad})
			w.field(err, "confirm_above", "out_of_range")
		}
		_, err = w.blasts.SetSettings(ctx, w.noor, SettingsChange{Version: 1})
		w.refused(err, care.CodeForbidden)
		_, err = w.blasts.Settings(ctx, w.leilani)
		w.refused(err, care.CodeForbidden)
		if set := get(w.mallory); set.Version != 0 {
			t.Errorf("another practice has %+v", set)
		}
		if details := w.details(); !strings.Contains(details, `"confirm_above":{"new":10,"old":50}`) {
			t.Errorf("on record %s", details)
		}
	})
}
