package transcript

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/transcript/pdf/pdftest"
)

// long is a conversation with everything a message can have.
func (w *world) long() (in care.ConversationID, deleted string) {
	w.Helper()
	in = w.open(care.Direct, w.leilani)
	first := w.say(w.leilani, in, "Good **evening**, how much *water*?\n- one glass\n- two\n\nsee [the plan](https://example.org/plan) or https://example.com/x")
	w.pass(time.Hour) // over midnight in Berlin
	w.say(w.noor, in, "Two litres & a <b>bit</b>.", func(d *chat.Draft) { d.ReplyTo = first.ID })
	if _, err := w.chat.React(ctx, w.noor, in, first.ID, "👍", true); err != nil {
		w.Fatal(err)
	}
	w.pass(time.Minute)
	wrong := w.say(w.noor, in, "firsttry")
	if _, err := w.chat.Edit(ctx, w.noor, in, wrong.ID, "second try"); err != nil {
		w.Fatal(err)
	}
	gone := w.say(w.noor, in, "canarydeleted")
	if err := w.chat.Delete(ctx, w.noor, in, gone.ID); err != nil {
		w.Fatal(err)
	}
	w.say(w.sam, in, "From the desk", func(d *chat.Draft) { d.OnBehalfOf = w.noor.User })
	w.say(w.leilani, in, "`x := 1`\n```\ncode block\n```")
	return in, "canarydeleted"
}

func TestEveryFormatShowsWhatTheThreadShows(t *testing.T) {
	engines(t, func(w *world) {
		in, deleted := w.long()
		for name, text := range w.everything(w.noor, in) {
			for _, want := range []string{
				"Leilani Kahale", "Noor Haddad", "one glass", "https://example.org/plan", "the plan", "second try",
				"Sam Whitehorse", "code block", "x := 1", "Alder Row Clinic",
			} {
				if !strings.Contains(text, pdftest.Squeeze(want)) {
					w.Errorf("%s has no %q", name, want)
				}
			}
			if strings.Contains(text, deleted) || strings.Contains(text, "firsttry") {
				w.Errorf("%s tells what was deleted", name)
			}
			if strings.HasPrefix(name, "json") {
				continue
			}
			for _, want := range []string{
				"Monday, 2 March 2026", "Tuesday, 3 March 2026", "23:30", "00:30", "Sam Whitehorse on behalf of Noor Haddad",
				"edited 3 March 2026, 00:31", "Message deleted", "Direct conversation", "Times", "Europe/Berlin",
				"Good evening, how much water? one glass", // the quote
			} {
				squeezed := text
				for _, tag := range []string{"<strong>", "</strong>", "<em>", "</em>", "</dt><dddir=\"auto\">"} {
					squeezed = strings.ReplaceAll(squeezed, tag, "")
				}
				if !strings.Contains(squeezed, pdftest.Squeeze(want)) {
					w.Errorf("%s has no %q", name, want)
				}
			}
		}
	})
}

func TestThePDFIsAWholeDocument(t *testing.T) {
	engines(t, func(w *world) {
		in, _ := w.long()
		f := pdftest.Read(w.TB, w.export(w.leilani, in, Request{Format: PDF, TimeZone: "America/New_York"}))
		text := f.Text()
		for _, want := range []string{"Good evening, how much water?", "•", "Two litres & a <b>bit</b>.", "Reactions: [thumbs up] × 1", "17:30", "Page 1 of"} {
			if !strings.Contains(text, pdftest.Squeeze(want)) {
				w.Errorf("no %q in %s", want, text)
			}
		}
		want := []string{"https://example.org/plan", "https://example.com/x"}
		if !slices.Equal(f.Links, want) || f.Marks != 1 {
			w.Errorf("links %q, %d days", f.Links, f.Marks)
		}
	})
}

func TestTheHTMLRunsNothing(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.leilani)
		w.say(w.leilani, in, `<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) "quoted" & done`)
		page := string(w.export(w.noor, in, Request{Format: HTML}))
		for _, bad := range []string{"<script", "<img", "javascript:alert(1)\"", " src=\"http", "url("} {
			if strings.Contains(page, bad) {
				w.Errorf("the page has %s", bad)
			}
		}
		for _, want := range []string{"&lt;script&gt;alert(1)", "default-src &#39;none&#39;", "@media print", "</html>"} {
			if !strings.Contains(strings.ReplaceAll(page, "default-src 'none'", "default-src &#39;none&#39;"), want) {
				w.Errorf("the page has no %s", want)
			}
		}
	})
}

