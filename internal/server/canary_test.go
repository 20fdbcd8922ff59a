package server

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/json"
	"io"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hearth/internal/db"
	"hearth/internal/testkit"
)

// TestNothingHiddenIsReadAnywhere walks every GET of the API's own document, with every id
// there is in every place, as people who may not see what others may: no answer and no
// live frame has a word of it. Calls that are added later are walked without being named
// here. The same walk by those who may see it finds every canary, or it would prove
// nothing.
func TestNothingHiddenIsReadAnywhere(t *testing.T) {
	for name, place := range map[string]func(*Config){
		"sqlite":   func(*Config) {},
		"postgres": func(c *Config) { c.DatabaseURL = testkit.EmptyPostgresURL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			var cfg Config
			r := start(t, func(c *Config) {
				c.Unlimited = true
				c.AllowPrivate = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
				place(c)
				cfg = *c
			})
			shared := cfg.Store()
			shared.Shared = true
			d, err := db.Open(t.Context(), shared)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			a := newAviary(t, r.url, d)
			a.walkAll(a.document())
			a.live()
			a.called()
			if log := r.log.String(); strings.Contains(log, "canary") {
				t.Error("the log says what people wrote")
			}
		})
	}
}

func (a *aviary) document() (paths object) {
	a.Helper()
	paths, _ = a.owner.must("GET", "/openapi.json", nil)["paths"].(object)
	if len(paths) < 40 {
		a.Fatalf("%d paths in the document", len(paths))
	}
	return paths
}

// walkAll lists who must not find what, and who must.
func (a *aviary) walkAll(paths object) {
	c := canaries
	notes := []string{c.note, c.oldNote, c.goneNote, c.groupNote}
	staffs := []string{c.assignee, a.assigneeID, c.reason, c.template, c.scheduled, c.draft, c.draftFile, c.report, c.internal}
	withheld := []string{c.withheld, c.withheldEdit, c.withheldFile}
	hidden := slices.Concat(notes, staffs)
	mailings := slices.Concat(a.blastIDs, []string{c.blastTitle, c.blastScheduled, c.blastDraft, c.skipped})
	blasts := slices.Concat(mailings, []string{"blast_id", c.recipient}) // to clients
	a.exports(a.leilani, paths)
	a.exports(a.owner, paths)
	leilani := a.walk(a.leilani, paths)
	leilani.lacks(hidden, withheld, blasts)
	leilani.has(c.direct, c.directFile, c.blastBody, c.blastFile)
	maya := a.walk(a.maya, paths)
	maya.lacks(hidden, blasts, []string{c.direct, c.directFile})
	maya.has(c.withheld, c.withheldEdit, c.withheldFile, c.blastBody, c.blastFile)
	a.walk(a.recipient, paths).lacks(hidden, mailings, []string{"blast_id", "Leilani", "Maya"})
	everything := slices.Concat(hidden, withheld, blasts, []string{c.direct, c.directFile, c.blastBody, c.blastFile})
	a.walk(a.stranger, paths).lacks(everything, []string{a.leilani.id, "Leilani", "Maya"})
	a.walk(a.elsewhere, paths).lacks(everything, []string{a.leilani.id, "Leilani", "Maya", "Noor"})
	// A colleague in none of it; the names of colleagues and the templates are for all staff.
	elias := a.walk(a.elias, paths)
	elias.lacks(notes, withheld, blasts, []string{c.scheduled, c.draft, c.draftFile, c.report, c.internal, c.direct, c.directFile, c.blastBody, c.blastFile})
	elias.has(c.template)
	a.walk(&person{t: a.T, url: a.url}, paths).lacks(everything)
	owner := a.walk(a.owner, paths)
	owner.has(c.blastTitle, c.blastScheduled, c.blastBody, c.blastFile, c.recipient, c.skipped)
	owner.lacks([]string{c.blastDraft})
	owner.has(c.note, c.groupNote, c.oldNote, c.goneNote, c.assignee, c.reason, c.withheldEdit, c.withheldFile, c.direct, c.directFile, c.report)
	noor := a.walk(a.noor, paths)
	noor.has(c.note, c.scheduled, c.draft, c.draftFile, c.assignee, c.internal)
	noor.has(c.blastTitle, c.blastScheduled, c.blastDraft, c.recipient, c.skipped, "blast_id")
}

