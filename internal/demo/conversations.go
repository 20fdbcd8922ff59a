package demo

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"hearth/internal/care"
)

func (b *builder) buildConversations() error {
	for _, name := range threadFiles {
		threads, err := parseScript(script(name))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		for i, t := range threads {
			if err := b.addThread(t, fmt.Sprintf("%s %d", name, i)); err != nil {
				return fmt.Errorf("%s, conversation %d: %w", name, i+1, err)
			}
		}
	}
	log, err := dailyLog(script("walter.txt"), seeded("daily log"))
	if err != nil {
		return err
	}
	return b.addThread(log, "daily log")
}

// addThread gives a thread its people and times. The name makes its ids and its pauses its
// own.
func (b *builder) addThread(t thread, name string) error {
	times, err := b.times(t.lines, seeded(name))
	if err != nil {
		return err
	}
	conversation := Conversation{
		ID:   newID[care.ConversationID](times[0], "conversation "+name),
		Kind: t.kind, Subject: t.subject,
		Messages: make([]Message, len(t.lines)),
	}
	for i, l := range t.lines {
		if conversation.Messages[i], err = b.message(l, times[i], fmt.Sprintf("%s message %d", name, i)); err != nil {
			return err
		}
	}
	for _, key := range t.members {
		member, err := b.member(key, times[0], t)
		if err != nil {
			return err
		}
		conversation.Members = append(conversation.Members, member)
	}
	if t.closed != "" {
		conversation.ClosedBy, err = b.person(t.closed)
	}
	b.practice.Conversations = append(b.practice.Conversations, conversation)
	return err
}

// times resolves the times of lines; a line without one follows within minutes.
func (b *builder) times(lines []line, chance *rand.Rand) ([]time.Time, error) {
	times := make([]time.Time, len(lines))
	var previous time.Time
	for i, l := range lines {
		if l.when == "" {
			previous = previous.Add(time.Minute + time.Duration(chance.IntN(240))*time.Second)
		} else {
			at, err := b.calendar.resolve(l.when, previous)
			if err != nil {
				return nil, err
			}
			// Nobody writes on the full minute.
			previous = at.Add(time.Duration(chance.IntN(50)) * time.Second)
		}
		times[i] = previous
	}
	b.calendar.settle(times)
	return times, nil
}

func (b *builder) message(l line, at time.Time, name string) (m Message, err error) {
	m = Message{ID: newID[care.MessageID](at, name), At: at, Files: l.files}
	if m.Author, err = b.person(l.who); err != nil {
		return m, err
	}
	if l.behalf != "" {
		if m.OnBehalfOf, err = b.person(l.behalf); err != nil {
			return m, err
		}
	}
	m.Body, err = b.calendar.weekdays(l.body, at)
	return m, err
}

// member joins when the conversation begins, or when they came to the practice after that.
func (b *builder) member(key string, began time.Time, t thread) (Member, error) {
	id, err := b.person(key)
	joined := began
	if added := b.added[id]; added.After(began) {
		joined = added.Add(40 * time.Minute)
	}
	return Member{
		Person: id, JoinedAt: joined, ReadSeq: int64(t.read(key)),
		Pinned: slices.Contains(t.pinned, key), Draft: t.drafts[key],
	}, err
}

// seeded gives chance that is the same at every start.
func seeded(name string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(name))
	return rand.New(rand.NewPCG(h.Sum64(), 1)) //nolint:gosec // variety, not secrets
}
