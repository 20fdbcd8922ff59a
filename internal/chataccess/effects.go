package chataccess

import (
	"context"
	"database/sql"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// state is the effective switches of one client.
type state struct{ direct, community bool }

// around runs a change of the switches of clients and what follows from it. It locks the
// clients' community chats and then the clients, looks at what is effective before and
// after, withholds and releases community posts, and gives the events. org is the
// organization of them all.
func (s *Service) around(ctx context.Context, tx *db.Tx, org care.OrgID, clients []care.UserID, change func() error) ([]care.Event, error) {
	events, err := s.aroundMany(ctx, tx, org, clients, change)
	if err != nil {
		return nil, err
	}
	return events, tellStaff(ctx, tx, org, events)
}

// aroundMany is around for a part of many clients, about whom staff are not told.
func (s *Service) aroundMany(ctx context.Context, tx *db.Tx, org care.OrgID, clients []care.UserID, change func() error) ([]care.Event, error) {
	before, err := s.hold(ctx, tx, org, clients)
	if err != nil {
		return nil, err
	}
	if err := change(); err != nil {
		return nil, err
	}
	if err := touch(ctx, tx, org); err != nil {
		return nil, err
	}
	after, err := effective(ctx, tx, clients)
	if err != nil {
		return nil, err
	}
	return s.follow(ctx, tx, org, before, after)
}

// hold locks what a change of these clients touches and gives what is effective.
func (s *Service) hold(ctx context.Context, tx *db.Tx, org care.OrgID, clients []care.UserID) (map[care.UserID]state, error) {
	if err := s.chats.LockCommunities(ctx, tx, clients); err != nil {
		return nil, err
	}
	// A send holds the organization before the clients; so does this.
	if err := touch(ctx, tx, org); err != nil {
		return nil, err
	}
	if err := lockClients(ctx, tx, clients); err != nil {
		return nil, err
	}
	if err := s.settle(ctx, tx, org, clients); err != nil {
		return nil, err
	}
	return effective(ctx, tx, clients)
}

// touch counts that something changed on which a preview may rest.
func touch(ctx context.Context, tx *db.Tx, org care.OrgID) error {
	_, err := tx.Exec(ctx, `UPDATE organizations SET access_epoch = access_epoch + 1 WHERE id = $1`, org)
	return err
}

// effective reads the effective switches of clients.
func effective(ctx context.Context, tx *db.Tx, clients []care.UserID) (map[care.UserID]state, error) {
	all := make(map[care.UserID]state, len(clients))
	for start := 0; start < len(clients); start += 256 {
		part := clients[start:min(start+256, len(clients))]
		rows, err := tx.Query(ctx, `SELECT c.user_id, `+ladder.Columns+` FROM clients c`+ladder.Joins+`
			WHERE c.user_id IN (`+tx.In(1, len(part))+`)`, ids(part)...)
		if err != nil {
			return nil, err
		}
		err = eachRow(rows, func() error {
			var id care.UserID
			var sw ladder.Switches
			if err := rows.Scan(append([]any{&id}, sw.Targets()...)...); err != nil {
				return err
			}
			all[id] = state{sw.Direct().On(), sw.Community().On()}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func eachRow(rows *sql.Rows, visit func() error) error {
	defer rows.Close()
	for rows.Next() {
		if err := visit(); err != nil {
			return err
		}
	}
	return rows.Err()
}

// follow withholds and releases community posts where C changed, and gives the events for
// those for whom something changed.
func (s *Service) follow(ctx context.Context, tx *db.Tx, org care.OrgID, before, after map[care.UserID]state) ([]care.Event, error) {
	var off, on []care.UserID
	var events []care.Event
	for id, now := range after {
		was := before[id]
		if was == now {
			continue
		}
		if was.community && !now.community {
			off = append(off, id)
		}
		if !was.community && now.community {
			on = append(on, id)
		}
		events = append(events, care.Event{
			Type: care.EventChatAccessChanged, Org: org, To: []care.UserID{id}, Client: id,
			Direct: now.direct, Community: now.community,
		})
	}
	if err := s.chats.Withhold(ctx, tx, off, time.Time{}); err != nil {
		return nil, err
	}
	return events, s.chats.Release(ctx, tx, on)
}

// maxTold bounds for how many clients of one change staff are told one by one; beyond it
// their lists are read again when they look.
const maxTold = 200

// tellStaff adds the staff who may see each client to the events.
func tellStaff(ctx context.Context, tx *db.Tx, org care.OrgID, events []care.Event) error {
	if len(events) == 0 || len(events) > maxTold {
		return nil
	}
	all, err := whoSeesAll(ctx, tx, org)
	if err != nil {
		return err
	}
	clients := make([]care.UserID, len(events))
	for i, e := range events {
		clients[i] = e.Client
	}
	teams, err := teamsOf(ctx, tx, clients)
	for i, e := range events {
		events[i].To = append(append(e.To, all...), teams[e.Client]...)
	}
	return err
}

// teamsOf gives the care teams of up to 256 clients.
func teamsOf(ctx context.Context, tx *db.Tx, clients []care.UserID) (map[care.UserID][]care.UserID, error) {
	rows, err := tx.Query(ctx, `SELECT client_id, staff_id FROM care_team WHERE client_id IN (`+tx.In(1, len(clients))+`)`, ids(clients)...)
	if err != nil {
		return nil, err
	}
	teams := map[care.UserID][]care.UserID{}
	err = eachRow(rows, func() error {
		var client, staff care.UserID
		err := rows.Scan(&client, &staff)
		teams[client] = append(teams[client], staff)
		return err
	})
	return teams, err
}

// whoSeesAll gives the staff with the permission to view all clients.
func whoSeesAll(ctx context.Context, tx *db.Tx, org care.OrgID) ([]care.UserID, error) {
	rows, err := tx.Query(ctx, `SELECT user_id, role, permissions FROM staff WHERE org_id = $1 AND active`, org)
	if err != nil {
		return nil, err
	}
	var all []care.UserID
	err = eachRow(rows, func() error {
		var id care.UserID
		var role care.Role
		var chosen *string
		if err := rows.Scan(&id, &role, &chosen); err != nil {
			return err
		}
		if care.StoredPermissions(role, chosen).Has(care.ViewAllClients) {
			all = append(all, id)
		}
		return nil
	})
	return all, err
}

func scanUser(r db.Scanner) (id care.UserID, err error) { return id, r.Scan(&id) }

// ids makes arguments of ids.
func ids[K any](list []care.ID[K], before ...any) []any {
	all := make([]any, 0, len(before)+len(list))
	all = append(all, before...)
	for _, id := range list {
		all = append(all, id)
	}
	return all
}

// onTeam reports whether a member of staff is on a client's care team.
func onTeam(ctx context.Context, tx *db.Tx, client, staff care.UserID) (bool, error) {
	_, found, err := db.One(ctx, tx, scanUser, `SELECT staff_id FROM care_team WHERE client_id = $1 AND staff_id = $2`, client, staff)
	return found, err
}

// mayChange decides about one client within a transaction.
func mayChange(ctx context.Context, tx *db.Tx, actor care.Actor, org care.OrgID, client care.UserID) (*care.Error, error) {
	team, err := onTeam(ctx, tx, client, actor.User)
	if err != nil {
		return nil, err
	}
	return access.ChangeChatAccess(actor, client, org == actor.Org, team), nil
}
