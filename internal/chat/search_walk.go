package chat

import (
	"container/heap"
	"context"
	"math"
	"slices"

	"hearth/internal/care"
	"hearth/internal/db"
)

// Bounds of one search.
const (
	// searchReads is how many messages one page looks at, at most: for words that stand
	// together in many blocks and in few messages. What is older comes with the next page.
	searchReads = 16_000
	// firstBlocks is how many blocks the index is asked for without saying of which
	// conversations: what is rare is found at once. mostBlocks is how many then.
	firstBlocks, mostBlocks = 512, 1024
	// tailPart is how many messages of a long tail are looked at at once.
	tailPart = 64
	// maxAuthors is up to how many authors the index is asked for each by their mark.
	maxAuthors = 200
)

// place is where a message stands in the order of results: the newest first.
type place struct {
	at           int64 // Unix milliseconds
	conversation care.ConversationID
	seq          int64
}

// compare is positive where a is newer than b.
func (p place) compare(b place) int {
	switch {
	case p.at != b.at:
		return cmpInt(p.at, b.at)
	case p.conversation != b.conversation:
		return slices.Compare(p.conversation[:], b.conversation[:])
	default:
		return cmpInt(p.seq, b.seq)
	}
}

func cmpInt(a, b int64) int {
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}

// oldestAt is behind everything that was written after a moment, and before everything
// that was written then or earlier.
func oldestAt(at int64) place {
	p := place{at: at, seq: math.MaxInt64}
	for i := range p.conversation {
		p.conversation[i] = 0xff
	}
	return p
}

// walk looks at messages from the newest on, without looking at more than it must: it
// takes the span whose newest message is the newest of all that wait, and stops when
// what is found is newer than everything that waits.
type walk struct {
	tx      *db.Tx
	scope   *scope
	match   *matcher
	before  place // results are older
	limit   int
	index   blockStream
	waiting spanHeap
	found   []place // the newest first, at most one more than limit
	read    int
}

// run finds a page. more says from where to go on; nil when everything was seen.
func (w *walk) run(ctx context.Context) (next *place, err error) {
	for _, tail := range w.scope.tails {
		w.push(tail)
	}
	for batch := 4; ; batch = min(2*batch, 32) {
		if err := w.fetch(ctx); err != nil {
			return nil, err
		}
		top, some := w.top()
		switch {
		case len(w.found) > w.limit && (!some || w.found[w.limit].at > top):
			w.found = w.found[:w.limit]
			last := w.found[w.limit-1]
			return &last, nil
		case !some:
			return nil, nil
		case w.read >= searchReads:
			w.found = w.found[:w.sure(top)]
			next := oldestAt(top)
			return &next, nil
		}
		if err := w.look(ctx, batch); err != nil {
			return nil, err
		}
		if top >= w.before.at { // blocks that reach over the beginning of this page
			w.read = 0
		}
	}
}

// sure is how many results are newer than everything that waits.
func (w *walk) sure(top int64) int {
	n := 0
	for n < len(w.found) && n < w.limit && w.found[n].at > top {
		n++
	}
	return n
}

// top is the newest moment of which something waits.
func (w *walk) top() (at int64, some bool) {
	if len(w.waiting) == 0 {
		return 0, false
	}
	return w.waiting[0].newest, true
}

// push lets a span wait, unless nothing in it can be a result.
func (w *walk) push(s span) {
	if s.oldest > w.before.at || s.newest < w.index.since {
		return
	}
	if until := w.match.query.until; !until.IsZero() && s.oldest >= until.UnixMilli() {
		return
	}
	heap.Push(&w.waiting, s)
}

// fetch asks the index for further blocks while it may know newer ones than what waits.
func (w *walk) fetch(ctx context.Context) error {
	for !w.index.ended {
		if top, some := w.top(); some && w.index.bound() < top {
			return nil
		}
		if len(w.found) > w.limit && w.found[w.limit].at > w.index.bound() {
			return nil
		}
		blocks, err := w.index.next(ctx, w.tx, w.scope)
		if err != nil {
			return err
		}
		if err := w.scope.meet(ctx, w.tx, blocks); err != nil {
			return err
		}
		for _, b := range blocks {
			if s, some := w.scope.clip(b); some {
				w.push(s)
			}
		}
	}
	return nil
}

// look reads the newest spans that wait, at most batch. Of a long one, which is a tail, it
// reads the end, and the rest waits on with what is known then of its time.
func (w *walk) look(ctx context.Context, batch int) error {
	var spans []span
	rests := map[care.ConversationID]*span{}
	for len(spans) < batch && len(w.waiting) > 0 {
		if len(w.found) > w.limit && w.found[w.limit].at > w.waiting[0].newest {
			break // only what is older is left
		}
		if !w.index.ended && w.index.bound() >= w.waiting[0].newest {
			break // the index may know newer ones
		}
		s := heap.Pop(&w.waiting).(span)
		if s.last-s.first >= 2*tailPart {
			rest := s
			rest.last, s.first = s.last-tailPart, s.last-tailPart+1
			rests[s.conversation] = &rest
		}
		spans = append(spans, s)
	}
	for part := range chunks(spans) {
		if err := w.judge(ctx, part, rests); err != nil {
			return err
		}
	}
	for _, rest := range rests {
		w.push(*rest)
	}
	return nil
}

