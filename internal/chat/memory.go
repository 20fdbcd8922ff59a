package chat

import (
	"container/list"
	"sync"

	"hearth/internal/care"
)

// maxMemory bounds what memory takes, in bytes, roughly.
const maxMemory = 64 << 20

// maxTail is how many of a conversation's newest messages are kept.
const maxTail = 100

// memory remembers what was read of conversations, so that the pages that are asked for
// most are not read again. Nothing depends on being told of changes: every read asks the
// database where the conversation stands, and what is remembered counts only when it was
// read at the same stamp. It is the same for all readers; what one of them may not see is
// taken out afterwards. It is safe for concurrent use.
type memory struct {
	mu    sync.Mutex
	byID  map[care.ConversationID]*list.Element
	order *list.List // of *remembered, the most recently used first
	size  int
}

// stamp says at which state of the database something was read.
type stamp struct{ revision, epoch int64 }

// remembered is what is remembered of one conversation. It is never changed, only
// replaced.
type remembered struct {
	id    care.ConversationID
	stamp stamp
	// members are everybody in it as staff see them, without how far they have read; nil is
	// not known. Their switches and state are those of the count of switches.
	members  []Member
	switches int64
	state    care.ClientState // of the one client of a direct conversation
	// tail are newest messages with consecutive numbers, as staff see them, with what they
	// quote.
	tail []care.Message
	// newest is the newest message without what it quotes, where the tail was not read.
	newest *care.Message
}

func newMemory() *memory {
	return &memory{byID: map[care.ConversationID]*list.Element{}, order: list.New()}
}

// at gives what is remembered at a stamp; an empty thread where that is nothing.
func (k *memory) at(id care.ConversationID, now stamp) remembered {
	k.mu.Lock()
	defer k.mu.Unlock()
	if e, found := k.byID[id]; found {
		if t := e.Value.(*remembered); t.stamp == now {
			k.order.MoveToFront(e)
			return *t
		}
	}
	return remembered{id: id, stamp: now}
}

// keep remembers a thread, unless a later state is remembered already.
func (k *memory) keep(t remembered) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if e, found := k.byID[t.id]; found {
		old := e.Value.(*remembered)
		if old.stamp.revision > t.stamp.revision || old.stamp.epoch > t.stamp.epoch {
			return
		}
		if old.stamp == t.stamp {
			t = joined(*old, t)
		}
		k.forget(e)
	}
	k.byID[t.id] = k.order.PushFront(&t)
	k.size += t.cost()
	for k.size > maxMemory && k.order.Len() > 1 {
		k.forget(k.order.Back())
	}
}

// joined lets two readers of the same state add to each other.
func joined(old, t remembered) remembered {
	if t.members == nil || old.members != nil && old.switches > t.switches {
		t.members, t.switches, t.state = old.members, old.switches, old.state
	}
	if len(old.tail) > 0 && (old.last() > t.last() || old.last() == t.last() && len(old.tail) > len(t.tail)) {
		t.tail = old.tail
	}
	if t.newest == nil || old.newest != nil && old.newest.Seq > t.newest.Seq {
		t.newest = old.newest
	}
	return t
}

func (k *memory) forget(e *list.Element) {
	t := k.order.Remove(e).(*remembered)
	delete(k.byID, t.id)
	k.size -= t.cost()
}

func (t *remembered) cost() int {
	size := 256 + 320*len(t.members)
	for i := range t.tail {
		size += 512 + len(t.tail[i].Body)
	}
	if t.newest != nil {
		size += 512 + len(t.newest.Body)
	}
	return size
}

// last is the number of the newest message that is remembered; 0 for none.
func (t *remembered) last() int64 {
	if len(t.tail) == 0 {
		return 0
	}
	return t.tail[len(t.tail)-1].Seq
}

// message gives one of the newest messages without what it quotes; nil where it is not
// remembered. It is the caller's own.
func (t *remembered) message(seq int64) *care.Message {
	if part, known := t.between(seq-1, seq); known && len(part) == 1 {
		m := part[0]
		unquote(&m)
		return &m
	}
	if t.newest != nil && t.newest.Seq == seq {
		m := *t.newest
		return &m
	}
	return nil
}

// between gives the remembered messages behind after up to last; false where some of
// them are not remembered. The list is shared and must not be changed.
func (t *remembered) between(after, last int64) ([]care.Message, bool) {
	if last <= after {
		return nil, true
	}
	if len(t.tail) == 0 || t.tail[0].Seq > after+1 || t.last() < last {
		return nil, false
	}
	first := t.tail[0].Seq
	return t.tail[after+1-first : last+1-first], true
}