// read is everything that somebody could read, by the request.
type read struct {
	t     *testing.T
	texts map[string]string
}

func (r read) lacks(lists ...[]string) {
	r.t.Helper()
	for request, text := range r.texts {
		for _, canary := range slices.Concat(lists...) {
			if strings.Contains(strings.ToLower(text), strings.ToLower(canary)) {
				r.t.Errorf("%s gives %s", request, canary)
			}
		}
	}
}

func (r read) has(words ...string) {
	r.t.Helper()
	for _, canary := range words {
		found := false
		for _, text := range r.texts {
			found = found || strings.Contains(text, canary)
		}
		if !found {
			r.t.Errorf("%s is found nowhere by who may read it", canary)
		}
	}
}

// walk makes every GET with everything that could be asked.
func (a *aviary) walk(who *person, paths object) read {
	a.Helper()
	seen := read{a.T, map[string]string{}}
	for template, item := range paths {
		get, is := item.(object)["get"].(object)
		if !is || strings.HasSuffix(template, "/live") {
			continue
		}
		for _, path := range a.places(strings.TrimPrefix(template, "/api/v1")) {
			for _, query := range a.queries(get) {
				status, kind, body := who.do("GET", path+query, nil)
				if status >= 500 {
					a.Errorf("GET %s%s: %d %s", path, query, status, body)
				}
				if status == 200 {
					seen.texts[path+query] = plainOf(a.T, kind, body)
				}
				if status == 404 && len(a.queries(get)) > 1 && strings.Contains(path, "/") {
					break // whatever else is asked of what is not there
				}
			}
		}
	}
	if len(seen.texts) == 0 {
		a.Error("the walk read nothing")
	}
	return seen
}

var inBraces = regexp.MustCompile(`\{[^}]+\}`)

// places puts every id in every place of a path; where something in a conversation is
// named, every conversation there is.
func (a *aviary) places(template string) []string {
	at := inBraces.FindStringIndex(template)
	if at == nil {
		return []string{template}
	}
	ids := a.ids
	if strings.HasPrefix(template, "/conversations/{") && strings.Count(template, "{") > 1 {
		ids = []string{a.direct, a.community, a.team, a.mailed}
	}
	var all []string
	for _, id := range ids {
		all = append(all, a.places(template[:at[0]]+id+template[at[1]:])...)
	}
	return all
}

// queries gives what can be asked of a call: nothing, each parameter with each of its
// values, and each pair of choices.
func (a *aviary) queries(get object) []string {
	required, choices := url.Values{}, []url.Values{}
	list, _ := get["parameters"].([]any)
	for _, one := range list {
		p := one.(object)
		if p["in"] != "query" {
			continue
		}
		name := p["name"].(string)
		for i, value := range a.values(name, p["schema"].(object)) {
			if p["required"] == true && i == 0 {
				required.Set(name, value)
			}
			choices = append(choices, url.Values{name: {value}})
		}
	}
	all := []string{asked(required)}
	for i, one := range choices {
		all = append(all, asked(required, one))
		for _, other := range choices[i+1:] {
			if paired(one, other) {
				all = append(all, asked(required, one, other))
			}
		}
	}
	return all
}

// paired reports whether two choices are tried with each other: those of which list, and
// what is looked for in which list.
func paired(one, other url.Values) bool {
	list := func(v url.Values) bool { return v.Has("inbox") || v.Has("queue") || v.Has("state") }
	for name := range one {
		if other.Has(name) {
			return false
		}
	}
	return list(one) && list(other) || one.Has("q") && other.Has("inbox") || one.Has("inbox") && other.Has("q")
}

func asked(parts ...url.Values) string {
	all := url.Values{}
	for _, part := range parts {
		for name, values := range part {
			all[name] = values
		}
	}
	if len(all) == 0 {
		return ""
	}
	return "?" + all.Encode()
}

