package notify

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/outbox"
	"hearth/internal/preference"
)

// partMost bounds the people who are judged in one transaction, which senders may wait for.
const partMost = 100

func itoa(n int) string { return strconv.Itoa(n) }

// Name is what rows of the outbox call this consumer.
func (s *Service) Name() string { return "notify" }

// Take notes whom to tell of what happened; it implements outbox.Consumer. What is written
// in one conversation at about the same time is judged together. A chat with many members
// takes several turns.
func (s *Service) Take(ctx context.Context, tx *db.Tx, events []*outbox.Event) (after func(), err error) {
	var told []notice
	var over []closed
	if messages := ofKind(events, outbox.MessageCreated); len(messages) > 0 {
		if told, over, err = s.takeMessages(ctx, tx, messages); err != nil {
			return nil, err
		}
	}
	for _, e := range ofKind(events, outbox.UnansweredTeam, outbox.UnansweredQueue) {
		more, err := s.takeReminder(ctx, tx, e)
		if err != nil {
			return nil, err
		}
		told = append(told, more...)
	}
	if len(told) == 0 && len(over) == 0 {
		return nil, nil
	}
	return func() { s.tell(told, over) }, nil
}

func ofKind(events []*outbox.Event, kinds ...outbox.Kind) (some []*outbox.Event) {
	for _, e := range events {
		if slices.Contains(kinds, e.Kind) {
			some = append(some, e)
		}
	}
	return some
}

// takeMessages judges what was written. told are the notices that people are to see now,
// over those that the writing itself has settled.
func (s *Service) takeMessages(ctx context.Context, tx *db.Tx, events []*outbox.Event) (told []notice, over []closed, err error) {
	heaps, places := heapsOf(events)
	written, err := chat.WrittenAt(ctx, tx, places)
	if err != nil {
		return nil, nil, err
	}
	take(heaps, written)
	if over, err = closeByWriting(ctx, tx, written); err != nil {
		return nil, nil, err
	}
	heaps = slices.DeleteFunc(heaps, func(h *heap) bool { return len(h.written) == 0 })
	if len(heaps) == 0 {
		return nil, over, nil
	}
	list, err := readCandidates(ctx, tx, heaps, partMost+1)
	if err != nil {
		return nil, nil, err
	}
	if len(list) > partMost {
		list = list[:partMost]
		goOn(events, heaps, list[partMost-1])
	}
	list = slices.CompactFunc(list, func(a, b *candidate) bool { return a.conversation == b.conversation && a.user == b.user })
	told, err = s.judgeFirst(ctx, tx, heaps, list)
	return told, over, err
}

// heapsOf sorts events by conversation and place.
func heapsOf(events []*outbox.Event) (heaps []*heap, places []chat.Place) {
	type key struct {
		conversation care.ConversationID
		place        care.UserID
	}
	known := make(map[key]*heap, len(events))
	asked := make(map[chat.Place]bool, len(events))
	for _, e := range events {
		k := key{e.Conversation(), e.Place}
		h := known[k]
		if h == nil {
			h = &heap{conversation: k.conversation, place: k.place, seqs: map[int64]bool{}}
			known[k], heaps = h, append(heaps, h)
		}
		h.top, h.seqs[e.Seq] = max(h.top, e.Seq), true
		if p := (chat.Place{Conversation: k.conversation, Seq: e.Seq}); !asked[p] {
			asked[p], places = true, append(places, p)
		}
	}
	return heaps, places
}

// take gives the heaps what was written at the places of their events.
func take(heaps []*heap, written []chat.Written) {
	byID := make(map[care.ConversationID][]*heap, len(heaps))
	for _, h := range heaps {
		byID[h.conversation] = append(byID[h.conversation], h)
	}
	for i := range written {
		for _, h := range byID[written[i].Conversation] {
			if h.seqs[written[i].Seq] {
				h.written = append(h.written, written[i])
			}
		}
	}
}

