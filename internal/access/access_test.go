package access

import (
	"fmt"
	"testing"

	"hearth/internal/care"
)

func TestLadder(t *testing.T) {
	// The oracle is written out: own, group, default, then value and place.
	want := map[string]string{
		"on on true": "true client", "on on false": "true client", "on off true": "true client", "on off false": "true client",
		"on unset true": "true client", "on unset false": "true client",
		"off on true": "false client", "off on false": "false client", "off off true": "false client", "off off false": "false client",
		"off unset true": "false client", "off unset false": "false client",
		"unset on true": "true group", "unset on false": "true group", "unset off true": "false group", "unset off false": "false group",
		"unset unset true": "true default", "unset unset false": "false default",
	}
	settings := []care.Setting{care.On, care.Off, care.Unset}
	n := 0
	for _, own := range settings {
		for _, group := range settings {
			for _, byDefault := range []bool{true, false} {
				l := Ladder{Own: own, Group: group, Default: byDefault}
				on, place := l.Resolve()
				got := fmt.Sprint(on, " ", place)
				if key := fmt.Sprint(own, " ", group, " ", byDefault); want[key] != got {
					t.Errorf("%s: %s, want %s", key, got, want[key])
				}
				if l.On() != on {
					t.Errorf("%+v: On disagrees", l)
				}
				n++
			}
		}
	}
	if n != len(want) {
		t.Errorf("%d cases, want %d", n, len(want))
	}
}

var (
	always = Ladder{Default: true}
	never  = Ladder{Own: care.Off, Default: true}
)

func ladder(on bool) Ladder {
	if on {
		return always
	}
	return never
}

// situation is one row of the exhaustive table: everything a send depends on.
type situation struct {
	kind                       care.ConversationKind
	staff, inbox, member, same bool
	d, c, archived, closed     bool
}

func (s situation) actor() care.Actor {
	a := care.Actor{User: care.UserID{1}, Kind: care.KindClient}
	if s.staff {
		a.Kind = care.KindStaff
		if s.inbox {
			a.Permissions = care.PermissionsOf(care.OrganizationInbox)
		}
	}
	return a
}

func (s situation) conversation() Conversation {
	client := Client{ID: care.UserID{2}, Name: "Maya Lindqvist", State: care.ClientActive, Direct: ladder(s.d), Community: ladder(s.c)}
	if s.archived {
		client.State = care.ClientArchived
	}
	c := Conversation{Kind: s.kind, Closed: s.closed, Member: s.member, SameOrganization: s.same, Words: Words{Organization: "Alder Row Clinic"}}
	if s.kind == care.Direct {
		c.Client = client
	}
	if !s.staff {
		c.Self = client
	}
	return c
}

// oracle says what SEMANTICS says, in its words and another order than the code.
func (s situation) oracle() care.Code {
	sees := s.same && (s.member || (s.staff && s.inbox && s.kind != care.Internal))
	if !sees {
		return care.CodeNotFound
	}
	forbids := map[care.Code]bool{
		care.CodeConversationClosed: s.closed,
		care.CodeClientArchived:     s.kind == care.Community && !s.staff && s.archived, // 19
		care.CodeChatUnavailable: s.kind == care.Direct && !s.d || // 2, 10
			s.kind == care.Community && !s.staff && !s.c, // 6
	}
	for _, code := range []care.Code{care.CodeChatUnavailable, care.CodeClientArchived, care.CodeConversationClosed} {
		if forbids[code] {
			return code
		}
	}
	return ""
}

func everySituation(visit func(situation)) {
	bools := []bool{false, true}
	for _, kind := range []care.ConversationKind{care.Direct, care.Community, care.Internal} {
		for bits := range 1 << 8 {
			bit := func(i int) bool { return bools[bits>>i&1] }
			visit(situation{kind, bit(0), bit(1), bit(2), bit(3), bit(4), bit(5), bit(6), bit(7)})
		}
	}
}

func TestSendInEverySituation(t *testing.T) {
	everySituation(func(s situation) {
		refusal := Send(s.actor(), s.conversation())
		var got care.Code
		if refusal != nil {
			got = refusal.Code
		}
		if want := s.oracle(); got != want {
			t.Errorf("%+v: %q, want %q", s, got, want)
		}
	})
}

