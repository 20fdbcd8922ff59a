package chataccess_test

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

func TestApplyCountsAtOnceAndIsWrittenLater(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.provider, care.GroupID{})
		p.client("ben", p.owner, p.group)
		p.client("keeps", p.owner, care.GroupID{})
		p.set("keeps", "own_direct", true)
		p.svc.Close() // nothing is written in the background
		until := p.clock.Now().Add(48 * time.Hour)
		applied := p.apply(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: off(), Community: off(), Until: until})
		if applied.Changed != 3 || !applied.UndoUntil.Equal(p.clock.Now().Add(24*time.Hour)) {
			t.Errorf("applied %+v", applied)
		}
		if n := p.number(`SELECT COUNT(*) FROM clients WHERE own_community = FALSE`); n != 0 {
			t.Errorf("%d clients are written already", n)
		}
		for _, name := range []string{"ann", "ben", "keeps"} {
			if a := p.look(name); a.Community.Effective || a.Community.Source != care.PlaceClient {
				t.Errorf("%s: %+v", name, a.Community)
			}
		}
		if a := p.look("keeps"); !a.Direct.Effective {
			t.Error("an own setting was not kept")
		}
		p.wantEvents(map[string][2]bool{"ann": {false, false}, "ben": {false, false}, "keeps": {true, false}})
		p.written()
		if n := p.number(`SELECT COUNT(*) FROM clients WHERE own_community = FALSE AND own_community_until = $1`, db.Millis(until)); n != 3 {
			t.Errorf("%d clients are written, want 3", n)
		}
		if n := p.number(`SELECT COUNT(*) FROM organizations WHERE active_change IS NOT NULL`); n != 0 {
			t.Error("the change still waits to be written")
		}
		p.wantHistory("ann", "bulk client direct unset off because", "bulk client community unset off because")
		p.wantHistory("keeps", "bulk client community unset off because")
		for _, name := range []string{"ann", "ben", "keeps"} {
			if at := p.chats.withheld[p.people[name]]; !at.Equal(p.clock.Now()) {
				t.Errorf("%s is withheld from %v", name, at)
			}
		}
		if n := p.number(`SELECT COUNT(*) FROM audit_log WHERE action = 'chat_access.bulk_changed'`); n != 1 {
			t.Errorf("%d records, want 1", n)
		}
	})
}

// wantEvents checks that each client, and nobody else, was told what is effective now.
func (p *practice) wantEvents(want map[string][2]bool, others ...*practice) {
	p.t.Helper()
	got := map[care.UserID][2]bool{}
	names := maps.Clone(p.people)
	for _, o := range others {
		maps.Copy(names, o.people)
	}
	for _, e := range p.events.take() {
		if e.Type != care.EventChatAccessChanged || e.To[0] != e.Client {
			p.t.Errorf("event %+v", e)
		}
		got[e.Client] = [2]bool{e.Direct, e.Community}
	}
	for name, is := range want {
		if told, ok := got[names[name]]; !ok || told != is {
			p.t.Errorf("%s was told %v (%v), want %v", name, told, ok, is)
		}
	}
	if len(got) != len(want) {
		p.t.Errorf("%d clients were told, want %d", len(got), len(want))
	}
}

// wantHistory checks the entries of a client that bulk changes made.
func (p *practice) wantHistory(name string, want ...string) {
	p.t.Helper()
	var got []string
	p.write(func(ctx context.Context, tx *db.Tx) (err error) {
		got, err = db.Many(ctx, tx, func(r db.Scanner) (string, error) {
			var how, place, of, old, now, reason string
			err := r.Scan(&how, &place, &of, &old, &now, &reason)
			return strings.Join(strings.Fields(strings.Join([]string{how, place, of, old, now, reason}, " ")), " "), err
		}, `SELECT how, place, switch, COALESCE(old_value, ''), new_value, COALESCE(reason, '') FROM chat_access_history
			WHERE subject_id = $1 AND change_id IS NOT NULL ORDER BY at, switch DESC`, p.people[name])
		return err
	})
	if strings.Join(got, "; ") != strings.Join(want, "; ") {
		p.t.Errorf("history of %s: %q, want %q", name, got, want)
	}
}