// goOn has the events come again that are not done with the last candidate: those of its
// conversation behind that person, and those of later conversations as they are. The
// candidates come in the order of conversations and people.
func goOn(events []*outbox.Event, heaps []*heap, last *candidate) {
	for _, e := range events {
		id := e.Conversation()
		behind := bytes.Compare(id[:], last.conversation[:])
		if !slices.ContainsFunc(heaps, func(h *heap) bool { return h.conversation == id }) {
			continue
		}
		switch {
		case behind == 0 && bytes.Compare(e.Place[:], last.user[:]) < 0:
			e.Again(last.user)
		case behind >= 0:
			e.Again(e.Place)
		}
	}
}

// judgeFirst decides about candidates and writes whom to tell.
func (s *Service) judgeFirst(ctx context.Context, tx *db.Tx, heaps []*heap, list []*candidate) ([]notice, error) {
	if len(list) == 0 {
		return nil, nil
	}
	rules, err := loadRules(ctx, tx, list)
	if err != nil {
		return nil, err
	}
	devices, err := s.devicesOf(ctx, tx, list)
	if err != nil {
		return nil, err
	}
	var batch writing
	now := s.clock()
	for _, c := range list {
		p, known := rules[c.user]
		if !known {
			continue
		}
		if seq, mentioned := newTo(c, heaps); seq > 0 {
			s.judgeOne(&batch, c, p, devices[c.user], opening{seq: seq, mentioned: mentioned, now: now})
		}
	}
	if err := batch.write(ctx, tx); err != nil {
		return nil, err
	}
	return batch.told(), nil
}

// opening is what somebody is told of.
type opening struct {
	seq       int64
	mentioned bool
	reminder  bool
	now       time.Time
}

// judgeOne decides over each channel, and adds to the batch what is to be written. Where
// the person was told already and has not read since, only what a mention changes is added.
func (s *Service) judgeOne(batch *writing, c *candidate, p preference.Preferences, devices []care.SubscriptionID, o opening) {
	f := c.facts(o)
	n := notice{
		ID: c.notice, Org: c.org, User: c.user, Conversation: c.conversation, Reminder: o.reminder, Kind: f.Kind,
		Mention: o.mentioned, Seq: o.seq, At: o.now,
	}
	before := Channels(0)
	if c.open() {
		before, n.Seq, n.again = c.told, c.seq, true
	}
	n.told = before
	for _, channel := range preference.Channels {
		if before.has(channel) {
			continue
		}
		f.NoWay = channel == preference.Email && (c.email == "" || s.cfg.Mail == nil) || channel == preference.Push && len(devices) == 0
		v := decide(f, p, channel, s.delays(), o.now)
		if v.Act == Drop && (v.Why != WhyNoAddress || s.cfg.Mail == nil) {
			continue
		}
		n.told |= channelBit(channel)
		batch.deliver(&n, channel, devices, v)
	}
	if n.told != before || (n.again && o.mentioned) {
		batch.add(n, max(c.readSeq, c.closed))
	}
}

// facts gives what is known of a candidate at the moment of writing. Looking does not count
// yet: it does when something is about to be sent.
func (c *candidate) facts(o opening) Facts {
	kind := kindOf(c.kind)
	if o.reminder {
		kind = preference.Reminder
	}
	return Facts{
		Kind: kind, Gone: !c.active, Off: c.off, Muted: c.muted.After(o.now), Mentioned: o.mentioned, At: o.now,
		Read: !o.reminder && c.readSeq >= o.seq,
	}
}

// loadRules reads the preferences of candidates of any organizations.
func loadRules(ctx context.Context, tx *db.Tx, list []*candidate) (map[care.UserID]preference.Preferences, error) {
	byOrg := map[care.OrgID][]care.UserID{}
	for _, c := range list {
		if !slices.Contains(byOrg[c.org], c.user) {
			byOrg[c.org] = append(byOrg[c.org], c.user)
		}
	}
	return preferencesOf(ctx, tx, byOrg)
}

func preferencesOf(ctx context.Context, tx *db.Tx, byOrg map[care.OrgID][]care.UserID) (map[care.UserID]preference.Preferences, error) {
	all := map[care.UserID]preference.Preferences{}
	for org, ids := range byOrg {
		some, err := preference.Load(ctx, tx, org, ids)
		if err != nil {
			return nil, err
		}
		for id, p := range some {
			all[id] = p
		}
	}
	return all, nil
}
