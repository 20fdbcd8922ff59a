package transcript

import (
	"encoding/json"
	"time"

	"hearth/internal/care"
)

// The shape of the JSON, as docs/guide/export.md tells it. Keys are added, never changed
// or removed, while jsonVersion stays.
const (
	jsonFormat  = "hearth.conversation"
	jsonVersion = 1
)

type jsonHead struct {
	Format       string           `json:"format"`
	Version      int              `json:"version"`
	ExportedAt   moment           `json:"exported_at"`
	ExportedBy   jsonPerson       `json:"exported_by"`
	TimeZone     string           `json:"time_zone"`
	Organization string           `json:"organization"`
	Conversation jsonConversation `json:"conversation"`
}

type jsonConversation struct {
	ID        care.ConversationID   `json:"id"`
	Kind      care.ConversationKind `json:"kind"`
	Subject   string                `json:"subject"`
	Title     string                `json:"title"`
	Members   []jsonPerson          `json:"members"`
	CreatedAt moment                `json:"created_at"`
	ClosedAt  moment                `json:"closed_at"`
}

type jsonPerson struct {
	ID   *care.UserID    `json:"id"` // null is the program
	Name string          `json:"name"`
	Kind care.PersonKind `json:"kind"`
}

type jsonMessage struct {
	ID          care.MessageID   `json:"id"`
	Seq         int64            `json:"seq"`
	Kind        care.MessageKind `json:"kind"`
	Author      jsonPerson       `json:"author"`
	OnBehalfOf  *jsonPerson      `json:"on_behalf_of"`
	Body        string           `json:"body"`
	Text        string           `json:"text"`
	Mentions    []jsonPerson     `json:"mentions"`
	ReplyTo     *care.MessageID  `json:"reply_to"`
	Quoted      *jsonQuote       `json:"quoted"`
	Reactions   []jsonReaction   `json:"reactions"`
	Attachments []jsonFile       `json:"attachments"`
	CreatedAt   moment           `json:"created_at"`
	EditedAt    moment           `json:"edited_at"`
	DeletedAt   moment           `json:"deleted_at"`
}

type jsonQuote struct {
	ID      care.MessageID `json:"id"`
	Seq     int64          `json:"seq"`
	Author  jsonPerson     `json:"author"`
	Body    string         `json:"body"`
	Deleted bool           `json:"deleted"`
}

type jsonReaction struct {
	Emoji   string        `json:"emoji"`
	UserIDs []care.UserID `json:"user_ids"`
}

type jsonFile struct {
	ID        care.AttachmentID `json:"id"`
	Name      string            `json:"name"`
	Size      int64             `json:"size"`
	MediaType string            `json:"media_type"`
	File      *string           `json:"file"` // in the ZIP; null where it is not there
}

// moment is a time as the API writes it; null for none.
type moment time.Time

// MarshalJSON writes UTC with milliseconds.
func (m moment) MarshalJSON() ([]byte, error) {
	if time.Time(m).IsZero() {
		return []byte("null"), nil
	}
	return []byte(time.Time(m).UTC().Format(`"2006-01-02T15:04:05.000Z"`)), nil
}

// jsonDocument writes one message a line.
type jsonDocument struct {
	head
	out   *keeper
	count int
}

func (d *jsonDocument) begin() {
	c := d.Conversation
	of := jsonConversation{
		ID: c.ID, Kind: c.Kind, Subject: c.Subject, Title: d.title(), Members: []jsonPerson{},
		CreatedAt: moment(c.CreatedAt), ClosedAt: moment(c.ClosedAt),
	}
	for _, m := range c.Members {
		of.Members = append(of.Members, personOf(m.Person))
	}
	text := d.encode(jsonHead{jsonFormat, jsonVersion, moment(d.At), personOf(d.By), d.ZoneName, d.Practice, of})
	d.out.text(text[:len(text)-1], ",\n\"messages\": [")
}

func (d *jsonDocument) message(e entry) {
	if d.count > 0 {
		d.out.text(",")
	}
	d.count++
	d.out.text("\n", d.encode(messageOf(e)))
}

func (d *jsonDocument) end() error {
	d.out.text("\n],\n\"count\": ", d.encode(d.count), "}\n")
	return d.out.err
}

func (d *jsonDocument) encode(v any) string {
	text, err := json.Marshal(v)
	if err != nil && d.out.err == nil {
		d.out.err = err
	}
	return string(text)
}

func personOf(p care.Person) jsonPerson {
	of := jsonPerson{Name: p.Name, Kind: p.Kind}
	if !p.ID.IsZero() {
		of.ID = &p.ID
	}
	return of
}

func messageOf(e entry) jsonMessage {
	m := jsonMessage{
		ID: e.ID, Seq: e.Seq, Kind: e.Kind, Author: personOf(e.Author), Mentions: []jsonPerson{},
		Reactions: []jsonReaction{}, Attachments: []jsonFile{},
		CreatedAt: moment(e.CreatedAt), EditedAt: moment(e.EditedAt), DeletedAt: moment(e.DeletedAt),
	}
	if e.OnBehalfOf != nil {
		p := personOf(*e.OnBehalfOf)
		m.OnBehalfOf = &p
	}
	if !e.deleted() {
		m.fill(e)
	}
	return m
}

// fill adds what a deleted message has no more.
func (m *jsonMessage) fill(e entry) {
	m.Body = e.Body
	m.Text = care.PlainMentions(e.Body, e.nameOf)
	if e.Kind == care.SystemMessage {
		m.Text = e.notice()
	}
	for _, p := range e.Mentions {
		m.Mentions = append(m.Mentions, personOf(p))
	}
	if !e.ReplyTo.IsZero() {
		m.ReplyTo = &e.ReplyTo
	}
	if q := e.Quoted; q != nil {
		m.Quoted = &jsonQuote{q.ID, q.Seq, personOf(q.Author), q.Body, q.Deleted}
	}
	for _, r := range e.Reactions {
		m.Reactions = append(m.Reactions, jsonReaction{r.Emoji, r.Users})
	}
	for _, f := range e.Files {
		of := jsonFile{ID: f.ID, Name: f.Name, Size: f.Size, MediaType: f.MediaType}
		if f.Path != "" {
			of.File = &f.Path
		}
		m.Attachments = append(m.Attachments, of)
	}
}
