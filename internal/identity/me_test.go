package identity_test

import (
	"testing"

	"hearth/internal/care"
	"hearth/internal/identity"
)

func TestMe(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		org, owner, sam := h.clinic()
		me, err := h.Me(h.Context(), owner.Actor)
		want := identity.Me{Email: "ann@example.org", Organization: identity.Practice{ID: org, Name: "North", TimeZone: "UTC"}}
		if err != nil || me != want {
			h.Errorf("%+v %v", me, err)
		}
		h.password(sam, right)
		client := h.in("sam@example.org").Actor
		chat := func() identity.Chat {
			me, err := h.Me(h.Context(), client)
			if err != nil || me.Chat == nil {
				h.Fatal(err)
			}
			return *me.Chat
		}
		if got := chat(); !got.Direct || !got.Community || got.Notice.Title == "" || got.Notice.Body == "" {
			h.Errorf("%+v", got)
		}
		group := care.NewID[care.GroupID](h.clock.Now())
		h.exec(`INSERT INTO client_groups (id, org_id, name, direct, version, created_at) VALUES ($1, $2, 'Waitlist', FALSE, 1, 0)`, group, org)
		h.exec(`UPDATE clients SET group_id = $1, own_community = FALSE WHERE user_id = $2`, group, sam)
		h.exec(`UPDATE organizations SET notice_title = 'Please call', notice_phone = '555 0100' WHERE id = $1`, org)
		if got := chat(); got.Direct || got.Community || got.Notice.Title != "Please call" || got.Notice.Phone != "555 0100" {
			h.Errorf("%+v", got)
		}
		h.exec(`UPDATE clients SET own_direct = TRUE WHERE user_id = $1`, sam)
		if got := chat(); !got.Direct || got.Community {
			h.Errorf("%+v", got)
		}
	})
}