func TestRefusalsTellOnlyWhatTheReaderMayKnow(t *testing.T) {
	everySituation(func(s situation) {
		refusal := Send(s.actor(), s.conversation())
		if refusal == nil || refusal.Code != care.CodeChatUnavailable {
			return
		}
		if s.staff {
			if refusal.Message != "Chat is unavailable for Maya Lindqvist" || refusal.Notice != nil ||
				len(refusal.Unavailable) != 1 || refusal.Unavailable[0].Kind != string(s.kind) {
				t.Errorf("%+v: staff read %+v", s, refusal)
			}
			return
		}
		if refusal.Notice == nil || refusal.Unavailable != nil {
			t.Errorf("%+v: the client reads %+v", s, refusal)
		}
	})
}

func TestReadKnowsOutsiders(t *testing.T) {
	everySituation(func(s situation) {
		outsider, refusal := Read(s.actor(), s.conversation())
		if want := s.oracle() == care.CodeNotFound; (refusal != nil) != want {
			t.Errorf("%+v: refused %v", s, refusal)
		}
		if refusal == nil && outsider != !s.member {
			t.Errorf("%+v: outsider %v", s, outsider)
		}
	})
}

func TestWords(t *testing.T) {
	w := Words{Organization: "Alder Row Clinic", Own: care.Notice{Phone: "(503) 555-0142", Hours: "Monday–Friday, 8 AM–6 PM"}}
	for _, one := range []struct{ got, want care.Notice }{
		{w.Direct(), care.Notice{
			Title: "Messaging is turned off",
			Body: "You can still read everything here. To reach your care team, call Alder Row Clinic at (503) 555-0142, " +
				"Monday–Friday, 8 AM–6 PM. In an emergency, call 911.",
			Phone: "(503) 555-0142", Hours: "Monday–Friday, 8 AM–6 PM", Emergency: "911",
		}},
		{Words{Organization: "Alder Row Clinic"}.Direct(), care.Notice{
			Title:     "Messaging is turned off",
			Body:      "You can still read everything here. To reach your care team, contact Alder Row Clinic. In an emergency, call 911.",
			Emergency: "911",
		}},
		{Words{Own: care.Notice{Title: "A", Body: "B", Phone: "C", Hours: "D", Emergency: "112"}}.Direct(),
			care.Notice{Title: "A", Body: "B", Phone: "C", Hours: "D", Emergency: "112"}},
		{Words{Own: care.Notice{Emergency: "112"}}.Community(true), care.Notice{
			Title: "Community Chat is turned off",
			Body: "You can still read posts from when you took part. Private messages with your care team still work. " +
				"In an emergency, call 112.",
			Emergency: "112",
		}},
		{Words{Organization: "Alder Row Clinic"}.Community(false), care.Notice{
			Title: "Community Chat is turned off",
			Body: "You can still read posts from when you took part. To reach your care team, contact Alder Row Clinic. " +
				"In an emergency, call 911.",
			Emergency: "911",
		}},
	} {
		if one.got != one.want {
			t.Errorf("got  %+v\nwant %+v", one.got, one.want)
		}
	}
}

func TestBehalf(t *testing.T) {
	inbox := care.Actor{User: care.UserID{1}, Kind: care.KindStaff, Permissions: care.PermissionsOf(care.OrganizationInbox)}
	plain := care.Actor{User: care.UserID{1}, Kind: care.KindStaff}
	other, fallback := care.UserID{2}, care.UserID{3}
	for _, one := range []struct {
		name          string
		actor         care.Actor
		member        bool
		wanted        care.UserID
		isStaffMember bool
		want          care.UserID
		code          care.Code
	}{
		{"a member, for nobody", plain, true, care.UserID{}, false, care.UserID{}, ""},
		{"for oneself", plain, true, plain.User, true, care.UserID{}, ""},
		{"an outsider, for the colleague in it", inbox, false, care.UserID{}, false, fallback, ""},
		{"named without permission", plain, true, other, true, care.UserID{}, care.CodeForbidden},
		{"named", inbox, true, other, true, other, ""},
		{"named who is not in it", inbox, true, other, false, care.UserID{}, care.CodeInvalid},
	} {
		got, refusal := Behalf(one.actor, one.member, one.wanted, fallback, one.isStaffMember)
		var code care.Code
		if refusal != nil {
			code = refusal.Code
		}
		if got != one.want || code != one.code {
			t.Errorf("%s: %v %q", one.name, got, code)
		}
	}
}

