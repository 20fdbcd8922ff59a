package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"hearth/internal/db"
	"hearth/internal/onboard"
)

// canaries are texts that stand where only some may read them. Each is one word that
// stands nowhere else.
var canaries = struct {
	note, oldNote, goneNote, groupNote, assignee string
	withheld, withheldEdit, direct, reason       string
	template, scheduled, draft, report, internal string
	withheldFile, directFile, draftFile          string
	blastTitle, blastScheduled, blastDraft       string
	blastBody, blastFile, recipient, skipped     string
}{
	note: "canarynotequince", oldNote: "canarynotemedlar", goneNote: "canarynotesloe", groupNote: "canarynotedamson",
	assignee: "Canaryassignee", withheld: "canarywithheldoats", withheldEdit: "canarywithheldrye",
	direct: "canarydirectbarley", reason: "canaryreasonmillet", template: "canarytemplatespelt", scheduled: "canaryscheduledteff",
	draft: "canarydraftmaize", report: "canaryreportsorghum", internal: "canaryinternalfarro",
	withheldFile: "canarywithheldfonio", directFile: "canarydirectfreekeh", draftFile: "canarydraftamaranth",
	blastTitle: "canaryblasttitlebulgur", blastScheduled: "canaryblastscheduledsago", blastDraft: "canaryblastdraftpoi",
	blastBody: "canaryblastbodygrits", blastFile: "canaryblastfilekasha", recipient: "Canaryrecipientquinoa", skipped: "Canaryskippedfreak",
}

type object = map[string]any

// person is somebody who is signed in, with everything their live connection heard.
type person struct {
	t     *testing.T
	url   string
	id    string
	token string

	ws    *websocket.Conn
	mu    sync.Mutex
	heard []string
}

func (p *person) do(method, path string, body any) (status int, kind string, answer []byte) {
	p.t.Helper()
	var sent io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			p.t.Fatal(err)
		}
		sent = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(p.t.Context(), method, p.url+"/api/v1"+path, sent)
	if err != nil {
		p.t.Fatal(err)
	}
	if p.token != "" {
		request.Header.Set("Authorization", "Bearer "+p.token)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	if answer, err = io.ReadAll(response.Body); err != nil {
		p.t.Fatal(err)
	}
	return response.StatusCode, response.Header.Get("Content-Type"), answer
}

// must makes a call that has to succeed.
func (p *person) must(method, path string, body any) (answer object) {
	p.t.Helper()
	status, _, text := p.do(method, path, body)
	if status >= 300 {
		p.t.Fatalf("%s %s: %d %s", method, path, status, text)
	}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &answer); err != nil {
			p.t.Fatal(err)
		}
	}
	return answer
}

// listen opens a live connection and keeps whatever comes over it.
func (p *person) listen() {
	p.t.Helper()
	options := &websocket.DialOptions{Subprotocols: []string{"hearth.v1", "bearer." + p.token}}
	ws, response, err := websocket.Dial(p.t.Context(), p.url+"/api/v1/live", options)
	if err != nil {
		p.t.Fatalf("live: %v %v", response, err)
	}
	ws.SetReadLimit(-1)
	p.ws = ws
	p.t.Cleanup(func() { _ = ws.CloseNow() })
	go func() {
		for {
			_, frame, err := ws.Read(context.WithoutCancel(p.t.Context()))
			if err != nil {
				return
			}
			p.mu.Lock()
			p.heard = append(p.heard, string(frame))
			p.mu.Unlock()
		}
	}()
	p.hears(`"hello"`)
}

func (p *person) frames() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.heard)
}

// hears waits for a frame with a text.
func (p *person) hears(part string) {
	p.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if slices.ContainsFunc(p.frames(), func(f string) bool { return strings.Contains(f, part) }) {
			return
		}
	}
	p.t.Fatalf("%q never came; %d frames did", part, len(p.frames()))
}

func (p *person) say(frame object) {
	p.t.Helper()
	text, err := json.Marshal(frame)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.ws.Write(p.t.Context(), websocket.MessageText, text); err != nil {
		p.t.Fatal(err)
	}
}

// aviary is a practice in which everything is full of canaries, another practice, and
// everybody connected while it happens.
type aviary struct {
	*testing.T
	url                                                string
	owner, noor, sam, elias, leilani, maya, stranger   *person
	elsewhere, recipient                               *person
	mailed                                             string // the conversation of a blast
	blastIDs                                           []string
	assigneeID, direct, community, team, noteID, fresh string
	ids                                                []string // of everything, for the places of paths
	told                                               *heard   // what a webhook is sent
	secret                                             string   // of the webhook
}

