package blast

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// Whom each way of choosing brings, alone and together, and to whom.
func TestChoosing(t *testing.T) {
	engines(t, func(w *world) {
		zoe := w.client(w.org, "Zoe Archived", w.noor)
		w.set(zoe, "state", "archived")
		quiet := w.client(w.org, "Quinn Quiet", w.elias)
		w.exec(`UPDATE people SET email = NULL WHERE id = $1`, quiet.User)
		w.in(w.group, w.maya, zoe, w.arjun)
		w.set(w.maya, "own_direct", false)
		second := w.clientGroup(w.org, "Gentle Movement")
		w.in(second, quiet)
		one, two := []care.GroupID{w.group}, []care.GroupID{w.group, second}
		const (
			arjun, leilani = "Arjun Mehta", "Leilani Kahale"
			maya           = "Maya Lindqvist (direct_off, client)"
			quinn          = "Quinn Quiet (no_account)"
			archived       = "Zoe Archived (archived)"
		)
		for name, c := range map[string]struct {
			actor care.Actor
			r     Recipients
			want  []string
		}{
			"named":                              {w.olga, named(w.arjun, zoe), []string{arjun, archived}},
			"named twice":                        {w.olga, named(w.arjun, w.arjun), []string{arjun}},
			"groups bring the archived too":      {w.olga, Recipients{Groups: one}, []string{arjun, maya, archived}},
			"of a group only one's own clients":  {w.noor, Recipients{Groups: one}, []string{maya, archived}},
			"two groups":                         {w.olga, Recipients{Groups: two}, []string{arjun, maya, quinn, archived}},
			"my active ones":                     {w.noor, Recipients{All: MyActive}, []string{leilani, maya}},
			"mine, of who sees all":              {w.olga, Recipients{All: MyActive}, nil},
			"everybody active":                   {w.olga, Recipients{All: OrganizationActive}, []string{arjun, leilani, maya, quinn}},
			"overlaps count once":                {w.olga, Recipients{Groups: one, All: OrganizationActive, Clients: []care.UserID{w.maya.User, zoe.User}, Filter: &ClientFilter{}}, []string{arjun, leilani, maya, quinn, archived}},
			"without some":                       {w.olga, Recipients{Groups: one, All: OrganizationActive, Exclude: []care.UserID{zoe.User, w.maya.User, w.stranger.User}}, []string{arjun, leilani, quinn}},
			"an empty filter is one's active":    {w.noor, Recipients{Filter: &ClientFilter{}}, []string{leilani, maya}},
			"a filter of another practice":       {w.olga, Recipients{Filter: &ClientFilter{Provider: w.mallory.User}}, nil},
			"nobody is left":                     {w.olga, Recipients{Clients: []care.UserID{w.maya.User}, Exclude: []care.UserID{w.maya.User}}, nil},
			"all the same, of the other clinic":  {w.mallory, Recipients{All: OrganizationActive}, []string{"Stranger"}},
			"everything of who has no such team": {w.elias, Recipients{All: MyActive, Groups: two}, []string{arjun, quinn}},
		} {
			if got := w.chosen(c.actor, c.r); !slices.Equal(got, c.want) {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
	})
}

// Each part of a filter, and all of them together.
func TestFilters(t *testing.T) {
	engines(t, func(w *world) {
		w.in(w.group, w.maya, w.arjun)
		w.exec(`UPDATE client_groups SET direct = FALSE WHERE id = $1`, w.group)
		w.set(w.arjun, "own_direct", true)
		w.set(w.leilani, "default_community", false)
		now := w.clock.Now()
		w.seen(w.maya, now.Add(-48*time.Hour))
		w.seen(w.leilani, now.Add(-time.Hour))
		day := now.Add(-24 * time.Hour)
		for name, c := range map[string]struct {
			f    ClientFilter
			want string
		}{
			"group":           {ClientFilter{Group: w.group}, "Arjun Mehta, Maya Lindqvist (direct_off, group)"},
			"provider":        {ClientFilter{Provider: w.elias.User}, "Arjun Mehta"},
			"direct on":       {ClientFilter{Direct: care.On}, "Arjun Mehta, Leilani Kahale"},
			"direct off":      {ClientFilter{Direct: care.Off}, "Maya Lindqvist (direct_off, group)"},
			"community on":    {ClientFilter{Community: care.On}, "Arjun Mehta, Maya Lindqvist (direct_off, group)"},
			"community off":   {ClientFilter{Community: care.Off}, "Leilani Kahale"},
			"seen after":      {ClientFilter{SeenAfter: &day}, "Leilani Kahale"},
			"at that moment":  {ClientFilter{SeenAfter: pointer(now.Add(-time.Hour))}, "Leilani Kahale"},
			"seen before":     {ClientFilter{SeenBefore: &day}, "Arjun Mehta, Maya Lindqvist (direct_off, group)"}, // or never
			"between":         {ClientFilter{SeenBefore: &now, SeenAfter: pointer(now.Add(-72 * time.Hour))}, "Leilani Kahale, Maya Lindqvist (direct_off, group)"},
			"all of it":       {ClientFilter{Group: w.group, Provider: w.elias.User, Direct: care.On, Community: care.On, SeenBefore: &now}, "Arjun Mehta"},
			"nobody fits all": {ClientFilter{Group: w.group, Provider: w.noor.User, Direct: care.On}, ""},
		} {
			if got := strings.Join(w.chosen(w.olga, Recipients{Filter: &c.f}), ", "); got != c.want {
				t.Errorf("%s: %s, want %s", name, got, c.want)
			}
		}
		_, err := w.tryChosen(w.olga, Recipients{Filter: &ClientFilter{Direct: care.Unset}})
		w.field(err, "filter.direct", "unknown")
		_, err = w.tryChosen(w.olga, Recipients{Filter: &ClientFilter{Community: "maybe"}})
		w.field(err, "filter.community", "unknown")
	})
}

// Who does not exist for the actor is named as unknown, whoever they are, and nothing is sent.
func TestUnknownRecipientsAreNamed(t *testing.T) {
	engines(t, func(w *world) {
		nobody := care.NewID[care.UserID](w.clock.Now())
		foreign := w.clientGroup(w.other, "Elsewhere's")
		for name, c := range map[string]struct {
			r    Recipients
			code care.Code
			ids  []care.UserID
		}{
			"of nobody":              {Recipients{Clients: []care.UserID{w.leilani.User, nobody}}, care.CodeNotFound, []care.UserID{nobody}},
			"of another practice":    {named(w.leilani, w.stranger), care.CodeNotFound, []care.UserID{w.stranger.User}},
			"of a colleague's":       {named(w.arjun, w.leilani), care.CodeNotFound, []care.UserID{w.arjun.User}},
			"of staff":               {named(w.elias), care.CodeNotFound, []care.UserID{w.elias.User}},
			"taken out all the same": {Recipients{Clients: []care.UserID{w.leilani.User, nobody}, Exclude: []care.UserID{nobody}}, care.CodeNotFound, []care.UserID{nobody}},
			"a foreign group":        {Recipients{Groups: []care.GroupID{foreign}}, care.CodeNotFound, nil},
			"nobody at all":          {Recipients{}, care.CodeInvalid, nil},
			"only who is taken out":  {Recipients{Exclude: []care.UserID{w.leilani.User}}, care.CodeInvalid, nil},
			"an unknown word":        {Recipients{All: "everybody"}, care.CodeInvalid, nil},
			"everybody, unpermitted": {Recipients{All: OrganizationActive}, care.CodeForbidden, nil},
			"a hundred thousand one": {Recipients{Clients: make([]care.UserID, MaxNamed+1)}, care.CodeInvalid, nil},
			"and as many taken out":  {Recipients{All: MyActive, Exclude: make([]care.UserID, MaxNamed+1)}, care.CodeInvalid, nil},
		} {
			_, err := w.blasts.Preview(ctx, w.noor, c.r)
			previewed := w.refused(err, c.code)
			refusal := w.refused(w.try(w.noor, Request{Body: "Hello", Recipients: c.r}), c.code)
			if refusal.Message != previewed.Message {
				t.Errorf("%s: %q, the preview said %q", name, refusal.Message, previewed.Message)
			}
			for _, id := range c.ids {
				if len(refusal.Fields) != 1 || refusal.Fields[0].Field != "client_ids" || !strings.Contains(refusal.Fields[0].Detail, id.String()) {
					t.Errorf("%s: %s is not named in %+v", name, id, refusal.Fields)
				}
			}
			if len(refusal.Fields) == 1 && strings.Contains(refusal.Fields[0].Detail, w.leilani.User.String()) {
				t.Errorf("%s: names who is known", name)
			}
		}
		w.nothing()
	})
}

// How the choice is told in lists and records.
func TestChoiceInWords(t *testing.T) {
	engines(t, func(w *world) {
		for want, r := range map[string]Recipients{
			"Leilani Kahale":               named(w.leilani, w.leilani),
			"Leilani Kahale and one other": named(w.maya, w.leilani),
			"Arjun Mehta and 2 others":     named(w.maya, w.leilani, w.arjun),
			"Maya Lindqvist":               {Clients: []care.UserID{w.maya.User, w.leilani.User}, Exclude: []care.UserID{w.leilani.User}},
			"All my active clients":        {All: MyActive},
			"All active clients in the organization, Steady Plates": {All: OrganizationActive, Groups: []care.GroupID{w.group}},
			"Clients found by a filter":                             {Filter: &ClientFilter{}},
		} {
			err := w.db.Read(ctx, func(tx *db.Tx) error {
				who, err := resolve(ctx, tx, w.olga, r)
				if err != nil {
					return err
				}
				got, err := inWords(ctx, tx, w.olga, r, who)
				if got != want {
					t.Errorf("%q, want %q", got, want)
				}
				return err
			})
			w.must(err)
		}
	})
}
