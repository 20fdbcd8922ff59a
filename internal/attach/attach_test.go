package attach

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"hearth/internal/attach/inspect"
	"hearth/internal/blob"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

var ctx = context.Background()

// world is a store of files beside a database with two people of one practice.
type world struct {
	*testing.T
	db          *db.DB
	files       *blob.Store
	attach      *Service
	mu          sync.Mutex
	now         time.Time
	noor, maya  care.Actor
	folder      string
	nobodysFile care.AttachmentID
}

func engines(t *testing.T, test func(w *world)) {
	t.Helper()
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := &world{T: t, db: d, now: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC), folder: filepath.Join(t.TempDir(), "files")}
		var err error
		w.files, err = blob.Open(ctx, blob.Config{URL: w.folder, KeyFile: filepath.Join(t.TempDir(), "key"), Clock: time.Now, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		w.attach = New(d, w.clock, w.files, Limits{Bytes: 1 << 20})
		org := care.NewID[care.OrgID](w.now)
		w.exec(`INSERT INTO organizations (id, name, time_zone, second_factor, default_direct, default_community, version, created_at)
			VALUES ($1, 'Alder Row Clinic', 'UTC', 'optional', TRUE, TRUE, 1, 0)`, org)
		w.noor, w.maya = w.person(org, "Noor Haddad"), w.person(org, "Maya Lindqvist")
		w.nobodysFile = care.NewID[care.AttachmentID](w.now)
		test(w)
	})
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