const canaryPassword = "correct horse battery"

func (a *aviary) signIn(email string) *person {
	a.Helper()
	p := &person{t: a.T, url: a.url}
	answer := p.must("POST", "/sessions", object{"email": email, "password": canaryPassword, "bearer": true})
	p.token, _ = answer["token"].(string)
	p.id, _ = answer["user"].(object)["id"].(string)
	a.ids = append(a.ids, p.id)
	p.listen()
	return p
}

// practice makes an organization beside the running server and signs its owner in.
func (a *aviary) practice(d *db.DB, name, email string) *person {
	a.Helper()
	_, err := SetUp(a.Context(), d, time.Now, onboard.NewPractice{Organization: name, OwnerName: "Owner of " + name, OwnerEmail: email}, canaryPassword)
	if err != nil {
		a.Fatal(err)
	}
	return a.signIn(email)
}

func (a *aviary) add(by *person, path, name, email string, more object) *person {
	a.Helper()
	more["name"], more["email"], more["password"] = name, email, canaryPassword
	by.must("POST", path, more)
	return a.signIn(email)
}

// know keeps the id of an answer, to be tried in every path.
func (a *aviary) know(answer object) string {
	id, _ := answer["id"].(string)
	a.ids = append(a.ids, id)
	return id
}

func newAviary(t *testing.T, url string, d *db.DB) *aviary {
	t.Helper()
	a := &aviary{T: t, url: url}
	a.owner = a.practice(d, "Alder Row", "owner@alder.example")
	other := a.practice(d, "Maple Court", "owner@maple.example")
	a.elsewhere = other
	a.stranger = a.add(other, "/clients", "Stranger Elsewhere", "stranger@maple.example", object{"primary_provider_id": other.id})
	a.noor = a.add(a.owner, "/staff", "Noor Haddad", "noor@alder.example", object{"role": "provider"})
	a.elias = a.add(a.owner, "/staff", "Elias Brandt", "elias@alder.example", object{"role": "provider"})
	a.sam = a.add(a.owner, "/staff", "Sam Whitehorse", "sam@alder.example", object{"role": "support"})
	a.assigneeID = a.add(a.owner, "/staff", canaries.assignee, "assignee@alder.example", object{"role": "support"}).id
	a.leilani = a.add(a.owner, "/clients", "Leilani Kahale", "leilani@client.example", object{"primary_provider_id": a.noor.id})
	a.maya = a.add(a.owner, "/clients", "Maya Lindqvist", "maya@client.example", object{"primary_provider_id": a.noor.id})
	a.listen()
	a.open()
	a.fill()
	return a
}

func (a *aviary) open() {
	a.Helper()
	start := func(kind string, members ...string) string {
		return a.know(a.noor.must("POST", "/conversations", object{"kind": kind, "member_ids": members}))
	}
	a.direct = start("direct", a.leilani.id)
	a.community = start("community", a.leilani.id, a.maya.id)
	a.team = start("internal", a.sam.id)
}

func (a *aviary) post(by *person, in, body string) string {
	a.Helper()
	return a.know(by.must("POST", "/conversations/"+in+"/messages", object{"body": body}))
}

// fill puts the canaries where they belong, while everybody listens and staff look on.
func (a *aviary) fill() {
	a.Helper()
	for _, who := range []*person{a.sam, a.noor, a.leilani, a.elias, a.stranger} {
		who.say(object{"type": "viewing", "conversation_id": a.direct, "typing": true})
	}
	a.sam.hears(`"presence"`)
	a.post(a.leilani, a.direct, "Good morning "+canaries.direct)
	a.postFile(a.leilani, a.direct, canaries.directFile)
	a.post(a.maya, a.community, "Hello all")
	a.post(a.noor, a.team, canaries.internal)
	a.notes()
	a.assignments()
	a.staffOnly()
	a.blasts()
	a.withhold()
}

func (a *aviary) notes() {
	a.Helper()
	write := func(in, body string) string {
		return a.know(a.sam.must("POST", "/conversations/"+in+"/notes", object{"body": body}))
	}
	a.noteID = write(a.direct, canaries.oldNote)
	a.sam.must("PATCH", "/notes/"+a.noteID, object{"body": "She sounds tired. " + canaries.note})
	a.sam.must("DELETE", "/notes/"+write(a.direct, canaries.goneNote), nil)
	write(a.community, canaries.groupNote)
	a.noor.hears(canaries.note)
}

