package directory_test

import (
	"context"
	"strings"
	"testing"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/testkit"
)

func (w *world) recolour(actor care.Actor, colour string) (o directory.Organization, err error) {
	err = w.write(func(ctx context.Context, tx *db.Tx) error {
		o, err = w.dir.ChangeOrganization(ctx, tx, actor, directory.OrganizationChange{Colour: &colour})
		return err
	})
	return o, err
}

// A colour is taken in either case and kept in lower case, nothing removes it, and each
// change is recorded with what it was.
func TestThePracticesColour(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for i, c := range []struct{ given, kept string }{{"#A3245b", "#a3245b"}, {" #0f0F0f ", "#0f0f0f"}, {"  ", ""}, {"#ffffff", "#ffffff"}, {"", ""}} {
			before := w.audited()
			o, err := w.recolour(w.owner, c.given)
			if err != nil || o.Colour != c.kept || o.Version != int64(i)+2 || w.audited() != before+1 {
				t.Errorf("%q: %+v, %v", c.given, o, err)
			}
			if o, err = w.dir.Organization(t.Context(), w.owner); err != nil || o.Colour != c.kept || o.Name != "Fernleigh" || o.TimeZone != "UTC" {
				t.Errorf("%q is read as %+v, %v", c.given, o, err)
			}
		}
		var told string
		w.must(func(ctx context.Context, tx *db.Tx) error {
			return tx.QueryRow(ctx, `SELECT details FROM audit_log WHERE action = 'organization.changed' ORDER BY n LIMIT 1 OFFSET 1`).Scan(&told)
		})
		if !strings.Contains(told, `"colour"`) || !strings.Contains(told, "#a3245b") || !strings.Contains(told, "#0f0f0f") {
			t.Errorf("recorded %s", told)
		}
	})
}

func TestWhatIsNoColourIsRefused(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, bad := range []string{"red", "#fff", "1d5f4b", "#1d5f4b0", "#1d5f4g", "#1d5f4b;background:url(x)", "##1d5f4", "#１２３４５６", "#12\n456", "rgb(0,0,0)", "#12345\xff"} {
			_, err := w.recolour(w.owner, bad)
			wantField(t, bad, err, "colour", "colour")
		}
		_, err := w.recolour(w.staff("Rosa", care.RoleProvider), "#123456")
		wantCode(t, "without the permission", err, care.CodeForbidden)
		if o, err := w.dir.Organization(t.Context(), w.owner); err != nil || o.Colour != "" || o.Version != 1 {
			t.Errorf("%+v, %v", o, err)
		}
	})
}
