package directory_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/testkit"
)

func TestCreateClient(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rosa, group := w.staff("Rosa", care.RoleProvider), w.group("Concierge")
		before := w.audited()
		c, existed, err := w.createClient(w.owner, directory.NewClient{
			Name: "  Émile Zola ", Email: " Emile@Example.ORG ", Group: group.ID, Provider: rosa.User,
		})
		if err != nil || existed {
			t.Fatal(existed, err)
		}
		if c.Name != "Émile Zola" || c.Email != "emile@example.org" || c.GroupName != "Concierge" || c.ProviderName != "Rosa" ||
			c.State != care.ClientActive || c.Invited != care.InvitedNever || !slices.Equal(c.CareTeam, []care.UserID{rosa.User}) {
			t.Errorf("client %+v", c)
		}
		if got, err := w.dir.Client(t.Context(), w.owner, c.ID); err != nil || got.Name != c.Name || got.Version != 1 {
			t.Errorf("read again: %+v, %v", got, err)
		}
		if action, _ := w.lastAction(); w.audited() != before+1 || action != "client.created" {
			t.Errorf("%d audit rows more, the last %s", w.audited()-before, action)
		}
	})
}

// The default when added comes from the provider where one is set there, else from the
// organization, for each switch by itself.
func TestDefaultWhenAdded(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rosa, sam := w.staff("Rosa", care.RoleProvider), w.staff("Sam", care.RoleProvider)
		w.exec(`UPDATE organizations SET default_direct = $1, default_community = $2 WHERE id = $3`, true, false, w.org)
		w.exec(`UPDATE staff SET default_direct = $1 WHERE user_id = $2`, false, rosa.User)
		for _, c := range []struct {
			provider          care.Actor
			direct, community bool
		}{{rosa, false, false}, {sam, true, false}} {
			got := w.client("C", c.provider)
			wantDirect := access.Ladder{Own: care.Unset, Group: care.Unset, Default: c.direct}
			if got.Direct != wantDirect || got.Community.Default != c.community {
				t.Errorf("%s: direct %+v, community %+v", c.provider.Name, got.Direct, got.Community)
			}
		}
	})
}

func TestWhoMayManageClients(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rosa := w.staff("Rosa", care.RoleProvider)
		support := w.staff("Sam", care.RoleSupport)
		own := w.staff("Mona", care.RoleProvider, care.ManageClients)
		ana := w.client("Ana", rosa)
		new := directory.NewClient{Name: "Ben", Provider: rosa.User}
		for _, who := range []care.Actor{rosa, clientActor(w.org, ana), {Org: w.org, Kind: care.KindSystem}, {}} {
			_, _, err := w.createClient(who, new)
			wantCode(t, "create as "+string(who.Role), err, care.CodeForbidden)
		}
		if _, _, err := w.createClient(support, new); err != nil {
			t.Error(err)
		}
		rename := directory.ClientChange{Name: ptr("Anna")}
		_, _, err := w.changeClient(rosa, ana.ID, rename)
		wantCode(t, "own client without the permission", err, care.CodeForbidden)
		_, _, err = w.changeClient(own, ana.ID, rename)
		wantCode(t, "with the permission, a colleague's client", err, care.CodeNotFound)
		_, _, err = w.changeClient(clientActor(w.org, ana), ana.ID, rename)
		wantCode(t, "the client", err, care.CodeForbidden)
		_, err = w.dir.Client(t.Context(), own, ana.ID)
		wantCode(t, "see a colleague's client", err, care.CodeNotFound)
		if _, err := w.dir.Client(t.Context(), rosa, ana.ID); err != nil {
			t.Error("own client:", err)
		}
		if got := w.names(rosa, directory.ClientFilter{}); got != "Ana,Ben" {
			t.Errorf("Rosa sees %q", got)
		}
		if got := w.names(own, directory.ClientFilter{}); got != "" {
			t.Errorf("Mona sees %q", got)
		}
	})
}

