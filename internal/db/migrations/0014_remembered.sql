-- +goose Up

-- The few for whom a community chat is withheld: the sender remembers the other members.
CREATE INDEX conversation_members_withheld ON conversation_members (conversation_id, user_id) WHERE withheld_after_seq IS NOT NULL;

-- glances counts, in conversations that are no community chats, how far anybody has read
-- and how they put the conversation away, other than by writing. With last_seq and revision
-- it says whether a line of an inbox is still what it was.
ALTER TABLE conversations ADD COLUMN glances {{int}} NOT NULL DEFAULT 0;

-- The order of inboxes, with all that says whether a line of it has changed.
DROP INDEX conversations_by_activity;
CREATE INDEX conversations_by_activity ON conversations
    (org_id, last_activity_at, id, closed_at, last_seq, revision, glances, quiet) WHERE quiet = FALSE;

-- revision counts these too.
-- +sqlite
-- +goose StatementBegin
CREATE TRIGGER conversations_revise AFTER UPDATE OF subject, closed_at, client_id, assignee_id, locked, posts_per_hour, roster_hidden, blast_id ON conversations
BEGIN UPDATE conversations SET revision = revision + 1 WHERE id = NEW.id; END;
-- +goose StatementEnd
-- +end
-- +postgres
-- +goose StatementBegin
CREATE FUNCTION conversations_revise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.revision = OLD.revision + 1; RETURN NEW; END $$;
-- +goose StatementEnd
CREATE TRIGGER conversations_revise BEFORE UPDATE OF subject, closed_at, client_id, assignee_id, locked, posts_per_hour, roster_hidden, blast_id
    ON conversations FOR EACH ROW EXECUTE FUNCTION conversations_revise();
-- +end
