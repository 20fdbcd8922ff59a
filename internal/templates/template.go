package templates

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/fields"
)

// ID names a template.
type ID = care.ID[templateKind]

type templateKind struct{}

// Scope says whose a template is.
type Scope string

// The scopes.
const (
	Mine         Scope = "mine"
	Organization Scope = "organization"
)

// Bounds in characters. A template leaves room for what its fields become.
const (
	MaxTitle = 100
	MaxBody  = 10_000
)

// Template is a text to write with.
type Template struct {
	ID      ID
	Scope   Scope
	Title   string
	Body    string // with fields in double braces
	Version int64

	owner care.UserID
}

// New is a template to make. A zero ID is filled by the server.
type New struct {
	ID    ID
	Scope Scope
	Title string
	Body  string
}

// Change names what is to change; nil leaves it. Version is the one that was seen.
type Change struct {
	Version int64
	Title   *string
	Body    *string
}

// Service is the use cases of templates.
type Service struct {
	db        *db.DB
	clock     care.Clock
	chat      *chat.Service
	directory *directory.Service
}

// NewService makes the service.
func NewService(d *db.DB, clock care.Clock, chats *chat.Service, people *directory.Service) *Service {
	return &Service{db: d, clock: clock, chat: chats, directory: people}
}

const columns = `id, owner_id, title, body, version`

func scan(row db.Scanner) (t Template, err error) {
	err = row.Scan(&t.ID, &t.owner, &t.Title, &t.Body, &t.Version)
	t.Scope = Mine
	if t.owner.IsZero() {
		t.Scope = Organization
	}
	return t, err
}

// List gives the actor's own templates and the organization's, by title, at most limit
// after where cursor ended; next is "" on the last page. An empty scope means both.
func (s *Service) List(ctx context.Context, actor care.Actor, scope Scope, cursor string, limit int) (list []Template, next string, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return nil, "", refusal
	}
	title, id, err := readCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	args := []any{actor.Org, title, id, limit + 1}
	whose := `owner_id IS NULL`
	if scope != Organization {
		args = append(args, actor.User)
		whose = map[Scope]string{Mine: `owner_id = $5`}[scope]
		if whose == "" {
			whose = `(owner_id IS NULL OR owner_id = $5)`
		}
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, err = db.Many(ctx, tx, scan, `SELECT `+columns+` FROM templates
			WHERE org_id = $1 AND (sort_title > $2 OR (sort_title = $2 AND id > $3)) AND `+whose+`
			ORDER BY sort_title, id LIMIT $4`, args...)
		return err
	})
	if err == nil && len(list) > limit {
		list = list[:limit]
		last := list[limit-1]
		next = cursorOf(directory.SortName(last.Title), last.ID)
	}
	return list, next, err
}

// A page continues behind a title, with the id to tell equal ones apart.
func cursorOf(title string, id ID) string {
	return base64.RawURLEncoding.EncodeToString(append(id[:], title...))
}

func readCursor(text string) (title string, id ID, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || (text != "" && len(raw) <= len(id)) || !utf8.Valid(raw[min(len(raw), len(id)):]) {
		return "", id, care.BadField("cursor", "malformed", "Must be the next_cursor of the page before.")
	}
	if text == "" {
		return "", id, nil
	}
	copy(id[:], raw)
	return string(raw[len(id):]), id, nil
}

// Create makes a template. existed is true when the same request made it before.
func (s *Service) Create(ctx context.Context, actor care.Actor, n New) (t Template, existed bool, err error) {
	if refusal := mayChange(actor, n.Scope); refusal != nil {
		return t, false, refusal
	}
	if n.Title, err = checked(n.Title, n.Body); err != nil {
		return t, false, err
	}
	if n.ID.IsZero() {
		n.ID = care.NewID[ID](s.clock())
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		t, existed, err = s.create(ctx, tx, actor, n)
		return err
	})
	return t, existed, err
}

func (s *Service) create(ctx context.Context, tx *db.Tx, actor care.Actor, n New) (Template, bool, error) {
	hash, owner := n.hash(actor), actor.User
	if n.Scope == Organization {
		owner = care.UserID{}
	}
	now := s.clock()
	added, err := tx.Exec(ctx, `
		INSERT INTO templates (id, org_id, owner_id, title, sort_title, body, version, request_hash, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8) ON CONFLICT (id) DO NOTHING`,
		n.ID, actor.Org, owner, n.Title, directory.SortName(n.Title), n.Body, hash, db.Millis(now))
	if err != nil {
		return Template{}, false, err
	}
	if added == 0 {
		return repeated(ctx, tx, n.ID, hash)
	}
	t := Template{ID: n.ID, Scope: n.Scope, Title: n.Title, Body: n.Body, Version: 1, owner: owner}
	return t, false, s.record(ctx, tx, actor, t, "template.created")
}

