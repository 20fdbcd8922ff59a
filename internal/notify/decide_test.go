package notify

import (
	"testing"
	"time"

	"hearth/internal/preference"
)

// plain are rules with everything said.
type plain struct {
	wants, mentions bool
	quietFrom       time.Time // quiet from then on, for an hour
	digest          time.Duration
}

func (p plain) Wants(preference.Kind, preference.Channel) bool { return p.wants }
func (p plain) MentionsOnly(preference.Kind) bool              { return p.mentions }
func (p plain) DigestAt(t time.Time) time.Time {
	if p.digest == 0 {
		return t
	}
	return t.Truncate(p.digest).Add(p.digest)
}

func (p plain) Next(t time.Time) time.Time {
	if end := p.quietFrom.Add(time.Hour); !p.quietFrom.IsZero() && !t.Before(p.quietFrom) && t.Before(end) {
		return end
	}
	return t
}

var wrote = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// oracle says the rules once more, the other way round: what is true of everything that is
// told, and the first of what forbids it.
func oracle(f Facts, p plain, c preference.Channel, now time.Time) Verdict {
	forbids := []struct {
		is  bool
		why Why
	}{
		{f.Author, "author"},
		{f.Gone, "no_access"},
		{f.Off, "chat_off"},
		{f.Read, "read"},
		{f.Muted, "muted"},
		{p.mentions && !f.Mentioned, "mentions_only"},
		{!p.wants, "turned_off"},
		{c == "email" && f.NoWay, "no_address"},
		{c == "push" && f.NoWay, "no_device"},
		{c == "email" && f.Stopped, "unreachable"},
	}
	for _, one := range forbids {
		if one.is {
			return Verdict{Act: Drop, Why: one.why}
		}
	}
	due, why := map[preference.Channel]time.Duration{"push": 2 * time.Second, "email": 3 * time.Minute}[c], Why("")
	at := f.At.Add(due)
	if c == "in_app" {
		return Verdict{}
	}
	if c == "email" && p.digest > 0 {
		at, why = p.DigestAt(at), "digest"
	}
	if at.Before(now) {
		at = now
	}
	if quiet := p.Next(at); quiet != at {
		at, why = quiet, "quiet_hours"
	}
	switch looks := f.Looking && !at.After(now); {
	case at.After(now):
		return Verdict{Act: Wait, Why: why, At: at}
	case looks && now.Before(f.At.Add(5*time.Minute)):
		return Verdict{Act: Wait, Why: "looking", At: now.Add(20 * time.Second)}
	case looks:
		return Verdict{Act: Drop, Why: "looking"}
	}
	return Verdict{}
}

// TestDecideExhaustively goes through everything that can be known, over all channels and
// kinds, at moments before, at and after each time that counts.
func TestDecideExhaustively(t *testing.T) {
	moments := []time.Duration{0, time.Second, 2 * time.Second, 3 * time.Minute, 5 * time.Minute, 31 * time.Minute, 2 * time.Hour}
	n := 0
	for bits := range 1 << 9 {
		has := func(i int) bool { return bits&(1<<i) != 0 }
		for rules := range 1 << 2 {
			for _, quiet := range []time.Time{{}, wrote.Add(-time.Minute), wrote.Add(150 * time.Second)} {
				for _, digest := range []time.Duration{0, 15 * time.Minute, time.Hour} {
					p := plain{wants: rules&1 != 0, mentions: rules&2 != 0, quietFrom: quiet, digest: digest}
					for _, after := range moments {
						for _, c := range preference.Channels {
							for _, k := range preference.Kinds {
								f := Facts{
									Kind: k, At: wrote, Author: has(0), Gone: has(1), Off: has(2), Read: has(3),
									Muted: has(4), Mentioned: has(5), Looking: has(6), NoWay: has(7), Stopped: has(8),
								}
								n++
								now := wrote.Add(after)
								got := decide(f, p, c, Delays{Push: 2 * time.Second, Mail: 3 * time.Minute}, now)
								if want := oracle(f, p, c, now); got != want {
									t.Fatalf("%s after %v: %+v with %+v: %+v, want %+v", c, after, f, p, got, want)
								}
							}
						}
					}
				}
			}
		}
	}
	if n != 512*4*3*3*7*3*4 {
		t.Errorf("%d cases", n)
	}
}

// What only one kind or channel is about must not leak into another.
func TestRulesAreAskedForTheKindAndChannel(t *testing.T) {
	asked := map[string]int{}
	p := asking{asked}
	for _, k := range preference.Kinds {
		for _, c := range preference.Channels {
			decide(Facts{Kind: k, At: wrote}, p, c, Delays{}, wrote)
		}
	}
	for _, k := range preference.Kinds {
		for _, c := range preference.Channels {
			if asked[string(k)+" "+string(c)] != 1 {
				t.Errorf("%s %s is asked %d times", k, c, asked[string(k)+" "+string(c)])
			}
		}
		if asked[string(k)] != len(preference.Channels) {
			t.Errorf("mentions of %s are asked %d times", k, asked[string(k)])
		}
	}
}

type asking struct{ asked map[string]int }

func (a asking) Wants(k preference.Kind, c preference.Channel) bool {
	a.asked[string(k)+" "+string(c)]++
	return false
}

func (a asking) MentionsOnly(k preference.Kind) bool { a.asked[string(k)]++; return false }
func (a asking) Next(t time.Time) time.Time          { return t }
func (a asking) DigestAt(t time.Time) time.Time      { return t }
