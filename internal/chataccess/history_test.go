package chataccess_test

import (
	"fmt"
	"slices"
	"testing"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// past gives a client's history, newest first, in pages of some entries.
func (p *practice) past(name string, limit int) (lines []string) {
	p.t.Helper()
	var after care.AuditID
	for {
		list, next, err := p.svc.History(p.t.Context(), p.owner, p.people[name], after, limit)
		if err != nil || len(list) > limit {
			p.t.Fatal(len(list), err)
		}
		for _, h := range list {
			lines = append(lines, fmt.Sprint(h.How, " ", h.Place, " ", h.Switch, " ", h.Old, ">", h.New))
		}
		if next.IsZero() {
			return lines
		}
		after = next
	}
}

// TestHistoryIsInTheOrderOfTheChanges makes all of them in one millisecond: single ones,
// and bulk changes that are written long after they count, by a program that was started
// again. The history says them in the order in which they counted.
func TestHistoryIsInTheOrderOfTheChanges(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.provider, p.group)
		p.client("ben", p.provider, p.group)
		bulk := func(r chataccess.BulkRequest) chataccess.ChangeID {
			r.Filter = everyone()
			return p.apply(p.owner, r).ID
		}
		p.edit("ann", chataccess.Edit{Direct: off(), Community: on()})
		p.svc.Close() // nothing is written in the background
		bulk(chataccess.BulkRequest{Place: "own", Direct: on(), Community: off(), IncludeOwn: true})
		if got := p.past("ann", 50)[:2]; !slices.Equal(got, []string{"bulk client community on>off", "bulk client direct off>on"}) {
			t.Errorf("before it is written: %q", got)
		}
		// ben's part is written by the change of the group, and after it in the history.
		_, err := p.svc.SetGroup(t.Context(), p.owner, p.group, chataccess.Edit{Version: 1, Direct: off()}, nil)
		if err != nil {
			t.Fatal(err)
		}
		p.edit("ben", chataccess.Edit{Direct: unset()})
		p.restart()
		p.written()
		p.svc.Close()
		second := bulk(chataccess.BulkRequest{Place: "own", Direct: off()})
		p.restart()
		p.written()
		if _, err := p.svc.Undo(t.Context(), p.owner, second); err != nil {
			t.Fatal(err)
		}
		p.edit("ben", chataccess.Edit{Direct: on()})
		wants := map[string][]string{
			"ann": {
				"bulk client community on>off", "bulk client direct off>on", "profile client community unset>on", "profile client direct unset>off",
			},
			"ben": {
				"profile client direct unset>on", "undo client direct off>unset", "bulk client direct unset>off", "profile client direct on>unset",
				"bulk client community unset>off", "bulk client direct unset>on",
			},
		}
		for name, want := range wants {
			for _, limit := range []int{50, len(want) - 1, 1} {
				if got := p.past(name, limit); !slices.Equal(got, want) {
					t.Errorf("%s in pages of %d:\n%q, want\n%q", name, limit, got, want)
				}
			}
			if got := p.past(name, len(want)); len(got) != len(want) {
				t.Errorf("%s in one full page: %d", name, len(got))
			}
		}
	})
}
