package chataccess

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/ladder"
)

// Filter chooses clients; zero fields do not narrow. State is active unless another is
// named, or the clients are.
type Filter struct {
	All       bool          `json:"all,omitempty"` // says that every client is meant
	Query     string        `json:"q,omitempty"`   // words of the name or address, in any order
	Group     care.GroupID  `json:"group,omitzero"`
	Provider  care.UserID   `json:"provider,omitzero"` // the primary provider
	Clients   []care.UserID `json:"clients,omitempty"`
	Direct    care.Setting  `json:"direct,omitempty"` // the effective value, on or off
	Community care.Setting  `json:"community,omitempty"`
	// Source is the place that one of the two switches comes from.
	Source care.Place `json:"source,omitempty"`
	// Ending chooses clients with an own setting that ends within a week.
	Ending bool             `json:"ending,omitempty"`
	State  care.ClientState `json:"state,omitempty"`
}

// endingWithin is how soon an own setting ends that is told as ending.
const endingWithin = 7 * 24 * time.Hour

// checkBulk refuses a filter that says nothing: everybody has to be said.
func (f Filter) checkBulk() error {
	said := f.All || f.Query != "" || !f.Group.IsZero() || !f.Provider.IsZero() || len(f.Clients) > 0 ||
		f.Direct != "" || f.Community != "" || f.Source != "" || f.Ending || f.State != ""
	if !said {
		return care.BadField("filter", "required", "Say which clients: all, a group, a provider, or their ids.")
	}
	if len(f.Clients) > MaxNamed {
		return care.BadField("filter.client_ids", "too_many", fmt.Sprintf("Name at most %d clients, or choose them by a filter.", MaxNamed))
	}
	return nil
}

// checkNamed refuses groups, providers and clients that the actor cannot know, and clients
// whom they know and may not change.
func (f Filter) checkNamed(ctx context.Context, tx *db.Tx, actor care.Actor) error {
	if !f.Group.IsZero() {
		if err := exists(ctx, tx, `SELECT COUNT(*) FROM client_groups WHERE id = $1 AND org_id = $2`, "group_id", "group", f.Group, actor.Org); err != nil {
			return err
		}
	}
	if !f.Provider.IsZero() {
		if err := exists(ctx, tx, `SELECT COUNT(*) FROM staff WHERE user_id = $1 AND org_id = $2`, "provider_id", "provider", f.Provider, actor.Org); err != nil {
			return err
		}
	}
	team, err := namedClients(ctx, tx, actor, f.Clients)
	if err != nil {
		return err
	}
	for i, id := range f.Clients {
		onTeam, known := team[id]
		if access.SeeClient(actor, id, known, onTeam) != nil {
			return unknownNamed(i)
		}
		if refusal := access.ChangeChatAccess(actor, id, true, onTeam); refusal != nil {
			return refusal
		}
	}
	return nil
}

func exists(ctx context.Context, tx *db.Tx, query, field, what string, args ...any) error {
	var n int
	err := tx.QueryRow(ctx, query, args...).Scan(&n)
	if err == nil && n == 0 {
		return care.BadField("filter."+field, "unknown", "There is no such "+what+".")
	}
	return err
}