func (w *world) write(fn func(tx *db.Tx) error) {
	w.Helper()
	if err := w.db.Write(ctx, fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) exec(query string, args ...any) {
	w.Helper()
	w.write(func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
}

func (w *world) person(org care.OrgID, name string) care.Actor {
	id := care.NewID[care.UserID](w.now)
	w.exec(`INSERT INTO people (id, org_id, kind, name, sort_name, created_at) VALUES ($1, $2, 'staff', $3, $4, 0)`, id, org, name, name)
	return care.Actor{Org: org, User: id, Kind: care.KindStaff, Name: name}
}

func (w *world) upload(actor care.Actor, name, content string) care.Attachment {
	w.Helper()
	a, err := w.attach.Upload(ctx, actor, name, strings.NewReader(content))
	if err != nil {
		w.Fatal(err)
	}
	return a
}

// claim joins files to a message as a send does.
func (w *world) claim(actor care.Actor, message care.MessageID, ids ...care.AttachmentID) (refusal *care.Error) {
	w.Helper()
	w.write(func(tx *db.Tx) error {
		files, err := Load(ctx, tx, ids)
		if err != nil {
			return err
		}
		if refusal = files.Check(actor, message, ids); refusal != nil {
			return nil
		}
		return Claim(ctx, tx, w.clock(), message, ids)
	})
	return refusal
}

func (w *world) of(message care.MessageID) (ids []care.AttachmentID) {
	w.Helper()
	w.write(func(tx *db.Tx) error {
		found, err := Of(ctx, tx, []care.MessageID{message})
		ids = nil
		for _, a := range found[message] {
			ids = append(ids, a.ID)
		}
		return err
	})
	return ids
}

// left tells what is stored: rows, and files in the store.
func (w *world) left() (rows, files int) {
	w.Helper()
	w.write(func(tx *db.Tx) error { return tx.QueryRow(ctx, `SELECT COUNT(*) FROM attachments`).Scan(&rows) })
	if err := w.files.List(ctx, func(blob.Name) error { files++; return nil }); err != nil {
		w.Fatal(err)
	}
	return rows, files
}

func (w *world) nothingLeft(after string) {
	w.Helper()
	if rows, files := w.left(); rows != 0 || files != 0 {
		w.Errorf("after %s: %d rows and %d files are left", after, rows, files)
	}
}

func (w *world) content(id care.AttachmentID, thumbnail bool) []byte {
	w.Helper()
	file, err := w.attach.Open(ctx, id, thumbnail)
	if err != nil {
		w.Fatal(err)
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		w.Fatal(err)
	}
	return data
}

func newMessage(w *world) care.MessageID { return care.NewID[care.MessageID](w.clock()) }

// shot is a picture as a phone sends it: lying on its side, with where it was taken.
func shot(t *testing.T) string {
	m := image.NewGray(image.Rect(0, 0, 800, 600))
	for i := range m.Pix {
		m.Pix[i] = uint8(i)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, nil); err != nil {
		t.Fatal(err)
	}
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00GPS 52.5200N 13.4050E"
	return "\xff\xd8\xff\xe1\x00" + string([]byte{byte(len(exif) + 2)}) + exif + out.String()[2:]
}

func TestUpload(t *testing.T) {
	engines(t, func(w *world) {
		a := w.upload(w.noor, "IMG 1.JPEG", shot(t))
		if a.MediaType != "image/jpeg" || a.Name != "IMG 1.JPEG" || a.Width != 600 || a.Height != 800 || !a.Thumbnail {
			w.Errorf("became %+v", a)
		}
		data, thumbnail := w.content(a.ID, false), w.content(a.ID, true)
		if int64(len(data)) != a.Size || bytes.Contains(data, []byte("GPS")) || bytes.Contains(thumbnail, []byte("GPS")) {
			w.Errorf("%d bytes of %d, or the place is still in it", len(data), a.Size)
		}
		if cfg, _, err := image.DecodeConfig(bytes.NewReader(thumbnail)); err != nil || cfg.Width != 480 || cfg.Height != 640 {
			w.Errorf("the thumbnail is %+v, %v", cfg, err)
		}
		note := w.upload(w.noor, "notes.csv", "day;mg/dl\n1;98\n")
		if note.MediaType != "text/csv" || note.Thumbnail || note.Size != 15 || string(w.content(note.ID, false)) != "day;mg/dl\n1;98\n" {
			w.Errorf("became %+v", note)
		}
		if _, err := w.attach.Open(ctx, note.ID, true); !errors.Is(err, care.NotFound) {
			w.Errorf("the thumbnail of a text: %v", err)
		}
	})
}

// Nothing of what people sent lies in the store in the clear, nor under its name.
func TestStoredEncrypted(t *testing.T) {
	engines(t, func(w *world) {
		w.upload(w.noor, "Leilani Kahale.txt", strings.Repeat("Leilani Kahale's values. ", 1000))
		err := filepath.WalkDir(w.folder, func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if bytes.Contains(data, []byte("Leilani")) || strings.Contains(path, "Leilani") {
				w.Errorf("%s can be read", path)
			}
			return err
		})
		if err != nil {
			w.Fatal(err)
		}
	})
}

func TestRefusedUploadLeavesNothing(t *testing.T) {
	engines(t, func(w *world) {
		broken := errors.New("the caller went away")
		var png1 bytes.Buffer
		if err := png.Encode(&png1, image.NewGray(image.Rect(0, 0, 300, 300))); err != nil {
			w.Fatal(err)
		}
		for what, c := range map[string]struct {
			name string
			r    io.Reader
			code string
		}{
			"a script":      {"a.svg", strings.NewReader("<svg onload=alert(1)>"), inspect.CodeType},
			"a name":        {"../a.txt", strings.NewReader("x"), inspect.CodeName},
			"half a PNG":    {"a.png", bytes.NewReader(png1.Bytes()[:png1.Len()-20]), inspect.CodeDamaged},
			"too much":      {"a.txt", strings.NewReader(strings.Repeat("x", 1<<20+1)), "too_large"},
			"a broken line": {"a.txt", io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)), ""},
		} {
			_, err := w.attach.Upload(ctx, w.noor, c.name, c.r)
			var refusal *care.Error
			switch {
			case c.code == "" && !errors.Is(err, broken):
				w.Errorf("%s: %v", what, err)
			case c.code != "" && (!errors.As(err, &refusal) || refusal.Fields[0].Code != c.code):
				w.Errorf("%s: %v, want %s", what, err, c.code)
			}
			w.nothingLeft(what)
		}
		w.upload(w.noor, "a.txt", strings.Repeat("x", 1<<20)) // as much as is allowed
	})
}

