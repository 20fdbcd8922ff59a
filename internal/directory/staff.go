package directory

import (
	"context"
	"strconv"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Staff is a member of staff.
type Staff struct {
	ID              care.UserID
	Name            string
	Email           string
	Title           string // "" is none
	Role            care.Role
	Permissions     care.Permissions // as they work
	Chosen          bool             // whether they were chosen, or follow the role
	ClientsMayStart bool
	Active          bool
	Invited         care.InvitedState
	CreatedAt       time.Time
	LastSeenAt      time.Time // zero while never
	Version         int64
}

// Person gives the member of staff as others see them.
func (s Staff) Person() care.Person {
	return care.Person{ID: s.ID, Name: s.Name, Kind: care.KindStaff}
}

// Facts gives what decisions about the member of staff need.
func (s Staff) Facts() access.Staff {
	return access.Staff{ID: s.ID, Role: s.Role, Permissions: s.Permissions, Active: s.Active}
}

const selectStaff = `
	SELECT p.id, p.name, p.email, p.created_at, p.last_seen_at,
		s.role, s.permissions, s.title, s.clients_may_start, s.active, s.version
	FROM people p JOIN staff s ON s.user_id = p.id `

func scanStaff(row db.Scanner) (s Staff, err error) {
	var email, permissions, title *string
	var created int64
	var seen *int64
	err = row.Scan(&s.ID, &s.Name, &email, &created, &seen,
		&s.Role, &permissions, &title, &s.ClientsMayStart, &s.Active, &s.Version)
	s.Email, s.Title = text(email), text(title)
	s.CreatedAt, s.LastSeenAt = db.FromMillis(created), timeOf(seen)
	s.choose(permissions)
	return s, err
}

// choose applies the stored permissions; nil follows the role.
func (s *Staff) choose(stored *string) {
	s.Chosen, s.Permissions = stored != nil, care.StoredPermissions(s.Role, stored)
}

// stored is the reverse of choose.
func (s Staff) stored() *string {
	if !s.Chosen {
		return nil
	}
	words := s.Permissions.Text()
	return &words
}

// StaffIn gives one member of staff within the caller's transaction. To a client, staff
// outside the care team and the conversations they share do not exist.
func (s *Service) StaffIn(ctx context.Context, tx *db.Tx, actor care.Actor, id care.UserID) (Staff, error) {
	staff, err := loadStaff(ctx, tx, actor.Org, id)
	if err != nil {
		return Staff{}, err
	}
	known := false
	if actor.IsClient() {
		if known, err = knownTo(ctx, tx, actor.User, id); err != nil {
			return Staff{}, err
		}
	}
	if refusal := access.SeeStaff(actor, true, known, known); refusal != nil {
		return Staff{}, refusal
	}
	return staff, nil
}

func loadStaff(ctx context.Context, tx *db.Tx, org care.OrgID, id care.UserID) (Staff, error) {
	staff, found, err := db.One(ctx, tx, scanStaff, selectStaff+`WHERE p.id = $1 AND p.org_id = $2`, id, org)
	if err != nil {
		return staff, err
	}
	if !found {
		return staff, care.Missing("member of staff")
	}
	return staff, inviteStates(ctx, tx, []*Staff{&staff}, staffInvited)
}

// StaffList gives staff by name: to staff all colleagues, also those who are not active
// any more; to a client the active ones of their care team and shared conversations.
func (s *Service) StaffList(ctx context.Context, actor care.Actor, page Page) (list []Staff, next string, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		query, args, err := staffQuery(ctx, tx, actor, page)
		if err != nil {
			return err
		}
		if list, err = db.Many(ctx, tx, scanStaff, query, args...); err != nil {
			return err
		}
		list, next = cut(list, page.Limit, func(s Staff) care.UserID { return s.ID })
		return inviteStates(ctx, tx, pointers(list), staffInvited)
	})
	return list, next, err
}

func staffQuery(ctx context.Context, tx *db.Tx, actor care.Actor, page Page) (string, []any, error) {
	where, args := `WHERE p.org_id = $1 AND p.kind = 'staff'`, []any{actor.Org}
	if !actor.IsStaff() {
		where += ` AND s.active = $2 AND s.user_id IN (` + knownStaff("$3") + `)`
		args = append(args, true, actor.User)
	}
	if page.Cursor != "" {
		name, id, err := positionOf(ctx, tx, actor.Org, care.KindStaff, page.Cursor)
		if err != nil {
			return "", nil, err
		}
		n := len(args)
		where += ` AND (p.sort_name, p.id) > ($` + strconv.Itoa(n+1) + `, $` + strconv.Itoa(n+2) + `)`
		args = append(args, name, id)
	}
	args = append(args, page.Limit+1)
	return selectStaff + where + ` ORDER BY p.sort_name, p.id LIMIT $` + strconv.Itoa(len(args)), args, nil
}

func staffInvited(s *Staff) (care.UserID, *care.InvitedState) { return s.ID, &s.Invited }

func pointers[T any](list []T) []*T {
	all := make([]*T, len(list))
	for i := range list {
		all[i] = &list[i]
	}
	return all
}