// namedClients gives, for those clients that are the organization's, whether the actor is
// on their care team.
func namedClients(ctx context.Context, tx *db.Tx, actor care.Actor, clients []care.UserID) (map[care.UserID]bool, error) {
	team := make(map[care.UserID]bool, len(clients))
	for part := range slices.Chunk(clients, 1024) {
		rows, err := tx.Query(ctx, `SELECT c.user_id, t.staff_id IS NOT NULL FROM clients c
			LEFT JOIN care_team t ON t.client_id = c.user_id AND t.staff_id = $2
			WHERE c.org_id = $1 AND c.user_id IN (`+tx.In(3, len(part))+`)`, ids(part, actor.Org, actor.User)...)
		if err != nil {
			return nil, err
		}
		err = eachRow(rows, func() error {
			var id care.UserID
			var on bool
			err := rows.Scan(&id, &on)
			team[id] = on
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return team, nil
}

// conditions are what a query asks of clients c, over ladder.Joins.
type conditions struct {
	from  string // before ladder.Joins
	where []string
	args  []any
}

func (q *conditions) and(condition string, values ...any) {
	at := make([]any, len(values))
	for i, v := range values {
		q.args = append(q.args, v)
		at[i] = len(q.args)
	}
	q.where = append(q.where, fmt.Sprintf(condition, at...))
}

func (q *conditions) text() string { return strings.Join(q.where, " AND ") }

// reach narrows to the clients of the actor's organization, and of their care team where
// teamOnly. It comes first: whoever builds on it counts on the organization being $1.
func reach(actor care.Actor, teamOnly bool) *conditions {
	q := &conditions{from: `clients c`}
	q.and("c.org_id = $%d", actor.Org)
	if teamOnly {
		q.from = `care_team v CROSS JOIN clients c`
		q.and("v.staff_id = $%d AND c.user_id = v.client_id", actor.User)
	}
	return q
}

// changesTeamOnly reports whether the actor may change the clients of their care team only
// (see access.ChangeChatAccess).
func changesTeamOnly(actor care.Actor) bool {
	return actor.Role == care.RoleProvider || !actor.Can(care.ViewAllClients)
}

// narrow adds what the filter asks for. Clients that are named are left to the caller.
func (q *conditions) narrow(f Filter, now time.Time) {
	switch {
	case f.State != "":
		q.and("c.state = $%d", string(f.State))
	case len(f.Clients) == 0:
		q.and("c.state = $%d", string(care.ClientActive))
	}
	if !f.Group.IsZero() {
		q.and("c.group_id = $%d", f.Group)
	}
	if !f.Provider.IsZero() {
		q.and("c.primary_provider_id = $%d", f.Provider)
	}
	if f.Direct != "" {
		q.and(ladder.Direct+" = $%d", f.Direct == care.On)
	}
	if f.Community != "" {
		q.and(ladder.Community+" = $%d", f.Community == care.On)
	}
	if condition := sourceIs[f.Source]; condition != "" {
		q.where = append(q.where, condition)
	}
	if f.Ending {
		q.ending(db.Millis(now.Add(endingWithin)))
	}
	q.words(f.Query)
}

// ending asks for own settings that end before a moment, among those who may be meant:
// found by index, with those of a bulk change that is being written.
func (q *conditions) ending(before int64) {
	q.and(`((`+ownDirectUntil+`) < $%[1]d OR (`+ownCommunityUntil+`) < $%[1]d)
		AND c.user_id IN (SELECT user_id FROM clients WHERE own_direct_until < $%[1]d
			UNION ALL SELECT user_id FROM clients WHERE own_community_until < $%[1]d
			UNION ALL SELECT r.client_id FROM organizations u JOIN chat_access_change_rows r ON r.change_id = u.active_change
				WHERE u.id = $1 AND r.folded = FALSE)`, before)
}

// words asks for words that begin words of the name or address.
func (q *conditions) words(query string) {
	for _, w := range directory.QueryWords(query) {
		q.and(`c.user_id IN (SELECT x.client_id FROM client_words x WHERE x.org_id = $1 AND x.word >= $%d AND x.word < $%d)`, w, directory.BehindWords(w))
	}
}

// tables gives what a query reads from: clients c and what the switches need.
func (q *conditions) tables() string { return q.from + joins + ` WHERE ` + q.text() }

// named is tables with the names of people p. They come first, for CROSS JOIN is the order
// in which SQLite walks; PostgreSQL chooses by itself.
func (q *conditions) named() string {
	return `people p CROSS JOIN ` + q.from + joins + ` WHERE p.org_id = $1 AND p.kind = 'client' AND c.user_id = p.id AND ` + q.text()
}

// sourceIs asks that one of the switches comes from a place.
var sourceIs = map[care.Place]string{
	care.PlaceClient: `((` + ladder.OwnDirect + `) IS NOT NULL OR (` + ladder.OwnCommunity + `) IS NOT NULL)`,
	care.PlaceGroup: `(((` + ladder.OwnDirect + `) IS NULL AND g.direct IS NOT NULL)
		OR ((` + ladder.OwnCommunity + `) IS NULL AND g.community IS NOT NULL))`,
	care.PlaceDefault: `(((` + ladder.OwnDirect + `) IS NULL AND g.direct IS NULL)
		OR ((` + ladder.OwnCommunity + `) IS NULL AND g.community IS NULL))`,
}

// The time limits of own settings, as SQL over ladder.Joins.
const (
	ownDirectUntil    = `CASE WHEN w.sets_direct AND w.place = 'own' THEN w.new_direct_until ELSE c.own_direct_until END`
	ownCommunityUntil = `CASE WHEN w.sets_community AND w.place = 'own' THEN w.new_community_until ELSE c.own_community_until END`
)
