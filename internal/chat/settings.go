package chat

import (
	"context"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// MaxEditWindow is the longest time in which a message can be changed.
const MaxEditWindow = 30 * 24 * time.Hour

// Settings is how an organization chats.
type Settings struct {
	Version int64
	// EditWindow is for how long after sending a message can be changed; 0 never.
	// Whole seconds, at most MaxEditWindow.
	EditWindow time.Duration
	// ClientNames is how clients see fellow clients in community chats.
	ClientNames care.NameStyle
}

// defaultSettings hold until an organization saves its own.
var defaultSettings = Settings{Version: 1, EditWindow: 15 * time.Minute, ClientNames: care.NamesInitial}

// SettingsChange is a change of the settings that were seen as Version; nil leaves a part
// as it is.
type SettingsChange struct {
	Version     int64
	EditWindow  *time.Duration
	ClientNames *care.NameStyle
}

// Settings gives how the actor's organization chats. Everybody may know.
func (s *Service) Settings(ctx context.Context, actor care.Actor) (settings Settings, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		settings, err = readSettings(ctx, tx, actor.Org)
		return err
	})
	return settings, err
}

func readSettings(ctx context.Context, tx *db.Tx, org care.OrgID) (Settings, error) {
	settings, found, err := db.One(ctx, tx, func(row db.Scanner) (set Settings, err error) {
		var seconds int64
		err = row.Scan(&set.Version, &seconds, &set.ClientNames)
		set.EditWindow = time.Duration(seconds) * time.Second
		return set, err
	}, `SELECT version, edit_window, client_names FROM chat_settings WHERE org_id = $1`, org)
	if err != nil || !found {
		return defaultSettings, err
	}
	return settings, nil
}

// ChangeSettings saves how the organization chats. Refusals: forbidden without the
// permission manage_settings, invalid, version_conflict with the settings as they are.
func (s *Service) ChangeSettings(ctx context.Context, actor care.Actor, change SettingsChange) (settings Settings, err error) {
	if !actor.Can(care.ManageSettings) {
		return Settings{}, care.Refused("Changing this needs the permission “manage settings”.")
	}
	if err := change.check(); err != nil {
		return Settings{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := holdOrganization(ctx, tx, actor.Org); err != nil {
			return err
		}
		before, err := readSettings(ctx, tx, actor.Org)
		if err != nil {
			return err
		}
		settings = before
		if change.Version != before.Version {
			return changedMeanwhile(before)
		}
		if settings = change.over(before); settings == before {
			return nil
		}
		settings.Version++
		return s.saveSettings(ctx, tx, actor, before, settings)
	})
	return settings, err
}

// changedMeanwhile is the refusal of a change of settings that were seen before another's.
func changedMeanwhile(now any) *care.Error {
	refusal := care.Fail(care.Conflict, care.CodeVersionConflict, "Somebody changed this a moment ago. Review that change before you save.")
	refusal.Current = now
	return refusal
}

func (c SettingsChange) check() error {
	if w := c.EditWindow; w != nil && (*w < 0 || *w > MaxEditWindow) {
		return care.BadField("edit_window_seconds", "out_of_range", "Must be between 0 and 2,592,000 (30 days).")
	}
	if c.ClientNames != nil && !c.ClientNames.Valid() {
		return care.BadField("client_names", "unknown", "Must be full, initial or alias.")
	}
	return nil
}

func (c SettingsChange) over(settings Settings) Settings {
	if c.EditWindow != nil {
		settings.EditWindow = c.EditWindow.Truncate(time.Second)
	}
	if c.ClientNames != nil {
		settings.ClientNames = *c.ClientNames
	}
	return settings
}

func holdOrganization(ctx context.Context, tx *db.Tx, org care.OrgID) error {
	_, err := db.Many(ctx, tx, scanID[care.OrgID], `SELECT id FROM organizations WHERE id = $1`+tx.ForUpdate(), org)
	return err
}

func (s *Service) saveSettings(ctx context.Context, tx *db.Tx, actor care.Actor, before, after Settings) error {
	_, err := tx.Exec(ctx, `INSERT INTO chat_settings (org_id, version, edit_window, client_names) VALUES ($1, $2, $3, $4)
		ON CONFLICT (org_id) DO UPDATE SET version = excluded.version, edit_window = excluded.edit_window,
			client_names = excluded.client_names`,
		actor.Org, after.Version, int64(after.EditWindow/time.Second), string(after.ClientNames))
	if err != nil {
		return err
	}
	return audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(),
		audit.Act("organization.chat_settings_changed", audit.About("organization", actor.Org), map[string]any{
			"edit_window_seconds": map[string]any{"old": int64(before.EditWindow / time.Second), "new": int64(after.EditWindow / time.Second)},
			"client_names":        map[string]any{"old": string(before.ClientNames), "new": string(after.ClientNames)},
		}))
}
