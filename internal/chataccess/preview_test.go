package chataccess_test

import (
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

func TestPreviewCountsEachClientOnce(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		for _, name := range []string{"plain", "own on", "own off", "both own"} {
			p.client(name, p.owner, care.GroupID{})
		}
		p.client("grouped", p.owner, p.group)
		p.client("archived", p.owner, care.GroupID{})
		p.set("own on", "own_direct", true)
		p.set("own off", "own_direct", false)
		p.set("both own", "own_direct", true)
		p.set("both own", "own_community", true)
		p.set("archived", "state", "archived")
		p.exec(`UPDATE client_groups SET direct = FALSE WHERE id = $1`, p.group)
		for _, c := range []struct {
			name                                     string
			r                                        chataccess.BulkRequest
			matched, changed, unchanged, own, groups int
		}{
			{"own off", chataccess.BulkRequest{Place: "own", Direct: off()}, 5, 2, 0, 3, 0},
			{"own off with own", chataccess.BulkRequest{Place: "own", Direct: off(), IncludeOwn: true}, 5, 4, 1, 0, 0},
			{"own cleared", chataccess.BulkRequest{Place: "own", Direct: unset(), IncludeOwn: true}, 5, 3, 2, 0, 0},
			{"own cleared, own kept", chataccess.BulkRequest{Place: "own", Direct: unset()}, 5, 0, 2, 3, 0},
			{"both: changed comes first", chataccess.BulkRequest{Place: "own", Direct: off(), Community: off()}, 5, 4, 0, 1, 0},
			{"default off", chataccess.BulkRequest{Place: "default", Direct: off()}, 5, 1, 0, 3, 1},
			{"default as it is", chataccess.BulkRequest{Place: "default", Direct: on()}, 5, 0, 1, 3, 1},
			{"default both", chataccess.BulkRequest{Place: "default", Direct: off(), Community: off()}, 5, 4, 0, 1, 0},
		} {
			c.r.Filter = everyone()
			wantCounts(t, c.name, p.preview(p.owner, c.r), c.matched, c.changed, c.unchanged, c.own, c.groups)
		}
		r := chataccess.BulkRequest{Place: "own", Direct: off(), Filter: chataccess.Filter{Clients: []care.UserID{p.people["archived"], p.people["plain"], p.people["plain"]}}}
		wantCounts(t, "named, archived too, each once", p.preview(p.owner, r), 2, 2, 0, 0, 0)
	})
}

func TestPreviewFilters(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		other := newPractice(t, d, "Marlowe")
		other.client("foreign", other.owner, care.GroupID{})
		p.client("Ann Able", p.provider, care.GroupID{})
		p.client("Ben Able", p.owner, p.group)
		p.client("Cid Cole", p.owner, care.GroupID{})
		p.set("Cid Cole", "own_community", false)
		for name, c := range map[string]struct {
			filter chataccess.Filter
			actor  care.Actor
			want   string
		}{
			"all":               {everyone(), p.owner, "Ann Able Ben Able Cid Cole"},
			"group":             {chataccess.Filter{Group: p.group}, p.owner, "Ben Able"},
			"provider":          {chataccess.Filter{Provider: p.provider.User}, p.owner, "Ann Able"},
			"words":             {chataccess.Filter{Query: "able ben"}, p.owner, "Ben Able"},
			"effective off":     {chataccess.Filter{Community: care.Off}, p.owner, "Cid Cole"},
			"source":            {chataccess.Filter{Source: care.PlaceClient}, p.owner, "Cid Cole"},
			"archived":          {chataccess.Filter{State: care.ClientArchived}, p.owner, ""},
			"one's own clients": {everyone(), p.provider, "Ann Able"},
		} {
			preview := p.preview(c.actor, chataccess.BulkRequest{Filter: c.filter, Place: "default", Direct: off()})
			got := map[string]bool{}
			for _, s := range preview.Sample {
				got[s.Name] = true
			}
			for _, want := range []string{"Ann Able", "Ben Able", "Cid Cole"} {
				if got[want] != contains(c.want, want) {
					t.Errorf("%s: %s in the sample: %v", name, want, got[want])
				}
			}
			if len(got) != preview.Matched {
				t.Errorf("%s: %d matched, %d named", name, preview.Matched, len(got))
			}
		}
	})
}

func contains(list, name string) bool {
	for i := 0; i+len(name) <= len(list); i++ {
		if list[i:i+len(name)] == name {
			return true
		}
	}
	return false
}

