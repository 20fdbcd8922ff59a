package templates

import (
	"context"
	"strings"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/fields"
)

// Text gives what a template says in a conversation that the actor may read, and the
// fields for which there is nothing. Where there is not exactly one client, as in a
// community chat, the fields about a client are empty.
func (s *Service) Text(ctx context.Context, actor care.Actor, id ID, in care.ConversationID) (text string, missing []fields.Field, err error) {
	var t Template
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		t, err = load(ctx, tx, actor, id, "")
		return err
	})
	if err != nil {
		return "", nil, err
	}
	c, err := s.chat.Conversation(ctx, actor, in)
	if err != nil {
		return "", nil, err
	}
	var values map[fields.Field]string
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		values, err = valuesFor(ctx, tx, actor.Org, c)
		return err
	})
	text, missing = fields.Fill(t.Body, values)
	return text, missing, err
}

// valuesFor collects what the fields stand for.
func valuesFor(ctx context.Context, tx *db.Tx, org care.OrgID, c chat.Conversation) (map[fields.Field]string, error) {
	var practice string
	if err := tx.QueryRow(ctx, `SELECT name FROM organizations WHERE id = $1`, org).Scan(&practice); err != nil {
		return nil, err
	}
	values := map[fields.Field]string{fields.Practice: fields.Plain(practice)}
	if c.Kind != care.Direct {
		return values, nil
	}
	var client, provider string
	err := tx.QueryRow(ctx, `SELECT p.name, d.name FROM clients c JOIN people p ON p.id = c.user_id
		JOIN people d ON d.id = c.primary_provider_id WHERE c.user_id = $1`, c.ClientID).Scan(&client, &provider)
	if err != nil {
		return nil, err
	}
	values[fields.FirstName], values[fields.Provider] = fields.First(client), fields.Plain(provider)
	own, err := readNextStep(ctx, tx, org, c.ClientID)
	if err == nil && own.Text == "" {
		own, err = readNextStep(ctx, tx, org, care.UserID(org))
	}
	values[fields.NextStep] = own.Text
	return values, err
}

// MaxNextStep bounds the text of a next step, in characters.
const MaxNextStep = 500

// Step is what comes next for one client, or for all clients of the organization who
// have none of their own; "" is none. Version is 0 while it was never set.
type Step struct {
	Text    string
	Version int64
}

func readNextStep(ctx context.Context, tx *db.Tx, org care.OrgID, subject care.UserID) (Step, error) {
	step, _, err := db.One(ctx, tx, func(row db.Scanner) (n Step, err error) {
		err = row.Scan(&n.Text, &n.Version)
		return n, err
	}, `SELECT text, version FROM next_steps WHERE subject_id = $1 AND org_id = $2`, subject, org)
	return step, err
}

// ClientNextStep gives a client's own next step, to staff who may see the client.
func (s *Service) ClientNextStep(ctx context.Context, actor care.Actor, client care.UserID) (step Step, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if err := s.seesClient(ctx, tx, actor, client); err != nil {
			return err
		}
		step, err = readNextStep(ctx, tx, actor.Org, client)
		return err
	})
	return step, err
}

// SetClientNextStep changes a client's own next step; "" removes it. Any member of staff
// who may see the client may.
func (s *Service) SetClientNextStep(ctx context.Context, actor care.Actor, client care.UserID, wanted Step) (step Step, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.seesClient(ctx, tx, actor, client); err != nil {
			return err
		}
		step, err = s.setNextStep(ctx, tx, actor, client, audit.About("client", client), wanted)
		return err
	})
	return step, err
}

func (s *Service) seesClient(ctx context.Context, tx *db.Tx, actor care.Actor, client care.UserID) error {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return refusal
	}
	_, err := s.directory.ClientIn(ctx, tx, actor, client)
	return err
}

// OrganizationNextStep gives the next step of clients without one of their own, to staff.
func (s *Service) OrganizationNextStep(ctx context.Context, actor care.Actor) (step Step, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return step, refusal
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		step, err = readNextStep(ctx, tx, actor.Org, care.UserID(actor.Org))
		return err
	})
	return step, err
}

// SetOrganizationNextStep changes it; "" removes it.
func (s *Service) SetOrganizationNextStep(ctx context.Context, actor care.Actor, wanted Step) (step Step, err error) {
	if refusal := access.ManageSettings(actor); refusal != nil {
		return step, refusal
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		step, err = s.setNextStep(ctx, tx, actor, care.UserID(actor.Org), audit.About("organization", actor.Org), wanted)
		return err
	})
	return step, err
}

// setNextStep writes a next step whose version is the one that was seen. Two who write the
// first one at once are told apart by the row they both want to make.
func (s *Service) setNextStep(ctx context.Context, tx *db.Tx, actor care.Actor, subject care.UserID, about audit.Subject, wanted Step) (Step, error) {
	wanted.Text = strings.TrimSpace(wanted.Text)
	if err := checkNextStep(wanted.Text); err != nil {
		return wanted, err
	}
	statement := `UPDATE next_steps SET text = $3, version = version + 1 WHERE subject_id = $1 AND org_id = $2 AND version = $4`
	values := []any{subject, actor.Org, wanted.Text, wanted.Version}
	if wanted.Version == 0 {
		statement = `INSERT INTO next_steps (subject_id, org_id, text, version) VALUES ($1, $2, $3, 1) ON CONFLICT DO NOTHING`
		values = values[:3]
	}
	n, err := tx.Exec(ctx, statement, values...)
	if err != nil {
		return wanted, err
	}
	if n == 0 {
		current, err := readNextStep(ctx, tx, actor.Org, subject)
		if err == nil {
			err = conflict(current)
		}
		return current, err
	}
	wanted.Version++
	return wanted, audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(), audit.Act("next_step.changed", about, nil))
}

func checkNextStep(text string) error {
	if err := care.CheckText("text", text, 0, MaxNextStep); err != nil {
		return err
	}
	if strings.Contains(text, "{{") || strings.Contains(text, "<@") {
		return care.BadField("text", "characters", "Must not contain fields or mentions.")
	}
	return nil
}
