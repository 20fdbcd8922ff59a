package identity

import (
	"context"
	"database/sql"

	"hearth/internal/care"
	"hearth/internal/db"
)

// account is a person as far as getting in is concerned.
type account struct {
	actor   care.Actor
	email   string
	hash    string // "" while no password is set
	active  bool   // false for staff who were deactivated; archived clients may come in
	invited bool   // an invitation was made once
}

const accountColumns = `p.id, p.org_id, p.kind, p.name, COALESCE(p.email, ''), COALESCE(c.password_hash, ''),
	st.role, st.permissions, COALESCE(st.active, TRUE),
	EXISTS (SELECT 1 FROM invitations i WHERE i.user_id = p.id)
	FROM people p LEFT JOIN staff st ON st.user_id = p.id LEFT JOIN credentials c ON c.user_id = p.id`

func scanAccount(row db.Scanner) (a account, err error) {
	var role, permissions sql.NullString
	err = row.Scan(&a.actor.User, &a.actor.Org, &a.actor.Kind, &a.actor.Name, &a.email, &a.hash,
		&role, &permissions, &a.active, &a.invited)
	setRole(&a.actor, role, permissions)
	return a, err
}

// setRole gives the permissions that were chosen, or the role's where none were.
func setRole(actor *care.Actor, role, permissions sql.NullString) {
	actor.Role = care.Role(role.String)
	if permissions.Valid {
		actor.Permissions = care.PermissionsFromText(permissions.String)
	} else {
		actor.Permissions = care.DefaultPermissions(actor.Role)
	}
}

// accountByEmail finds nobody with found false. email is in lower case.
func accountByEmail(ctx context.Context, tx *db.Tx, email string) (a account, found bool, err error) {
	return db.One(ctx, tx, scanAccount, `SELECT `+accountColumns+` WHERE p.email = $1`, email)
}

func accountByID(ctx context.Context, tx *db.Tx, user care.UserID) (a account, found bool, err error) {
	return db.One(ctx, tx, scanAccount, `SELECT `+accountColumns+` WHERE p.id = $1`, user)
}

// lockAccount holds the person's row until the transaction ends, so that two changes of one
// person's way in (a sign-in, a new password, a deactivation) do not overlap.
func lockAccount(ctx context.Context, tx *db.Tx, user care.UserID) (a account, found bool, err error) {
	_, found, err = db.One(ctx, tx, scanID[care.UserID], `SELECT id FROM people WHERE id = $1`+tx.ForUpdate(), user)
	if err != nil || !found {
		return account{}, false, err
	}
	return accountByID(ctx, tx, user)
}