func TestRepeatedIDs(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		other := w.beside()
		rosa := w.staff("Rosa", care.RoleProvider)
		id := care.NewID[care.UserID](w.clock.Now())
		first := directory.NewClient{ID: id, Name: "Ana", Email: "ana@example.org", Provider: rosa.User}
		if c, existed, err := w.createClient(w.owner, first); err != nil || existed || c.ID != id {
			t.Fatal(c.ID, existed, err)
		}
		if _, _, err := w.changeClient(w.owner, id, directory.ClientChange{Name: ptr("Anna"), Email: ptr("anna@example.org")}); err != nil {
			t.Fatal(err)
		}
		before := w.audited()
		c, existed, err := w.createClient(w.owner, first)
		if err != nil || !existed || c.Name != "Anna" {
			t.Errorf("the same again, edited since: %q, existed %v, %v", c.Name, existed, err)
		}
		second := first
		second.Name = "Anna"
		_, _, err = w.createClient(w.owner, second)
		wantCode(t, "other content", err, care.CodeIDReused)
		_, _, err = w.createClient(w.owner, directory.NewClient{ID: rosa.User, Name: "Ana", Provider: rosa.User})
		wantCode(t, "a colleague's id", err, care.CodeIDReused)
		_, _, err = other.createClient(other.owner, directory.NewClient{ID: id, Name: "Ana", Email: "ana@example.org", Provider: other.owner.User})
		wantCode(t, "an id of another practice", err, care.CodeIDReused)
		if w.audited() != before {
			t.Error("a repeated request was recorded")
		}
	})
}

func TestRepeatedAtOnce(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		request := directory.NewClient{ID: care.NewID[care.UserID](w.clock.Now()), Name: "Ana", Email: "ana@example.org", Provider: w.owner.User}
		var wait sync.WaitGroup
		results := make(chan bool, 6)
		for range 6 {
			wait.Go(func() {
				_, existed, err := w.createClient(w.owner, request)
				if err != nil {
					t.Error(err)
				}
				results <- existed
			})
		}
		wait.Wait()
		close(results)
		made := 0
		for existed := range results {
			if !existed {
				made++
			}
		}
		if made != 1 {
			t.Errorf("made %d times", made)
		}
	})
}

func TestAddressesBelongToOnePerson(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		other := w.beside()
		taken := directory.NewClient{Name: "Ana", Email: "ana@example.org", Provider: w.owner.User}
		if _, _, err := w.createClient(w.owner, taken); err != nil {
			t.Fatal(err)
		}
		ben := w.client("Ben", w.owner)
		_, _, err := w.createClient(w.owner, directory.NewClient{Name: "Ana Two", Email: "ANA@Example.org", Provider: w.owner.User})
		wantField(t, "another client", err, "email", "taken")
		_, _, err = other.createClient(other.owner, directory.NewClient{Name: "Ana", Email: "ana@example.org", Provider: other.owner.User})
		wantField(t, "another practice", err, "email", "taken")
		_, _, err = w.changeClient(w.owner, ben.ID, directory.ClientChange{Email: ptr("Ana@example.org")})
		wantField(t, "a change", err, "email", "taken")
		_, _, err = w.createStaff(w.owner, directory.NewStaff{Name: "Ana", Email: "ana@example.org", Role: care.RoleSupport})
		wantField(t, "staff", err, "email", "taken")
		_, _, err = w.changeClient(w.owner, ben.ID, directory.ClientChange{Email: ptr("ben at example")})
		wantField(t, "no address", err, "email", "email")
	})
}

