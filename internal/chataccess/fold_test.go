package chataccess_test

import (
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// TestFoldIsStoppedAndSharedAnywhere stops the writing of a change between two of its
// transactions and lets two programs go on at once: each client is written once, and the
// list counts them right all the time.
func TestFoldIsStoppedAndSharedAnywhere(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		const clients = 500
		owner, _ := crowd(t, d, clients)
		node := func() *chataccess.Service {
			s := chataccess.New(d, time.Now, &chats{withheld: map[care.UserID]time.Time{}, released: map[care.UserID]int{}}, &events{})
			t.Cleanup(s.Close)
			return s
		}
		listed := func(s *chataccess.Service, want int) {
			t.Helper()
			_, _, total, err := s.List(t.Context(), owner, chataccess.Filter{Direct: care.Off}, chataccess.Page{Limit: 20})
			counts, errCounts := s.Counts(t.Context(), owner)
			if err != nil || errCounts != nil || total.Count != want || counts.DirectOff != want {
				t.Errorf("%d are listed and %d counted, want %d (%v %v)", total.Count, counts.DirectOff, want, err, errCounts)
			}
		}
		first := node()
		listed(first, 1) // see crowd
		preview, err := first.Preview(t.Context(), owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: off(), IncludeOwn: true})
		if err != nil || preview.Matched != clients*99/100 {
			t.Fatal(preview.Matched, err)
		}
		if _, err := first.Apply(t.Context(), owner, preview.Token, ""); err != nil {
			t.Fatal(err)
		}
		first.Close()
		second, third := node(), node()
		listed(second, preview.Matched)
		var both sync.WaitGroup
		for _, s := range []*chataccess.Service{second, third} {
			both.Go(func() {
				if err := s.Resume(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		listed(second, preview.Matched)
		p := &practice{t: t, d: d}
		if n := p.number(`SELECT COUNT(*) FROM clients WHERE own_direct = FALSE AND access_version = 2`); n != preview.Matched-1 {
			t.Errorf("%d clients are written once, want %d", n, preview.Matched-1)
		}
		if n := p.number(`SELECT COUNT(*) FROM chat_access_history WHERE how = 'bulk'`); n != preview.Counts[chataccess.Changed] {
			t.Errorf("%d entries, want %d", n, preview.Counts[chataccess.Changed])
		}
		if n := p.number(`SELECT COUNT(*) FROM organizations WHERE active_change IS NOT NULL`); n != 0 {
			t.Error("the change still waits")
		}
	})
}

// What is remembered with the switches of a moment holds while a change is written: it
// counted when it was applied. What somebody changes meanwhile counts by itself.
func TestWritingAChangeCountsNothing(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		for _, name := range names(3) {
			p.client(name, p.provider, p.group)
		}
		p.svc.Close()
		epoch := func() int { return p.number(`SELECT epoch FROM switch_epochs WHERE org_id = $1`, p.owner.Org) }
		before := epoch()
		p.apply(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: off()})
		counts := epoch()
		if counts == before {
			t.Error("the change did not count")
		}
		if err := p.svc.SettleClient(t.Context(), p.owner.Org, p.people["ann"]); err != nil {
			t.Fatal(err)
		}
		if n := epoch(); n != counts {
			t.Errorf("writing one client counted %d times", n-counts)
		}
		p.edit("ann", chataccess.Edit{Direct: on()})
		p.edit("ben", chataccess.Edit{Direct: on()})
		changed := epoch()
		if changed < counts+2 {
			t.Errorf("two changes counted %d times", changed-counts)
		}
		p.written()
		// The end of the change is told by the organization, which does not name it any more.
		if n := epoch(); n > changed+1 {
			t.Errorf("writing the rest counted %d times", n-changed)
		}
	})
}
