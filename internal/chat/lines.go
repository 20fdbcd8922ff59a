package chat

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/db"
)

// newestFew is among how many of the organization's conversations the first page of an inbox
// is looked for, before all of the viewer's own are.
const newestFew = 200

// line says which conversation stands in a line of somebody's inbox, and in which state. All
// that staff see of a conversation that is no community chat changes with one of the
// numbers, or with the counts of people and switches, or is what the viewer is writing.
type line struct {
	id                         care.ConversationID
	lastSeq, revision, glances int64
}

const lineColumns = `c.id, c.last_seq, c.revision, c.glances`

func scanLine(row db.Scanner) (l line, err error) {
	return l, row.Scan(&l.id, &l.lastSeq, &l.revision, &l.glances)
}

// lines are those of a first page and one more where there is another page, with how they
// were found.
type lines struct {
	list []line
	// recent is set when they were looked for among the conversations with something newer
	// than since; 0 is among all of the organization.
	recent bool
	since  int64
}

// readLines finds the lines of the first page of one's own inbox, in the way that served
// before where it serves again. It is for staff, from whom nothing is withheld.
func readLines(ctx context.Context, tx *db.Tx, actor care.Actor, filter Filter, limit int, before *lines) (lines, error) {
	if before != nil && before.recent {
		list, err := readRecent(ctx, tx, actor, filter, limit, before.since)
		if err != nil || len(list) > limit || before.since == 0 {
			return lines{list, true, before.since}, err
		}
	}
	if before == nil || before.recent {
		since, err := activityOfFew(ctx, tx, actor.Org)
		if err != nil {
			return lines{}, err
		}
		list, err := readRecent(ctx, tx, actor, filter, limit, since)
		if err != nil || len(list) > limit || since == 0 {
			return lines{list, true, since}, err
		}
	}
	query, values := inboxQuery(lineColumns, actor, filter, nil, limit)
	list, err := db.Many(ctx, tx, scanLine, query, values...)
	return lines{list: list}, err
}

// activityOfFew is since when the newest few conversations of an organization were written
// in; 0 where there are not more.
func activityOfFew(ctx context.Context, tx *db.Tx, org care.OrgID) (int64, error) {
	since, _, err := db.One(ctx, tx, func(row db.Scanner) (at int64, err error) { return at, row.Scan(&at) },
		`SELECT last_activity_at FROM conversations WHERE org_id = $1 AND quiet = FALSE
		ORDER BY last_activity_at DESC LIMIT 1 OFFSET CAST($2 AS BIGINT)`, org, newestFew)
	return since, err
}

// readRecent looks for lines among the organization's newest conversations, in their order:
// whoever takes part in many of them has the page after a few steps, where sorting all of
// theirs takes hundreds.
func readRecent(ctx context.Context, tx *db.Tx, actor care.Actor, filter Filter, limit int, since int64) ([]line, error) {
	return db.Many(ctx, tx, scanLine, recentQuery(filter), actor.Org, since, actor.User, limit+1)
}

// recentQuery is answered from the index of inboxes and the memberships alone. The casts
// keep SQLite from planning it anew in each run, as it does for a bare LIMIT $4 to look at
// the value: that took half of its time.
func recentQuery(filter Filter) string {
	return `SELECT ` + lineColumns + `
		FROM conversations c CROSS JOIN conversation_members m
		WHERE c.org_id = $1 AND c.quiet = FALSE AND c.last_activity_at > CAST($2 AS BIGINT)
			AND m.conversation_id = c.id AND m.user_id = $3 AND m.left_at IS NULL AND ` + stateCondition(filter.State) + `
		ORDER BY c.last_activity_at DESC, c.id DESC LIMIT CAST($4 AS BIGINT)`
}