func TestReferencesStayInThePractice(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		other := w.beside()
		group := other.group("Theirs")
		ana := w.client("Ana", w.owner)
		gone := w.staff("Gone", care.RoleProvider)
		if _, _, err := w.changeStaff(w.owner, gone.User, directory.StaffChange{Active: ptr(false)}); err != nil {
			t.Fatal(err)
		}
		create := func(n directory.NewClient) error { n.Name = "Ben"; _, _, err := w.createClient(w.owner, n); return err }
		change := func(c directory.ClientChange) error {
			_, _, err := w.changeClient(w.owner, ana.ID, c)
			return err
		}
		for _, c := range []struct {
			what        string
			err         error
			field, code string
		}{
			{"no provider", create(directory.NewClient{}), "primary_provider_id", "required"},
			{"their provider", create(directory.NewClient{Provider: other.owner.User}), "primary_provider_id", "not_found"},
			{"a client as provider", create(directory.NewClient{Provider: ana.ID}), "primary_provider_id", "not_found"},
			{"a provider who left", create(directory.NewClient{Provider: gone.User}), "primary_provider_id", "inactive"},
			{"their group", create(directory.NewClient{Provider: w.owner.User, Group: group.ID}), "group_id", "not_found"},
			{"change to their provider", change(directory.ClientChange{Provider: &other.owner.User}), "primary_provider_id", "not_found"},
			{"change to one who left", change(directory.ClientChange{Provider: &gone.User}), "primary_provider_id", "inactive"},
			{"change to their group", change(directory.ClientChange{Group: &group.ID}), "group_id", "not_found"},
			{"their staff on the care team", change(directory.ClientChange{CareTeam: &[]care.UserID{other.owner.User}}), "care_team_ids", "not_found"},
			{"a client on the care team", change(directory.ClientChange{CareTeam: &[]care.UserID{ana.ID}}), "care_team_ids", "not_found"},
			{"too many on the care team", change(directory.ClientChange{CareTeam: ptr(manyIDs(101))}), "care_team_ids", "too_many"},
			{"an unknown state", change(directory.ClientChange{State: ptr(care.ClientState("gone"))}), "state", "unknown"},
			{"an empty name", change(directory.ClientChange{Name: ptr(" ")}), "name", "required"},
			{"a long name", change(directory.ClientChange{Name: ptr(strings.Repeat("é", 201))}), "name", "too_long"},
			{"NUL in a name", change(directory.ClientChange{Name: ptr("a\x00b")}), "name", "characters"},
			{"a name that is not UTF-8", change(directory.ClientChange{Name: ptr("a\xff")}), "name", "characters"},
		} {
			wantField(t, c.what, c.err, c.field, c.code)
		}
	})
}

func manyIDs(n int) []care.UserID {
	ids := make([]care.UserID, n)
	for i := range ids {
		ids[i] = care.UserID{0: 1, 15: byte(i)}
	}
	return ids
}

func TestChangeClient(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rosa, sam, group := w.staff("Rosa", care.RoleProvider), w.staff("Sam", care.RoleProvider), w.group("Waitlist")
		ana := w.client("Ana", rosa)
		team := func(ids ...care.UserID) []care.UserID {
			slices.SortFunc(ids, func(a, b care.UserID) int { return slices.Compare(a[:], b[:]) })
			return ids
		}
		for _, step := range []struct {
			what   string
			change directory.ClientChange
			action string
			rows   int
			ok     func(c directory.Client, e directory.ClientEffect) bool
		}{
			{"nothing", directory.ClientChange{}, "client.created", 0,
				func(c directory.Client, e directory.ClientEffect) bool {
					return c.Version == 1 && e == directory.ClientEffect{}
				}},
			{"the same", directory.ClientChange{Name: ptr("Ana"), Group: &care.GroupID{}, Provider: &rosa.User}, "client.created", 0,
				func(c directory.Client, e directory.ClientEffect) bool { return c.Version == 1 && !e.ProviderAssigned }},
			{"name and address", directory.ClientChange{Name: ptr("Anna"), Email: ptr("Anna@example.org")}, "client.changed", 1,
				func(c directory.Client, e directory.ClientEffect) bool {
					return c.Name == "Anna" && c.Email == "anna@example.org" && e.EmailChanged && c.Version == 1
				}},
			{"a group", directory.ClientChange{Group: &group.ID}, "client.changed", 1,
				func(c directory.Client, e directory.ClientEffect) bool {
					return c.GroupName == "Waitlist" && c.Version == 2
				}},
			{"another provider", directory.ClientChange{Provider: &sam.User}, "client.changed", 1,
				func(c directory.Client, e directory.ClientEffect) bool {
					return e.ProviderAssigned && c.ProviderName == "Sam" && slices.Equal(c.CareTeam, team(rosa.User, sam.User))
				}},
			{"a care team without the provider", directory.ClientChange{CareTeam: &[]care.UserID{w.owner.User, w.owner.User}}, "client.changed", 1,
				func(c directory.Client, e directory.ClientEffect) bool {
					return !e.ProviderAssigned && slices.Equal(c.CareTeam, team(w.owner.User, sam.User))
				}},
			{"no care team", directory.ClientChange{CareTeam: &[]care.UserID{}}, "client.changed", 1,
				func(c directory.Client, e directory.ClientEffect) bool {
					return slices.Equal(c.CareTeam, team(sam.User))
				}},
			{"archived", directory.ClientChange{State: ptr(care.ClientArchived)}, "client.archived", 1,
				func(c directory.Client, e directory.ClientEffect) bool {
					return c.State == care.ClientArchived && c.Version == 4
				}},
			{"restored and renamed", directory.ClientChange{State: ptr(care.ClientActive), Name: ptr("Ana")}, "client.restored", 2,
				func(c directory.Client, e directory.ClientEffect) bool {
					return c.State == care.ClientActive && c.Name == "Ana"
				}},
			{"no group, no address", directory.ClientChange{Group: &care.GroupID{}, Email: ptr("")}, "client.changed", 1,
				func(c directory.Client, e directory.ClientEffect) bool {
					return c.Group.IsZero() && c.Email == "" && c.Name == "Ana"
				}},
		} {
			before := w.audited()
			c, effect, err := w.changeClient(w.owner, ana.ID, step.change)
			if err != nil {
				t.Fatalf("%s: %v", step.what, err)
			}
			if !step.ok(c, effect) {
				t.Errorf("%s: %+v %+v", step.what, c, effect)
			}
			if action, _ := w.lastAction(); w.audited()-before != step.rows || (step.rows > 0 && action != step.action) {
				t.Errorf("%s: %d audit rows, the last %s", step.what, w.audited()-before, action)
			}
		}
	})
}