func (a *aviary) assignments() {
	a.Helper()
	for _, in := range []string{a.direct, a.community} {
		a.sam.must("PUT", "/conversations/"+in+"/assignee", object{"user_id": a.assigneeID})
	}
	a.noor.hears(`"assignee":{"id":"` + a.assigneeID)
	a.sam.hears(`"queue.updated"`)
}

// staffOnly writes what else a client must not see.
func (a *aviary) staffOnly() {
	a.Helper()
	a.know(a.owner.must("POST", "/templates", object{"scope": "organization", "title": canaries.template, "body": canaries.template}))
	later := time.Now().Add(time.Hour).UTC().Format(time.RFC3339Nano)
	a.know(a.noor.must("POST", "/conversations/"+a.direct+"/messages", object{"body": canaries.scheduled, "send_at": later}))
	a.noor.must("PUT", "/conversations/"+a.direct+"/draft", object{
		"body": canaries.draft, "attachment_ids": []string{a.file(a.noor, canaries.draftFile)},
	})
	reported := a.post(a.maya, a.community, "Something odd")
	a.noor.must("POST", "/conversations/"+a.community+"/messages/"+reported+"/report", object{"reason": canaries.report})
}

// file sends a file whose name and content is a canary.
func (a *aviary) file(by *person, canary string) string {
	a.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", canary+".txt")
	if err == nil {
		_, err = io.WriteString(part, "What "+canary+" says")
	}
	if err = errors.Join(err, w.Close()); err != nil {
		a.Fatal(err)
	}
	request, err := http.NewRequestWithContext(a.Context(), "POST", a.url+"/api/v1/attachments", &form)
	if err != nil {
		a.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+by.token)
	request.Header.Set("Content-Type", w.FormDataContentType())
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		a.Fatal(err)
	}
	defer response.Body.Close()
	var answer object
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || response.StatusCode != 201 {
		a.Fatalf("%d %v", response.StatusCode, err)
	}
	return a.know(answer)
}

// postFile sends it with a message of its own.
func (a *aviary) postFile(by *person, in, canary string) {
	a.Helper()
	a.know(by.must("POST", "/conversations/"+in+"/messages", object{"attachment_ids": []string{a.file(by, canary)}}))
}

// withhold turns Leilani's community chat off and goes on talking.
func (a *aviary) withhold() {
	a.Helper()
	path := "/clients/" + a.leilani.id + "/chat-access"
	version := a.owner.must("GET", path, nil)["version"]
	a.owner.must("PUT", path, object{"version": version, "community": "off", "reason": canaries.reason})
	a.leilani.hears(`"chat_access.changed"`)
	first := a.post(a.maya, a.community, "Lunch? "+canaries.withheld)
	messages := "/conversations/" + a.community + "/messages"
	a.maya.must("PUT", messages+"/"+first+"/reactions/🌾", nil)
	a.know(a.noor.must("POST", messages, object{"body": "Yes " + canaries.withheld, "reply_to": first}))
	second := a.post(a.maya, a.community, canaries.withheld)
	a.postFile(a.maya, a.community, canaries.withheldFile)
	a.maya.must("PATCH", messages+"/"+second, object{"body": canaries.withheldEdit})
	a.fresh = a.post(a.noor, a.direct, "The last word")
	a.maya.hears(canaries.withheldEdit)
	a.leilani.hears("The last word") // and what was published before it came before
	for _, who := range []*person{a.maya, a.stranger, a.elias} {
		who.say(object{"type": "read", "conversation_id": a.direct, "seq": 1, "ref": "end"})
		who.hears(`"end"`)
	}
}

// exports asks for every form of a conversation's export that there is, and waits.
func (a *aviary) exports(by *person, paths object) {
	a.Helper()
	for _, in := range []string{a.direct, a.community, a.mailed} {
		for _, format := range []string{"pdf", "json", "html"} {
			if paths["/api/v1/conversations/{id}/exports"] == nil {
				return
			}
			asked := object{"format": format, "attachments": true, "time_zone": "UTC"}
			a.await(by, a.know(by.must("POST", "/conversations/"+in+"/exports", asked)))
		}
	}
}

func (a *aviary) await(by *person, export string) {
	a.Helper()
	for end := time.Now().Add(60 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		switch state := fmt.Sprint(by.must("GET", "/exports/"+export, nil)["state"]); {
		case state == "ready":
			return
		case state != "queued" && state != "running", time.Now().After(end):
			a.Fatalf("the export is %s", state)
		}
	}
}