func TestPreviewRefuses(t *testing.T) {
	d := testkit.SQLite(t)
	p := newPractice(t, d, "Fernleigh")
	other := newPractice(t, d, "Marlowe")
	foreign := other.client("foreign", other.owner, care.GroupID{})
	mine := p.client("mine", p.provider, care.GroupID{})
	notMine := p.client("not mine", p.owner, care.GroupID{})
	ask := func(change func(*chataccess.BulkRequest)) error {
		r := chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: off()}
		change(&r)
		_, err := p.svc.Preview(t.Context(), p.owner, r)
		return err
	}
	past := p.clock.Now()
	for _, c := range []struct {
		what, field, code string
		change            func(*chataccess.BulkRequest)
	}{
		{"no switch", "direct", "required", func(r *chataccess.BulkRequest) { r.Direct = nil }},
		{"unknown value", "direct", "unknown", func(r *chataccess.BulkRequest) { r.Direct = setting("maybe") }},
		{"unknown value of the other", "community", "unknown", func(r *chataccess.BulkRequest) { r.Community = setting("") }},
		{"unknown place", "place", "unknown", func(r *chataccess.BulkRequest) { r.Place = "group" }},
		{"until now", "until", "past", func(r *chataccess.BulkRequest) { r.Until = past }},
		{"until with unset", "until", "unset", func(r *chataccess.BulkRequest) { r.Direct, r.Until = unset(), past.Add(time.Hour) }},
		{"until with default", "until", "place", func(r *chataccess.BulkRequest) { r.Place, r.Until = "default", past.Add(time.Hour) }},
		{"default unset", "community", "place", func(r *chataccess.BulkRequest) { r.Place, r.Community = "default", unset() }},
		{"own with default", "include_own", "place", func(r *chataccess.BulkRequest) { r.Place, r.IncludeOwn = "default", true }},
		{"nobody said", "filter", "required", func(r *chataccess.BulkRequest) { r.Filter = chataccess.Filter{} }},
		{"another's client", "filter.client_ids[1]", "unknown", func(r *chataccess.BulkRequest) { r.Filter = chataccess.Filter{Clients: []care.UserID{mine, foreign}} }},
		{"another's group", "filter.group_id", "unknown", func(r *chataccess.BulkRequest) { r.Filter = chataccess.Filter{Group: other.group} }},
		{"another's provider", "filter.provider_id", "unknown", func(r *chataccess.BulkRequest) { r.Filter = chataccess.Filter{Provider: other.owner.User} }},
		{"too many named", "filter.client_ids", "too_many", func(r *chataccess.BulkRequest) {
			r.Filter = chataccess.Filter{Clients: make([]care.UserID, chataccess.MaxNamed+1)}
		}},
	} {
		wantField(t, c.what, ask(c.change), c.field, c.code)
	}
	whom := func(actor care.Actor, client care.UserID) error {
		_, err := p.svc.Preview(t.Context(), actor, chataccess.BulkRequest{Filter: chataccess.Filter{Clients: []care.UserID{client}}, Place: "own", Direct: off()})
		return err
	}
	wantField(t, "a client the provider cannot see", whom(p.provider, notMine), "filter.client_ids[0]", "unknown")
	seesAll := p.provider
	seesAll.Permissions = care.PermissionsOf(care.ManageChatAccess, care.ViewAllClients)
	wantCode(t, "a client the provider can only see", whom(seesAll, notMine), care.CodeForbidden)
	support := p.provider
	support.Role, support.Permissions = care.RoleSupport, care.DefaultPermissions(care.RoleSupport)
	wantCode(t, "without the permission", whom(support, mine), care.CodeForbidden)
	wantCode(t, "a client", whom(care.Actor{Org: p.owner.Org, User: mine, Kind: care.KindClient}, mine), care.CodeForbidden)
	if n := p.number(`SELECT COUNT(*) FROM chat_access_changes`); n != 0 {
		t.Errorf("%d previews were kept of what was refused", n)
	}
}

// The same value with the same end is so already; with another end, or none, it is not.
func TestPreviewComparesTimeLimits(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.owner, care.GroupID{})
		until := p.clock.Now().Add(48 * time.Hour)
		p.set("ann", "own_community", false)
		for _, c := range []struct {
			what  string
			until any
			asked time.Time
			want  chataccess.Outcome
		}{
			{"the same end", db.Millis(until), until, chataccess.Unchanged},
			{"a later end", db.Millis(until), until.Add(time.Hour), chataccess.Changed},
			{"an end that was not there", nil, until, chataccess.Changed},
			{"no end asked for", db.Millis(until), time.Time{}, chataccess.Unchanged},
		} {
			p.set("ann", "own_community_until", c.until)
			// The other switch is not set and is to stay so: an end does not concern it.
			preview := p.preview(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: unset(), Community: off(), Until: c.asked, IncludeOwn: true})
			if preview.Counts[c.want] != 1 {
				t.Errorf("%s: %v, want %s", c.what, preview.Counts, c.want)
			}
		}
	})
}
