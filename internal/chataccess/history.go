package chataccess

import (
	"context"
	"database/sql"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// Past is one entry of a client's history: one switch, changed once.
type Past struct {
	ID        care.AuditID
	At        time.Time
	Actor     care.Person
	Place     care.Place
	Switch    Switch
	Old       care.Setting // "" where the client was created
	New       care.Setting
	Reason    string
	Until     time.Time
	How       string
	GroupID   care.GroupID
	GroupName string
}

// History gives a page of the changes of a client's chat access, newest first: their own,
// those of their group that they followed, and the defaults they were added with. after
// is the last entry of the page before, zero for the first page; next is zero on the last.
func (s *Service) History(ctx context.Context, actor care.Actor, client care.UserID, after care.AuditID, limit int) (list []Past, next care.AuditID, err error) {
	if err := s.SettleClient(ctx, actor.Org, client); err != nil {
		return nil, next, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if _, err := readClient(ctx, tx, actor, client); err != nil {
			return err
		}
		values, condition := []any{client, limit + 1}, ""
		if !after.IsZero() {
			values, condition = append(values, after), ` AND h.id < $3`
		}
		list, err = db.Many(ctx, tx, scanPast, `
			SELECT h.id, h.at, h.actor_id, h.actor_kind, p.name, h.place, h.switch, h.old_value, h.new_value,
				h.reason, h.until, h.how, h.group_id, g.name
			FROM chat_access_history h LEFT JOIN people p ON p.id = h.actor_id LEFT JOIN client_groups g ON g.id = h.group_id
			WHERE h.subject_id = $1`+condition+` ORDER BY h.id DESC LIMIT $2`, values...)
		if len(list) > limit {
			list = list[:limit]
			next = list[limit-1].ID
		}
		return err
	})
	return list, next, err
}

func scanPast(r db.Scanner) (p Past, err error) {
	var at int64
	var name, old, reason, group sql.NullString
	var until sql.NullInt64
	err = r.Scan(&p.ID, &at, &p.Actor.ID, &p.Actor.Kind, &name, &p.Place, &p.Switch, &old, &p.New,
		&reason, &until, &p.How, &p.GroupID, &group)
	p.At, p.Actor, p.Until = db.FromMillis(at), person(p.Actor, name), moment(until)
	p.Old, p.Reason, p.GroupName = care.Setting(old.String), reason.String, group.String
	return p, err
}
