package ladder

import (
	"database/sql"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Joins belongs behind a FROM clause that names clients as c and gives Columns and the
// expressions below what they read: the group as g, the organization as o, and the row
// of the bulk change that counts now as w. It keeps every row of the FROM clause, also
// those without a client.
const Joins = `
	LEFT JOIN client_groups g ON g.id = c.group_id
	LEFT JOIN organizations o ON o.id = c.org_id
	LEFT JOIN chat_access_change_rows w ON w.change_id = o.active_change AND w.client_id = c.user_id AND w.folded = FALSE`

// The switches at their places, as SQL over Joins.
const (
	OwnDirect        = `CASE WHEN w.sets_direct AND w.place = 'own' THEN w.new_direct ELSE c.own_direct END`
	OwnCommunity     = `CASE WHEN w.sets_community AND w.place = 'own' THEN w.new_community ELSE c.own_community END`
	DefaultDirect    = `CASE WHEN w.sets_direct AND w.place = 'default' THEN w.new_direct ELSE c.default_direct END`
	DefaultCommunity = `CASE WHEN w.sets_community AND w.place = 'default' THEN w.new_community ELSE c.default_community END`
)

// Direct and Community are the effective values, as SQL over Joins, for conditions.
const (
	Direct    = `COALESCE(` + OwnDirect + `, g.direct, ` + DefaultDirect + `)`
	Community = `COALESCE(` + OwnCommunity + `, g.community, ` + DefaultCommunity + `)`
)

// Columns are read by [Switches.Targets].
const Columns = OwnDirect + `, g.direct, ` + DefaultDirect + `, ` + OwnCommunity + `, g.community, ` + DefaultCommunity

// Switches collects the Columns of one client.
type Switches struct {
	ownDirect, groupDirect, defaultDirect          sql.NullBool
	ownCommunity, groupCommunity, defaultCommunity sql.NullBool
}

// Targets is where the Columns are scanned to.
func (s *Switches) Targets() []any {
	return []any{
		&s.ownDirect, &s.groupDirect, &s.defaultDirect,
		&s.ownCommunity, &s.groupCommunity, &s.defaultCommunity,
	}
}

// Direct gives the ladder of D.
func (s *Switches) Direct() access.Ladder {
	return access.Ladder{Own: Setting(s.ownDirect), Group: Setting(s.groupDirect), Default: s.defaultDirect.Bool}
}

// Community gives the ladder of C.
func (s *Switches) Community() access.Ladder {
	return access.Ladder{Own: Setting(s.ownCommunity), Group: Setting(s.groupCommunity), Default: s.defaultCommunity.Bool}
}

// Setting reads a stored switch: NULL is not set.
func Setting(b sql.NullBool) care.Setting {
	if !b.Valid {
		return care.Unset
	}
	return care.SettingOf(b.Bool)
}

// Stored gives what a setting is stored as: nil for not set.
func Stored(s care.Setting) any {
	if s == care.Unset {
		return nil
	}
	return s == care.On
}

// ClientColumns are read by ScanClient: the client's id, name and state and the switches,
// over Joins and people as p.
const ClientColumns = `c.user_id, p.name, c.state, ` + Columns

// ClientScan collects the ClientColumns of one client, which may be missing.
type ClientScan struct {
	ID       care.UserID
	Name     sql.NullString
	state    sql.NullString
	Switches Switches
}

// Targets is where the ClientColumns are scanned to.
func (c *ClientScan) Targets() []any {
	return append([]any{&c.ID, &c.Name, &c.state}, c.Switches.Targets()...)
}

// Client gives what decisions need.
func (c *ClientScan) Client() access.Client {
	return access.Client{
		ID: c.ID, Name: c.Name.String, State: care.ClientState(c.state.String),
		Direct: c.Switches.Direct(), Community: c.Switches.Community(),
	}
}

// ScanClient reads a row of ClientColumns.
func ScanClient(row db.Scanner) (access.Client, error) {
	var c ClientScan
	err := row.Scan(c.Targets()...)
	return c.Client(), err
}
