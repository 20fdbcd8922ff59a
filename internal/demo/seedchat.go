package demo

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
)

// conversation adds the acts of one conversation to the history.
func (s *seeder) conversation(c *Conversation) {
	began := c.Messages[0].At
	s.history.then(began.Add(-time.Second), func(ctx context.Context) error { return s.open(ctx, c) })
	for _, m := range c.Members {
		if m.JoinedAt.After(began) {
			s.history.then(m.JoinedAt, func(ctx context.Context) error { return s.join(ctx, c, m.Person) })
		}
	}
	for i := range c.Messages {
		m := &c.Messages[i]
		s.history.then(m.At, func(ctx context.Context) error { return s.send(ctx, c, m) })
		for _, reader := range c.Members {
			if reader.ReadSeq == int64(i)+1 {
				s.history.then(m.At, func(ctx context.Context) error { return s.read(ctx, c, reader.Person, m) })
			}
		}
	}
	s.history.then(c.Messages[len(c.Messages)-1].At.Add(time.Second), func(ctx context.Context) error { return s.leaveAsItIs(ctx, c) })
}

// opener is the first of the staff: in a direct conversation the primary provider.
func (s *seeder) opener(c *Conversation) care.Actor {
	for _, m := range c.Members {
		if actor := s.actor(m.Person); actor.IsStaff() {
			return actor
		}
	}
	return care.Actor{}
}

// open starts a conversation. A direct one is there since the client came to their primary
// provider, and the others of the staff join it.
func (s *seeder) open(ctx context.Context, c *Conversation) error {
	if c.Kind == care.Direct {
		return s.openDirect(ctx, c)
	}
	opening := chat.Opening{ID: c.ID, Kind: c.Kind, Subject: c.Subject}
	for _, m := range c.Members {
		if !m.JoinedAt.After(c.Messages[0].At) {
			opening.Members = append(opening.Members, m.Person)
		}
	}
	_, err := s.chat.Open(ctx, s.opener(c), opening)
	s.threads[c.ID] = c.ID
	return err
}

func (s *seeder) openDirect(ctx context.Context, c *Conversation) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		id, _, err := s.chat.EnsureDirect(ctx, tx, s.opener(c), c.Members[0].Person, c.Members[1].Person)
		s.threads[c.ID] = id
		return err
	})
	for _, m := range c.Members[2:] {
		if err == nil {
			err = s.join(ctx, c, m.Person)
		}
	}
	return err
}

func (s *seeder) join(ctx context.Context, c *Conversation, who care.UserID) error {
	_, err := s.chat.AddMember(ctx, s.opener(c), s.threads[c.ID], who)
	return err
}

func (s *seeder) send(ctx context.Context, c *Conversation, m *Message) error {
	files, err := s.upload(ctx, m)
	if err != nil {
		return err
	}
	sent, _, err := s.chat.Send(ctx, s.actor(m.Author), chat.Draft{
		ID: m.ID, Conversation: s.threads[c.ID], Body: m.Body, OnBehalfOf: m.OnBehalfOf, Attachments: files,
	})
	s.seqs[m.ID] = sent.Seq
	return err
}

// upload sends the files of a message before it, as people do.
func (s *seeder) upload(ctx context.Context, m *Message) (ids []care.AttachmentID, err error) {
	for _, name := range m.Files {
		content, err := fileOf(name)
		if err != nil {
			return nil, err
		}
		kept, err := s.attach.Upload(ctx, s.actor(m.Author), name, bytes.NewReader(content))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		ids = append(ids, kept.ID)
	}
	return ids, nil
}

// read marks what somebody read, unless they wrote it themselves.
func (s *seeder) read(ctx context.Context, c *Conversation, who care.UserID, upTo *Message) error {
	if who == upTo.Author {
		return nil
	}
	_, err := s.chat.MarkRead(ctx, s.actor(who), s.threads[c.ID], s.seqs[upTo.ID])
	return err
}

// leaveAsItIs pins, drafts and closes, after the last message.
func (s *seeder) leaveAsItIs(ctx context.Context, c *Conversation) error {
	for _, m := range c.Members {
		if err := s.ownView(ctx, c, m); err != nil {
			return err
		}
	}
	if c.ClosedBy.IsZero() {
		return nil
	}
	_, err := s.chat.SetClosed(ctx, s.actor(c.ClosedBy), s.threads[c.ID], true)
	return err
}

func (s *seeder) ownView(ctx context.Context, c *Conversation, m Member) error {
	if m.Pinned {
		pinned := true
		if _, err := s.chat.Change(ctx, s.actor(m.Person), s.threads[c.ID], chat.OwnView{Pinned: &pinned}); err != nil {
			return err
		}
	}
	if m.Draft == "" {
		return nil
	}
	return s.chat.SaveDraft(ctx, s.actor(m.Person), s.threads[c.ID], chat.DraftChange{Body: &m.Draft})
}
