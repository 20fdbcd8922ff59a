package preference_test

import (
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/preference"
	"hearth/internal/testkit"
)

func TestWhoHasChosenNothingGetsEverything(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d)
		ann := p.client("Ann Example", p.group)
		got := p.load(ann, p.owner.User, care.NewID[care.UserID](time.Now()))
		if len(got) != 2 {
			t.Fatalf("%d people, want 2", len(got))
		}
		for _, k := range preference.Kinds {
			for _, c := range preference.Channels {
				client := k == preference.Direct || k == preference.Community
				if got[ann].Wants(k, c) != client {
					t.Errorf("client wants %s %s: %v", k, c, !client)
				}
				if !got[p.owner.User].Wants(k, c) {
					t.Errorf("staff does not want %s %s", k, c)
				}
			}
		}
		if got[ann].Zone.String() != "Europe/Berlin" || got[ann].Sound != preference.SoundChime {
			t.Errorf("zone %v, sound %v", got[ann].Zone, got[ann].Sound)
		}
		at := time.Date(2026, 3, 1, 1, 2, 3, 0, time.UTC)
		if got[ann].Next(at) != at || got[ann].DigestAt(at) != at {
			t.Error("without quiet hours and digest everything goes out at once")
		}
	})
}

func TestUnsubscribingTurnsOneCellOffOnce(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d)
		ann := p.client("Ann Example", p.group)
		if !p.narrow(ann, preference.Direct, preference.Email) {
			t.Fatal("nothing changed")
		}
		if p.narrow(ann, preference.Direct, preference.Email) {
			t.Error("the second time changed something")
		}
		if !p.narrow(ann, preference.Community, preference.Email) {
			t.Error("the other kind did not change")
		}
		if p.narrow(ann, "other", preference.Email) || p.narrow(care.NewID[care.UserID](time.Now()), preference.Direct, preference.Email) {
			t.Error("what does not exist changed")
		}
		got := p.load(ann)[ann]
		for _, k := range preference.ClientKinds {
			for _, c := range preference.Channels {
				if want := c != preference.Email; got.Wants(k, c) != want {
					t.Errorf("%s %s: %v", k, c, !want)
				}
			}
		}
		if n := p.recorded("notifications.narrowed", ann); n != 2 {
			t.Errorf("%d records, want 2", n)
		}
	})
}
