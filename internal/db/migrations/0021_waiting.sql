-- +goose Up

-- When staff are reminded of a client's message that nobody has answered: after so many
-- hours of opening time the care team, after so many more everybody who sees the queue.
-- opening is the weekly hours, as JSON.
-- owner: waiting
CREATE TABLE waiting_settings (
    org_id            {{id}} NOT NULL PRIMARY KEY REFERENCES organizations (id),
    is_on             {{bool}} NOT NULL,
    hours             {{int}} NOT NULL,
    queue_after_hours {{int}} NOT NULL,
    opening           {{text}} NOT NULL,
    version           {{int}} NOT NULL
){{strict}};

-- Up to which number the texts of a direct conversation were looked at. The row is the lock
-- of the conversation's questions. behind: there were more than one look took.
-- owner: waiting
CREATE TABLE waiting_places (
    conversation_id {{id}} NOT NULL PRIMARY KEY,
    seen_seq        {{int}} NOT NULL,
    behind          {{bool}} NOT NULL
){{clustered}};
CREATE INDEX waiting_places_behind ON waiting_places (conversation_id) WHERE behind = TRUE;

-- A question is the first text of a client after the last one of staff. state: open,
-- answered, closed (with its conversation), withdrawn (deleted). provider_id is the client's
-- primary provider when it was asked, open_ms the opening time that it waited. overdue_at
-- is when the care team is to be reminded, due_at when somebody is next, stage how many
-- reminders there were; reckoned is the version of the settings that they come from.
-- owner: waiting
CREATE TABLE waiting_questions (
    conversation_id {{id}} NOT NULL,
    seq             {{int}} NOT NULL,
    org_id          {{id}} NOT NULL REFERENCES organizations (id),
    client_id       {{id}} NOT NULL,
    provider_id     {{id}} NOT NULL,
    asked_at        {{int}} NOT NULL,
    state           {{text}} NOT NULL,
    ended_at        {{int}},
    answered_seq    {{int}},
    answered_by     {{id}},
    open_ms         {{int}},
    overdue_at      {{int}},
    due_at          {{int}},
    stage           {{int}} NOT NULL,
    reckoned        {{int}} NOT NULL,
    PRIMARY KEY (conversation_id, seq)
){{clustered}};
CREATE UNIQUE INDEX waiting_open ON waiting_questions (conversation_id) WHERE state = 'open';
CREATE INDEX waiting_open_by_version ON waiting_questions (org_id, reckoned, conversation_id, asked_at, overdue_at) WHERE state = 'open';
CREATE INDEX waiting_due ON waiting_questions (due_at, conversation_id) WHERE due_at IS NOT NULL;
CREATE INDEX waiting_asked ON waiting_questions (org_id, asked_at, state, provider_id, open_ms);

-- How far what was there before anybody looked has been looked at: the one row says since
-- when, and behind which conversation it goes on.
-- owner: waiting
CREATE TABLE waiting_progress (
    id       {{int}} NOT NULL PRIMARY KEY,
    since    {{int}} NOT NULL,
    place    {{id}},
    finished {{bool}} NOT NULL
){{strict}};
