-- +goose Up

-- Times are integer milliseconds since 1970 in UTC. Ids are UUIDs.

-- owner: directory
CREATE TABLE organizations (
    id                {{id}} NOT NULL PRIMARY KEY,
    name              {{text}} NOT NULL,
    name_in_mail      {{text}},
    time_zone         {{text}} NOT NULL,
    second_factor     {{text}} NOT NULL,
    default_direct    {{bool}} NOT NULL,
    default_community {{bool}} NOT NULL,
    notice_title      {{text}},
    notice_body       {{text}},
    notice_phone      {{text}},
    version           {{int}} NOT NULL,
    created_at        {{int}} NOT NULL
){{strict}};

-- Everybody who can have an account, of every organization. An address belongs to one
-- person in the whole installation and is kept in lower case.
-- request_hash is of what was first asked for, to tell a repeated request from another.
-- owner: directory
CREATE TABLE people (
    id           {{id}} NOT NULL PRIMARY KEY,
    org_id       {{id}} NOT NULL REFERENCES organizations (id),
    kind         {{text}} NOT NULL,
    name         {{text}} NOT NULL,
    sort_name    {{text}} NOT NULL,
    email        {{text}},
    request_hash {{blob}},
    created_at   {{int}} NOT NULL,
    last_seen_at {{int}}
){{strict}};
CREATE UNIQUE INDEX people_email ON people (email);
CREATE INDEX people_by_name ON people (org_id, kind, sort_name, id, email);

-- owner: directory
CREATE TABLE staff (
    user_id           {{id}} NOT NULL PRIMARY KEY REFERENCES people (id),
    org_id            {{id}} NOT NULL REFERENCES organizations (id),
    role              {{text}} NOT NULL,
    permissions       {{text}},
    title             {{text}},
    clients_may_start {{bool}} NOT NULL,
    active            {{bool}} NOT NULL,
    default_direct    {{bool}},
    default_community {{bool}},
    version           {{int}} NOT NULL
){{strict}};
CREATE INDEX staff_by_org ON staff (org_id);

-- owner: directory
CREATE TABLE client_groups (
    id           {{id}} NOT NULL PRIMARY KEY,
    org_id       {{id}} NOT NULL REFERENCES organizations (id),
    name         {{text}} NOT NULL,
    direct       {{bool}},
    community    {{bool}},
    version      {{int}} NOT NULL,
    request_hash {{blob}},
    created_at   {{int}} NOT NULL
){{strict}};
CREATE INDEX client_groups_by_org ON client_groups (org_id, name);

-- own_* is the client's own setting (NULL: not set), default_* the default when added,
-- copied at creation.
-- owner: directory
CREATE TABLE clients (
    user_id             {{id}} NOT NULL PRIMARY KEY REFERENCES people (id),
    org_id              {{id}} NOT NULL REFERENCES organizations (id),
    state               {{text}} NOT NULL,
    group_id            {{id}} REFERENCES client_groups (id),
    primary_provider_id {{id}} NOT NULL REFERENCES staff (user_id),
    own_direct          {{bool}},
    own_community       {{bool}},
    default_direct      {{bool}} NOT NULL,
    default_community   {{bool}} NOT NULL,
    version             {{int}} NOT NULL
){{strict}};
CREATE INDEX clients_by_org ON clients (org_id, state);
CREATE INDEX clients_by_group ON clients (group_id);
CREATE INDEX clients_by_provider ON clients (primary_provider_id);

-- owner: directory
CREATE TABLE care_team (
    client_id {{id}} NOT NULL REFERENCES clients (user_id),
    staff_id  {{id}} NOT NULL REFERENCES staff (user_id),
    PRIMARY KEY (client_id, staff_id)
){{clustered}};
CREATE INDEX care_team_by_staff ON care_team (staff_id, client_id);

-- owner: identity
CREATE TABLE credentials (
    user_id       {{id}} NOT NULL PRIMARY KEY REFERENCES people (id),
    password_hash {{text}} NOT NULL,
    changed_at    {{int}} NOT NULL
){{strict}};

-- Only the SHA-256 of a token is kept.
-- owner: identity
CREATE TABLE sessions (
    id         {{id}} NOT NULL PRIMARY KEY,
    token_hash {{blob}} NOT NULL,
    user_id    {{id}} NOT NULL REFERENCES people (id),
    created_at {{int}} NOT NULL,
    used_at    {{int}} NOT NULL,
    expires_at {{int}} NOT NULL,
    bearer     {{bool}} NOT NULL
){{strict}};
CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Links that let somebody choose a password: invitations and resets.
-- owner: identity
CREATE TABLE invitations (
    id         {{id}} NOT NULL PRIMARY KEY,
    token_hash {{blob}} NOT NULL,
    user_id    {{id}} NOT NULL REFERENCES people (id),
    purpose    {{text}} NOT NULL,
    created_by {{id}},
    created_at {{int}} NOT NULL,
    expires_at {{int}} NOT NULL,
    used_at    {{int}}
){{strict}};
CREATE UNIQUE INDEX invitations_token ON invitations (token_hash);
CREATE INDEX invitations_by_user ON invitations (user_id);

-- Counts of failures per subject, a keyed hash of an address or an account.
-- owner: identity
CREATE TABLE sign_in_failures (
    subject      {{blob}} NOT NULL PRIMARY KEY,
    failures     {{int}} NOT NULL,
    last_at      {{int}} NOT NULL,
    locked_until {{int}} NOT NULL
){{strict}};
CREATE INDEX sign_in_failures_by_age ON sign_in_failures (last_at);