func TestReachable(t *testing.T) {
	for _, one := range []struct {
		c    Client
		want string
	}{
		{Client{State: care.ClientActive, Community: always}, " true"},
		{Client{State: care.ClientActive, Community: never}, "community_off false"},
		{Client{State: care.ClientArchived, Community: never}, "archived false"},
	} {
		why, ok := Reachable(one.c)
		if got := fmt.Sprint(why, " ", ok); got != one.want {
			t.Errorf("%+v: %s, want %s", one.c, got, one.want)
		}
	}
}

// Who may start, as statements 10, 19 and 31 say.
func TestStart(t *testing.T) {
	staff := care.Actor{User: care.UserID{1}, Kind: care.KindStaff, Permissions: care.PermissionsOf(care.StartCommunityChats)}
	plain := care.Actor{User: care.UserID{1}, Kind: care.KindStaff}
	client := care.Actor{User: care.UserID{9}, Kind: care.KindClient}
	on := Client{ID: care.UserID{2}, Name: "Maya", State: care.ClientActive, Direct: always, Community: always}
	off, gone := on, on
	off.Direct, gone.State = never, care.ClientArchived
	offAndGone := off
	offAndGone.State = care.ClientArchived
	with := func(c Client) Invitee { return Invitee{ID: c.ID, Kind: care.KindClient, Visible: true, Client: c} }
	colleague := Invitee{ID: care.UserID{3}, Kind: care.KindStaff, Visible: true, Active: true, ClientsMayStart: true, OnCareTeam: true}
	change := func(p Invitee, f func(*Invitee)) Invitee { f(&p); return p }
	for _, one := range []struct {
		name  string
		actor care.Actor
		kind  care.ConversationKind
		self  Client
		who   []Invitee
		code  care.Code
	}{
		{"direct", plain, care.Direct, Client{}, []Invitee{with(on)}, ""},
		{"direct with a colleague", plain, care.Direct, Client{}, []Invitee{with(on), colleague}, ""},
		{"direct, D off", plain, care.Direct, Client{}, []Invitee{with(off)}, care.CodeChatUnavailable},
		{"direct, archived", plain, care.Direct, Client{}, []Invitee{with(gone)}, care.CodeClientArchived},
		{"direct, both", plain, care.Direct, Client{}, []Invitee{with(offAndGone)}, care.CodeChatUnavailable},
		{"direct with two", plain, care.Direct, Client{}, []Invitee{with(on), with(on)}, care.CodeInvalid},
		{"hidden", plain, care.Direct, Client{}, []Invitee{change(with(on), func(p *Invitee) { p.Visible = false })}, care.CodeNotFound},
		{"colleague who left", plain, care.Internal, Client{}, []Invitee{change(colleague, func(p *Invitee) { p.Active = false })}, care.CodeNotFound},
		{"internal", plain, care.Internal, Client{}, []Invitee{colleague}, ""},
		{"internal with a client", plain, care.Internal, Client{}, []Invitee{colleague, with(on)}, care.CodeInvalid},
		{"internal alone", plain, care.Internal, Client{}, nil, care.CodeInvalid},
		{"community", staff, care.Community, Client{}, []Invitee{with(on), with(off)}, ""},
		{"community with one", staff, care.Community, Client{}, []Invitee{with(on)}, care.CodeInvalid},
		{"community without permission", plain, care.Community, Client{}, []Invitee{with(on), with(off)}, care.CodeForbidden},
		{"client to the care team", client, care.Direct, on, []Invitee{colleague}, ""},
		{"client, D off", client, care.Direct, off, []Invitee{colleague}, care.CodeChatUnavailable},
		{"client, archived", client, care.Direct, gone, []Invitee{colleague}, care.CodeClientArchived},
		{"client to who does not accept", client, care.Direct, on, []Invitee{change(colleague, func(p *Invitee) { p.ClientsMayStart = false })}, care.CodeForbidden},
		{"client to who is not on the team", client, care.Direct, on, []Invitee{change(colleague, func(p *Invitee) { p.OnCareTeam = false })}, care.CodeForbidden},
		{"client to client", client, care.Direct, on, []Invitee{with(on)}, care.CodeNotFound},
		{"client to nobody", client, care.Direct, on, nil, care.CodeInvalid},
		{"client, community", client, care.Community, on, []Invitee{colleague}, care.CodeForbidden},
		{"the program", care.Actor{Kind: care.KindSystem}, care.Direct, Client{}, []Invitee{with(on)}, care.CodeForbidden},
	} {
		var code care.Code
		if refusal := Start(one.actor, one.kind, Words{}, one.self, one.who); refusal != nil {
			code = refusal.Code
		}
		if code != one.code {
			t.Errorf("%s: %q, want %q", one.name, code, one.code)
		}
	}
}

