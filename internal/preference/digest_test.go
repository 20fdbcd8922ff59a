package preference_test

import (
	"context"
	"testing"
	"time"

	"hearth/internal/db"
	"hearth/internal/preference"
	"hearth/internal/testkit"
)

// saved gives the preferences of somebody who has saved these.
func (o *office) saved(e preference.MineEdit) preference.Preferences {
	o.t.Helper()
	mine, err := o.svc.Mine(o.t.Context(), o.owner)
	if err != nil {
		o.t.Fatal(err)
	}
	e.Version = mine.Version
	if _, err := o.svc.SetMine(o.t.Context(), o.owner, e); err != nil {
		o.t.Fatal(err)
	}
	return o.load(o.owner.User)[o.owner.User]
}

func TestDigestMoments(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	for _, c := range []struct {
		what   string
		zone   string
		digest preference.Digest
		daily  string
		at     string
		want   string // "" is at
	}{
		{"at once", "Europe/Berlin", preference.AtOnce, "08:00", "2026-01-15T10:07:03+01:00", ""},
		{"a quarter", "Europe/Berlin", preference.QuarterHourly, "08:00", "2026-01-15T10:07:03+01:00", "2026-01-15T10:15:00+01:00"},
		{"on a quarter", "Europe/Berlin", preference.QuarterHourly, "08:00", "2026-01-15T10:15:00+01:00", ""},
		{"behind a quarter", "Europe/Berlin", preference.QuarterHourly, "08:00", "2026-01-15T10:15:00.001+01:00", "2026-01-15T10:30:00+01:00"},
		{"an hour", "Europe/Berlin", preference.Hourly, "08:00", "2026-01-15T10:07:03+01:00", "2026-01-15T11:00:00+01:00"},
		{"an hour over midnight", "Europe/Berlin", preference.Hourly, "08:00", "2026-01-15T23:07:03+01:00", "2026-01-16T00:00:00+01:00"},
		{"an hour of a half-hour zone", "Asia/Kolkata", preference.Hourly, "08:00", "2026-01-15T10:07:03+05:30", "2026-01-15T11:00:00+05:30"},
		{"an hour of a quarter-hour zone", "Asia/Kathmandu", preference.Hourly, "08:00", "2026-01-15T10:59:00+05:45", "2026-01-15T11:00:00+05:45"},
		{"an hour over spring", "Europe/Berlin", preference.Hourly, "08:00", "2026-03-29T01:30:00+01:00", "2026-03-29T03:00:00+02:00"},
		{"an hour over autumn", "Europe/Berlin", preference.Hourly, "08:00", "2026-10-25T02:30:00+02:00", "2026-10-25T02:00:00+01:00"},
		{"today", "Europe/Berlin", preference.Daily, "18:30", "2026-01-15T10:07:03+01:00", "2026-01-15T18:30:00+01:00"},
		{"tomorrow", "Europe/Berlin", preference.Daily, "08:00", "2026-01-15T10:07:03+01:00", "2026-01-16T08:00:00+01:00"},
		{"on the minute", "Europe/Berlin", preference.Daily, "08:00", "2026-01-15T08:00:00+01:00", ""},
		{"at midnight", "Europe/Berlin", preference.Daily, "00:00", "2026-01-15T10:07:03+01:00", "2026-01-16T00:00:00+01:00"},
		{"a day of 23 hours", "Europe/Berlin", preference.Daily, "08:00", "2026-03-28T09:00:00+01:00", "2026-03-29T08:00:00+02:00"},
		{"a day of 25 hours", "Europe/Berlin", preference.Daily, "08:00", "2026-10-24T09:00:00+02:00", "2026-10-25T08:00:00+01:00"},
		{"a time that is not shown", "Europe/Berlin", preference.Daily, "02:30", "2026-03-29T00:00:00+01:00", "2026-03-29T03:00:00+02:00"},
		{"and then the next day", "Europe/Berlin", preference.Daily, "02:30", "2026-03-29T03:30:00+02:00", "2026-03-30T02:30:00+02:00"},
		{"a time shown twice counts once", "Europe/Berlin", preference.Daily, "02:30", "2026-10-25T00:00:00+02:00", "2026-10-25T02:30:00+02:00"},
		{"not the second time", "Europe/Berlin", preference.Daily, "02:30", "2026-10-25T02:45:00+02:00", "2026-10-26T02:30:00+01:00"},
		{"west of the date line", "Pacific/Auckland", preference.Daily, "08:00", "2026-01-15T18:00:00Z", "2026-01-15T19:00:00Z"},
		{"east of it", "Pacific/Honolulu", preference.Daily, "08:00", "2026-01-15T18:30:00Z", "2026-01-16T18:00:00Z"},
	} {
		daily, ok := preference.MinutesOf(c.daily)
		if !ok {
			t.Fatal(c.daily)
		}
		p, want := o.saved(preference.MineEdit{Zone: &c.zone, Digest: &c.digest, Daily: &daily}), c.at
		if c.want != "" {
			want = c.want
		}
		if got := p.DigestAt(moment(t, c.at)); !got.Equal(moment(t, want)) {
			t.Errorf("%s: %s goes out at %s, want %s", c.what, c.at, got.In(p.Zone).Format(time.RFC3339), want)
		}
	}
}