func TestTheJSONIsItsDocumentedShape(t *testing.T) {
	engines(t, func(w *world) {
		in, _ := w.long()
		var got struct {
			Format       string
			Version      int
			Organization string
			TimeZone     string `json:"time_zone"`
			Conversation struct {
				ID, Kind string
				Members  []struct{ Name, Kind string }
			}
			Messages []struct {
				Seq        int
				Kind       string
				Author     struct{ ID, Name, Kind string }
				OnBehalfOf *struct{ Name string } `json:"on_behalf_of"`
				Body       string
				Quoted     *struct {
					Seq  int
					Body string
				}
				Reactions []struct {
					Emoji   string
					UserIDs []string `json:"user_ids"`
				}
				Attachments []any
				CreatedAt   time.Time  `json:"created_at"`
				EditedAt    *time.Time `json:"edited_at"`
				DeletedAt   *time.Time `json:"deleted_at"`
			}
			Count int
		}
		if err := json.Unmarshal(w.export(w.noor, in, Request{Format: JSON}), &got); err != nil {
			w.Fatal(err)
		}
		list := got.Messages
		if got.Format != "hearth.conversation" || got.Version != 1 || got.Organization != "Alder Row Clinic" || got.TimeZone != "Europe/Berlin" ||
			got.Conversation.ID != in.String() || len(got.Conversation.Members) < 2 || got.Count != 6 || len(list) != 6 {
			w.Fatalf("%+v", got)
		}
		if list[0].Reactions[0].Emoji != "👍" || len(list[0].Reactions[0].UserIDs) != 1 || list[1].Quoted.Seq != 1 || list[2].EditedAt == nil ||
			list[3].Body != "" || list[3].DeletedAt == nil || list[4].OnBehalfOf.Name != "Noor Haddad" || list[5].Attachments == nil {
			w.Errorf("%+v", list)
		}
	})
}

func TestAttachmentsLieInTheZIP(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.leilani)
		note := []byte("Keep a food diary.\n")
		ids := []care.AttachmentID{w.upload(w.leilani, "plate.png", picture()), w.upload(w.leilani, "food diary.txt", note)}
		w.say(w.leilani, in, "", func(d *chat.Draft) { d.Attachments = ids })
		gone := w.say(w.leilani, in, "", func(d *chat.Draft) {
			d.Attachments = []care.AttachmentID{w.upload(w.leilani, "canary.txt", []byte("gone"))}
		})
		if err := w.chat.Delete(ctx, w.leilani, in, gone.ID); err != nil {
			w.Fatal(err)
		}
		for _, f := range []Format{PDF, HTML, JSON} {
			files := unzip(w.TB, w.export(w.leilani, in, Request{Format: f, Attachments: true}))
			if len(files) != 3 || !bytes.Equal(files["files/000001-2-food diary.txt"], note) || !bytes.HasPrefix(files["files/000001-1-plate.png"], []byte("\x89PNG")) {
				w.Errorf("%s: %d files", f, len(files))
			}
			document := files["conversation."+string(f)]
			switch f {
			case PDF:
				if pdftest.Read(w.TB, document).Images != 1 {
					w.Error("the PDF does not show the picture")
				}
			case HTML:
				if !bytes.Contains(document, []byte(`src="data:image/`)) || !bytes.Contains(document, []byte(`href="files/000001-2-food%20diary.txt"`)) {
					w.Errorf("the page is %s", document)
				}
			case JSON:
				if !bytes.Contains(document, []byte(`"file":"files/000001-1-plate.png"`)) {
					w.Errorf("the JSON is %s", document)
				}
			}
			alone := w.words(f, w.export(w.leilani, in, Request{Format: f}))
			if !strings.Contains(alone, "plate.png") || strings.Contains(alone, "files/00") || strings.Contains(alone, "canary") {
				w.Errorf("%s without attachments: %s", f, alone)
			}
		}
	})
}

