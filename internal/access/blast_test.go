package access

import (
	"fmt"
	"testing"

	"hearth/internal/care"
)

// Who gets a message of a blast, for every place of both switches, every state of the
// client, and with or without a way to read.
func TestBlastReachesInEverySituation(t *testing.T) {
	settings := []care.Setting{care.On, care.Off, care.Unset}
	n := 0
	for _, own := range settings {
		for _, group := range settings {
			for bits := range 1 << 4 {
				bit := func(i int) bool { return bits>>i&1 == 1 }
				archived, account := bit(0), bit(1)
				c := Client{
					ID: care.UserID{2}, State: care.ClientActive, Direct: Ladder{Own: own, Group: group, Default: bit(2)}, Community: ladder(bit(3)), // 14: C does not matter
				}
				if archived {
					c.State = care.ClientArchived
				}
				// The first place that is set decides.
				value := care.Off
				if bit(2) {
					value = care.On
				}
				for _, place := range []care.Setting{group, own} {
					if place != care.Unset {
						value = place
					}
				}
				want := ""
				for _, rule := range []struct { // the last that fits, so in the opposite order
					why  string
					fits bool
				}{{"no_account", !account}, {"direct_off", value == care.Off}, {"archived", archived}} {
					if rule.fits {
						want = rule.why
					}
				}
				why, ok := BlastReaches(c, account)
				if why != want || ok != (want == "") {
					t.Errorf("%+v, account %v: %q %v, want %q", c, account, why, ok, want)
				}
				n++
			}
		}
	}
	if n != 144 {
		t.Errorf("%d situations", n)
	}
}

// blastActors gives every kind of person with every set of the permissions that matter
// here, as the sender of the blast and as another, of its organization or not.
func blastActors(visit func(actor care.Actor, b Blast, has map[care.Permission]bool)) {
	permissions := []care.Permission{care.SendBlasts, care.ViewAllClients, care.OrganizationInbox, care.ManageSettings}
	for _, kind := range []care.PersonKind{care.KindStaff, care.KindClient, care.KindSystem} {
		for bits := range 1 << 6 {
			actor := care.Actor{User: care.UserID{1}, Kind: kind}
			// Everything else is of no use.
			all := []care.Permission{care.ManageClients, care.ManageChatAccess, care.StartCommunityChats, care.ManageTeam, care.ReadAuditLog, care.ExportRecords}
			has := map[care.Permission]bool{}
			for i, p := range permissions {
				if bits>>i&1 == 1 {
					all, has[p] = append(all, p), true
				}
			}
			actor.Permissions = care.PermissionsOf(all...)
			b := Blast{SameOrganization: bits>>4&1 == 1, Sender: care.UserID{7}}
			if bits>>5&1 == 1 {
				b.Sender = actor.User
			}
			visit(actor, b, has)
		}
	}
}

// Who may send, choose everybody, see and steer, in every situation.
func TestBlastsInEverySituation(t *testing.T) {
	n := 0
	blastActors(func(actor care.Actor, b Blast, has map[care.Permission]bool) {
		n++
		staff, own := actor.Kind == care.KindStaff, b.Sender == actor.User
		allowed := func(yes bool, no care.Code) care.Code {
			if yes {
				return ""
			}
			return no
		}
		sees := staff && b.SameOrganization && (own || has[care.OrganizationInbox])
		steer := allowed(own || has[care.ManageSettings], care.CodeForbidden)
		if !sees {
			steer = care.CodeNotFound // hidden comes before forbidden
		}
		want := fmt.Sprint(
			allowed(staff && has[care.SendBlasts], care.CodeForbidden), " ", allowed(staff && has[care.ViewAllClients], care.CodeForbidden), " ",
			allowed(sees, care.CodeNotFound), " ", steer)
		got := fmt.Sprint(codeOf(SendBlasts(actor)), " ", codeOf(BlastEverybody(actor)), " ", codeOf(SeeBlast(actor, b)), " ", codeOf(SteerBlast(actor, b)))
		if got != want {
			t.Errorf("%s with %v, %+v: %s, want %s", actor.Kind, has, b, got, want)
		}
	})
	if n != 192 {
		t.Errorf("%d situations", n)
	}
}

// What a refusal says of a blast that is hidden is what it says of none.
func TestHiddenBlastsAreAsIfThereWereNone(t *testing.T) {
	blastActors(func(actor care.Actor, b Blast, _ map[care.Permission]bool) {
		for _, refusal := range []*care.Error{SeeBlast(actor, b), SteerBlast(actor, b)} {
			if refusal != nil && refusal.Code == care.CodeNotFound && refusal.Message != care.Missing("message blast").Message {
				t.Errorf("%+v: %s", b, refusal.Message)
			}
		}
	})
}
