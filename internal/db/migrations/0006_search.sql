-- +goose Up

-- How far a conversation is in the search index: its messages up to this number are.
-- Search looks through the few behind it one by one.
ALTER TABLE conversations ADD COLUMN indexed_seq {{int}} NOT NULL DEFAULT 0;

-- A run of consecutive messages of one conversation that the search index knows as one
-- document; which words stand in it is in search_words under the same id. Ids rise with
-- the time of the newest message of the run (see chat.blockID). last_at and first_at are
-- when its newest and its oldest message were written.
-- owner: chat
CREATE TABLE search_blocks (
    id              {{int}} NOT NULL PRIMARY KEY,
    conversation_id {{id}} NOT NULL REFERENCES conversations (id),
    first_seq       {{int}} NOT NULL,
    last_seq        {{int}} NOT NULL,
    first_at        {{int}} NOT NULL,
    last_at         {{int}} NOT NULL
){{strict}};
CREATE UNIQUE INDEX search_blocks_by_place ON search_blocks (conversation_id, first_seq);

-- One row: the version of the rules by which texts become words, another of which rebuilds
-- the index; and whether words were taken out that are still in the index's file. The row is
-- also the lock that serialises giving ids to blocks.
-- owner: chat
CREATE TABLE search_state (
    id      {{int}} NOT NULL PRIMARY KEY,
    version {{int}} NOT NULL,
    erased  {{bool}} NOT NULL
){{strict}};
INSERT INTO search_state (id, version, erased) VALUES (1, 0, FALSE);

-- The words themselves; see db/fulltext.go. On SQLite nothing but the index is stored.
-- owner: db
-- +sqlite
CREATE VIRTUAL TABLE search_words USING fts5 (words, content='', detail=none, columnsize=0, prefix='2 3', tokenize='ascii');
-- +end
-- +postgres
-- The words are kept beside the rows, so that reading the numbers of many is quick.
CREATE TABLE search_words (
    id    BIGINT NOT NULL PRIMARY KEY,
    words tsvector NOT NULL
) WITH (toast_tuple_target = 128);
CREATE INDEX search_words_by_word ON search_words USING gin (words) WITH (fastupdate = off);
-- +end
