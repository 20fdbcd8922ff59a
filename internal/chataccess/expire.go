package chataccess

import (
	"context"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// expireBatch is how many places one run of Expire looks for at a time.
const expireBatch = 200

// Expire sets back to "not set" what was set until a moment that has passed: a recorded
// change by the system. It is run often by a job; each place has a transaction of its own,
// so a crash leaves the rest for the next run. It answers how many places it set back.
func (s *Service) Expire(ctx context.Context) (n int, err error) {
	for {
		clients, groups, err := s.due(ctx)
		if err != nil || len(clients)+len(groups) == 0 {
			return n, err
		}
		for _, client := range clients {
			if err := s.expireClient(ctx, client); err != nil {
				return n, err
			}
			n++
		}
		for _, group := range groups {
			if err := s.expireGroup(ctx, group); err != nil {
				return n, err
			}
			n++
		}
	}
}

// due finds places whose time is over.
func (s *Service) due(ctx context.Context) (clients []care.UserID, groups []care.GroupID, err error) {
	now := db.Millis(s.clock())
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		clients, err = db.Many(ctx, tx, scanUser, `
			SELECT DISTINCT user_id FROM (SELECT user_id FROM clients WHERE own_direct_until <= $1
			UNION ALL SELECT user_id FROM clients WHERE own_community_until <= $1) AS m LIMIT $2`, now, expireBatch)
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

func (s *Service) expireClient(ctx context.Context, client care.UserID) error {
	return s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		org, err := orgOf(ctx, tx, `SELECT org_id FROM clients WHERE user_id = $1`, client)
		if err != nil {
			return nil, err
		}
		return s.around(ctx, tx, org, []care.UserID{client}, func() error {
			a, _, err := db.One(ctx, tx, scanClient, selectClient, client)
			if err != nil {
				return err
			}
			now := s.clock()
			list := over(now, a.ownValues())
			if len(list) == 0 {
				return nil
			}
			return s.writeOwn(ctx, tx, care.System, now, a, list, HowSchedule)
		})
	})
}

func (s *Service) expireGroup(ctx context.Context, group care.GroupID) error {
	t := groupTarget(group)
	t.how = HowSchedule
	return s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		org, err := orgOf(ctx, tx, `SELECT org_id FROM client_groups WHERE id = $1`, group)
		if err != nil {
			return nil, err
		}
		members, err := db.Many(ctx, tx, scanUser, `SELECT user_id FROM clients WHERE group_id = $1 ORDER BY user_id`, group)
		if err != nil {
			return nil, err
		}
		return s.around(ctx, tx, org, members, func() error {
			if err := t.lock(ctx, tx); err != nil {
				return err
			}
			_, old, err := t.read(ctx, tx, org)
			if err != nil {
				return err
			}
			list := over(s.clock(), old)
			if len(list) == 0 {
				return nil
			}
			system := care.Actor{Org: org, Kind: care.KindSystem, Name: care.System.Name}
			if err := t.write(ctx, tx, org, system, s, list); err != nil {
				return err
			}
			for _, d := range list {
				if err := s.rememberFollowers(ctx, tx, system, group, d, HowSchedule); err != nil {
					return err
				}
			}
			return nil
		})
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
