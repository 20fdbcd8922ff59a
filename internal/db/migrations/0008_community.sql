-- +goose Up

-- How a community chat works. In a locked one only staff post; posts_per_hour is how often
-- each client may, NULL without limit; where the roster is hidden clients see staff and
-- themselves as members.
ALTER TABLE conversations ADD COLUMN locked {{bool}} NOT NULL DEFAULT FALSE;
ALTER TABLE conversations ADD COLUMN posts_per_hour {{int}};
ALTER TABLE conversations ADD COLUMN roster_hidden {{bool}} NOT NULL DEFAULT FALSE;

-- Why somebody is in a conversation: hand (somebody put them there), group (they are in a
-- group with which it is kept in step); out is a client whom somebody took out, and who is
-- not put back by a group.
ALTER TABLE conversation_members ADD COLUMN via {{text}} NOT NULL DEFAULT 'hand';

-- The client groups with which a community chat is kept in step.
-- owner: chat
CREATE TABLE conversation_groups (
    conversation_id {{id}} NOT NULL REFERENCES conversations (id),
    group_id        {{id}} NOT NULL,
    PRIMARY KEY (conversation_id, group_id)
){{clustered}};
CREATE INDEX conversation_groups_by_group ON conversation_groups (group_id, conversation_id);

-- When clients posted where a rate is set, for as long as that counts.
-- owner: chat
CREATE TABLE community_posts (
    conversation_id {{id}} NOT NULL,
    user_id         {{id}} NOT NULL,
    seq             {{int}} NOT NULL,
    at              {{int}} NOT NULL,
    PRIMARY KEY (conversation_id, user_id, seq)
){{clustered}};

-- Posts that somebody reported to staff: one row per post and person. resolved_at NULL is
-- open; outcome: removed, kept.
-- owner: chat
CREATE TABLE message_reports (
    id              {{id}} NOT NULL PRIMARY KEY,
    org_id          {{id}} NOT NULL REFERENCES organizations (id),
    conversation_id {{id}} NOT NULL REFERENCES conversations (id),
    message_id      {{id}} NOT NULL,
    reporter_id     {{id}} NOT NULL REFERENCES people (id),
    reason          {{text}} NOT NULL,
    created_at      {{int}} NOT NULL,
    resolved_at     {{int}},
    resolved_by     {{id}},
    outcome         {{text}} NOT NULL,
    note            {{text}} NOT NULL
){{strict}};
CREATE UNIQUE INDEX message_reports_once ON message_reports (message_id, reporter_id);
CREATE INDEX message_reports_by_org ON message_reports (org_id, id);
CREATE INDEX message_reports_open ON message_reports (org_id, id) WHERE resolved_at IS NULL;