-- client_id is the one client of a direct conversation. countable is the number of
-- messages so far that can be unread. people_key names exactly the people it was opened with.
-- owner: chat
CREATE TABLE conversations (
    id               {{id}} NOT NULL PRIMARY KEY,
    org_id           {{id}} NOT NULL REFERENCES organizations (id),
    kind             {{text}} NOT NULL,
    subject          {{text}} NOT NULL,
    client_id        {{id}} REFERENCES clients (user_id),
    people_key       {{blob}},
    history_all      {{bool}} NOT NULL,
    request_hash     {{blob}} NOT NULL,
    created_by       {{id}},
    created_at       {{int}} NOT NULL,
    closed_at        {{int}},
    last_seq         {{int}} NOT NULL,
    countable        {{int}} NOT NULL,
    last_activity_at {{int}} NOT NULL
){{strict}};
CREATE INDEX conversations_by_activity ON conversations (org_id, last_activity_at);
CREATE INDEX conversations_by_client ON conversations (client_id);
CREATE INDEX conversations_by_people ON conversations (people_key);

-- One row per person in a conversation; left_at keeps the row of who was removed.
-- joined_seq is the last message before they came: they read what follows. read_seq and
-- read_countable are how far they have read, as message number and as countable number.
-- owner: chat
CREATE TABLE conversation_members (
    conversation_id {{id}} NOT NULL REFERENCES conversations (id),
    user_id         {{id}} NOT NULL REFERENCES people (id),
    kind            {{text}} NOT NULL,
    joined_at       {{int}} NOT NULL,
    joined_seq      {{int}} NOT NULL,
    left_at         {{int}},
    read_seq        {{int}} NOT NULL,
    read_countable  {{int}} NOT NULL,
    marked_unread   {{bool}} NOT NULL,
    muted_until     {{int}},
    pinned          {{bool}} NOT NULL,
    archived        {{bool}} NOT NULL,
    PRIMARY KEY (conversation_id, user_id)
){{clustered}};
CREATE INDEX conversation_members_by_user ON conversation_members (user_id, conversation_id);

-- Clustered by conversation and number, so that a page of history is one range read.
-- countable is how many messages that can be unread there are up to and with this one.
-- content_hash is of what was first asked for, to tell a repeated request from another.
-- owner: chat
CREATE TABLE messages (
    conversation_id {{id}} NOT NULL REFERENCES conversations (id),
    seq             {{int}} NOT NULL,
    id              {{id}} NOT NULL,
    kind            {{text}} NOT NULL,
    author_id       {{id}},
    on_behalf_of    {{id}},
    reply_to        {{id}},
    body            {{text}} NOT NULL,
    countable       {{int}} NOT NULL,
    content_hash    {{blob}} NOT NULL,
    created_at      {{int}} NOT NULL,
    edited_at       {{int}},
    deleted_at      {{int}},
    PRIMARY KEY (conversation_id, seq)
){{clustered}};
CREATE UNIQUE INDEX messages_by_id ON messages (id);

-- owner: chat
CREATE TABLE drafts (
    user_id         {{id}} NOT NULL REFERENCES people (id),
    conversation_id {{id}} NOT NULL REFERENCES conversations (id),
    body            {{text}} NOT NULL,
    updated_at      {{int}} NOT NULL,
    PRIMARY KEY (user_id, conversation_id)
){{clustered}};

-- One chain per organization: n counts 1, 2, 3 …, hash covers the row and the hash before.
-- owner: audit
CREATE TABLE audit_log (
    org_id       {{id}} NOT NULL,
    n            {{int}} NOT NULL,
    id           {{id}} NOT NULL,
    at           {{int}} NOT NULL,
    actor_id     {{id}},
    actor_kind   {{text}} NOT NULL,
    action       {{text}} NOT NULL,
    subject_kind {{text}} NOT NULL,
    subject_id   {{id}},
    details      {{text}} NOT NULL,
    hash         {{blob}} NOT NULL,
    PRIMARY KEY (org_id, n)
){{clustered}};
CREATE INDEX audit_log_by_subject ON audit_log (org_id, subject_id, n);
CREATE INDEX audit_log_by_actor ON audit_log (org_id, actor_id, n);

-- Where each chain stands; its row is the lock that serialises appending.
-- owner: audit
CREATE TABLE audit_heads (
    org_id {{id}} NOT NULL PRIMARY KEY,
    n      {{int}} NOT NULL,
    hash   {{blob}} NOT NULL
){{strict}};

-- Which repeated acts were recorded already: one row per actor, subject and hour.
-- owner: audit
CREATE TABLE audit_marks (
    actor_id   {{id}} NOT NULL,
    subject_id {{id}} NOT NULL,
    hour       {{int}} NOT NULL,
    PRIMARY KEY (actor_id, subject_id, hour)
){{clustered}};

-- owner: jobs
CREATE TABLE jobs (
    id          {{id}} NOT NULL PRIMARY KEY,
    kind        {{text}} NOT NULL,
    args        {{text}} NOT NULL,
    state       {{text}} NOT NULL,
    run_at      {{int}} NOT NULL,
    attempt     {{int}} NOT NULL,
    dedupe      {{text}},
    last_error  {{text}} NOT NULL,
    created_at  {{int}} NOT NULL,
    finished_at {{int}}
){{strict}};
CREATE INDEX jobs_due ON jobs (state, run_at, id);
CREATE UNIQUE INDEX jobs_dedupe ON jobs (dedupe);

-- +sqlite
-- +goose StatementBegin
CREATE TRIGGER audit_log_keeps BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_log_stays BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
-- +goose StatementEnd
-- +end
-- +postgres
-- +goose StatementBegin
CREATE FUNCTION audit_log_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_log_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_append_only();
-- +end
