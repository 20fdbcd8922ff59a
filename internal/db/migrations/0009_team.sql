-- +goose Up

-- Who of staff looks after a conversation with clients, and since when; NULL is nobody.
ALTER TABLE conversations ADD COLUMN assignee_id {{id}};
ALTER TABLE conversations ADD COLUMN assigned_at {{int}};

-- The shared queue: what nobody looks after, and what somebody does, newest activity first.
CREATE INDEX conversations_unassigned ON conversations (org_id, last_activity_at)
    WHERE assignee_id IS NULL AND closed_at IS NULL AND kind <> 'internal';
CREATE INDEX conversations_by_assignee ON conversations (assignee_id, last_activity_at) WHERE assignee_id IS NOT NULL;

-- What staff note for each other beside a conversation with clients. It is no message and
-- nothing that reads messages finds it. after_seq is the message it stands behind.
-- content_hash is of what was first asked for, to tell a repeated request from another.
-- owner: notes
CREATE TABLE staff_notes (
    id              {{id}} NOT NULL PRIMARY KEY,
    org_id          {{id}} NOT NULL REFERENCES organizations (id),
    conversation_id {{id}} NOT NULL REFERENCES conversations (id),
    after_seq       {{int}} NOT NULL,
    author_id       {{id}} NOT NULL REFERENCES people (id),
    body            {{text}} NOT NULL,
    content_hash    {{blob}} NOT NULL,
    created_at      {{int}} NOT NULL,
    edited_at       {{int}},
    deleted_at      {{int}}
){{strict}};
CREATE INDEX staff_notes_by_conversation ON staff_notes (conversation_id, after_seq, id);

-- What a note said before it was changed or deleted; as message_versions.
-- owner: notes
CREATE TABLE staff_note_versions (
    note_id {{id}} NOT NULL,
    n       {{int}} NOT NULL,
    body    {{text}} NOT NULL,
    at      {{int}} NOT NULL,
    by_id   {{id}} NOT NULL,
    why     {{text}} NOT NULL,
    PRIMARY KEY (note_id, n)
){{clustered}};
