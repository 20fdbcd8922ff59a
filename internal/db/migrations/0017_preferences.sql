-- +goose Up

-- Which notifications people get. A cell is a kind and a channel, and a bit: 1, 2, 4 are e-mail,
-- push and in the app of direct conversations, 8, 16, 32 of community chats, 64, 128, 256 of
-- conversations of the team, 512, 1024, 2048 of reminders. A mask is the sum of cells.

-- A client's own settings (own_set: the cells that are set, own_on: those of them that are on),
-- and the default when added. No row: nothing is set, everything is on by default, version 1.
-- owner: preference
CREATE TABLE notification_clients (
    client_id  {{id}} NOT NULL PRIMARY KEY,
    org_id     {{id}} NOT NULL,
    own_set    {{int}} NOT NULL,
    own_on     {{int}} NOT NULL,
    default_on {{int}} NOT NULL,
    version    {{int}} NOT NULL
){{clustered}};

-- No row: nothing is set, version 1.
-- owner: preference
CREATE TABLE notification_groups (
    group_id {{id}} NOT NULL PRIMARY KEY REFERENCES client_groups (id) ON DELETE CASCADE,
    org_id   {{id}} NOT NULL,
    is_set   {{int}} NOT NULL,
    is_on    {{int}} NOT NULL,
    version  {{int}} NOT NULL
){{clustered}};

-- The defaults for new clients, and what mail and push may name. No row: everything is on,
-- nothing is named, version 1.
-- owner: preference
CREATE TABLE notification_defaults (
    org_id          {{id}} NOT NULL PRIMARY KEY,
    is_on           {{int}} NOT NULL,
    names_practice  {{bool}} NOT NULL,
    names_for_staff {{bool}} NOT NULL,
    version         {{int}} NOT NULL
){{clustered}};

-- What people narrow for themselves: off are cells they do not want, mentions are kinds (the
-- bits of their first cells) of which they want mentions only. Times of day are minutes since
-- midnight, quiet_days the days on which quiet hours begin (1 is Monday, 64 Sunday). No
-- time_zone: the organization's. No row: all is wanted at once, version 1.
-- owner: preference
CREATE TABLE notification_people (
    user_id    {{id}} NOT NULL PRIMARY KEY,
    org_id     {{id}} NOT NULL,
    off        {{int}} NOT NULL,
    mentions   {{int}} NOT NULL,
    quiet      {{bool}} NOT NULL,
    quiet_from {{int}} NOT NULL,
    quiet_to   {{int}} NOT NULL,
    quiet_days {{int}} NOT NULL,
    time_zone  {{text}},
    digest     {{text}} NOT NULL,
    daily_at   {{int}} NOT NULL,
    sound      {{text}} NOT NULL,
    version    {{int}} NOT NULL
){{clustered}};

-- A change of many clients, from its preview on. state: previewed, staging (its clients are being
-- noted), refused, applying, applied, undoing, undone. request is what was asked, in JSON; named
-- are the cells it is about, sets those of them that it sets, turns_on those that it turns on.
-- clients is how many are written, at how many of them are, undo_behind behind whom the undoing
-- goes on; undo_team says that it reaches the care team of undone_by only.
-- owner: preference
CREATE TABLE notification_changes (
    id          {{id}} NOT NULL PRIMARY KEY,
    org_id      {{id}} NOT NULL,
    actor_id    {{id}} NOT NULL,
    state       {{text}} NOT NULL,
    token_hash  {{blob}} NOT NULL,
    request     {{text}} NOT NULL,
    fingerprint {{blob}} NOT NULL,
    how         {{text}} NOT NULL,
    place       {{text}} NOT NULL,
    include_own {{bool}} NOT NULL,
    named       {{int}} NOT NULL,
    sets        {{int}} NOT NULL,
    turns_on    {{int}} NOT NULL,
    matched     {{int}} NOT NULL,
    clients     {{int}} NOT NULL,
    at          {{int}} NOT NULL,
    changed     {{int}} NOT NULL,
    created_at  {{int}} NOT NULL,
    expires_at  {{int}} NOT NULL,
    applied_at  {{int}},
    finished_at {{int}},
    undone_at   {{int}},
    undone_by   {{id}},
    undo_behind {{id}},
    undo_team   {{bool}},
    restored    {{int}} NOT NULL,
    kept        {{int}} NOT NULL
){{strict}};
CREATE UNIQUE INDEX notification_changes_token ON notification_changes (token_hash);
CREATE INDEX notification_changes_by_org ON notification_changes (org_id, applied_at, id);
CREATE INDEX notification_changes_by_age ON notification_changes (created_at);

-- The clients of a change, in parts, as their ids one after the other: kept from the moment it
-- is applied until it is written.
-- owner: preference
CREATE TABLE notification_change_parts (
    change_id {{id}} NOT NULL,
    part      {{int}} NOT NULL,
    clients   {{blob}} NOT NULL,
    PRIMARY KEY (change_id, part)
){{clustered}};

-- What a change found and what it wrote for each client, so that it can be undone.
-- owner: preference
CREATE TABLE notification_change_rows (
    change_id {{id}} NOT NULL,
    client_id {{id}} NOT NULL,
    old_set   {{int}} NOT NULL,
    old_on    {{int}} NOT NULL,
    new_set   {{int}} NOT NULL,
    new_on    {{int}} NOT NULL,
    PRIMARY KEY (change_id, client_id)
){{clustered}};