func TestApplyDefault(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.owner, care.GroupID{})
		p.client("own", p.owner, care.GroupID{})
		p.set("own", "own_community", true)
		applied := p.apply(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "default", Community: off()})
		if applied.Changed != 1 {
			t.Errorf("changed %d, want 1", applied.Changed)
		}
		p.written()
		if n := p.number(`SELECT COUNT(*) FROM clients WHERE default_community = FALSE`); n != 2 {
			t.Errorf("%d defaults written, want 2: also where an own value decides", n)
		}
		if a := p.look("own"); !a.Community.Effective {
			t.Error("the own value does not decide any more")
		}
		p.wantEvents(map[string][2]bool{"ann": {true, false}})
		p.wantHistory("ann", "settings default community on off because")
		if _, is := p.chats.withheld[p.people["own"]]; is {
			t.Error("withheld where the own value decides")
		}
		undone, err := p.svc.Undo(t.Context(), p.owner, applied.ID)
		if err != nil || undone.Restored != 1 || len(undone.Left) != 0 {
			t.Fatalf("undo: %+v, %v", undone, err)
		}
		p.written()
		if n := p.number(`SELECT COUNT(*) FROM clients WHERE default_community = FALSE`); n != 0 {
			t.Errorf("%d defaults are still off", n)
		}
		if p.chats.released[p.people["ann"]] != 1 {
			t.Error("posts were not released")
		}
	})
}

func TestApplyNothing(t *testing.T) {
	p := newPractice(t, testkit.SQLite(t), "Fernleigh")
	p.client("ann", p.owner, care.GroupID{})
	applied := p.apply(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "default", Direct: on()})
	if applied.Changed != 0 || p.number(`SELECT COUNT(*) FROM chat_access_change_rows`) != 0 {
		t.Errorf("%+v", applied)
	}
	if undone, err := p.svc.Undo(t.Context(), p.owner, applied.ID); err != nil || undone.Restored != 0 {
		t.Errorf("%+v %v", undone, err)
	}
}

func TestTokens(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.provider, care.GroupID{})
		r := chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: off()}
		apply := func(actor care.Actor, token string) error {
			_, err := p.svc.Apply(t.Context(), actor, token, "")
			return err
		}
		preview := p.preview(p.owner, r)
		wantCode(t, "altered", apply(p.owner, preview.Token+"A"), care.CodeNotFound)
		wantCode(t, "empty", apply(p.owner, ""), care.CodeNotFound)
		wantCode(t, "another's", apply(p.provider, preview.Token), care.CodeNotFound)
		other := newPractice(t, d, "Marlowe")
		wantCode(t, "another organization's", apply(other.owner, preview.Token), care.CodeNotFound)
		p.clock.Advance(chataccess.PreviewFor)
		wantCode(t, "too old", apply(p.owner, preview.Token), care.CodeVersionConflict)
		preview = p.preview(p.owner, r)
		if n := p.number(`SELECT COUNT(*) FROM chat_access_history WHERE how = 'bulk'`); n != 0 {
			t.Errorf("%d entries after refusals", n)
		}
		if err := apply(p.owner, preview.Token); err != nil {
			t.Fatal(err)
		}
		wantCode(t, "used", apply(p.owner, preview.Token), care.CodeVersionConflict)
		long := strings.Repeat("x", chataccess.MaxReason+1)
		_, err := p.svc.Apply(t.Context(), p.owner, preview.Token, long)
		wantCode(t, "reason too long", err, care.CodeInvalid)
	})
}

func TestPreviewThatHoldsNoMore(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.provider, care.GroupID{})
		p.client("ben", p.owner, p.group)
		for _, c := range []struct {
			what   string
			actor  care.Actor
			change func()
		}{
			{"an own setting", p.owner, func() { p.set("ben", "own_direct", true) }},
			{"an own setting that is replaced anyway", p.owner, func() { p.set("ben", "own_direct", nil) }},
			{"its time limit", p.owner, func() { p.set("ben", "own_direct_until", db.Millis(p.clock.Now())) }},
			{"a new client", p.owner, func() { p.client("new", p.owner, care.GroupID{}) }},
			{"the team", p.provider, func() {
				p.exec(`DELETE FROM care_team WHERE client_id = $1 AND staff_id = $2`, p.people["ann"], p.provider.User)
			}},
			{"an archived one", p.owner, func() { p.set("ann", "state", "archived") }},
		} {
			preview := p.preview(c.actor, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: off(), IncludeOwn: true})
			c.change()
			_, err := p.svc.Apply(t.Context(), c.actor, preview.Token, "")
			wantCode(t, c.what, err, care.CodeVersionConflict)
		}
		preview := p.preview(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: off(), Until: p.clock.Now().Add(time.Minute)})
		p.clock.Advance(2 * time.Minute)
		_, err := p.svc.Apply(t.Context(), p.owner, preview.Token, "")
		wantCode(t, "until passed", err, care.CodeVersionConflict)
		if n := p.number(`SELECT COUNT(*) FROM chat_access_history WHERE how = 'bulk'`); n != 0 {
			t.Errorf("%d entries after refusals", n)
		}
	})
}

