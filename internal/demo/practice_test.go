package demo

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"hearth/internal/care"
)

// moments at which the practice is built: a working day, a Sunday, shortly after midnight
// of a Tuesday and of a Monday at the practice, and the hours when its clocks change.
var moments = []time.Time{
	time.Date(2026, 11, 18, 22, 15, 30, 5, time.UTC),
	time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC),
	time.Date(2027, 3, 2, 8, 4, 0, 0, time.UTC),
	time.Date(2027, 2, 1, 8, 1, 0, 0, time.UTC),
	time.Date(2027, 3, 14, 10, 30, 0, 0, time.UTC),
	time.Date(2027, 11, 7, 9, 30, 0, 0, time.UTC),
}

func each(t *testing.T, check func(t *testing.T, p Practice, now time.Time)) {
	for _, now := range moments {
		t.Run(now.Format(time.RFC3339), func(t *testing.T) { check(t, Build(now), now) })
	}
}

func (p Practice) staffIDs() map[care.UserID]bool {
	ids := map[care.UserID]bool{}
	for _, s := range p.Staff {
		ids[s.ID] = true
	}
	return ids
}

func (p Practice) clientsByID() map[care.UserID]Client {
	byID := map[care.UserID]Client{}
	for _, c := range p.Clients {
		byID[c.ID] = c
	}
	return byID
}

func TestTheSameMomentGivesTheSamePractice(t *testing.T) {
	each(t, func(t *testing.T, p Practice, now time.Time) {
		if !reflect.DeepEqual(p, Build(now)) {
			t.Error("built twice for one moment, the practice differs")
		}
	})
	a, b := Build(moments[0]), Build(moments[0].Add(3*time.Minute))
	if reflect.DeepEqual(a, b) {
		t.Error("three minutes later nothing moved")
	}
}

func TestThePracticeIsAsLargeAsPromised(t *testing.T) {
	p := Build(moments[0])
	roles := map[care.Role]int{}
	for _, s := range p.Staff {
		roles[s.Role]++
	}
	if want := map[care.Role]int{care.RoleOwner: 1, care.RoleAdmin: 1, care.RoleProvider: 4, care.RoleSupport: 2}; !reflect.DeepEqual(roles, want) {
		t.Errorf("staff by role: %v, want %v", roles, want)
	}
	if len(p.Clients) != 120 || len(p.Groups) != 5 {
		t.Errorf("%d clients in %d groups, want 120 in 5", len(p.Clients), len(p.Groups))
	}
	kinds := map[care.ConversationKind]int{}
	longest := 0
	for _, c := range p.Conversations {
		kinds[c.Kind]++
		longest = max(longest, len(c.Messages))
	}
	if want := map[care.ConversationKind]int{care.Direct: 48, care.Community: 7, care.Internal: 7}; !reflect.DeepEqual(kinds, want) {
		t.Errorf("conversations by kind: %v, want %v", kinds, want)
	}
	if longest != 400 {
		t.Errorf("the longest conversation has %d messages, want 400", longest)
	}
}

func TestSomeClientsAreArchivedAndEveryGroupHasMembers(t *testing.T) {
	p := Build(moments[0])
	archived, size := 0, map[care.GroupID]int{}
	for _, c := range p.Clients {
		size[c.Group]++
		if !c.ArchivedAt.IsZero() {
			archived++
		}
	}
	if archived < 4 || archived > 10 {
		t.Errorf("%d clients are archived, want a handful", archived)
	}
	for _, g := range p.Groups {
		if size[g.ID] < 5 {
			t.Errorf("group %s has %d clients, want at least 5", g.Name, size[g.ID])
		}
	}
}

func TestIdsAddressesAndNamesAreUnique(t *testing.T) {
	each(t, func(t *testing.T, p Practice, _ time.Time) {
		seen := map[string]bool{}
		unique := func(what, value string) {
			if seen[what+value] || value == "" {
				t.Errorf("%s %q is empty or there twice", what, value)
			}
			seen[what+value] = true
		}
		for _, s := range p.Staff {
			unique("id ", s.ID.String())
			unique("address ", s.Email)
			unique("name ", s.Name)
		}
		for _, c := range p.Clients {
			unique("id ", c.ID.String())
			unique("address ", c.Email)
			unique("name ", c.Name)
		}
		for _, c := range p.Conversations {
			unique("id ", c.ID.String())
			for _, m := range c.Messages {
				unique("id ", m.ID.String())
			}
		}
	})
}

func TestAddressesCanBeTypedAndBelongToNobody(t *testing.T) {
	p := Build(moments[0])
	for _, c := range p.Clients {
		local, found := strings.CutSuffix(c.Email, "@hearth.example")
		if !found || strings.Trim(local, "abcdefghijklmnopqrstuvwxyz.-") != "" || strings.HasPrefix(local, ".") {
			t.Errorf("%s has the address %q", c.Name, c.Email)
		}
	}
	if got := address("Þóra Guðrún d'Œstrøm"); got != "thora.dstrom@hearth.example" {
		t.Errorf("address: %q", got) // what has no plain letter is left out
	}
}

func TestNamesAreOfManyKinds(t *testing.T) {
	p := Build(moments[0])
	var longest, apostrophes, marks int
	for _, c := range p.Clients {
		longest = max(longest, utf8.RuneCountInString(c.Name))
		if strings.Contains(c.Name, "'") {
			apostrophes++
		}
		if len(c.Name) != utf8.RuneCountInString(c.Name) {
			marks++
		}
	}
	if longest < 40 || longest > 200 || apostrophes < 3 || marks < 20 {
		t.Errorf("longest name %d, %d with an apostrophe, %d beyond ASCII", longest, apostrophes, marks)
	}
}

func TestEveryClientHasAProviderOfThePractice(t *testing.T) {
	p := Build(moments[0])
	provider := map[care.UserID]bool{}
	for _, s := range p.Staff {
		provider[s.ID] = s.Role == care.RoleProvider
	}
	for _, c := range p.Clients {
		if len(c.CareTeam) == 0 || slices.ContainsFunc(c.CareTeam, func(id care.UserID) bool { return !provider[id] }) {
			t.Errorf("the care team of %s is not made of providers", c.Name)
		}
	}
}

func TestTheSheetShowsPeopleOfThePractice(t *testing.T) {
	p := Build(moments[0])
	if len(p.SignIns) < 6 || len(p.SignIns) > 8 {
		t.Errorf("%d people on the sheet, want 6 to 8", len(p.SignIns))
	}
	sheet := p.Sheet("http://127.0.0.1:8080")
	for _, s := range p.SignIns {
		if s.Name == "" || !strings.Contains(sheet, s.Email) || !strings.Contains(sheet, s.Note) || s.Password != Password {
			t.Errorf("the sheet does not show %q", s.Email)
		}
	}
	if !strings.Contains(sheet, Password) || !strings.Contains(sheet, "http://127.0.0.1:8080") {
		t.Error("the sheet lacks the password or the address")
	}
	for line := range strings.SplitSeq(sheet, "\n") {
		if utf8.RuneCountInString(line) > 140 {
			t.Errorf("the sheet is too wide: %q", line)
		}
	}
}