func TestClaim(t *testing.T) {
	engines(t, func(w *world) {
		one, two, three := w.upload(w.noor, "1.txt", "1").ID, w.upload(w.noor, "2.txt", "2").ID, w.upload(w.noor, "3.txt", "3").ID
		mayas := w.upload(w.maya, "m.txt", "m").ID
		message, other := newMessage(w), newMessage(w)
		refused := func(what string, refusal *care.Error, code string) {
			w.Helper()
			if refusal == nil || refusal.Fields[0].Field != "attachment_ids" || refusal.Fields[0].Code != code {
				w.Errorf("%s: %v, want %s", what, refusal, code)
			}
		}
		elsewhere := w.noor
		elsewhere.Org = care.NewID[care.OrgID](w.now)
		refused("another's", w.claim(w.noor, message, one, mayas), "unknown")
		refused("nobody's", w.claim(w.noor, message, w.nobodysFile), "unknown")
		refused("in another practice", w.claim(elsewhere, message, one), "unknown")
		refused("twice", w.claim(w.noor, message, one, one), "duplicate")
		if got := w.of(message); got != nil {
			w.Errorf("a refused claim joined %v", got)
		}
		for range 2 { // the same again, as a scheduled message that goes
			if refusal := w.claim(w.noor, message, two, one); refusal != nil {
				w.Fatal(refusal)
			}
			if got := w.of(message); !slices.Equal(got, []care.AttachmentID{two, one}) {
				w.Errorf("the message has %v", got)
			}
		}
		refused("of another message", w.claim(w.noor, other, three, one), "used")
		if err := w.attach.Discard(ctx, w.noor, one); !errors.Is(err, care.NotFound) {
			w.Errorf("discarding what a message has: %v", err)
		}
		if err := w.attach.Discard(ctx, w.maya, three); !errors.Is(err, care.NotFound) {
			w.Errorf("discarding another's: %v", err)
		}
		if err := w.attach.Discard(ctx, w.noor, three); err != nil {
			w.Error(err)
		}
		refused("what was discarded", w.claim(w.noor, other, three), "unknown")
	})
}

func TestSweep(t *testing.T) {
	engines(t, func(w *world) {
		message := newMessage(w)
		kept := w.upload(w.noor, "kept.jpg", shot(t)).ID
		if refusal := w.claim(w.noor, message, kept); refusal != nil {
			w.Fatal(refusal)
		}
		old := w.upload(w.noor, "old.jpg", shot(t)).ID
		// One whose upload the end of the process cut short.
		half := care.NewID[care.AttachmentID](w.now)
		if err := w.attach.announce(ctx, w.noor, half); err != nil {
			w.Fatal(err)
		}
		if _, err := w.files.Put(ctx, nameOf(half), strings.NewReader("half")); err != nil {
			w.Fatal(err)
		}
		w.pass(Abandoned - time.Minute)
		young := w.upload(w.noor, "young.txt", "x").ID
		w.sweep()
		if rows, files := w.left(); rows != 4 || files != 6 {
			w.Errorf("before the time %d rows and %d files are left", rows, files)
		}
		w.pass(2 * time.Minute)
		w.sweep()
		if rows, files := w.left(); rows != 2 || files != 3 {
			w.Errorf("%d rows and %d files are left", rows, files)
		}
		if refusal := w.claim(w.noor, newMessage(w), old); refusal == nil {
			w.Error("what was swept can be sent")
		}
		w.content(young, false)
		// The message is taken away: at once nobody has its files, soon after they are gone.
		w.write(func(tx *db.Tx) error { return Drop(ctx, tx, w.clock(), message) })
		w.write(func(tx *db.Tx) error {
			if _, found, err := Find(ctx, tx, kept); found || err != nil {
				w.Errorf("found after Drop: %v", err)
			}
			return nil
		})
		if refusal := w.claim(w.noor, newMessage(w), kept); refusal == nil {
			w.Error("what was taken away can be sent again")
		}
		w.sweep()
		if rows, files := w.left(); rows != 1 || files != 1 {
			w.Errorf("%d rows and %d files are left", rows, files)
		}
		w.pass(Abandoned + time.Minute)
		w.sweep()
		w.nothingLeft("everything")
	})
}

