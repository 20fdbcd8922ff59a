package chat

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/db"
)

// quoteLength is how many characters of a message its quote shows.
const quoteLength = 200

// addQuotes gives replies what they answer. A reader who joined after the answered
// message was written, or for whom the conversation stopped before, is not shown it.
func addQuotes(ctx context.Context, tx *db.Tx, where func(care.ConversationID) *Conversation, list []*care.Message) error {
	wanted := map[care.MessageID]*care.Message{}
	for _, m := range list {
		if !m.ReplyTo.IsZero() && m.DeletedAt.IsZero() {
			wanted[m.ReplyTo] = nil
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	ids := keysOf(wanted)
	found, err := readQuoted(ctx, tx, ids)
	if err != nil {
		return err
	}
	for i := range found {
		wanted[found[i].ID] = &found[i]
	}
	for _, m := range list {
		if of := wanted[m.ReplyTo]; of != nil && m.DeletedAt.IsZero() && where(m.Conversation).shows(*of) {
			m.Quoted = quoteOf(of)
		}
	}
	return nil
}

// readQuoted reads messages that are quoted; whether the reader may see each is decided
// by Conversation.shows.
func readQuoted(ctx context.Context, tx *db.Tx, ids []care.MessageID) (all []care.Message, err error) {
	err = eachPart(ids, func(part []care.MessageID) error {
		found, err := db.Many(ctx, tx, scanMessage, `SELECT `+messageColumns+`
			FROM messages m`+messageJoins+` WHERE m.id IN (`+tx.In(1, len(part))+`)`, args(part)...)
		all = append(all, found...)
		return err
	})
	return all, err
}

// shows reports whether a message is one that the viewer may read here.
func (c *Conversation) shows(m care.Message) bool {
	return m.Conversation == c.ID && m.Seq > c.joinedSeq && m.Seq <= c.LastSeq
}

func quoteOf(m *care.Message) *care.Quote {
	return &care.Quote{ID: m.ID, Seq: m.Seq, Author: m.Author, Body: shorten(m.Body, quoteLength), Deleted: !m.DeletedAt.IsZero()}
}

// shorten cuts a text after so many characters, never within a token that names somebody.
func shorten(text string, limit int) string {
	count := 0
	for at := range text {
		if count == limit {
			if open := lastToken(text[:at]); open >= 0 {
				at = open
			}
			return text[:at] + "…"
		}
		count++
	}
	return text
}

// lastToken finds a token that a text breaks off in; -1 where none.
func lastToken(text string) int {
	for at := len(text) - 1; at >= 0 && at >= len(text)-40; at-- {
		switch text[at] {
		case '>':
			return -1
		case '<':
			return at
		}
	}
	return -1
}