func TestSingleChangeWhileABulkChangeIsWritten(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.provider, care.GroupID{})
		p.client("ben", p.owner, care.GroupID{})
		p.svc.Close()
		p.apply(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: off(), Community: off()})
		p.clock.Advance(time.Second)
		version := int64(p.number(`SELECT access_version + 1 FROM clients WHERE user_id = $1`, p.people["ann"]))
		if _, err := p.svc.SetClient(t.Context(), p.owner, p.people["ann"], chataccess.Edit{Version: version, Direct: on()}); err != nil {
			t.Fatal(err)
		}
		if n := p.number(`SELECT COUNT(*) FROM chat_access_change_rows WHERE folded = TRUE`); n != 1 {
			t.Errorf("%d rows are written, want the one client's", n)
		}
		p.written()
		if a := p.look("ann"); !a.Direct.Effective || a.Community.Effective {
			t.Errorf("ann: %v %v, want the later change to stay", a.Direct.Effective, a.Community.Effective)
		}
		if a := p.look("ben"); a.Direct.Effective {
			t.Error("ben was not changed")
		}
	})
}

func TestSettleOneClient(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.provider, care.GroupID{})
		p.client("ben", p.owner, care.GroupID{})
		p.svc.Close()
		p.apply(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Community: off()})
		at := p.clock.Now()
		p.clock.Advance(time.Minute)
		for range 2 {
			if err := p.svc.SettleClient(t.Context(), p.owner.Org, p.people["ann"]); err != nil {
				t.Fatal(err)
			}
		}
		if withheld := p.chats.withheld; len(withheld) != 1 || !withheld[p.people["ann"]].Equal(at) {
			t.Errorf("withheld %v, want ann since the change", withheld)
		}
		p.written()
		if withheld := p.chats.withheld; len(withheld) != 2 || !withheld[p.people["ben"]].Equal(at) {
			t.Errorf("withheld %v, want both since the change", withheld)
		}
		p.wantHistory("ann", "bulk client community unset off because")
	})
}

func TestResumeAfterACrash(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.provider, care.GroupID{})
		p.client("ben", p.owner, care.GroupID{})
		r := chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: off()}

		// Ended after its rows were prepared and before it counted.
		token := p.preview(p.owner, r).Token
		p.exec(`UPDATE chat_access_changes SET state = 'staging'`)
		p.exec(`INSERT INTO chat_access_change_rows (change_id, client_id, place, sets_direct, new_direct, sets_community, folded)
			SELECT x.id, c.user_id, 'own', TRUE, FALSE, FALSE, FALSE FROM chat_access_changes x CROSS JOIN clients c`)
		p.restart()
		p.written()
		_, err := p.svc.Apply(t.Context(), p.owner, token, "")
		wantCode(t, "the token that was used", err, care.CodeVersionConflict)
		if a := p.look("ann"); !a.Direct.Effective {
			t.Error("what never counted counts")
		}
		p.clock.Advance(25 * time.Hour)
		p.written()
		if n := p.number(`SELECT COUNT(*) FROM chat_access_change_rows`) + p.number(`SELECT COUNT(*) FROM chat_access_changes`); n != 0 {
			t.Errorf("%d rows are left of what never counted", n)
		}

		// Ended after it counted, with some clients written.
		p.svc.Close()
		p.apply(p.owner, r)
		if err := p.svc.SettleClient(t.Context(), p.owner.Org, p.people["ann"]); err != nil {
			t.Fatal(err)
		}
		p.restart()
		for _, name := range []string{"ann", "ben"} {
			if p.look(name).Direct.Effective {
				t.Errorf("%s: what counted counts no more", name)
			}
		}
		p.written()
		p.written()
		for _, name := range []string{"ann", "ben"} {
			p.wantHistory(name, "bulk client direct unset off because")
		}
		if n := p.number(`SELECT COUNT(*) FROM clients WHERE own_direct = FALSE`); n != 2 {
			t.Errorf("%d clients are written, want 2", n)
		}
		p.apply(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: on(), IncludeOwn: true})

		// The rows stay as long as an undo may need them.
		p.written()
		p.clock.Advance(24 * time.Hour)
		p.written()
		if n := p.number(`SELECT COUNT(*) FROM chat_access_change_rows`); n != 4 {
			t.Errorf("%d rows are kept for an undo, want 4", n)
		}
		p.clock.Advance(25 * time.Hour)
		p.written()
		if n := p.number(`SELECT COUNT(*) FROM chat_access_change_rows`); n != 0 {
			t.Errorf("%d rows are kept for nothing", n)
		}
		if n := p.number(`SELECT COUNT(*) FROM chat_access_changes WHERE applied_at IS NOT NULL`); n != 2 {
			t.Errorf("%d changes are listed, want 2", n)
		}
	})
}
