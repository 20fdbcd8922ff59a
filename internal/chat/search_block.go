package chat

import (
	"context"
	"fmt"
	"slices"

	"hearth/internal/care"
	"hearth/internal/db"
)

// The search index knows messages by blocks: runs of consecutive messages of one
// conversation. A block is one document, whose words are those of its messages and the
// marks of this file; what a search finds are blocks, whose messages it then reads and
// judges one by one. So the index is small, a frequent word has short lists, and both
// engines find the same.

// Bounds of a block. Larger ones make the index smaller and the reading longer.
const (
	blockMessages = 32
	blockBytes    = 24 << 10
)

// Marks stand among the words of a block and say what else is in it. No word of a text
// begins with their sign.
func conversationMark(id care.ConversationID) string { return fmt.Sprintf("§c%x", id[:]) }
func authorMark(id care.UserID) string               { return fmt.Sprintf("§a%x", id[:]) }

// orgMark is on the blocks that the organization's inbox shows: all but those of internal
// conversations.
func orgMark(id care.OrgID) string { return fmt.Sprintf("§o%x", id[:]) }

const fileMark = "§f"

// block is a run of messages as the index knows it.
type block struct {
	id              int64
	conversation    care.ConversationID
	first, last     int64
	firstAt, lastAt int64 // Unix milliseconds
}

const blockColumns = `id, conversation_id, first_seq, last_seq, first_at, last_at`

func scanBlock(row db.Scanner) (b block, err error) {
	return b, row.Scan(&b.id, &b.conversation, &b.first, &b.last, &b.firstAt, &b.lastAt)
}

// blockShift is how many blocks can end in the same second before their numbers run into
// the next one.
const blockShift = 12

// blockID is the lowest number of a block whose newest message was written at a moment.
// Numbers of later moments are higher, so that the index gives the newest blocks first.
func blockID(at int64) int64 { return at / 1000 << blockShift }

// newestIn is the latest moment at which a message of the block can have been written.
func newestIn(id int64) int64 { return (id>>blockShift+1)*1000 - 1 }

// indexed is the conversation of blocks.
type indexed struct {
	id   care.ConversationID
	org  care.OrgID
	kind care.ConversationKind
	last int64 // the newest message
	to   int64 // the newest one that is in the index
}

func scanIndexed(row db.Scanner) (c indexed, err error) {
	return c, row.Scan(&c.id, &c.org, &c.kind, &c.last, &c.to)
}

// words gives the words and marks of a block of messages, each once, in order. It
// depends on nothing but the messages as they are stored.
func (c indexed) words(messages []scanned) []string {
	seen := map[string]struct{}{conversationMark(c.id): {}}
	if c.kind != care.Internal {
		seen[orgMark(c.org)] = struct{}{}
	}
	var list wordList
	for i := range messages {
		m := &messages[i]
		if m.deleted || m.kind == care.SystemMessage {
			continue
		}
		seen[authorMark(m.author)] = struct{}{}
		if m.extras&care.HasAttachments != 0 {
			seen[fileMark] = struct{}{}
		}
		list.read(searchable(m.body))
		for i := range list.len() {
			if word := list.at(i); len(word) > 0 {
				if _, known := seen[string(word)]; !known {
					seen[string(word)] = struct{}{}
				}
			}
		}
	}
	words := make([]string, 0, len(seen))
	for word := range seen {
		words = append(words, word)
	}
	slices.Sort(words)
	return words
}

// split cuts consecutive messages into blocks.
func (c indexed) split(messages []scanned) (parts [][]scanned) {
	start, size := 0, 0
	for i := range messages {
		if i > start && (i-start == blockMessages || size+len(messages[i].body) > blockBytes) {
			parts = append(parts, messages[start:i])
			start, size = i, 0
		}
		size += len(messages[i].body)
	}
	if start < len(messages) {
		parts = append(parts, messages[start:])
	}
	return parts
}

// readIndexed gives messages of a conversation from one number to another, at most limit,
// for the index only.
func (c indexed) readIndexed(ctx context.Context, tx *db.Tx, from, to, limit int64) ([]scanned, error) {
	return db.Many(ctx, tx, scanScanned, `SELECT `+scannedColumns+` FROM messages m
		WHERE m.conversation_id = $1 AND m.seq >= $2 AND m.seq <= $3 ORDER BY m.seq LIMIT $4`, c.id, from, to, limit)
}

const scannedColumns = `m.conversation_id, m.seq, m.kind, m.author_id, m.body, m.created_at, m.deleted_at IS NOT NULL, m.extras`

func scanScanned(row db.Scanner) (s scanned, err error) {
	return s, row.Scan(&s.conversation, &s.seq, &s.kind, &s.author, &s.body, &s.at, &s.deleted, &s.extras)
}

// document is the words of a block on their way into the index or out of it.
type document struct {
	id    int64
	words []string
}