func TestMembership(t *testing.T) {
	staff := care.Actor{User: care.UserID{1}, Kind: care.KindStaff, Permissions: care.PermissionsOf(care.StartCommunityChats)}
	plain := care.Actor{User: care.UserID{1}, Kind: care.KindStaff}
	client := care.Actor{User: care.UserID{2}, Kind: care.KindClient}
	on := Client{ID: care.UserID{2}, State: care.ClientActive, Direct: always, Community: always}
	off, gone := on, on
	off.Community, gone.State = never, care.ClientArchived
	guest := func(c Client) Invitee { return Invitee{ID: c.ID, Kind: care.KindClient, Visible: true, Client: c} }
	colleague := Invitee{ID: care.UserID{3}, Kind: care.KindStaff, Visible: true, Active: true}
	in := func(kind care.ConversationKind) Conversation {
		return Conversation{Kind: kind, SameOrganization: true, Member: true, Client: on}
	}
	closed := in(care.Community)
	closed.Closed = true
	outside := in(care.Community)
	outside.Member = false
	code := func(refusal *care.Error) care.Code {
		if refusal == nil {
			return ""
		}
		return refusal.Code
	}
	for _, one := range []struct {
		name string
		got  *care.Error
		want care.Code
	}{
		{"colleague to direct", AddMember(plain, in(care.Direct), colleague), ""},
		{"client to direct", AddMember(staff, in(care.Direct), guest(on)), care.CodeInvalid},
		{"client to internal", AddMember(staff, in(care.Internal), guest(on)), care.CodeInvalid},
		{"client to community", AddMember(staff, in(care.Community), guest(on)), ""},
		{"without permission", AddMember(plain, in(care.Community), guest(on)), care.CodeForbidden},
		{"C off", AddMember(staff, in(care.Community), guest(off)), care.CodeChatUnavailable},
		{"archived", AddMember(staff, in(care.Community), guest(gone)), care.CodeClientArchived},
		{"closed", AddMember(staff, closed, guest(on)), care.CodeConversationClosed},
		{"by a client", AddMember(client, in(care.Community), colleague), care.CodeForbidden},
		{"by an outsider", AddMember(staff, outside, colleague), care.CodeNotFound},
		{"remove colleague", RemoveMember(plain, in(care.Direct), colleague.ID, false), ""},
		{"remove the client", RemoveMember(plain, in(care.Direct), on.ID, false), care.CodeInvalid},
		{"remove from community", RemoveMember(plain, in(care.Community), on.ID, false), care.CodeForbidden},
		{"leave community", RemoveMember(plain, in(care.Community), plain.User, false), ""},
		{"the last of the staff", RemoveMember(staff, in(care.Community), staff.User, true), care.CodeInvalid},
		{"client leaves", RemoveMember(client, in(care.Community), client.User, false), care.CodeForbidden},
		{"close", Close(plain, in(care.Direct)), ""},
		{"client closes", Close(client, in(care.Direct)), care.CodeForbidden},
		{"close hidden", Close(staff, outside), care.CodeNotFound},
	} {
		if code(one.got) != one.want {
			t.Errorf("%s: %q, want %q", one.name, code(one.got), one.want)
		}
	}
}
