package blast

import (
	"encoding/base64"
	"maps"
	"slices"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// What the preview says is what is then sent, while nothing changes (SEMANTICS 11, 12, 14).
func TestPreviewIsWhatIsSent(t *testing.T) {
	engines(t, func(w *world) {
		zoe := w.client(w.org, "Zoe Archived", w.noor)
		w.set(zoe, "state", "archived")
		w.set(zoe, "own_direct", false) // archived comes first
		quinn := w.client(w.org, "Quinn Quiet", w.noor)
		w.exec(`UPDATE people SET email = NULL WHERE id = $1`, quinn.User)
		rhea := w.client(w.org, "Rhea Quiet", w.noor)
		w.exec(`UPDATE people SET email = NULL WHERE id = $1`, rhea.User)
		w.set(rhea, "own_direct", false) // and direct_off before no_account
		w.in(w.group, w.maya, w.leilani, zoe, quinn, rhea)
		w.exec(`UPDATE client_groups SET direct = FALSE, direct_until = $2 WHERE id = $1`, w.group, db.Millis(w.clock.Now().Add(time.Hour)))
		w.set(w.leilani, "own_direct", true)
		w.set(w.leilani, "own_community", false)
		w.set(quinn, "own_direct", true)
		w.exec(`UPDATE clients SET default_direct = FALSE WHERE user_id = $1`, w.arjun.User)
		all := Recipients{All: OrganizationActive, Groups: []care.GroupID{w.group}}
		p := w.preview(w.olga, all)
		why := map[string]int64{"archived": 1, "direct_off": 3, "no_account": 1}
		if p.Chosen != 6 || p.Reachable != 1 || p.Community != 4 || !maps.Equal(p.Why, why) {
			t.Errorf("chosen %d, reachable %d, community %d, why %v", p.Chosen, p.Reachable, p.Community, p.Why)
		}
		want := []Unreachable{
			{w.arjun.User, "Arjun Mehta", "direct_off", care.PlaceDefault, time.Time{}},
			{w.maya.User, "Maya Lindqvist", "direct_off", care.PlaceGroup, w.clock.Now().Add(time.Hour)},
			{quinn.User, "Quinn Quiet", "no_account", "", time.Time{}},
			{rhea.User, "Rhea Quiet", "direct_off", care.PlaceClient, time.Time{}},
			{zoe.User, "Zoe Archived", "archived", "", time.Time{}},
		}
		if !slices.EqualFunc(p.Unavailable, want, func(a, b Unreachable) bool {
			return a.Until.Equal(b.Until) && a.Client == b.Client && a.Name == b.Name && a.Why == b.Why && a.Source == b.Source
		}) {
			t.Errorf("unavailable %+v", p.Unavailable)
		}
		if e := p.Example; e == nil || e.Client != w.leilani.User || e.First != "Leilani" || e.Provider != "Noor Haddad" {
			t.Errorf("the example is %+v", e)
		}
		if p.Settings.ConfirmAbove != DefaultConfirmAbove || p.Settings.DailyLimit != DefaultDailyLimit || p.Used != 0 {
			t.Errorf("settings %+v, used %d", p.Settings, p.Used)
		}
		b := w.blast(w.olga, Request{Body: "Hello", Recipients: all, Token: p.Token})
		w.work()
		if b = w.get(w.olga, b); b.Total != 6 || b.Sent != 1 || b.Skipped != 5 || !maps.Equal(b.SkippedWhy, why) {
			t.Errorf("total %d, sent %d, skipped %v", b.Total, b.Sent, b.SkippedWhy)
		}
		list, _, err := w.blasts.Recipients(ctx, w.olga, b.ID, OutcomeFilter{State: "skipped"}, 0, 10)
		w.must(err)
		for i, o := range list {
			if u := want[i]; o.Client != u.Client || o.Name != u.Name || o.Why != u.Why || o.Source != u.Source || !o.Until.Equal(u.Until) {
				t.Errorf("on record %+v, previewed %+v", o, u)
			}
		}
		if p := w.preview(w.olga, all); p.Used != 6 {
			t.Errorf("%d are used", p.Used)
		}
	})
}

// Invited is enough: who has not come yet does receive.
func TestWhoWasInvitedIsReached(t *testing.T) {
	engines(t, func(w *world) {
		w.exec(`UPDATE people SET email = NULL WHERE id IN ($1, $2)`, w.maya.User, w.leilani.User)
		w.exec(`INSERT INTO invitations (id, token_hash, user_id, purpose, created_at, expires_at) VALUES ($1, $2, $3, 'invite', 0, 1)`,
			care.NewID[care.UserID](w.clock.Now()), []byte("x"), w.leilani.User)
		if got := w.chosen(w.noor, Recipients{All: MyActive}); !slices.Equal(got, []string{"Leilani Kahale", "Maya Lindqvist (no_account)"}) {
			t.Errorf("%q", got)
		}
	})
}

// Nobody reachable: Send is not possible, and everybody who is off is named (SEMANTICS 13).
func TestNobodyReachable(t *testing.T) {
	engines(t, func(w *world) {
		w.set(w.maya, "own_direct", false)
		w.set(w.leilani, "state", "archived")
		r := named(w.maya, w.leilani)
		if p := w.preview(w.noor, r); p.Reachable != 0 || p.Chosen != 2 || p.Example != nil {
			t.Errorf("%+v", p)
		}
		refusal := w.refused(w.try(w.noor, Request{Body: "Hello", Recipients: r}), care.CodeNoReachableRecipients)
		if len(refusal.Unavailable) != 1 || refusal.Unavailable[0].Name != "Maya Lindqvist" {
			t.Errorf("named are %+v", refusal.Unavailable)
		}
		w.refused(w.try(w.noor, Request{Body: "Hello", Recipients: Recipients{Groups: []care.GroupID{w.group}}}), care.CodeNoReachableRecipients)
		w.nothing()
	})
}

// A token holds while what it showed is so; it is of one's own preview of the same choice.
func TestPreviewToken(t *testing.T) {
	engines(t, func(w *world) {
		r := named(w.maya, w.leilani)
		token := w.preview(w.noor, r).Token
		send := func(actor care.Actor, r Recipients, token string) error {
			return w.try(actor, Request{Body: "Hello", Recipients: r, Token: token})
		}
		for at := range len(token) { // any letter of it
			other := byte('A')
			if token[at] == other {
				other = 'B'
			}
			w.field(send(w.noor, r, token[:at]+string(other)+token[at+1:]), "token", "unknown")
		}
		raw, err := base64.RawURLEncoding.DecodeString(token)
		w.must(err)
		for _, bad := range []string{"x", token + "A", token[1:], token[:len(token)-4], token + token, base64.RawURLEncoding.EncodeToString(raw[:tokenAsked]), "\x00", "ä"} {
			w.field(send(w.noor, r, bad), "token", "unknown")
		}
		w.field(send(w.olga, r, token), "token", "unknown")                         // of another actor
		w.field(send(w.noor, named(w.leilani), token), "token", "unknown")          // other recipients
		w.field(send(w.noor, named(w.leilani, w.maya), token), "token", "unknown")  // asked in another way
		w.field(send(w.noor, Recipients{All: MyActive}, token), "token", "unknown") // who are the same people
		w.set(w.maya, "own_direct", false)
		w.refused(send(w.noor, r, token), care.CodeVersionConflict)
		w.set(w.maya, "own_direct", true)
		w.nothing()
		w.must(send(w.noor, r, token)) // as it was

		all := Recipients{All: MyActive}
		token = w.preview(w.noor, all).Token
		w.client(w.org, "Newly Come", w.noor)
		w.refused(send(w.noor, all, token), care.CodeVersionConflict)
	})
}

// Those who are not named any more come page by page, each once, by name.
func TestUnavailablePages(t *testing.T) {
	engines(t, func(w *world) {
		w.clients(2*maxShown+5, w.noor)
		w.exec(`UPDATE clients SET own_direct = FALSE WHERE org_id = $1`, w.org)
		w.set(w.leilani, "own_direct", true) // one in between who is reached
		all := Recipients{All: MyActive}
		p := w.preview(w.noor, all)
		if len(p.Unavailable) != maxShown || p.Chosen-p.Reachable != 2*maxShown+6 {
			t.Fatalf("%d shown of %d", len(p.Unavailable), p.Chosen-p.Reachable)
		}
		var names []string
		after, pages := 0, 0
		for {
			list, next, err := w.blasts.Unavailable(ctx, w.noor, all, after)
			w.must(err)
			if pages++; pages == 1 && !slices.Equal(list, p.Unavailable) {
				t.Error("the first page is not what the preview shows")
			}
			for _, u := range list {
				names = append(names, u.Name)
			}
			if after = next; next == 0 {
				break
			}
		}
		if pages != 3 || len(names) != 2*maxShown+6 || !slices.IsSorted(names) || len(slices.Compact(names)) != 2*maxShown+6 {
			t.Errorf("%d names in %d pages", len(names), pages)
		}
		_, _, err := w.blasts.Unavailable(ctx, w.sam, all, 0)
		w.refused(err, care.CodeForbidden)
	})
}
