package transcript

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/internal/attach"
	"hearth/internal/blob"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/jobs"
	"hearth/internal/testkit"
	"hearth/internal/transcript/pdf/pdftest"
)

var ctx = context.Background()

// world is a practice with two members of staff and three clients, and a second practice.
type world struct {
	testing.TB
	db     *db.DB
	chat   *chat.Service
	attach *attach.Service
	files  *blob.Store
	made   *Service
	runner *jobs.Runner

	mu  sync.Mutex
	now time.Time

	org, other          care.OrgID
	noor, sam, mallory  care.Actor // owner; support with the inbox; owner elsewhere
	leilani, maya, omar care.Actor
}

type deaf struct{}

func (deaf) Publish(...care.Event) {}

func engines(t *testing.T, test func(w *world)) {
	t.Helper()
	testkit.Engines(t, func(t *testing.T, d *db.DB) { test(newWorld(t, d)) })
}

func newWorld(t testing.TB, d *db.DB) *world {
	w := &world{TB: t, db: d, now: time.Date(2026, 3, 2, 22, 30, 0, 0, time.UTC)}
	var err error
	w.files, err = blob.Open(ctx, blob.Config{URL: filepath.Join(t.TempDir(), "files"), KeyFile: filepath.Join(t.TempDir(), "key"), Clock: time.Now, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	w.chat = chat.New(d, w.clock, deaf{})
	t.Cleanup(w.chat.Close)
	w.attach = attach.New(d, w.clock, w.files, attach.Limits{})
	w.made = New(d, w.clock, w.chat, directory.New(d, w.clock), w.attach, w.files, nil)
	w.runner = w.newRunner()
	w.org, w.other = w.organization("Alder Row Clinic"), w.organization("Elsewhere")
	w.noor, w.sam = w.staff(w.org, "Noor Haddad", care.RoleOwner), w.staff(w.org, "Sam Whitehorse", care.RoleSupport)
	w.mallory = w.staff(w.other, "Mallory Canary", care.RoleOwner)
	w.leilani, w.maya, w.omar = w.client("Leilani Kahale"), w.client("Maya Lindqvist"), w.client("Omar Qureshi")
	return w
}

func (w *world) newRunner() *jobs.Runner {
	r := jobs.New(w.db, w.clock, jobs.Config{})
	w.made.Register(r)
	return r
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) exec(query string, args ...any) {
	w.Helper()
	err := w.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) count(query string, args ...any) (n int) {
	w.Helper()
	err := w.db.Read(ctx, func(tx *db.Tx) error { return tx.QueryRow(ctx, query, args...).Scan(&n) })
	if err != nil {
		w.Fatal(err)
	}
	return n
}

func (w *world) organization(name string) care.OrgID {
	id := care.NewID[care.OrgID](w.now)
	w.exec(`INSERT INTO organizations (id, name, time_zone, second_factor, default_direct, default_community, version, created_at)
		VALUES ($1, $2, 'Europe/Berlin', 'optional', TRUE, TRUE, 1, 0)`, id, name)
	return id
}

func (w *world) person(org care.OrgID, kind care.PersonKind, name string) care.UserID {
	id := care.NewID[care.UserID](w.now)
	w.exec(`INSERT INTO people (id, org_id, kind, name, sort_name, created_at, request_hash) VALUES ($1, $2, $3, $4, LOWER($5), 0, $6)`,
		id, org, string(kind), name, name, []byte{})
	return id
}

func (w *world) staff(org care.OrgID, name string, role care.Role) care.Actor {
	id := w.person(org, care.KindStaff, name)
	w.exec(`INSERT INTO staff (user_id, org_id, role, clients_may_start, active, version) VALUES ($1, $2, $3, TRUE, TRUE, 1)`, id, org, string(role))
	return care.Actor{Org: org, User: id, Kind: care.KindStaff, Name: name, Role: role, Permissions: care.DefaultPermissions(role)}
}

func (w *world) client(name string) care.Actor {
	id := w.person(w.org, care.KindClient, name)
	w.exec(`INSERT INTO clients (user_id, org_id, state, primary_provider_id, default_direct, default_community, version)
		VALUES ($1, $2, 'active', $3, TRUE, TRUE, 1)`, id, w.org, w.noor.User)
	w.exec(`INSERT INTO care_team (client_id, staff_id) VALUES ($1, $2)`, id, w.noor.User)
	return care.Actor{Org: w.org, User: id, Kind: care.KindClient, Name: name}
}

func (w *world) open(kind care.ConversationKind, members ...care.Actor) care.ConversationID {
	w.Helper()
	o := chat.Opening{Kind: kind}
	for _, m := range members {
		o.Members = append(o.Members, m.User)
	}
	opened, err := w.chat.Open(ctx, w.noor, o)
	if err != nil {
		w.Fatal(err)
	}
	return opened.Conversation.ID
}

func (w *world) say(actor care.Actor, in care.ConversationID, body string, more ...func(*chat.Draft)) care.Message {
	w.Helper()
	d := chat.Draft{Conversation: in, Body: body}
	for _, change := range more {
		change(&d)
	}
	m, _, err := w.chat.Send(ctx, actor, d)
	if err != nil {
		w.Fatal(err)
	}
	return m
}

func (w *world) upload(actor care.Actor, name string, content []byte) care.AttachmentID {
	w.Helper()
	a, err := w.attach.Upload(ctx, actor, name, bytes.NewReader(content))
	if err != nil {
		w.Fatal(err)
	}
	return a.ID
}

func picture() []byte {
	p := image.NewNRGBA(image.Rect(0, 0, 60, 40))
	for i := range 60 {
		p.Set(i, i%40, color.NRGBA{200, 30, 30, 255})
	}
	var out bytes.Buffer
	_ = png.Encode(&out, p)
	return out.Bytes()
}

func (w *world) ask(actor care.Actor, in care.ConversationID, r Request) Export {
	w.Helper()
	e, _, err := w.made.Ask(ctx, actor, in, r)
	if err != nil {
		w.Fatal(err)
	}
	return e
}

func (w *world) work() {
	w.Helper()
	if _, err := w.runner.Work(ctx); err != nil {
		w.Fatal(err)
	}
}

func (w *world) get(actor care.Actor, id ID) Export {
	w.Helper()
	e, err := w.made.Get(ctx, actor, id)
	if err != nil {
		w.Fatal(err)
	}
	return e
}

func (w *world) fetch(actor care.Actor, id ID) []byte {
	w.Helper()
	f, err := w.made.Fetch(ctx, actor, id)
	if err != nil {
		w.Fatal(err)
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	if err != nil {
		w.Fatal(err)
	}
	return content
}

// export asks for one, has it made, and gives the file.
func (w *world) export(actor care.Actor, in care.ConversationID, r Request) []byte {
	w.Helper()
	e := w.ask(actor, in, r)
	w.work()
	if got := w.get(actor, e.ID); got.State != Ready || got.Done != got.Total {
		w.Fatalf("the export is %+v", got)
	}
	return w.fetch(actor, e.ID)
}

// everything gives the words of an export in every format, with and without attachments.
func (w *world) everything(actor care.Actor, in care.ConversationID) map[string]string {
	w.Helper()
	all := map[string]string{}
	for _, f := range []Format{PDF, HTML, JSON} {
		all[string(f)] = w.words(f, w.export(actor, in, Request{Format: f}))
		files := unzip(w.TB, w.export(actor, in, Request{Format: f, Attachments: true}))
		for name, content := range files {
			if strings.HasPrefix(name, "conversation.") {
				all[string(f)+" in zip"] = w.words(f, content)
			} else {
				all[string(f)+" in zip"] += name + " "
			}
		}
	}
	return all
}

// words squeezes what a document says, so that line breaks do not matter.
func (w *world) words(f Format, content []byte) string {
	w.Helper()
	switch f {
	case PDF:
		return pdftest.Read(w.TB, content).Text()
	case JSON:
		if !json.Valid(content) {
			w.Fatalf("not JSON: %s", content)
		}
	}
	return pdftest.Squeeze(string(content))
}

func unzip(t testing.TB, content []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func (w *world) refused(err error, code care.Code) {
	w.Helper()
	var refusal *care.Error
	if !errors.As(err, &refusal) || refusal.Code != code {
		w.Errorf("%v, want %s", err, code)
	}
}

// stored counts the files of exports.
func (w *world) stored() (n int) {
	w.Helper()
	err := w.files.List(ctx, func(name blob.Name) error {
		if strings.HasPrefix(string(name), "exports/") {
			n++
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	return n
}
