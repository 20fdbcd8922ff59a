package chataccess

import (
	"context"
	"database/sql"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
	"hearth/internal/outbox"
)

// expireBatch is how many clients one run of Expire looks for at a time.
const expireBatch = 4096

// Expire sets back to "not set" what was set until a moment that has passed: a recorded
// change by the system. It is run often by a job; it goes on from one short transaction to
// the next, so a crash leaves the rest for the next run. It answers how many clients and
// groups it set back.
func (s *Service) Expire(ctx context.Context) (n int, err error) {
	var pace db.Pace
	for {
		clients, groups, err := s.due(ctx)
		if err != nil || len(clients)+len(groups) == 0 {
			return n, err
		}
		for org, of := range clients {
			gone, err := s.expireOrganization(ctx, &pace, org, of)
			if n += gone; err != nil {
				return n, err
			}
		}
		for _, group := range groups {
			if err := s.expireGroup(ctx, group); err != nil {
				return n, err
			}
			n++
		}
	}
}

// due finds places whose time is over, clients by their organization.
func (s *Service) due(ctx context.Context) (clients map[care.OrgID][]care.UserID, groups []care.GroupID, err error) {
	now := db.Millis(s.clock())
	clients = map[care.OrgID][]care.UserID{}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT org_id, user_id FROM (SELECT org_id, user_id FROM clients WHERE own_direct_until <= $1 ORDER BY own_direct_until LIMIT $2) AS d
			UNION SELECT org_id, user_id FROM (SELECT org_id, user_id FROM clients WHERE own_community_until <= $1 ORDER BY own_community_until LIMIT $2) AS c
			ORDER BY 1, 2`, now, expireBatch)
		if err != nil {
			return err
		}
		err = eachRow(rows, func() error {
			var org care.OrgID
			var client care.UserID
			err := rows.Scan(&org, &client)
			clients[org] = append(clients[org], client)
			return err
		})
		if err != nil {
			return err
		}
		groups, err = db.Many(ctx, tx, func(r db.Scanner) (id care.GroupID, err error) { return id, r.Scan(&id) },
			`SELECT id FROM client_groups WHERE direct_until <= $1 OR community_until <= $1 LIMIT $2`, now, expireBatch)
		return err
	})
	return clients, groups, err
}

// over gives the deltas that set back what has run out by now.
func over(now time.Time, old map[Switch]value) (list []delta) {
	for _, of := range switches {
		if v := old[of]; !v.until.IsZero() && !v.until.After(now) {
			list = append(list, delta{of: of, old: v, new: value{setting: care.Unset}})
		}
	}
	return list
}

// expired is a client whose own settings have run out.
type expired struct {
	client care.UserID
	list   []delta
}

// expireOrganization sets clients of an organization back, a few at a time with a pause for
// those who wait to write: a bulk change with an end ends for all of its clients at once.
func (s *Service) expireOrganization(ctx context.Context, pace *db.Pace, org care.OrgID, clients []care.UserID) (n int, err error) {
	around := s.around
	if len(clients) > maxTold {
		around = s.aroundMany
	}
	for len(clients) > 0 {
		part := clients[:min(pace.Next(), len(clients))]
		clients = clients[len(part):]
		gone, err := s.expireClients(ctx, pace, org, part, around)
		if n += gone; err != nil {
			return n, err
		}
		if err := s.pause(ctx); err != nil {
			return n, err
		}
	}
	return n, nil
}

// changer is around or aroundMany.
type changer func(ctx context.Context, tx *db.Tx, org care.OrgID, clients []care.UserID, change func() error) ([]care.Event, error)

// expireClients sets up to 256 clients back in one transaction. Those whom somebody changed
// meanwhile are left.
func (s *Service) expireClients(ctx context.Context, pace *db.Pace, org care.OrgID, clients []care.UserID, around changer) (n int, err error) {
	err = s.writePaced(ctx, pace, len(clients), func(tx *db.Tx) ([]care.Event, error) {
		return around(ctx, tx, org, clients, func() error {
			now := s.clock()
			gone, err := ranOut(ctx, tx, now, clients)
			n = len(gone)
			if err != nil || n == 0 {
				return err
			}
			return clearOwn(ctx, tx, org, now, gone)
		})
	})
	return n, err
}

// ranOut looks which of the clients, whom the caller holds, have settings that have run
// out by now.
func ranOut(ctx context.Context, tx *db.Tx, now time.Time, clients []care.UserID) (gone []expired, err error) {
	return db.Many(ctx, tx, func(r db.Scanner) (e expired, err error) {
		var is [2]sql.NullBool
		var until [2]sql.NullInt64
		err = r.Scan(&e.client, &is[0], &until[0], &is[1], &until[1])
		e.list = over(now, map[Switch]value{
			Direct:    {ladder.Setting(is[0]), moment(until[0])},
			Community: {ladder.Setting(is[1]), moment(until[1])},
		})
		return e, err
	}, `SELECT user_id, own_direct, own_direct_until, own_community, own_community_until FROM clients
		WHERE (own_direct_until <= $1 OR own_community_until <= $1) AND user_id IN (`+tx.In(2, len(clients))+`) ORDER BY user_id`,
		ids(clients, db.Millis(now))...)
}

// clearOwn sets back what has run out, with its history and its records.
func clearOwn(ctx context.Context, tx *db.Tx, org care.OrgID, now time.Time, gone []expired) error {
	clients := make([]care.UserID, len(gone))
	var rows []row
	var entries []audit.Entry
	for i, e := range gone {
		clients[i] = e.client
		for _, d := range e.list {
			rows = append(rows, d.row(e.client, care.PlaceClient, now, care.System, HowSchedule))
			entries = append(entries, d.entry(audit.About("client", e.client), care.PlaceClient, HowSchedule))
		}
	}
	_, err := tx.Exec(ctx, `UPDATE clients SET access_version = access_version + 1,
			own_direct = CASE WHEN own_direct_until <= $1 THEN NULL ELSE own_direct END,
			own_direct_until = CASE WHEN own_direct_until <= $1 THEN NULL ELSE own_direct_until END,
			own_community = CASE WHEN own_community_until <= $1 THEN NULL ELSE own_community END,
			own_community_until = CASE WHEN own_community_until <= $1 THEN NULL ELSE own_community_until END
		WHERE user_id IN (`+tx.In(2, len(clients))+`)`, ids(clients, db.Millis(now))...)
	if err != nil {
		return err
	}
	if err := remember(ctx, tx, org, rows); err != nil {
		return err
	}
	if err := tell(ctx, tx, org, now, outbox.OfClient, clients...); err != nil {
		return err
	}
	return audit.Append(ctx, tx, org, care.System, now, entries...)
}

func (s *Service) expireGroup(ctx context.Context, group care.GroupID) error {
	t := groupTarget(group)
	t.how = HowSchedule
	var org care.OrgID
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		org, err = orgOf(ctx, tx, `SELECT org_id FROM client_groups WHERE id = $1`, group)
		return err
	})
	if err != nil {
		return err
	}
	system := care.Actor{Org: org, Kind: care.KindSystem, Name: care.System.Name}
	plan := func(ctx context.Context, tx *db.Tx) ([]delta, error) {
		_, old, err := t.read(ctx, tx, org)
		return over(s.clock(), old), err
	}
	return s.changeGroup(ctx, groupChange{
		target: t, group: group, actor: system, door: HowSchedule, plan: plan,
		write: func(ctx context.Context, tx *db.Tx) ([]delta, error) {
			list, err := plan(ctx, tx)
			if err != nil || len(list) == 0 {
				return nil, err
			}
			return list, t.write(ctx, tx, org, system, s, list)
		},
	})
}

func orgOf[K any](ctx context.Context, tx *db.Tx, query string, id care.ID[K]) (org care.OrgID, err error) {
	err = tx.QueryRow(ctx, query, id).Scan(&org)
	return org, err
}

// selectClient reads one client for scanClient.
const selectClient = `
	SELECT c.org_id, c.group_id, g.name, c.access_version, c.own_direct_until, c.own_community_until,
		g.direct_until, g.community_until, ` + ladder.ClientColumns + `
	FROM clients c JOIN people p ON p.id = c.user_id` + ladder.Joins + ` WHERE c.user_id = $1`