// TestNothingHiddenIsInAnyExport puts canaries where the requester may not read: withheld
// posts, posts before joining, whole names of fellow clients, staff notes, another
// conversation, another practice.
func TestNothingHiddenIsInAnyExport(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Community, w.leilani, w.omar)
		other := w.open(care.Direct, w.omar)
		w.say(w.omar, other, "canary of another thread")
		before := w.say(w.omar, in, "canary before joining")
		if _, err := w.chat.AddMember(ctx, w.noor, in, w.maya.User); err != nil {
			w.Fatal(err)
		}
		w.say(w.omar, in, "welcome "+care.Mention(w.leilani.User), func(d *chat.Draft) { d.ReplyTo = before.ID })
		w.exec(`INSERT INTO staff_notes (id, org_id, conversation_id, after_seq, author_id, body, content_hash, created_at)
			VALUES ($1, $2, $3, 1, $4, 'canary of a note', $5, 0)`, care.NewID[care.NoteID](w.now), w.org, in, w.noor.User, []byte{})
		w.exec(`UPDATE clients SET own_community = FALSE WHERE user_id = $1`, w.maya.User)
		err := w.db.Write(ctx, func(tx *db.Tx) error { return w.chat.Withhold(ctx, tx, []care.UserID{w.maya.User}, time.Time{}) })
		if err != nil {
			w.Fatal(err)
		}
		w.say(w.omar, in, "canary withheld", func(d *chat.Draft) {
			d.Attachments = []care.AttachmentID{w.upload(w.omar, "canary.txt", []byte("x"))}
		})
		for name, text := range w.everything(w.maya, in) {
			for _, bad := range []string{"canary", "Qureshi", "Kahale"} {
				if strings.Contains(text, bad) {
					w.Errorf("%s tells a client %s: %s", name, bad, text)
				}
			}
			for _, want := range []string{"welcome", "Omar Q.", "Leilani K.", "Maya Lindqvist"} {
				if !strings.Contains(text, pdftest.Squeeze(want)) {
					w.Errorf("%s has no %q", name, want)
				}
			}
		}
		for name, text := range w.everything(w.noor, in) {
			if !strings.Contains(text, "canarywithheld") || !strings.Contains(text, "OmarQureshi") || strings.Contains(text, "canaryofa") {
				w.Errorf("%s for staff is %s", name, text)
			}
		}
	})
}

func TestClientsExportWithChatOff(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.leilani)
		w.say(w.leilani, in, "before it was turned off")
		w.exec(`UPDATE clients SET own_direct = FALSE, own_community = FALSE WHERE user_id = $1`, w.leilani.User)
		text := w.words(JSON, w.export(w.leilani, in, Request{Format: JSON}))
		if !strings.Contains(text, "beforeitwasturnedoff") {
			w.Error(text)
		}
	})
}

func TestAnEmptyConversation(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Internal, w.sam)
		for name, text := range w.everything(w.noor, in) {
			if strings.Contains(name, "json") != strings.Contains(text, `"count":0`) || !strings.Contains(name, "json") && !strings.Contains(text, "Therearenomessages") {
				w.Errorf("%s is %s", name, text)
			}
		}
	})
}

func TestNamesOfFilesLeadNowhereElse(t *testing.T) {
	for name, want := range map[string]string{
		"../../etc/passwd": "_.._etc_passwd", `C:\a|b?.txt`: "C__a_b_.txt", " . ": "file", "a\u202egpj.exe": "a_gpj.exe", "Rezept für Öl.pdf": "Rezept für Öl.pdf",
		strings.Repeat("x", 300) + ".pdf": strings.Repeat("x", 96) + ".pdf",
	} {
		if got := safeName(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}

func TestLongConversationsAreReadPageByPage(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.leilani)
		const n = 2*pageSize + 7
		for i := range n {
			w.say(w.leilani, in, fmt.Sprintf("message number %d.", i+1))
		}
		var got struct{ Messages []struct{ Seq int } }
		if err := json.Unmarshal(w.export(w.noor, in, Request{Format: JSON}), &got); err != nil || len(got.Messages) != n {
			w.Fatalf("%d messages, %v", len(got.Messages), err)
		}
		for i, m := range got.Messages {
			if m.Seq != i+1 {
				w.Fatalf("place %d has %d", i, m.Seq)
			}
		}
		f := pdftest.Read(w.TB, w.export(w.noor, in, Request{Format: PDF}))
		if text := f.Text(); strings.Count(text, "messagenumber") != n || !strings.Contains(text, fmt.Sprintf("messagenumber%d.", n)) || len(f.Pages) < 10 {
			w.Errorf("%d pages", len(f.Pages))
		}
	})
}