// repeated gives the template that this very request made before.
func repeated(ctx context.Context, tx *db.Tx, id ID, hash []byte) (Template, bool, error) {
	old, _, err := db.One(ctx, tx, func(row db.Scanner) (h []byte, err error) {
		err = row.Scan(&h)
		return h, err
	},
		`SELECT request_hash FROM templates WHERE id = $1`, id)
	if err != nil {
		return Template{}, false, err
	}
	if !bytes.Equal(old, hash) {
		return Template{}, false, care.Fail(care.Conflict, care.CodeIDReused, "This id was used for something else. Make a new one.")
	}
	t, _, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM templates WHERE id = $1`, id)
	return t, true, err
}

func (n New) hash(actor care.Actor) []byte {
	h := sha256.New()
	for _, part := range []string{actor.User.String(), string(n.Scope), n.Title, n.Body} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return h.Sum(nil)[:16]
}

// Edit changes a template. With another version than the one that is, it fails as
// version_conflict with the template as Current.
func (s *Service) Edit(ctx context.Context, actor care.Actor, id ID, change Change) (t Template, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if t, err = load(ctx, tx, actor, id, tx.ForUpdate()); err != nil {
			return err
		}
		if refusal := mayChange(actor, t.Scope); refusal != nil {
			return refusal
		}
		if t.Version != change.Version {
			return conflict(t)
		}
		return s.edit(ctx, tx, actor, &t, change)
	})
	return t, err
}

func (s *Service) edit(ctx context.Context, tx *db.Tx, actor care.Actor, t *Template, change Change) (err error) {
	before := *t
	if change.Title != nil {
		t.Title = *change.Title
	}
	if change.Body != nil {
		t.Body = *change.Body
	}
	if t.Title, err = checked(t.Title, t.Body); err != nil {
		return err
	}
	if *t == before {
		return nil
	}
	t.Version++
	_, err = tx.Exec(ctx, `UPDATE templates SET title = $2, sort_title = $3, body = $4, version = $5 WHERE id = $1`,
		t.ID, t.Title, directory.SortName(t.Title), t.Body, t.Version)
	if err != nil {
		return err
	}
	return s.record(ctx, tx, actor, *t, "template.changed")
}

// Delete takes a template away. Texts that were written with it stay as they are.
func (s *Service) Delete(ctx context.Context, actor care.Actor, id ID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		t, err := load(ctx, tx, actor, id, tx.ForUpdate())
		if err != nil {
			return err
		}
		if refusal := mayChange(actor, t.Scope); refusal != nil {
			return refusal
		}
		if _, err := tx.Exec(ctx, `DELETE FROM templates WHERE id = $1`, id); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, t, "template.deleted")
	})
}

// load gives a template that the actor may see: their own, or the organization's.
func load(ctx context.Context, tx *db.Tx, actor care.Actor, id ID, lock string) (Template, error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return Template{}, refusal
	}
	t, found, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM templates
		WHERE id = $1 AND org_id = $2 AND (owner_id IS NULL OR owner_id = $3)`+lock, id, actor.Org, actor.User)
	if err == nil && !found {
		err = care.Missing("template")
	}
	return t, err
}

func mayChange(actor care.Actor, scope Scope) *care.Error {
	if scope == Organization {
		return access.ManageSettings(actor)
	}
	return access.NeedStaff(actor)
}

// checked gives the trimmed title of a template that can be saved.
func checked(title, body string) (string, error) {
	title = strings.TrimSpace(title)
	if err := care.CheckText("title", title, 1, MaxTitle); err != nil {
		return "", err
	}
	if strings.ContainsFunc(title, unicode.IsControl) {
		return "", care.BadField("title", "characters", "Must be one line without control characters.")
	}
	if err := care.CheckText("body", body, 1, MaxBody); err != nil {
		return "", err
	}
	if err := fields.Check(body, fields.All...); err != nil {
		return "", err
	}
	return title, nil
}

func conflict(current any) *care.Error {
	failure := care.Fail(care.Conflict, care.CodeVersionConflict, "This was changed meanwhile. Look at it before you save.")
	failure.Current = current
	return failure
}

// record notes changes of what belongs to the organization; what is somebody's own is
// theirs.
func (s *Service) record(ctx context.Context, tx *db.Tx, actor care.Actor, t Template, action string) error {
	if t.Scope != Organization {
		return nil
	}
	return audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(), audit.Act(action, audit.About("template", t.ID), nil))
}
