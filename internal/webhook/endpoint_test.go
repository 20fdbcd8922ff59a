package webhook

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"hearth/internal/care"
	"hearth/internal/outward"
)

const somewhere = "https://hooks.example.org/in"

func TestWhatCanBeEntered(t *testing.T) {
	engines(t, func(w *world) {
		for name, c := range map[string]struct {
			made  NewEndpoint
			field string
		}{
			"as it should be":         {NewEndpoint{URL: " " + somewhere + " ", Description: " Care records ", Events: []Event{BlastFinished, MessageCreated, BlastFinished}}, ""},
			"no address":              {NewEndpoint{Events: Events}, "url"},
			"without TLS":             {NewEndpoint{URL: "http://93.184.216.34/in", Events: Events}, "url"},
			"a name and a password":   {NewEndpoint{URL: "https://me:canary@hooks.example.org/", Events: Events}, "url"},
			"another scheme":          {NewEndpoint{URL: "ftp://hooks.example.org/", Events: Events}, "url"},
			"a script":                {NewEndpoint{URL: "javascript:alert(1)", Events: Events}, "url"},
			"lines":                   {NewEndpoint{URL: somewhere + "\r\nX-Other: 1", Events: Events}, "url"},
			"NUL":                     {NewEndpoint{URL: somewhere + "\x00", Events: Events}, "url"},
			"no text":                 {NewEndpoint{URL: somewhere + "\xff", Events: Events}, "url"},
			"a long address":          {NewEndpoint{URL: somewhere + strings.Repeat("a", outward.MaxAddress), Events: Events}, "url"},
			"no event":                {NewEndpoint{URL: somewhere}, "events"},
			"an unknown event":        {NewEndpoint{URL: somewhere, Events: []Event{"message.deleted"}}, "events"},
			"the test as an event":    {NewEndpoint{URL: somewhere, Events: []Event{EventTest}}, "events"},
			"a long description":      {NewEndpoint{URL: somewhere, Events: Events, Description: strings.Repeat("ä", MaxDescription+1)}, "description"},
			"a description in lines":  {NewEndpoint{URL: somewhere, Events: Events, Description: "a\nb"}, "description"},
			"the longest description": {NewEndpoint{URL: somewhere, Events: Events, Description: strings.Repeat("ä", MaxDescription)}, ""},
		} {
			e, secret, err := w.svc.Create(ctx, w.olga, c.made)
			if c.field != "" {
				w.refused(err, care.Invalid, c.field)
				continue
			}
			if err != nil || e.URL != somewhere || len(secret) != secretBytes || !e.Active || e.Version != 1 {
				t.Errorf("%s: %+v %v", name, e, err)
			}
		}
		list, err := w.svc.List(ctx, w.olga)
		w.must(err)
		if len(list) != 2 {
			t.Fatalf("%d webhooks", len(list))
		}
		for _, e := range list {
			if e.Description == "Care records" && !slices.Equal(e.Events, []Event{MessageCreated, BlastFinished}) {
				t.Errorf("%v", e.Events)
			}
		}
	})
}

// TestAddressesWithin are the ways to write an address inside: when it is entered, and again
// when it is called.
func TestAddressesWithin(t *testing.T) {
	engines(t, func(w *world) {
		w.svc.out = outward.New(nil)
		r := w.receiver(nil)
		port := r.URL[strings.LastIndex(r.URL, ":"):]
		for _, host := range []string{
			"localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.0.0.2", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "0", "0.0.0.0",
			"[::1]", "[::]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1%25lo]",
			"10.0.0.1", "192.168.1.1", "172.16.0.9", "169.254.169.254", "100.64.0.1", "[fd00::1]", "224.0.0.1", "255.255.255.255",
		} {
			for _, scheme := range []string{"http", "https"} {
				_, _, err := w.svc.Create(ctx, w.olga, NewEndpoint{URL: scheme + "://" + host + port, Events: Events})
				w.refused(err, care.Invalid, "url")
				if err == nil {
					t.Errorf("%s://%s is taken", scheme, host)
				}
			}
		}
		// What was taken before, or stands for another address by now, is judged when it is called.
		var made []care.WebhookID
		for i, address := range []string{r.URL, "https://localhost" + port, "http://localhost" + port, "https://127.0.0.1" + port, "http://[::1]" + port, "http://[::ffff:127.0.0.1]" + port} {
			e, _ := w.endpoint(fmt.Sprint(somewhere, i))
			w.exec(`UPDATE webhooks SET url = $2 WHERE id = $1`, e.ID, address)
			made = append(made, e.ID)
		}
		w.happens(message(1))
		w.work(len(made))
		for _, id := range made {
			if d := w.only(id); d.State != Waiting || d.Why != whyPrivate || d.Status != 0 {
				t.Errorf("%s: %+v", w.look(id).URL, d)
			}
			if d, err := w.svc.Test(ctx, w.olga, id); err != nil || d.Why != whyPrivate {
				t.Errorf("the test: %+v %v", d, err)
			}
		}
		if n := len(r.got()); n != 0 {
			t.Errorf("%d calls arrived inside", n)
		}
		w.svc.out = outward.New(loopback) // the operator allows it
		if d, err := w.svc.Test(ctx, w.olga, made[0]); err != nil || d.State != Delivered {
			t.Errorf("allowed: %+v %v", d, err)
		}
	})
}

