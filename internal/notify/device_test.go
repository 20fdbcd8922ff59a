package notify

import (
	"errors"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/push"
)

func at(endpoint string) push.Subscription {
	return push.Subscription{Endpoint: endpoint, P256dh: "key", Auth: "auth"}
}

func (w *world) devicesOf(who care.Actor) (names []string) {
	w.t.Helper()
	list, err := w.notify.Subscriptions(w.ctx(), who)
	w.must(err)
	for _, one := range list {
		names = append(names, one.Device)
	}
	return names
}

func TestDevicesAreToldApartAndRenamed(t *testing.T) {
	engines(t, func(w *world) {
		long := strings.Repeat("x", maxDevice)
		var ids []care.SubscriptionID
		for i, name := range []string{"Chrome on Android", "Chrome on Android", "Chrome on Android", long, long, ""} {
			one, _, err := w.notify.Subscribe(w.ctx(), w.maya, NewDevice{Subscription: at("https://push.example.org/" + string(rune('a'+i))), Name: name})
			w.must(err)
			ids = append(ids, one.ID)
			w.clock.Advance(time.Second)
		}
		want := "Chrome on Android|Chrome on Android (2)|Chrome on Android (3)|" + long + "|" + long[:maxDevice-4] + " (2)|Device"
		if got := strings.Join(w.devicesOf(w.maya), "|"); got != want {
			w.t.Errorf("devices %q", got)
		}
		if one, err := w.notify.Rename(w.ctx(), w.maya, ids[1], "  Kitchen\ttablet é "); err != nil || one.Device != "Kitchen tablet é" || one.ID != ids[1] {
			w.t.Errorf("%+v %v", one, err)
		}
		if _, err := w.notify.Rename(w.ctx(), w.maya, ids[1], "Kitchen tablet é"); err != nil {
			w.t.Errorf("the name that it has: %v", err)
		}
		for _, bad := range []string{"", " \t ", long + "x", "a\u202eb", "Chrome on Android"} {
			if _, err := w.notify.Rename(w.ctx(), w.maya, ids[1], bad); !errors.Is(err, care.Invalid) {
				w.t.Errorf("%q: %v", bad, err)
			}
		}
		if got := w.devicesOf(w.maya)[1]; got != "Kitchen tablet é" {
			w.t.Errorf("after what was refused it is %q", got)
		}
		for _, other := range []care.Actor{w.leilani, w.noor, w.mallory} {
			if _, err := w.notify.Rename(w.ctx(), other, ids[0], "Mine"); !errors.Is(err, care.NotFound) {
				w.t.Errorf("the device of another: %v", err)
			}
			if _, _, err := w.notify.TestPush(w.ctx(), other, ids[0]); !errors.Is(err, care.NotFound) {
				w.t.Errorf("a test to the device of another: %v", err)
			}
		}
		devices, took, err := w.notify.TestPush(w.ctx(), w.maya, ids[1])
		if sent := w.radio.take(); err != nil || devices != 1 || took != 1 || len(sent) != 1 || sent[0].endpoint != "https://push.example.org/b" {
			w.t.Errorf("a test to one: %d of %d, %+v, %v", took, devices, sent, err)
		}
	})
}

func TestABrowserThatChangesItsEndpointStaysTheSameDevice(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		one, _, err := w.notify.Subscribe(w.ctx(), w.maya, NewDevice{Subscription: at("https://push.example.org/old"), Name: "Phone"})
		w.must(err)
		w.say(w.noor, in, "Hello")
		w.hear()
		for _, other := range []care.Actor{w.leilani, w.mallory} {
			_, _, err := w.notify.Subscribe(w.ctx(), other, NewDevice{Subscription: at("https://push.example.org/new"), Replaces: "https://push.example.org/old"})
			if !errors.Is(err, care.NotFound) {
				w.t.Errorf("in the place of another's: %v", err)
			}
			if got := w.devicesOf(other); len(got) != 0 {
				w.t.Errorf("it was given %q all the same", got)
			}
		}
		again, existed, err := w.notify.Subscribe(w.ctx(), w.maya, NewDevice{Subscription: at("https://push.example.org/new"), Name: "Chrome", Replaces: "https://push.example.org/old"})
		if err != nil || !existed || again != one {
			w.t.Errorf("%+v %v %v", again, existed, err)
		}
		w.pass(time.Minute, time.Second)
		if sent := w.radio.take(); len(sent) != 1 || sent[0].endpoint != "https://push.example.org/new" {
			w.t.Errorf("what waited went to %+v", sent)
		}
	})
}

func TestABrowserThatSomebodyElseUsedBefore(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		endpoint := w.device(w.maya, "shared")
		later := w.maya
		later.Session = care.NewID[care.SessionID](w.clock.Now())
		if one, found, err := w.notify.Here(w.ctx(), later, endpoint); err != nil || !found || one.Device != "shared" {
			w.t.Errorf("%+v %v %v", one, found, err)
		}
		if n := w.count(`SELECT COUNT(*) FROM push_subscriptions WHERE session_id = $1`, later.Session); n != 1 {
			w.t.Error("it does not go with the session in which it is used now")
		}
		w.say(w.noor, in, "Hello")
		w.hear()
		// Maya never signed out; now Leilani is signed in there.
		if one, found, err := w.notify.Here(w.ctx(), w.leilani, endpoint); err != nil || found {
			w.t.Errorf("somebody else's is %+v %v %v", one, found, err)
		}
		w.pass(time.Minute, time.Second)
		if sent := w.radio.take(); len(sent) != 0 {
			w.t.Errorf("the browser of another got %+v", sent)
		}
		if mine, hers := w.devicesOf(w.maya), w.devicesOf(w.leilani); len(mine)+len(hers) != 0 {
			w.t.Errorf("left are %q and %q", mine, hers)
		}
	})
}
