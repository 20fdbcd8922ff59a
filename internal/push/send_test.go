package push_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/internal/outward"
	"hearth/internal/push"
	"hearth/internal/push/pushtest"
)

func TestABrowserReadsWhatWasSent(t *testing.T) {
	w := newWorld(t)
	one, other := w.subscribe(), w.subscribe()
	if err := w.send(t, one, push.Options{TTL: 90 * time.Minute, Urgency: push.High, Topic: "AbC-_0123456789abcdefghijklmnopq"}); err != nil {
		t.Fatal(err)
	}
	if err := w.send(t, other, push.Options{}); err != nil {
		t.Fatal(err)
	}
	got := w.service.Messages()
	if len(got) != 2 || got[0].Device != one || got[1].Device != other || string(got[0].Text) != "You have a new message" {
		t.Fatalf("came: %+v", got)
	}
	m := got[0]
	if m.TTL != 90*time.Minute || m.Urgency != "high" || len(m.Topic) != 32 || m.Claims.Subject != contact {
		t.Errorf("with %v %q %q %+v", m.TTL, m.Urgency, m.Topic, m.Claims)
	}
	if m := got[1]; m.TTL != 0 || m.Header.Get("Urgency") != "" || m.Header.Get("Topic") != "" || m.Header.Get("User-Agent") != "Hearth" {
		t.Errorf("without options: %+v", m.Header)
	}
}