// What somebody saves decides from the next look on, in their zone.
func TestOwnPreferencesDecide(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		zone, sound := "Asia/Kathmandu", preference.SoundKnock
		var wanted preference.Change
		wanted.Name(preference.Team, preference.Push, "off")
		q := quiet(t, "22:00", "07:00", "sun")
		p := o.saved(preference.MineEdit{
			Wanted: wanted, Mentions: map[preference.Kind]bool{preference.Team: true}, Quiet: &q, Zone: &zone, Sound: &sound,
		})
		if p.Wants(preference.Team, preference.Push) || !p.Wants(preference.Team, preference.Email) || !p.Wants(preference.Direct, preference.Push) {
			t.Error("the cells are not those that were saved")
		}
		if !p.MentionsOnly(preference.Team) || p.MentionsOnly(preference.Community) || p.MentionsOnly(preference.Direct) {
			t.Error("mentions only is not what was saved")
		}
		if p.Sound != sound || p.Zone.String() != zone || p.Quiet != q {
			t.Errorf("sound %v, zone %v, quiet %v", p.Sound, p.Zone, p.Quiet)
		}
		if got, want := p.Next(moment(t, "2026-01-18T18:00:00Z")), moment(t, "2026-01-19T01:15:00Z"); !got.Equal(want) {
			t.Errorf("put off to %v, want %v", got, want)
		}
		// Turned on again, and back in the organization's zone.
		wanted.Name(preference.Team, preference.Push, "on")
		zone = ""
		p = o.saved(preference.MineEdit{Wanted: wanted, Zone: &zone, Mentions: map[preference.Kind]bool{preference.Team: false}})
		if !p.Wants(preference.Team, preference.Push) || p.MentionsOnly(preference.Team) || p.Zone.String() != "Europe/Berlin" || p.Sound != sound {
			t.Errorf("turned back: %+v", p)
		}
		// Unsubscribing by a link narrows it too, and the version moves on.
		if !o.narrow(o.owner.User, preference.Reminder, preference.Email) {
			t.Fatal("nothing changed")
		}
		mine, err := o.svc.Mine(t.Context(), o.owner)
		if err != nil || mine.Wanted().Has(preference.Reminder, preference.Email) || mine.Version != 4 {
			t.Errorf("%+v, %v", mine, err)
		}
	})
}

// The practice's words: what mail and push may name comes with everybody's preferences.
func TestNamesComeWithPreferences(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ann, yes := o.client("Ann Example", o.group), true
		if got := o.load(ann)[ann].Names; got != (preference.Names{}) {
			t.Errorf("names %+v before anybody allowed them", got)
		}
		if _, err := o.svc.SetOrganization(t.Context(), o.owner, preference.DefaultsEdit{Version: 1, Practice: &yes}); err != nil {
			t.Fatal(err)
		}
		if got := o.load(ann)[ann].Names; got != (preference.Names{Practice: true}) {
			t.Errorf("names %+v", got)
		}
		o.write(func(ctx context.Context, tx *db.Tx) error { return preference.Added(ctx, tx, o.owner.Org, ann) })
		if n := o.number(`SELECT COUNT(*) FROM notification_clients`); n != 0 {
			t.Error("a client who gets everything needs no row")
		}
	})
}
