package chataccess_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/outbox"
	"hearth/internal/testkit"
)

// outside takes what is noted for other programs, as "client NAME", "group" and "change".
func (p *practice) outside() []string {
	p.t.Helper()
	var told []string
	p.write(func(ctx context.Context, tx *db.Tx) (err error) {
		told, err = db.Many(ctx, tx, p.event, `SELECT kind, subject_id, seq FROM outbox WHERE org_id = $1`, p.owner.Org)
		if err == nil {
			_, err = tx.Exec(ctx, `DELETE FROM outbox`)
		}
		return err
	})
	slices.Sort(told)
	return told
}

func (p *practice) event(row db.Scanner) (string, error) {
	var kind outbox.Kind
	var subject care.UserID
	var of int64
	if err := row.Scan(&kind, &subject, &of); err != nil || kind != outbox.ChatAccessChanged {
		return fmt.Sprint("not expected: ", kind), err
	}
	switch of {
	case outbox.OfClient:
		for name, id := range p.people {
			if id == subject {
				return "client " + name, nil
			}
		}
	case outbox.OfGroup:
		if care.GroupID(subject) == p.group {
			return "group", nil
		}
	case outbox.OfChange:
		return "change " + subject.String(), nil
	}
	return fmt.Sprint("of nothing known: ", of), nil
}

func (p *practice) wantOutside(what string, want ...string) {
	p.t.Helper()
	if got := p.outside(); !slices.Equal(got, want) {
		p.t.Errorf("%s: other programs are told %q, want %q", what, got, want)
	}
}

// TestOtherProgramsAreToldOnceWhicheverTheDoor goes through every door by which chat access
// is changed.
func TestOtherProgramsAreToldOnceWhicheverTheDoor(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		for _, name := range []string{"ann", "ben", "cleo"} {
			p.client(name, p.provider, care.GroupID{})
		}
		p.wantOutside("clients were added")
		soon := p.clock.Now().Add(time.Hour)
		p.edit("ann", chataccess.Edit{Direct: off(), Community: off(), Until: &soon})
		p.wantOutside("profile", "client ann")
		p.edit("ann", chataccess.Edit{Direct: off()})
		p.wantOutside("the same again")
		p.clock.Advance(time.Hour)
		p.expire(1)
		p.wantOutside("its end", "client ann")
		p.move("ben", p.group)
		p.wantOutside("a group that changes nothing")
		p.setGroup(p.group, chataccess.Edit{Direct: off()})
		p.wantOutside("group", "group")
		p.move("cleo", p.group)
		p.wantOutside("joining it", "client cleo")
		p.later().setGroup(p.group, chataccess.Edit{Community: off()})
		p.written()
		p.wantOutside("a large group", "group")
		if _, err := p.svc.SetOrganization(t.Context(), p.owner, chataccess.Edit{Version: 1, Direct: off()}, nil); err != nil {
			t.Fatal(err)
		}
		p.wantOutside("defaults for new clients")
	})
}

func TestOtherProgramsAreToldOfAChangeOfManyOnce(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		for i := range 300 {
			p.client(fmt.Sprintf("client %03d", i), p.provider, care.GroupID{})
		}
		applied := p.apply(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: chataccess.PlaceOwn, Direct: off()})
		p.written()
		p.wantOutside("bulk", "change "+applied.ID.String())
		if _, err := p.svc.Undo(t.Context(), p.owner, applied.ID); err != nil {
			t.Fatal(err)
		}
		p.written()
		if got := p.outside(); len(got) != 1 || !strings.HasPrefix(got[0], "change ") || got[0] == "change "+applied.ID.String() {
			t.Errorf("undo: other programs are told %q", got)
		}
		found := p.importing(p.owner, false, "client_id,direct", p.people["client 007"].String()+",off", p.people["client 008"].String()+",off")
		imported, err := p.svc.Apply(t.Context(), p.owner, found.Preview.Token, "")
		if err != nil {
			t.Fatal(err)
		}
		p.written()
		p.wantOutside("import", "change "+imported.ID.String())
	})
}