func TestRefusedChangesLeaveNothing(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ana := w.client("Ana", w.owner)
		before := w.audited()
		_, _, err := w.changeClient(w.owner, ana.ID, directory.ClientChange{Name: ptr("Eve"), Provider: &ana.ID})
		wantField(t, "half a change", err, "primary_provider_id", "not_found")
		if c, err := w.dir.Client(t.Context(), w.owner, ana.ID); err != nil || c.Name != "Ana" || w.audited() != before {
			t.Errorf("%q, %v, %d audit rows more", c.Name, err, w.audited()-before)
		}
	})
}

func TestListClients(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rosa, sam := w.staff("Rosa", care.RoleProvider), w.staff("Sam", care.RoleProvider)
		concierge := w.group("Concierge")
		add := func(name, email string, provider care.Actor, group care.GroupID) directory.Client {
			c, _, err := w.createClient(w.owner, directory.NewClient{Name: name, Email: email, Provider: provider.User, Group: group})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		add("Zoë Ärlig", "zoe@example.org", rosa, concierge.ID)
		bruno := add("bruno keller", "", rosa, care.GroupID{})
		add("Ana Keller", "ana_k@example.org", sam, concierge.ID)
		add("Ana Keller", "anna@example.net", sam, care.GroupID{})
		old := add("Otto", "", sam, care.GroupID{})
		w.exec(`UPDATE client_groups SET direct = $1 WHERE id = $2`, false, concierge.ID)
		w.exec(`UPDATE clients SET own_direct = $1, own_community = $2 WHERE user_id = $3`, true, false, bruno.ID)
		if _, _, err := w.changeClient(w.owner, old.ID, directory.ClientChange{State: ptr(care.ClientArchived)}); err != nil {
			t.Fatal(err)
		}
		cases := []struct {
			what   string
			actor  care.Actor
			filter directory.ClientFilter
			want   string
		}{
			{"all by name", w.owner, directory.ClientFilter{}, "Ana Keller,Ana Keller,bruno keller,Zoë Ärlig"},
			{"archived", w.owner, directory.ClientFilter{State: care.ClientArchived}, "Otto"},
			{"how a name begins", w.owner, directory.ClientFilter{Query: "kell"}, "Ana Keller,Ana Keller,bruno keller"},
			{"words in any order", w.owner, directory.ClientFilter{Query: "KELLER  ana"}, "Ana Keller,Ana Keller"},
			{"not how a word begins", w.owner, directory.ClientFilter{Query: "eller"}, ""},
			{"nor a part of one", w.owner, directory.ClientFilter{Query: "ana ell"}, ""},
			{"a word of another", w.owner, directory.ClientFilter{Query: "bruno ana"}, ""},
			{"an address", w.owner, directory.ClientFilter{Query: "Example.NET"}, "Ana Keller"},
			{"behind a sign", w.owner, directory.ClientFilter{Query: "k@"}, "Ana Keller"},
			{"many signs", w.owner, directory.ClientFilter{Query: "a an ana k kell keller"}, "Ana Keller,Ana Keller"},
			{"only what is no word", w.owner, directory.ClientFilter{Query: " | "}, "Ana Keller,Ana Keller,bruno keller,Zoë Ärlig"},
			{"words of the archived", w.owner, directory.ClientFilter{Query: "otto"}, ""},
			{"words of one's own", rosa, directory.ClientFilter{Query: "kel"}, "bruno keller"},
			{"words in a group", w.owner, directory.ClientFilter{Query: "keller", Group: concierge.ID}, "Ana Keller"},
			{"words, direct off", w.owner, directory.ClientFilter{Query: "keller a", Direct: care.Off}, "Ana Keller"},
			{"name and address", w.owner, directory.ClientFilter{Query: "keller @example.org"}, "Ana Keller"},
			{"without accents", w.owner, directory.ClientFilter{Query: "zoe arl"}, "Zoë Ärlig"},
			{"with accents", w.owner, directory.ClientFilter{Query: "ZOË"}, "Zoë Ärlig"},
			{"what LIKE would understand", w.owner, directory.ClientFilter{Query: "a_a"}, ""},
			{"an underscore itself", w.owner, directory.ClientFilter{Query: "ana_"}, "Ana Keller"},
			{"a percent sign", w.owner, directory.ClientFilter{Query: "%"}, ""},
			{"a backslash", w.owner, directory.ClientFilter{Query: `\`}, ""},
			{"a group", w.owner, directory.ClientFilter{Group: concierge.ID}, "Ana Keller,Zoë Ärlig"},
			{"a provider", w.owner, directory.ClientFilter{Provider: rosa.User}, "bruno keller,Zoë Ärlig"},
			{"group and provider", w.owner, directory.ClientFilter{Group: concierge.ID, Provider: rosa.User}, "Zoë Ärlig"},
			{"direct off", w.owner, directory.ClientFilter{Direct: care.Off}, "Ana Keller,Zoë Ärlig"},
			{"direct on", w.owner, directory.ClientFilter{Direct: care.On}, "Ana Keller,bruno keller"},
			{"community off", w.owner, directory.ClientFilter{Community: care.Off}, "bruno keller"},
			{"one's own", rosa, directory.ClientFilter{}, "bruno keller,Zoë Ärlig"},
			{"one's own in a group", sam, directory.ClientFilter{Group: concierge.ID}, "Ana Keller"},
			{"one's own of a colleague", sam, directory.ClientFilter{Provider: rosa.User}, ""},
			{"one's own, direct off", rosa, directory.ClientFilter{Direct: care.Off}, "Zoë Ärlig"},
			{"all at once", w.owner, directory.ClientFilter{Query: "a", Group: concierge.ID, Provider: sam.User, Direct: care.Off, Community: care.On, State: care.ClientActive}, "Ana Keller"},
		}
		for _, when := range []string{"", " while a bulk change is written"} {
			for _, c := range cases {
				for few := range 4 { // as where that many clients are few
					restore := directory.ReadLittle(few, 3, 1)
					if got := w.names(c.actor, c.filter); got != c.want {
						t.Errorf("%s%s: %q, want %q, %d are few", c.what, when, got, c.want, few)
					}
					restore()
				}
				if got := w.names(c.actor, c.filter); got != c.want {
					t.Errorf("%s%s: %q, want %q", c.what, when, got, c.want)
				}
			}
			w.pendingChange() // of nobody
		}
		got, _, _, err := w.dir.Clients(t.Context(), w.owner, directory.ClientFilter{Query: "bruno"}, directory.Page{Limit: 1})
		if err != nil || len(got) != 1 || !slices.Equal(got[0].CareTeam, []care.UserID{rosa.User}) || got[0].Direct.Own != care.On || got[0].GroupName != "" {
			t.Errorf("one of the list: %+v, %v", got, err)
		}
		w.exec(`INSERT INTO chat_access_change_rows (change_id, client_id, place, sets_direct, new_direct, sets_community, folded)
			SELECT active_change, $1, 'own', TRUE, FALSE, FALSE, FALSE FROM organizations`, bruno.ID)
		for want, filter := range map[string]directory.ClientFilter{
			"Ana Keller,bruno keller,Zoë Ärlig": {Direct: care.Off},
			"Ana Keller":                        {Direct: care.On},
			"bruno keller":                      {Query: "kel", Direct: care.Off, Provider: rosa.User},
		} {
			if got := w.names(w.owner, filter); got != want {
				t.Errorf("%+v while bruno is not written: %q, want %q", filter, got, want)
			}
		}
	})
}

// pendingChange makes a bulk change count that is not written.
func (w *world) pendingChange() {
	id := care.NewID[care.AuditID](time.Now())
	w.exec(`INSERT INTO chat_access_changes (id, org_id, actor_id, state, token_hash, request, fingerprint, place,
		matched, changed, created_at, expires_at, applied_at) SELECT $1, org_id, id, 'applied', $2, '', $2, 'own', 1, 1, 0, 0, 1
		FROM people WHERE id = $3`, id, id[:], w.owner.User)
	w.exec(`UPDATE organizations SET active_change = $1`, id)
}

func TestListCursors(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		other := w.beside()
		theirs := other.client("Theirs", other.owner)
		foreign := directory.Page{Limit: 1, Cursor: cursorOf(theirs.ID)}
		for _, page := range []directory.Page{foreign, {Limit: 1, Cursor: "x"}, {Limit: 1, Cursor: "!"}, {Limit: 1, Cursor: cursorOf(w.owner.User)}} {
			_, _, _, err := w.dir.Clients(t.Context(), w.owner, directory.ClientFilter{}, page)
			wantField(t, "clients after "+page.Cursor, err, "cursor", "malformed")
		}
		_, _, err := w.dir.StaffList(t.Context(), w.owner, foreign)
		wantField(t, "staff", err, "cursor", "malformed")
		_, _, err = w.dir.Groups(t.Context(), w.owner, foreign)
		wantField(t, "groups", err, "cursor", "malformed")
	})
}

func TestInvitedAndDirectConversation(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rosa := w.staff("Rosa", care.RoleProvider)
		ana, ben := w.client("Ana", rosa), w.client("Ben", rosa)
		thread := w.conversation(care.Direct, ana.ID, ana.ID, rosa.User)
		w.conversation(care.Direct, ana.ID, ana.ID, w.owner.User)
		closed := w.conversation(care.Direct, ben.ID, ben.ID, rosa.User)
		w.exec(`UPDATE conversations SET closed_at = 1 WHERE id = $1`, closed)
		w.exec(`INSERT INTO invitations (id, token_hash, user_id, purpose, created_at, expires_at) VALUES ($1, $2, $3, 'invitation', 1, 1)`,
			care.NewID[care.InvitationID](w.clock.Now()), []byte("a"), ben.ID)
		w.exec(`INSERT INTO credentials (user_id, password_hash, changed_at) VALUES ($1, '', 1)`, ana.ID)
		list, _, _, err := w.dir.Clients(t.Context(), w.owner, directory.ClientFilter{}, directory.Page{Limit: 5})
		if err != nil || len(list) != 2 {
			t.Fatal(list, err)
		}
		if list[0].Invited != care.InvitedJoined || list[0].DirectConversation != thread {
			t.Errorf("Ana: %s, conversation %s, want %s", list[0].Invited, list[0].DirectConversation, thread)
		}
		if list[1].Invited != care.InvitedPending || !list[1].DirectConversation.IsZero() {
			t.Errorf("Ben: %s, conversation %s", list[1].Invited, list[1].DirectConversation)
		}
	})
}

// conversation puts people into a conversation.
func (w *world) conversation(kind care.ConversationKind, client care.UserID, members ...care.UserID) care.ConversationID {
	w.t.Helper()
	id := care.NewID[care.ConversationID](w.clock.Now())
	w.exec(`INSERT INTO conversations (id, org_id, kind, subject, client_id, history_all, request_hash, created_at, last_seq, countable, last_activity_at)
		VALUES ($1, $2, $3, '', $4, $5, $6, 1, 0, 0, 1)`, id, w.org, string(kind), client, false, []byte{})
	for _, m := range members {
		w.exec(`INSERT INTO conversation_members (conversation_id, user_id, kind, joined_at, joined_seq, read_seq, read_countable, marked_unread, pinned, archived)
			SELECT $1, id, kind, 1, 0, 0, 0, $2, $3, $4 FROM people WHERE id = $5`, id, false, false, false, m)
	}
	return id
}

func TestAnotherPracticeSeesNothing(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rosa, ana, group := w.staff("Rosa", care.RoleProvider), directory.Client{}, w.group("Concierge")
		ana = w.client("Ana", rosa)
		mallory := w.beside().owner
		ctx := t.Context()
		try := map[string]func(tx *db.Tx) error{
			"see a client": func(*db.Tx) error { _, err := w.dir.Client(ctx, mallory, ana.ID); return err },
			"see staff":    func(tx *db.Tx) error { _, err := w.dir.StaffIn(ctx, tx, mallory, rosa.User); return err },
			"change a client": func(tx *db.Tx) error {
				_, _, err := w.dir.ChangeClient(ctx, tx, mallory, ana.ID, directory.ClientChange{Name: ptr("X")})
				return err
			},
			"change staff": func(tx *db.Tx) error {
				_, _, err := w.dir.ChangeStaff(ctx, tx, mallory, rosa.User, directory.StaffChange{Name: ptr("X")})
				return err
			},
			"rename a group": func(tx *db.Tx) error { _, err := w.dir.RenameGroup(ctx, tx, mallory, group.ID, ptr("X")); return err },
			"delete a group": func(tx *db.Tx) error { return w.dir.DeleteGroup(ctx, tx, mallory, group.ID, care.GroupID{}) },
		}
		for what, act := range try {
			if err := d.Write(ctx, act); !errors.Is(err, care.NotFound) {
				t.Errorf("%s: %v, want not found", what, err)
			}
		}
		clients, _, total, err := w.dir.Clients(ctx, mallory, directory.ClientFilter{}, directory.Page{Limit: 10})
		if err != nil || len(clients) != 0 || total != (directory.Total{}) {
			t.Errorf("clients: %d of %v, %v", len(clients), total, err)
		}
		for what, filter := range map[string]directory.ClientFilter{"group": {Group: group.ID}, "provider": {Provider: rosa.User}, "query": {Query: "ana"}} {
			if _, _, total, err := w.dir.Clients(ctx, mallory, filter, directory.Page{Limit: 10}); err != nil || total != (directory.Total{}) {
				t.Errorf("clients by %s: %v, %v", what, total, err)
			}
		}
		staff, _, err := w.dir.StaffList(ctx, mallory, directory.Page{Limit: 10})
		if err != nil || len(staff) != 1 || staff[0].ID != mallory.User {
			t.Errorf("staff: %d, %v", len(staff), err)
		}
		if groups, _, err := w.dir.Groups(ctx, mallory, directory.Page{Limit: 10}); err != nil || len(groups) != 0 {
			t.Errorf("groups: %d, %v", len(groups), err)
		}
	})
}

// What people write must not reach the audit log.
func TestAuditKeepsNoNames(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		const secret = "Zwiebelkuchen"
		email := strings.ToLower(secret) + "@example.org"
		c, _, err := w.createClient(w.owner, directory.NewClient{Name: secret, Email: email, Provider: w.owner.User})
		if err != nil {
			t.Fatal(err)
		}
		g := w.group(secret)
		for _, act := range []func(ctx context.Context, tx *db.Tx) error{
			func(ctx context.Context, tx *db.Tx) error {
				_, _, err := w.dir.ChangeClient(ctx, tx, w.owner, c.ID, directory.ClientChange{Name: ptr(secret + "2"), Email: ptr("2" + email)})
				return err
			},
			func(ctx context.Context, tx *db.Tx) error {
				_, _, err := w.dir.ChangeStaff(ctx, tx, w.owner, w.owner.User, directory.StaffChange{Name: ptr(secret), Title: ptr(secret), Email: ptr(email)})
				return err
			},
			func(ctx context.Context, tx *db.Tx) error {
				_, err := w.dir.ChangeOrganization(ctx, tx, w.owner, directory.OrganizationChange{Name: ptr(secret), NameInMail: ptr(secret)})
				return err
			},
			func(ctx context.Context, tx *db.Tx) error {
				_, err := w.dir.RenameGroup(ctx, tx, w.owner, g.ID, ptr(secret+"2"))
				return err
			},
		} {
			w.must(act)
		}
		var n int
		w.must(func(ctx context.Context, tx *db.Tx) error {
			return tx.QueryRow(ctx, `SELECT COUNT(*) FROM audit_log WHERE LOWER(details) LIKE '%zwiebel%'`).Scan(&n)
		})
		if n != 0 || w.audited() != 8 {
			t.Errorf("%d of %d rows carry what somebody wrote", n, w.audited())
		}
	})
}
