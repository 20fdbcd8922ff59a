package identity

import (
	"context"
	"database/sql"
	"maps"
	"slices"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Me is what somebody who is signed in is told about themselves.
type Me struct {
	Email        string
	Organization Practice
	Chat         *Chat // clients only
}

// Practice is the organization as its people see it.
type Practice struct {
	ID       care.OrgID
	Name     string
	TimeZone string
}

// Chat is whether a client may chat, with what they read where they may not.
type Chat struct {
	Direct    bool
	Community bool
	Notice    care.Notice
}

// Me tells the actor about themselves.
func (s *Service) Me(ctx context.Context, actor care.Actor) (me Me, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a, found, err := accountByID(ctx, tx, actor.User)
		if err != nil || !found {
			return orError(err, errUnauthenticated())
		}
		me = Me{Email: a.email}
		var own care.Notice
		if me.Organization, own, err = practice(ctx, tx, actor.Org); err != nil || !actor.IsClient() {
			return err
		}
		me.Chat, err = chatOf(ctx, tx, actor.User)
		if err == nil {
			me.Chat.Notice = access.Notice(me.Organization.Name, own)
		}
		return err
	})
	return me, err
}

func practice(ctx context.Context, tx *db.Tx, org care.OrgID) (p Practice, own care.Notice, err error) {
	var title, body, phone sql.NullString
	err = tx.QueryRow(ctx, `SELECT id, name, time_zone, notice_title, notice_body, notice_phone FROM organizations WHERE id = $1`, org).
		Scan(&p.ID, &p.Name, &p.TimeZone, &title, &body, &phone)
	return p, care.Notice{Title: title.String, Body: body.String, Phone: phone.String}, err
}

// chatOf resolves the client's two switches.
func chatOf(ctx context.Context, tx *db.Tx, client care.UserID) (*Chat, error) {
	var own, group [2]sql.NullBool
	var fallback [2]bool
	err := tx.QueryRow(ctx, `
		SELECT c.own_direct, c.own_community, g.direct, g.community, c.default_direct, c.default_community
		FROM clients c LEFT JOIN client_groups g ON g.id = c.group_id WHERE c.user_id = $1`, client).
		Scan(&own[0], &own[1], &group[0], &group[1], &fallback[0], &fallback[1])
	if err != nil {
		return nil, err
	}
	on := func(i int) bool {
		return access.Ladder{Own: setting(own[i]), Group: setting(group[i]), Default: fallback[i]}.On()
	}
	return &Chat{Direct: on(0), Community: on(1)}, nil
}

func setting(b sql.NullBool) care.Setting {
	if !b.Valid {
		return care.Unset
	}
	return care.SettingOf(b.Bool)
}

// sortedOrgs gives the keys in the order in which chains of the audit log are locked.
func sortedOrgs[V any](m map[care.OrgID]V) []care.OrgID {
	return slices.SortedFunc(maps.Keys(m), func(a, b care.OrgID) int { return slices.Compare(a[:], b[:]) })
}

// HasPractice reports whether there is any organization: whether setting up is done.
func (s *Service) HasPractice(ctx context.Context) (has bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM organizations)`).Scan(&has)
	})
	return has, err
}
