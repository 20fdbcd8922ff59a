package demo

import (
	"context"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// The practice shows each place from which a switch can come.
func TestSeededChatAccess(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		if err := Seed(context.Background(), d, files(t), seedAt); err != nil {
			t.Fatal(err)
		}
		w := open(t, d)
		owner := w.signIn("marguerite@hearth.example")
		switches := chataccess.New(d, testkit.NewClock(seedAt).Now, w.chat, nobody{})
		sources := map[care.Place]int{}
		for _, c := range w.practice.Clients {
			a, err := switches.Client(t.Context(), owner, c.ID)
			if err != nil {
				t.Fatal(err)
			}
			if !a.Direct.Effective || !a.Community.Effective {
				sources[a.Direct.Source]++
			}
			if a.Direct.Mark == nil || a.Direct.Mark.At.After(seedAt) {
				t.Errorf("%s: nobody set it, or in the future: %+v", c.Key, a.Direct.Mark)
			}
			if c.Key == "maya" && (a.Direct.Effective || a.Direct.Mark.Reason == "" || !a.Direct.Mark.Until.After(seedAt.Add(24*time.Hour))) {
				t.Errorf("maya: %+v", a.Direct)
			}
		}
		if sources[care.PlaceClient] == 0 || sources[care.PlaceGroup] == 0 {
			t.Errorf("off by place: %v", sources)
		}
	})
}
