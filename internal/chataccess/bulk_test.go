package chataccess_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// details gives what the newest record of an action says.
func (p *practice) details(action string) (d map[string]any) {
	p.t.Helper()
	var text string
	err := p.d.Read(p.t.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(p.t.Context(), `SELECT details FROM audit_log WHERE org_id = $1 AND action = $2 ORDER BY n DESC LIMIT 1`, p.owner.Org, action).Scan(&text)
	})
	if err == nil {
		err = json.Unmarshal([]byte(text), &d)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return d
}

func TestRecordsSayWhatWasGivenAndNothingElse(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.provider, care.GroupID{})
		until := p.clock.Now().Add(time.Hour)
		id := p.apply(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: off(), Until: until}).ID
		want := map[string]any{
			"change": id.String(), "how": "bulk", "place": "own", "matched": 1.0, "changed": 1.0,
			"direct": "off", "reason": "because", "until": until.Format(time.RFC3339),
		}
		if got := p.details("chat_access.bulk_changed"); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%v, want %v", got, want)
		}
		preview := p.preview(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "default", Community: off()})
		applied, err := p.svc.Apply(t.Context(), p.owner, preview.Token, "")
		if err != nil {
			t.Fatal(err)
		}
		want = map[string]any{"change": applied.ID.String(), "how": "settings", "place": "default", "matched": 1.0, "changed": 1.0, "community": "off"}
		if got := p.details("chat_access.bulk_changed"); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%v, want %v", got, want)
		}
		p.edit("ann", chataccess.Edit{Direct: on()})
		want = map[string]any{"place": "client", "switch": "direct", "old": "off", "new": "on", "how": "profile"}
		if got := p.details("chat_access.changed"); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%v, want %v", got, want)
		}
		reason := "why"
		p.edit("ann", chataccess.Edit{Direct: off(), Reason: &reason, Until: &until})
		want = map[string]any{"place": "client", "switch": "direct", "old": "on", "new": "off", "how": "profile", "reason": "why", "until": until.Format(time.RFC3339)}
		if got := p.details("chat_access.changed"); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

func TestChangesAreListed(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p, other := newPractice(t, d, "Fernleigh"), newPractice(t, d, "Marlowe")
		p.client("ann", p.provider, care.GroupID{})
		other.client("theirs", other.provider, care.GroupID{})
		theirs := other.apply(other.owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: off()}).ID
		var made []chataccess.ChangeID
		for i, who := range []care.Actor{p.owner, p.provider, p.owner} {
			p.clock.Advance(time.Minute)
			value := []*care.Setting{off(), on(), unset()}[i]
			made = append(made, p.apply(who, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: value, IncludeOwn: true}).ID)
		}
		if _, err := p.svc.Undo(t.Context(), p.owner, made[2]); err != nil {
			t.Fatal(err)
		}
		listed := func(who care.Actor, limit int) (line string) {
			t.Helper()
			page := chataccess.Page{Limit: limit}
			for {
				list, next, err := p.svc.Changes(t.Context(), who, page)
				if err != nil || len(list) > limit {
					t.Fatal(len(list), err)
				}
				for _, c := range list {
					at := 0
					for i, id := range made {
						if c.ID == id {
							at = i + 1
						}
					}
					line += fmt.Sprintln(at, c.CanUndo)
				}
				if page.Cursor = next; next == "" {
					return strings.Join(strings.Fields(line), " ")
				}
			}
		}
		for limit := 1; limit <= 4; limit++ {
			if got := listed(p.owner, limit); got != "3 false 2 true 1 true" {
				t.Errorf("in pages of %d: %s", limit, got)
			}
		}
		if got := listed(p.provider, 5); got != "2 true" {
			t.Errorf("a provider's own: %s", got)
		}
		p.clock.Advance(chataccess.UndoFor - 2*time.Minute)
		if got := listed(p.owner, 5); got != "3 false 2 true 1 false" {
			t.Errorf("a day later: %s", got)
		}
		for _, cursor := range []string{"x", theirs.String(), care.NewID[care.AuditID](p.clock.Now()).String()} {
			_, _, err := p.svc.Changes(t.Context(), p.owner, chataccess.Page{Limit: 5, Cursor: cursor})
			wantCode(t, "cursor "+cursor, err, care.CodeInvalid)
		}
	})
}

// A change is written by itself soon after it counts; one of nothing is written already.
func TestChangesAreWrittenInTheBackground(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.provider, care.GroupID{})
		nothing := p.apply(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "default", Direct: on()})
		folded := func(id chataccess.ChangeID) bool {
			return p.number(`SELECT COUNT(*) FROM chat_access_changes WHERE id = $1 AND folded_at IS NOT NULL`, id) == 1
		}
		if !folded(nothing.ID) {
			t.Error("a change of nothing waits to be written")
		}
		p.restart() // what still runs for it writes nothing else
		locked := p.chats.locked
		direct := p.apply(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: off()})
		for until := time.Now().Add(time.Minute); !folded(direct.ID); time.Sleep(time.Millisecond) {
			if time.Now().After(until) {
				t.Fatal("the change is not written")
			}
		}
		if p.chats.locked != locked {
			t.Error("community chats were held for a change that touches none")
		}
		p.svc.Close()
		community := p.apply(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Community: off()})
		if folded(community.ID) {
			t.Error("what waits is said to be written")
		}
		p.written()
		if p.chats.locked == locked {
			t.Error("community chats were not held")
		}
	})
}

// Who waits for a change to be written does not wait for its pauses.
func TestAChangeThatIsWaitedForIsWrittenWithoutPauses(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		owner, _ := crowd(t, d, 500)
		p := &practice{t: t, d: d, owner: owner, events: &events{}, chats: &chats{withheld: map[care.UserID]time.Time{}, released: map[care.UserID]int{}}}
		node := func() *chataccess.Service {
			s := chataccess.New(d, time.Now, p.chats, p.events)
			t.Cleanup(s.Close)
			return s
		}
		p.svc = node()
		p.svc.Close()
		p.apply(owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: off()})
		p.svc = node()
		p.svc.PauseFolds(24 * time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		preview := p.preview(owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Community: off()})
		if _, err := p.svc.Apply(ctx, owner, preview.Token, ""); err != nil {
			t.Error(err)
		}
	})
}

// TestManyRowsAreMeasured looks at what SQLite knows of the table of a change's rows: it
// is counted after many came at once, and not for a few.
func TestManyRowsAreMeasured(t *testing.T) {
	d := testkit.SQLite(t)
	owner, _ := crowd(t, d, 1500)
	p := &practice{t: t, d: d, owner: owner, events: &events{}, chats: &chats{withheld: map[care.UserID]time.Time{}, released: map[care.UserID]int{}}}
	p.svc = chataccess.New(d, time.Now, p.chats, p.events)
	t.Cleanup(p.svc.Close)
	measured := func() int { return p.number(`SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl = 'chat_access_change_rows'`) }
	few := chataccess.Filter{Clients: []care.UserID{{0: 1}}}
	p.apply(owner, chataccess.BulkRequest{Filter: few, Place: "own", Direct: on(), IncludeOwn: true})
	p.written()
	if n := measured(); n != 0 {
		t.Errorf("measured %d after one row", n)
	}
	p.apply(owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: off(), IncludeOwn: true})
	if n := measured(); n == 0 {
		t.Error("not measured after many rows")
	}
}