func TestTwentyWebhooksAndNoMore(t *testing.T) {
	engines(t, func(w *world) {
		var last *Endpoint
		for range MaxEndpoints - 1 {
			last, _ = w.endpoint(somewhere)
		}
		var running sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			running.Go(func() { _, _, errs[i] = w.svc.Create(ctx, w.olga, NewEndpoint{URL: somewhere, Events: Events}) })
		}
		running.Wait()
		made := 0
		for _, err := range errs {
			if err == nil {
				made++
			} else {
				w.refused(err, care.Invalid, "")
			}
		}
		if list, err := w.svc.List(ctx, w.olga); err != nil || made != 1 || len(list) != MaxEndpoints {
			t.Errorf("%d more were made, there are %d: %v", made, len(list), err)
		}
		if _, _, err := w.svc.Create(ctx, w.mallory, NewEndpoint{URL: somewhere, Events: Events}); err != nil {
			t.Errorf("the other practice: %v", err)
		}
		w.must(w.svc.Delete(ctx, w.olga, last.ID))
		w.endpoint(somewhere)
	})
}

func TestEditing(t *testing.T) {
	engines(t, func(w *world) {
		e, _ := w.endpoint(somewhere, MessageCreated)
		other, no := "https://other.example.org/", false
		words := "Care records"
		got, err := w.svc.Edit(ctx, w.olga, e.ID, Change{Version: 1, URL: &other, Description: &words, Events: []Event{BlastFinished}, Active: &no})
		w.must(err)
		if got.Version != 2 || got.URL != other || got.Description != words || got.Active || got.DisabledWhy != "" || !slices.Equal(got.Events, []Event{BlastFinished}) {
			t.Errorf("%+v", got)
		}
		same, err := w.svc.Edit(ctx, w.olga, e.ID, Change{Version: 2, URL: &other})
		w.must(err)
		if same.Version != 2 {
			t.Error("the same again is a change")
		}
		_, err = w.svc.Edit(ctx, w.olga, e.ID, Change{Version: 1, Description: &words})
		var refusal *care.Error
		if !errors.As(err, &refusal) || refusal.Code != care.CodeVersionConflict || refusal.Current.(*Endpoint).Version != 2 {
			t.Errorf("an old version: %v", err)
		}
		inside := "https://10.0.0.1/"
		_, err = w.svc.Edit(ctx, w.olga, e.ID, Change{Version: 2, URL: &inside})
		w.refused(err, care.Invalid, "url")
		_, err = w.svc.Edit(ctx, w.olga, e.ID, Change{Version: 2, Events: []Event{}})
		w.refused(err, care.Invalid, "events")
		w.must(w.svc.Delete(ctx, w.olga, e.ID))
		w.refused(w.svc.Delete(ctx, w.olga, e.ID), care.NotFound, "")
		if acts := w.acts(); !slices.Equal(acts, []string{"webhook.created", "webhook.changed", "webhook.deleted"}) {
			t.Errorf("on record: %q", acts)
		}
		if n := w.count(`SELECT COUNT(*) FROM audit_log WHERE details LIKE '%example.org%' OR details LIKE '%Care records%' OR details LIKE '%whsec%'`); n != 0 {
			t.Errorf("%d records say where it leads", n)
		}
	})
}

func TestWhoMay(t *testing.T) {
	engines(t, func(w *world) {
		e, _ := w.endpoint(somewhere)
		client := care.Actor{Org: w.org, User: care.UserID{4}, Kind: care.KindClient}
		for name, c := range map[string]struct {
			actor care.Actor
			want  care.Kind
		}{"support": {w.sally, care.Forbidden}, "a client": {client, care.Forbidden}, "another practice": {w.mallory, care.NotFound}} {
			_, edited := w.svc.Edit(ctx, c.actor, e.ID, Change{Version: 1})
			_, _, rotated := w.svc.Rotate(ctx, c.actor, e.ID)
			_, tested := w.svc.Test(ctx, c.actor, e.ID)
			_, _, listed := w.svc.Deliveries(ctx, c.actor, e.ID, Filter{Limit: 5})
			for act, err := range map[string]error{"edit": edited, "rotate": rotated, "test": tested, "deliveries": listed, "delete": w.svc.Delete(ctx, c.actor, e.ID)} {
				if !errors.Is(err, c.want) {
					t.Errorf("%s, %s: %v, want %s", name, act, err, c.want)
				}
			}
			list, err := w.svc.List(ctx, c.actor)
			_, _, made := w.svc.Create(ctx, c.actor, NewEndpoint{URL: somewhere, Events: Events})
			if c.want == care.Forbidden && (!errors.Is(err, care.Forbidden) || !errors.Is(made, care.Forbidden)) || len(list) != 0 {
				t.Errorf("%s: %d, %v, %v", name, len(list), err, made)
			}
		}
		if now := w.look(e.ID); now.Version != 1 || len(w.acts()) != 1 {
			t.Errorf("%+v, %q", now, w.acts())
		}
	})
}
