package autoreply

import (
	"context"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/jobs"
)

// Welcome is what new clients are greeted with. Version is 0 while it was never set.
type Welcome struct {
	Enabled bool
	Text    string
	Version int64
}

// WelcomeEdit is a change; what is nil stays. Version is the one that was seen.
type WelcomeEdit struct {
	Version int64
	Enabled *bool
	Text    *string
}

// Greet leaves a job that welcomes a new client in their first conversation, within the
// transaction that makes the two. It does nothing where the organization has no welcome.
func (s *Service) Greet(ctx context.Context, tx *db.Tx, org care.OrgID, in care.ConversationID) error {
	w, err := loadWelcome(ctx, tx, org, "")
	if err != nil || !w.Enabled {
		return err
	}
	_, err = jobs.Enqueue(ctx, tx, s.clock(), jobs.Job{Kind: jobWelcome, Args: where{in}})
	return err
}

// greet gives the words of the moment.
func (s *Service) greet(ctx context.Context, tx *db.Tx, room *chat.Room) (words, error) {
	w, err := loadWelcome(ctx, tx, room.Org, "")
	if err != nil || !w.Enabled {
		return words{}, err
	}
	return words{author: care.System, body: w.Text}, nil
}

func loadWelcome(ctx context.Context, tx *db.Tx, org care.OrgID, lock string) (Welcome, error) {
	w, _, err := db.One(ctx, tx, func(row db.Scanner) (w Welcome, err error) {
		err = row.Scan(&w.Enabled, &w.Text, &w.Version)
		return w, err
	}, `SELECT enabled, body, version FROM welcomes WHERE org_id = $1`+lock, org)
	return w, err
}

// Welcome gives the organization's welcome, to staff.
func (s *Service) Welcome(ctx context.Context, actor care.Actor) (w Welcome, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return w, refusal
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		w, err = loadWelcome(ctx, tx, actor.Org, "")
		return err
	})
	return w, err
}

// SetWelcome changes it, with the permission to manage settings.
func (s *Service) SetWelcome(ctx context.Context, actor care.Actor, e WelcomeEdit) (w Welcome, err error) {
	if refusal := access.ManageSettings(actor); refusal != nil {
		return w, refusal
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if w, err = loadWelcome(ctx, tx, actor.Org, tx.ForUpdate()); err != nil {
			return err
		}
		if w.Version != e.Version {
			return conflict(w)
		}
		set(&w.Enabled, e.Enabled)
		set(&w.Text, e.Text)
		return s.saveWelcome(ctx, tx, actor, &w)
	})
	return w, err
}

func (s *Service) saveWelcome(ctx context.Context, tx *db.Tx, actor care.Actor, w *Welcome) error {
	least := 0
	if w.Enabled {
		least = 1
	}
	if err := care.CheckText("text", w.Text, least, MaxText); err != nil {
		return err
	}
	w.Version++
	n, err := tx.Exec(ctx, `INSERT INTO welcomes (org_id, enabled, body, version) VALUES ($1, $2, $3, $4)
		ON CONFLICT (org_id) DO UPDATE SET enabled = excluded.enabled, body = excluded.body, version = excluded.version
		WHERE welcomes.version < excluded.version`, actor.Org, w.Enabled, w.Text, w.Version)
	if err != nil {
		return err
	}
	if n == 0 { // somebody else made the first one at the same moment
		current, err := loadWelcome(ctx, tx, actor.Org, "")
		if err != nil {
			return err
		}
		return conflict(current)
	}
	return audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(),
		audit.Act("welcome.changed", audit.About("organization", actor.Org), map[string]any{"enabled": w.Enabled}))
}
