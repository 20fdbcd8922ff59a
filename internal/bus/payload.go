package bus

import (
	"encoding/base64"
	"encoding/json"
	"fmt"

	"hearth/internal/care"
)

// PostgreSQL refuses notifications of 8000 bytes and more.
const (
	maxPayload    = 7900
	maxReceivers  = 200 // of one event; an event to more people travels as several
	payloadEnd    = "]}"
	payloadFormat = `{"n":%q,"e":[`
)

// key is an id in its shortest text.
type key [16]byte

func (k key) MarshalText() ([]byte, error) {
	return base64.RawURLEncoding.AppendEncode(nil, k[:]), nil
}

func (k *key) UnmarshalText(text []byte) error {
	if len(text) != base64.RawURLEncoding.EncodedLen(len(k)) {
		return fmt.Errorf("an id of %d characters", len(text))
	}
	_, err := base64.RawURLEncoding.Decode(k[:], text)
	return err
}

// parcel is an event as it travels: ids, and words of the program.
type parcel struct {
	Type         care.EventType  `json:"t"`
	Org          key             `json:"o"`
	To           []key           `json:"u,omitempty"`
	Conversation key             `json:"c,omitzero"`
	Seq          int64           `json:"s,omitempty"`
	Session      key             `json:"x,omitzero"`
	Person       key             `json:"p,omitzero"`
	PersonKind   care.PersonKind `json:"k,omitempty"`
	Reason       string          `json:"r,omitempty"`
	Client       key             `json:"a,omitzero"`
	Scheduled    key             `json:"m,omitzero"`
	Names        care.NameStyle  `json:"n,omitempty"`
	Direct       bool            `json:"ad,omitempty"`
	Community    bool            `json:"ac,omitempty"`
	Queue        bool            `json:"q,omitempty"`
	Note         key             `json:"z,omitzero"`
	Blast        key             `json:"b,omitzero"`
	Notice       key             `json:"i,omitzero"`
}

type letter struct {
	Node    string   `json:"n"`
	Parcels []parcel `json:"e"`
}

// packAll writes the events into as few payloads as hold them, in their order.
func packAll(node string, events []care.Event) []string {
	head := fmt.Sprintf(payloadFormat, node)
	var payloads []string
	current := []byte(head)
	for _, e := range events {
		for _, p := range parcels(e) {
			text, err := json.Marshal(p)
			if err != nil {
				continue // cannot be: a parcel is made of ids and words
			}
			if len(current)+len(text)+len(payloadEnd)+1 > maxPayload {
				payloads = append(payloads, string(current)+payloadEnd)
				current = []byte(head)
			}
			if len(current) > len(head) {
				current = append(current, ',')
			}
			current = append(current, text...)
		}
	}
	if len(current) > len(head) {
		payloads = append(payloads, string(current)+payloadEnd)
	}
	return payloads
}

// parcels leaves out what people wrote and their names, and splits a long list of
// receivers.
func parcels(e care.Event) []parcel {
	p := parcel{
		Type: e.Type, Org: key(e.Org), Conversation: key(e.Conversation), Seq: e.Seq,
		Session: key(e.Session), Person: key(e.Person.ID), PersonKind: e.Person.Kind,
		Client: key(e.Client), Scheduled: key(e.Scheduled), Names: e.Names, Direct: e.Direct, Community: e.Community,
		Queue: e.Queue, Note: key(e.Note), Blast: key(e.Blast), Notice: key(e.Notice),
	}
	if e.Type == care.EventSessionEnded || e.Type == care.EventPresence {
		p.Reason = e.Text
	}
	list := []parcel{}
	for start := 0; start == 0 || start < len(e.To); start += maxReceivers {
		part := p
		for _, user := range e.To[start:min(start+maxReceivers, len(e.To))] {
			part.To = append(part.To, key(user))
		}
		list = append(list, part)
	}
	return list
}

func unpack(payload string) (letter, error) {
	var l letter
	err := json.Unmarshal([]byte(payload), &l)
	return l, err
}

func (p parcel) event() care.Event {
	e := care.Event{
		Type: p.Type, Org: care.OrgID(p.Org), Conversation: care.ConversationID(p.Conversation), Seq: p.Seq,
		Session: care.SessionID(p.Session), Person: care.Person{ID: care.UserID(p.Person), Kind: p.PersonKind},
		Text: p.Reason, Client: care.UserID(p.Client), Scheduled: care.MessageID(p.Scheduled), Names: p.Names, Direct: p.Direct, Community: p.Community,
		Queue: p.Queue, Note: care.NoteID(p.Note), Blast: care.BlastID(p.Blast), Notice: care.NoticeID(p.Notice),
	}
	for _, user := range p.To {
		e.To = append(e.To, care.UserID(user))
	}
	return e
}