// documents collects what a transaction changes in the index: the engine wants it in the
// order of the numbers, or it writes after every one.
type documents struct{ out, in []document }

func (d *documents) write(ctx context.Context, tx *db.Tx) error {
	byID := func(a, b document) int { return cmpInt(a.id, b.id) }
	slices.SortFunc(d.out, byID)
	slices.SortFunc(d.in, byID)
	for _, one := range d.out {
		if err := tx.UnindexWords(ctx, one.id, one.words); err != nil {
			return err
		}
	}
	for _, one := range d.in {
		if err := tx.IndexWords(ctx, one.id, one.words); err != nil {
			return err
		}
	}
	return nil
}

// grow puts about limit further messages of a locked conversation into blocks, and tells
// how many it read and how far the conversation is then. The last block is made anew
// while it is not full.
func (c indexed) grow(ctx context.Context, tx *db.Tx, docs *documents, limit int64) (read, to int64, err error) {
	open, found, err := db.One(ctx, tx, scanBlock, `SELECT `+blockColumns+` FROM search_blocks
		WHERE conversation_id = $1 ORDER BY first_seq DESC LIMIT 1`, c.id)
	if err != nil {
		return 0, 0, err
	}
	from := c.to + 1
	if found = found && open.last-open.first+1 < blockMessages; found {
		from = open.first
	}
	messages, err := c.readIndexed(ctx, tx, from, c.last, limit+blockMessages)
	if err != nil || len(messages) == 0 {
		return 0, c.last, err
	}
	if found {
		old := messages[:min(int(open.last-open.first+1), len(messages))]
		docs.out = append(docs.out, document{open.id, c.words(old)})
		if _, err := tx.Exec(ctx, `DELETE FROM search_blocks WHERE id = $1`, open.id); err != nil {
			return 0, 0, err
		}
	}
	for _, part := range c.split(messages) {
		if err := c.add(ctx, tx, docs, part); err != nil {
			return 0, 0, err
		}
	}
	to = messages[len(messages)-1].seq
	_, err = tx.Exec(ctx, `UPDATE conversations SET indexed_seq = $2 WHERE id = $1`, c.id, to)
	return int64(len(messages)), to, err
}

func (c indexed) add(ctx context.Context, tx *db.Tx, docs *documents, messages []scanned) error {
	first, last := &messages[0], &messages[len(messages)-1]
	id, err := freeBlockID(ctx, tx, last.at)
	if err != nil {
		return err
	}
	docs.in = append(docs.in, document{id, c.words(messages)})
	_, err = tx.Exec(ctx, `INSERT INTO search_blocks (`+blockColumns+`) VALUES ($1, $2, $3, $4, $5, $6)`,
		id, c.id, first.seq, last.seq, first.at, last.at)
	return err
}

// freeBlockID finds a number for a block that ends at a moment. The row of search_state
// is locked, so nobody else looks for one.
func freeBlockID(ctx context.Context, tx *db.Tx, at int64) (int64, error) {
	for low := blockID(at); ; low += 1 << blockShift {
		var id int64
		err := tx.QueryRow(ctx, `SELECT COALESCE(MAX(id) + 1, CAST($1 AS BIGINT)) FROM search_blocks WHERE id >= $1 AND id < $2`,
			low, low+1<<blockShift).Scan(&id)
		if err != nil || id < low+1<<blockShift {
			return id, err
		}
	}
}

// reindexed changes a stored message of a locked conversation and brings the index up to
// date in the same transaction: what the message said before is not found from then on, and
// the index forgets it within the hour (see Search.tidy).
func reindexed(ctx context.Context, tx *db.Tx, id care.ConversationID, seq int64, change func() error) error {
	b, found, err := db.One(ctx, tx, scanBlock, `SELECT `+blockColumns+` FROM search_blocks
		WHERE conversation_id = $1 AND first_seq <= $2 AND last_seq >= $2 ORDER BY first_seq DESC LIMIT 1`, id, seq)
	if err != nil {
		return err
	}
	if !found { // search looks at what is not in the index yet by itself
		return change()
	}
	c, _, err := db.One(ctx, tx, scanIndexed, `SELECT id, org_id, kind, last_seq, indexed_seq FROM conversations WHERE id = $1`, id)
	if err != nil {
		return err
	}
	before, err := c.wordsOf(ctx, tx, b)
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	after, err := c.wordsOf(ctx, tx, b)
	if err != nil || slices.Equal(before, after) {
		return err
	}
	if err := tx.UnindexWords(ctx, b.id, before); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE search_state SET erased = TRUE WHERE id = 1 AND erased = FALSE`); err != nil {
		return err
	}
	return tx.IndexWords(ctx, b.id, after)
}

func (c indexed) wordsOf(ctx context.Context, tx *db.Tx, b block) ([]string, error) {
	messages, err := c.readIndexed(ctx, tx, b.first, b.last, b.last-b.first+1)
	return c.words(messages), err
}