// What somebody keeps with what they are writing stays, however long, and a day longer;
// taken out by hand it goes at once.
func TestDraftsKeepTheirFiles(t *testing.T) {
	engines(t, func(w *world) {
		in := care.NewID[care.ConversationID](w.now)
		one, two, three := w.upload(w.noor, "one.txt", "1").ID, w.upload(w.noor, "two.txt", "2").ID, w.upload(w.noor, "three.txt", "3").ID
		keep := func(ids ...care.AttachmentID) {
			w.write(func(tx *db.Tx) error { return KeepDraft(ctx, tx, w.clock(), w.noor.User, in, ids) })
		}
		kept := func(want ...care.AttachmentID) {
			w.Helper()
			w.sweep()
			w.write(func(tx *db.Tx) error {
				drafted, err := Drafted(ctx, tx, w.noor.User)
				var ids []care.AttachmentID
				for _, f := range drafted[in] {
					ids = append(ids, f.ID)
				}
				if !slices.Equal(ids, want) || len(drafted) > 1 {
					w.Errorf("kept %v, want %v", drafted, want)
				}
				return err
			})
		}
		keep(three, one, two)
		w.pass(30 * 24 * time.Hour)
		kept(three, one, two)
		keep(two, three)
		w.pass(Abandoned - time.Minute)
		kept(two, three)
		w.content(one, false)
		w.pass(2 * time.Minute)
		kept(two, three)
		if rows, files := w.left(); rows != 2 || files != 2 {
			w.Errorf("let go of a day ago: %d rows, %d files", rows, files)
		}
		if refusal := w.claim(w.noor, newMessage(w), two); refusal != nil {
			w.Error(refusal)
		}
		kept(three)
		if err := w.attach.Discard(ctx, w.noor, three); err != nil {
			w.Error(err)
		}
		kept()
		if rows, files := w.left(); rows != 1 || files != 1 {
			w.Errorf("at the end %d rows, %d files", rows, files)
		}
	})
}

func (w *world) sweep() {
	w.Helper()
	if err := w.attach.Sweep(ctx); err != nil {
		w.Fatal(err)
	}
}

// One person cannot fill the store with what nobody will ever read.
func TestLooseFilesAreBounded(t *testing.T) {
	engines(t, func(w *world) {
		for i := range maxLoose {
			w.upload(w.noor, fmt.Sprint(i, ".txt"), "x")
		}
		_, err := w.attach.Upload(ctx, w.noor, "more.txt", strings.NewReader("x"))
		var refusal *care.Error
		if !errors.As(err, &refusal) || refusal.Code != care.CodeRateLimited || refusal.RetryAfter == 0 {
			w.Errorf("one more: %v", err)
		}
		w.upload(w.maya, "mine.txt", "x")
	})
}

// Two sends that name one file at the same time: one of them gets it.
func TestOneFileOneMessage(t *testing.T) {
	engines(t, func(w *world) {
		file := w.upload(w.noor, "a.txt", "x").ID
		var mu sync.Mutex
		won := 0
		var sending sync.WaitGroup
		for range 8 {
			sending.Go(func() {
				if w.claim(w.noor, newMessage(w), file) == nil {
					mu.Lock()
					won++
					mu.Unlock()
				}
			})
		}
		sending.Wait()
		if won != 1 {
			w.Errorf("%d messages have the file", won)
		}
	})
}
