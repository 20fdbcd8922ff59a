-- +goose Up

-- What goes with the text that somebody is writing: the message it answers, and how many
-- files were put with it, so that the files are looked for only where there are some.
ALTER TABLE drafts ADD COLUMN reply_to {{id}};
ALTER TABLE drafts ADD COLUMN files {{int}} NOT NULL DEFAULT 0;

-- The conversation in which the file stands in its sender's draft; NULL for all others.
ALTER TABLE attachments ADD COLUMN draft_in {{id}};

-- The messages of a conversation that have files, which is bit 2 of extras.
CREATE INDEX messages_with_files ON messages (conversation_id, seq) WHERE (extras & 2) = 2 AND deleted_at IS NULL;
