-- +goose Up

-- What people wrote to be sent later. The id is the message's as well, which makes sending
-- safe to repeat; state: scheduled, sent, skipped (why is the code), cancelled. content_hash
-- is of what was first asked for, version counts the changes.
-- owner: chat
CREATE TABLE scheduled_messages (
    id              {{id}} NOT NULL PRIMARY KEY,
    org_id          {{id}} NOT NULL REFERENCES organizations (id),
    conversation_id {{id}} NOT NULL REFERENCES conversations (id),
    author_id       {{id}} NOT NULL REFERENCES people (id),
    state           {{text}} NOT NULL,
    why             {{text}} NOT NULL,
    body            {{text}} NOT NULL,
    reply_to        {{id}},
    on_behalf_of    {{id}},
    send_at         {{int}} NOT NULL,
    version         {{int}} NOT NULL,
    content_hash    {{blob}} NOT NULL,
    created_at      {{int}} NOT NULL,
    settled_at      {{int}}
){{strict}};
CREATE INDEX scheduled_messages_by_author ON scheduled_messages (author_id, send_at, id);
CREATE INDEX scheduled_messages_by_time ON scheduled_messages (state, send_at);

-- Texts to write with; owner_id NULL belongs to the organization. request_hash is of what
-- was first asked for.
-- owner: templates
CREATE TABLE templates (
    id           {{id}} NOT NULL PRIMARY KEY,
    org_id       {{id}} NOT NULL REFERENCES organizations (id),
    owner_id     {{id}} REFERENCES people (id),
    title        {{text}} NOT NULL,
    sort_title   {{text}} NOT NULL,
    body         {{text}} NOT NULL,
    version      {{int}} NOT NULL,
    request_hash {{blob}} NOT NULL,
    created_at   {{int}} NOT NULL
){{strict}};
CREATE INDEX templates_by_title ON templates (org_id, sort_title, id);

-- What comes next for a client, or for every client of the organization who has none of
-- their own: the subject is the one or the other.
-- owner: templates
CREATE TABLE next_steps (
    subject_id {{id}} NOT NULL PRIMARY KEY,
    org_id     {{id}} NOT NULL REFERENCES organizations (id),
    text       {{text}} NOT NULL,
    version    {{int}} NOT NULL
){{strict}};

-- When a member of staff, or the organization, answers by itself: the subject is the one
-- or the other. live is false where no rule is set, so that a send need not look at it.
-- rules is JSON (see package autoreply).
-- owner: autoreply
CREATE TABLE away_rules (
    subject_id {{id}} NOT NULL PRIMARY KEY,
    org_id     {{id}} NOT NULL REFERENCES organizations (id),
    live       {{bool}} NOT NULL,
    rules      {{text}} NOT NULL,
    version    {{int}} NOT NULL
){{strict}};

-- When a client was last answered by itself.
-- owner: autoreply
CREATE TABLE away_replies (
    client_id {{id}} NOT NULL PRIMARY KEY REFERENCES clients (user_id),
    at        {{int}} NOT NULL
){{strict}};

-- What new clients are greeted with.
-- owner: autoreply
CREATE TABLE welcomes (
    org_id  {{id}} NOT NULL PRIMARY KEY REFERENCES organizations (id),
    enabled {{bool}} NOT NULL,
    body    {{text}} NOT NULL,
    version {{int}} NOT NULL
){{strict}};