func TestNoMessageIsEncryptedLikeAnother(t *testing.T) {
	w := newWorld(t)
	d := w.subscribe()
	for range 2 {
		if err := w.send(t, d, push.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	got := w.service.Messages()
	if one, other := got[0].Body, got[1].Body; bytes.Equal(one[:16], other[:16]) || bytes.Equal(one[21:86], other[21:86]) || bytes.Equal(one[86:102], other[86:102]) {
		t.Error("salt, key or text are the same twice")
	}
}

func TestLengthsFromNothingToTheMost(t *testing.T) {
	w := newWorld(t)
	d := w.subscribe()
	for _, length := range []int{0, 1, 255, 256, push.MaxPayload} {
		if err := w.sender.Send(t.Context(), subscription(d), bytes.Repeat([]byte("x"), length), push.Options{}); err != nil {
			t.Errorf("%d bytes: %v", length, err)
		}
	}
	if err := w.sender.Send(t.Context(), subscription(d), make([]byte, push.MaxPayload+1), push.Options{}); !errors.Is(err, push.Permanent) {
		t.Errorf("too long: %v", err)
	}
	if got := w.service.Messages(); len(got) != 5 || len(got[4].Text) != push.MaxPayload || len(got[4].Body) != 4096 {
		t.Errorf("%d came", len(got))
	}
}

func TestWhatIsNotTakenSaysWhatToDo(t *testing.T) {
	w := newWorld(t)
	d := w.subscribe()
	date := w.clock.Now().Add(90 * time.Second).Format(http.TimeFormat)
	past := w.clock.Now().Add(-time.Hour).Format(http.TimeFormat)
	for _, v := range []struct {
		status int
		after  string
		want   push.Failure
		wait   time.Duration
	}{
		{404, "", push.Gone, 0}, {410, "", push.Gone, 0},
		{429, "", push.Later, 0}, {429, "7", push.Later, 7 * time.Second}, {429, date, push.Later, 90 * time.Second},
		{429, past, push.Later, 0}, {429, "soon", push.Later, 0}, {429, "-1", push.Later, 0}, {429, "99999999999999999999999", push.Later, 24 * time.Hour},
		{408, "", push.Later, 0}, {500, "", push.Later, 0}, {502, "", push.Later, 0}, {503, "120", push.Later, 2 * time.Minute},
		{400, "", push.Permanent, 0}, {401, "", push.Permanent, 0}, {403, "5", push.Permanent, 0}, {413, "", push.Permanent, 0},
		{405, "", push.Permanent, 0}, {307, "", push.Permanent, 0},
	} {
		d.Refuse(1, pushtest.Answer{Status: v.status, RetryAfter: v.after})
		err := w.send(t, d, push.Options{})
		var e *push.Error
		if !errors.As(err, &e) || !errors.Is(err, v.want) || e.Failure != v.want || e.Status != v.status || e.RetryAfter != v.wait {
			t.Errorf("%d %q: %+v, want %s after %v", v.status, v.after, err, v.want, v.wait)
		}
	}
	if err := w.send(t, d, push.Options{}); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestAServiceThatSaysNothingIsTriedLater(t *testing.T) {
	w := newWorld(t)
	d := w.subscribe()
	d.Refuse(pushtest.Always, pushtest.Answer{Hang: true})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { w.service.WaitFor(t, 1); cancel() }()
	if err := w.sendIn(ctx, d, push.Options{}); !errors.Is(err, push.Later) || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	w.service.Close()
	if err := w.send(t, d, push.Options{}); !errors.Is(err, push.Later) {
		t.Errorf("when it is gone: %v", err)
	}
}

func TestErrorsNameNobody(t *testing.T) {
	w := newWorld(t)
	d := w.subscribe()
	inside := subscription(d)
	inside.Endpoint = "https://192.168.77.1/canary"
	err := w.sender.Send(t.Context(), inside, nil, push.Options{})
	if !errors.Is(err, push.Permanent) || !errors.Is(err, outward.ErrPrivate) || strings.Contains(err.Error(), "192.168") || strings.Contains(err.Error(), "canary") {
		t.Errorf("a private address: %v", err)
	}
	unknown := subscription(d)
	unknown.Endpoint += "canary"
	if err := w.sender.Send(t.Context(), unknown, nil, push.Options{}); !errors.Is(err, push.Gone) || strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "127") {
		t.Errorf("nobody's address: %v", err)
	}
	w.service.Forget() // the service says that nobody is subscribed there
	for _, bad := range []push.Subscription{
		{Endpoint: "https://canary.example/%zz", P256dh: d.P256dh, Auth: d.Auth},
		{Endpoint: d.Endpoint, P256dh: "canary", Auth: d.Auth}, {Endpoint: d.Endpoint, P256dh: d.P256dh, Auth: "canary"}, {},
	} {
		if err := w.sender.Send(t.Context(), bad, nil, push.Options{}); !errors.Is(err, push.Permanent) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestOptionsThatDoNotExist(t *testing.T) {
	w := newWorld(t)
	d := w.subscribe()
	for _, o := range []push.Options{{Urgency: "now"}, {Topic: strings.Repeat("a", 33)}, {Topic: "a b"}, {Topic: "a\r\nX: y"}, {Topic: "a="}} {
		if err := w.send(t, d, o); !errors.Is(err, push.Permanent) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if err := w.send(t, d, push.Options{TTL: 365 * 24 * time.Hour}); err != nil {
		t.Fatal(err)
	}
	if err := w.send(t, d, push.Options{TTL: -time.Hour}); err != nil {
		t.Fatal(err)
	}
	got := w.service.Messages()
	if len(got) != 2 || got[0].TTL != 28*24*time.Hour || got[1].TTL != 0 {
		t.Errorf("came: %+v", got)
	}
}

func TestAServiceGetsTheSameTokenForHours(t *testing.T) {
	w := newWorld(t)
	d := w.subscribe()
	token := func() string {
		t.Helper()
		if err := w.send(t, d, push.Options{}); err != nil {
			t.Fatal(err)
		}
		all := w.service.Messages()
		return all[len(all)-1].Header.Get("Authorization")
	}
	first := token()
	w.clock.Advance(5 * time.Hour)
	if token() != first {
		t.Error("another token after five hours")
	}
	w.clock.Advance(2 * time.Hour)
	second := token()
	if second == first {
		t.Error("the same token after seven hours")
	}
	w.clock.Advance(-3 * 24 * time.Hour) // somebody sets the clock right: the token would be good for too long
	if token() == second {
		t.Error("the same token after the clock was set back")
	}
	if other := w.service.Subscribe("BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"); !errors.Is(w.send(t, other, push.Options{}), push.Permanent) {
		t.Error("a browser that subscribed with another key takes a message")
	}
	w.service.Forget()
}