// judge reads spans and keeps what is looked for.
func (w *walk) judge(ctx context.Context, spans []span, rests map[care.ConversationID]*span) error {
	var words []string
	if len(rests) == 0 { // of a tail every message says how far back it is
		words = w.match.plainWords()
	}
	for _, s := range spans {
		w.read += int(s.last - s.first + 1)
	}
	return readSpans(ctx, w.tx, spans, words, func(s *scanned) {
		if rest := rests[s.conversation]; rest != nil && s.seq > rest.last {
			rest.newest = min(rest.newest, s.at)
		}
		at := place{at: s.at, conversation: s.conversation, seq: s.seq}
		if at.compare(w.before) < 0 && w.match.finds(s) {
			w.keep(at)
		}
	})
}

// readSpans reads what a search looks at, as far as it may have all of the words. The
// spans are cut to what the actor may read, by scope.clip and scope.loadTails.
func readSpans(ctx context.Context, tx *db.Tx, spans []span, words []string, visit func(*scanned)) error {
	values := make([]any, 0, 3*len(spans)+len(words))
	for _, s := range spans {
		values = append(values, s.conversation, s.first, s.last)
	}
	may := ``
	if len(words) > 0 {
		may = ` AND ` + tx.MayContain("m.body", len(values)+1, len(words))
		for _, word := range words {
			values = append(values, "%"+word+"%")
		}
	}
	rows, err := tx.Query(ctx, `SELECT `+scannedColumns+` FROM (VALUES `+tx.Values(len(spans), "id", "int", "int")+`) AS v
		JOIN messages m ON m.conversation_id = v.column1 AND m.seq >= v.column2 AND m.seq <= v.column3`+may, values...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		s, err := scanScanned(rows)
		if err != nil {
			return err
		}
		visit(&s)
	}
	return rows.Err()
}

func (w *walk) keep(p place) {
	at, _ := slices.BinarySearchFunc(w.found, p, func(a, b place) int { return b.compare(a) })
	w.found = slices.Insert(w.found, at, p)
	if len(w.found) > w.limit+1 {
		w.found = w.found[:w.limit+1]
	}
}

// blockStream asks the index for blocks, those with the newest messages first.
type blockStream struct {
	query  db.WordQuery
	since  int64 // only blocks with messages at or after this moment
	scoped bool  // whether the query says of which conversations
	ended  bool
}

func newBlockStream(all [][]db.Word, since int64) blockStream {
	return blockStream{
		query: db.WordQuery{All: all, Above: blockID(max(since, 0)), Below: math.MaxInt64, Limit: firstBlocks},
		since: since,
	}
}

// bound is a moment after which no message of the blocks to come was written.
func (b *blockStream) bound() int64 {
	if b.query.Below == math.MaxInt64 {
		return math.MaxInt64
	}
	return newestIn(b.query.Below - 1)
}

// next gives further blocks, some of them perhaps of other conversations. Asking for the
// marks of hundreds of conversations costs more than reading some hundred blocks that are
// not wanted, so that is done only for words that many blocks have.
func (b *blockStream) next(ctx context.Context, tx *db.Tx, sc *scope) ([]block, error) {
	if !b.scoped && (len(b.query.All) == 0 || len(sc.named) == 1 || b.query.Below != math.MaxInt64) {
		marks, err := sc.marks(ctx, tx)
		if err != nil || len(marks) == 0 {
			b.ended = true
			return nil, err
		}
		b.query.All, b.query.Limit, b.scoped = append(b.query.All, marks), mostBlocks, true
	}
	ids, err := tx.FindWords(ctx, b.query)
	if err != nil {
		return nil, err
	}
	if b.ended = len(ids) < b.query.Limit; len(ids) == 0 {
		return nil, nil
	}
	b.query.Below = ids[len(ids)-1]
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	return db.Many(ctx, tx, scanBlock, `SELECT `+blockColumns+` FROM search_blocks WHERE id IN (`+tx.In(1, len(ids))+`)`, values...)
}

// spanHeap has the span with the newest message on top.
type spanHeap []span

func (h spanHeap) Len() int           { return len(h) }
func (h spanHeap) Less(i, j int) bool { return h[i].newest > h[j].newest }
func (h spanHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push is for package heap.
func (h *spanHeap) Push(s any) { *h = append(*h, s.(span)) }

// Pop is for package heap.
func (h *spanHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
