-- +goose Up

-- blast_id is the blast that made a conversation, and blast_place which of its recipients
-- the client is. A quiet one is a blast's in which nobody has written since: it is in the
-- lists of its client, and in nobody's of staff. conversation_members repeats that for the
-- staff in it, whose lists begin there.
ALTER TABLE conversations ADD COLUMN blast_id {{id}};
ALTER TABLE conversations ADD COLUMN blast_place {{int}};
ALTER TABLE conversations ADD COLUMN quiet {{bool}} NOT NULL DEFAULT FALSE;
ALTER TABLE conversation_members ADD COLUMN quiet {{bool}} NOT NULL DEFAULT FALSE;
-- The blast that a message is of, whose files are the message's.
ALTER TABLE messages ADD COLUMN blast_id {{id}};

-- A blast makes many quiet conversations at once; lists pass over them by these.
DROP INDEX conversations_by_activity;
CREATE INDEX conversations_by_activity ON conversations (org_id, last_activity_at, id) WHERE quiet = FALSE;
DROP INDEX conversations_unassigned;
CREATE INDEX conversations_unassigned ON conversations (org_id, last_activity_at)
    WHERE assignee_id IS NULL AND closed_at IS NULL AND kind <> 'internal' AND quiet = FALSE;
DROP INDEX conversation_members_by_user;
CREATE INDEX conversation_members_by_user ON conversation_members (user_id, quiet, conversation_id);

-- Whoever was there from the start (via) came before anybody could have read the
-- conversation, so that nothing that is remembered of it changes: see 0011.
-- +sqlite
DROP TRIGGER members_revise;
-- +goose StatementBegin
CREATE TRIGGER members_revise AFTER INSERT ON conversation_members WHEN NEW.via <> 'start'
BEGIN UPDATE conversations SET revision = revision + 1 WHERE id = NEW.conversation_id; END;
-- +goose StatementEnd
-- +end
-- +postgres
DROP TRIGGER members_revise ON conversation_members;
CREATE TRIGGER members_revise AFTER INSERT ON conversation_members
    FOR EACH ROW WHEN (NEW.via <> 'start') EXECUTE FUNCTION conversation_revise();
CREATE TRIGGER members_change_revise AFTER UPDATE OF left_at, joined_at, kind ON conversation_members
    FOR EACH ROW EXECUTE FUNCTION conversation_revise();
-- +end

-- A blast from the first step of making it on. state: staging (its recipients are being
-- written), scheduled, sending, paused, sent, cancelled. list is which list of recipients
-- counts, lists how many were begun; place is behind whom it goes on. due_at is when it
-- starts, held_until the end of the time in which it can be taken back whole, request who
-- was chosen, in JSON, and chosen the same in words. counts_at is the day on which it
-- counts for its sender's limit.
-- owner: blast
CREATE TABLE blasts (
    id           {{id}} NOT NULL PRIMARY KEY,
    org_id       {{id}} NOT NULL REFERENCES organizations (id),
    sender_id    {{id}} NOT NULL REFERENCES people (id),
    on_behalf_of {{id}},
    state        {{text}} NOT NULL,
    title        {{text}} NOT NULL,
    sort_title   {{text}} NOT NULL,
    body         {{text}} NOT NULL,
    files        {{int}} NOT NULL,
    staff        {{text}} NOT NULL,
    request      {{text}} NOT NULL,
    chosen       {{text}} NOT NULL,
    content_hash {{blob}} NOT NULL,
    version      {{int}} NOT NULL,
    list         {{int}} NOT NULL,
    lists        {{int}} NOT NULL,
    place        {{int}} NOT NULL,
    total        {{int}} NOT NULL,
    sent         {{int}} NOT NULL,
    skipped      {{int}} NOT NULL,
    created_at   {{int}} NOT NULL,
    send_at      {{int}},
    held_until   {{int}},
    due_at       {{int}} NOT NULL,
    counts_at    {{int}} NOT NULL,
    started_at   {{int}},
    finished_at  {{int}},
    stopped_by   {{id}}
){{strict}};
CREATE INDEX blasts_by_org ON blasts (org_id, created_at, id);
CREATE INDEX blasts_by_sender ON blasts (sender_id, counts_at);
CREATE INDEX blasts_at_work ON blasts (due_at) WHERE state IN ('staging', 'scheduled', 'sending');

-- One row per recipient, in the order in which they are written to. state: pending, sent,
-- skipped (why says why, and of a switch source and until say which place decided and for
-- how long). read_at and replied_at are the client's first time.
-- owner: blast
CREATE TABLE blast_recipients (
    blast_id        {{id}} NOT NULL,
    list            {{int}} NOT NULL,
    place           {{int}} NOT NULL,
    client_id       {{id}} NOT NULL,
    state           {{text}} NOT NULL,
    why             {{text}},
    source          {{text}},
    until           {{int}},
    conversation_id {{id}},
    settled_at      {{int}},
    read_at         {{int}},
    replied_at      {{int}},
    PRIMARY KEY (blast_id, list, place)
){{clustered}};
CREATE INDEX blast_recipients_skipped ON blast_recipients (blast_id, list, why, place) WHERE why IS NOT NULL;
CREATE INDEX blast_recipients_read ON blast_recipients (blast_id, list, read_at) WHERE read_at IS NOT NULL;
CREATE INDEX blast_recipients_replied ON blast_recipients (blast_id, list, replied_at) WHERE replied_at IS NOT NULL;

-- What somebody is about to send to many, one for each; request is JSON.
-- owner: blast
CREATE TABLE blast_drafts (
    user_id    {{id}} NOT NULL PRIMARY KEY REFERENCES people (id),
    request    {{text}} NOT NULL,
    updated_at {{int}} NOT NULL
){{strict}};

-- Without a row the defaults hold (see blast.Settings).
-- owner: blast
CREATE TABLE blast_settings (
    org_id        {{id}} NOT NULL PRIMARY KEY REFERENCES organizations (id),
    version       {{int}} NOT NULL,
    confirm_above {{int}} NOT NULL,
    daily_limit   {{int}} NOT NULL
){{strict}};

-- The conversation in which a member of staff reads their own tests.
-- owner: blast
CREATE TABLE blast_tests (
    user_id         {{id}} NOT NULL PRIMARY KEY REFERENCES people (id),
    conversation_id {{id}} NOT NULL REFERENCES conversations (id)
){{strict}};