// values gives what is worth asking of a parameter.
func (a *aviary) values(name string, schema object) (all []string) {
	if enum, is := schema["enum"].([]any); is {
		for _, value := range enum {
			all = append(all, value.(string))
		}
		return all
	}
	switch {
	case name == "limit" || name == "cursor":
		return nil
	case schema["type"] == "boolean":
		return []string{"true"}
	case schema["type"] == "integer":
		return []string{"1", "2", "5"}
	case schema["format"] == "uuid":
		return []string{a.direct, a.community, a.leilani.id, a.maya.id}
	case schema["format"] == "date-time" || name == "before" || name == "after":
		return []string{"2020-01-01T00:00:00Z", "2200-01-01T00:00:00Z"}
	case name == "time_zone":
		return []string{"UTC"}
	case name == "q" || name == "from" || name == "action":
		return []string{
			canaries.note, canaries.oldNote, canaries.goneNote, canaries.groupNote, canaries.assignee, canaries.withheld,
			canaries.withheldEdit, canaries.direct, canaries.internal, canaries.draft, "canary", "note.created", "Leilani",
			canaries.blastBody, canaries.blastTitle, "blast.created",
		}
	}
	return []string{canaries.note, "canary"}
}

// plainOf gives what is in an answer, also where it is packed.
func plainOf(t *testing.T, kind string, body []byte) string {
	t.Helper()
	text := string(body)
	switch {
	case strings.Contains(kind, "json"):
		var value any
		if json.Unmarshal(body, &value) == nil { // so that no escape hides a word
			var plain bytes.Buffer
			encoder := json.NewEncoder(&plain)
			encoder.SetEscapeHTML(false)
			_ = encoder.Encode(value)
			text += plain.String()
		}
	case bytes.HasPrefix(body, []byte("PK")):
		text += unzipped(t, body)
	case bytes.HasPrefix(body, []byte("%PDF")):
		text += inflated(body)
	}
	return text
}

func unzipped(t *testing.T, body []byte) (text string) {
	t.Helper()
	packed, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range packed.File {
		in, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		_ = in.Close()
		text += file.Name + plainOf(t, "", content)
	}
	return text
}

var streams = regexp.MustCompile(`(?s)stream\r?\n(.*?)endstream`)

// inflated gives the streams of a PDF that are packed.
func inflated(body []byte) (text string) {
	for _, match := range streams.FindAllSubmatch(body, -1) {
		if in, err := zlib.NewReader(bytes.NewReader(match[1])); err == nil {
			content, _ := io.ReadAll(in) // up to where it is one
			text += string(content)
		}
	}
	return text
}

// live looks through the frames that came while it all happened.
func (a *aviary) live() {
	c := canaries
	notes := []string{c.note, c.oldNote, c.goneNote, c.groupNote, `"note.`, `"presence"`, `"queue.updated"`, a.noteID}
	staffs := []string{c.assignee, a.assigneeID, c.reason, c.template, c.scheduled, c.draft, c.draftFile, c.report, c.internal}
	frames := func(who *person) read {
		seen := read{a.T, map[string]string{}}
		for _, frame := range who.frames() {
			seen.texts["the frame "+frame] = frame
		}
		return seen
	}
	blasts := slices.Concat(a.blastIDs, []string{c.blastTitle, c.blastScheduled, c.blastDraft, c.skipped, c.recipient, "blast_id", "blast.progress"})
	frames(a.leilani).lacks(notes, staffs, blasts, []string{c.withheld, c.withheldEdit, c.withheldFile})
	frames(a.leilani).has(c.blastBody, c.blastBody+"-edited", c.blastFile)
	frames(a.maya).lacks(notes, staffs, blasts, []string{c.direct, c.directFile, c.blastBody + "-edited"})
	frames(a.recipient).lacks(notes, staffs, []string{"Leilani", "Maya", a.leilani.id, a.maya.id, "blast_id", "blast.progress", c.blastTitle, c.skipped})
	foreign := []string{c.withheld, c.withheldFile, c.direct, c.directFile, c.blastBody, a.leilani.id, a.direct, a.community, a.team}
	frames(a.stranger).lacks(notes, staffs, blasts, foreign)
	own := slices.DeleteFunc(slices.Clone(notes), func(word string) bool { return word == `"queue.updated"` }) // of their own practice
	frames(a.elsewhere).lacks(own, staffs, blasts, foreign)
	frames(a.elias).lacks(notes, blasts, []string{c.withheld, c.withheldFile, c.direct, c.directFile, c.draft, c.draftFile, c.scheduled, c.blastBody})
	frames(a.noor).has(c.note, c.assignee, c.withheldEdit, "blast.progress", "blast_id")
	frames(a.sam).has(c.note, `"presence"`, `"queue.updated"`)
}
