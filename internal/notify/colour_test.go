package notify

import (
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
)

// The practice's colour stands in a mail exactly where its name does: a colour that patients
// know from the door would name the practice too.
func TestTheColourGoesWithTheName(t *testing.T) {
	engines(t, func(w *world) {
		w.exec(`UPDATE organizations SET colour = '#a3245b' WHERE id = $1`, w.org)
		names := func(practice, forStaff bool) {
			w.exec(`DELETE FROM notification_defaults WHERE org_id = $1`, w.org)
			w.exec(`INSERT INTO notification_defaults (org_id, is_on, names_practice, names_for_staff, version) VALUES ($1, 511, $2, $3, 1)`, w.org, practice, forStaff)
		}
		for _, c := range []struct{ practice, forStaff, toClient, toStaff bool }{
			{false, false, false, false}, {false, true, false, true}, {true, false, true, true}, {true, true, true, true},
		} {
			names(c.practice, c.forStaff)
			for want, mail := range map[*bool]struct{ from, to care.Actor }{&c.toClient: {w.noor, w.maya}, &c.toStaff: {w.maya, w.noor}} {
				in := w.open(care.Direct, w.noor, w.maya)
				w.say(mail.from, in, "Hello")
				w.hear()
				w.pass(5*time.Minute, 10*time.Second)
				w.read(mail.to, in)
				got := w.post.take()
				if len(got) != 1 {
					w.t.Fatalf("%+v: %d mails to %s", c, len(got), mail.to.Kind)
				}
				coloured, named := strings.Contains(got[0].HTML, "#a3245b"), strings.Contains(got[0].HTML, "Alder Row Clinic")
				if coloured != *want || named != *want {
					w.t.Errorf("%+v: the mail to %s is coloured %v, names %v", c, mail.to.Kind, coloured, named)
				}
			}
		}
	})
}
