-- +goose Up

-- Who may chat: what a place's setting carries beside its value, and the record of every
-- change. The values themselves stay columns of clients, client_groups, staff and
-- organizations, where the path of a message reads them. access_version counts the
-- changes of one place, for the check that nobody else changed it meanwhile.
ALTER TABLE clients ADD COLUMN own_direct_until {{int}};
ALTER TABLE clients ADD COLUMN own_community_until {{int}};
ALTER TABLE clients ADD COLUMN access_version {{int}} NOT NULL DEFAULT 1;
CREATE INDEX clients_direct_until ON clients (own_direct_until);
CREATE INDEX clients_community_until ON clients (own_community_until);
-- Counts and finds clients by what their switches are, without reading the clients.
CREATE INDEX clients_by_access ON clients (org_id, state, own_direct, own_community, default_direct, default_community, group_id, user_id);

ALTER TABLE client_groups ADD COLUMN direct_until {{int}};
ALTER TABLE client_groups ADD COLUMN community_until {{int}};
ALTER TABLE client_groups ADD COLUMN access_version {{int}} NOT NULL DEFAULT 1;
ALTER TABLE client_groups ADD COLUMN notice_title {{text}};
ALTER TABLE client_groups ADD COLUMN notice_body {{text}};
ALTER TABLE client_groups ADD COLUMN notice_phone {{text}};
ALTER TABLE client_groups ADD COLUMN notice_hours {{text}};
ALTER TABLE client_groups ADD COLUMN notice_emergency {{text}};

ALTER TABLE staff ADD COLUMN access_version {{int}} NOT NULL DEFAULT 1;

-- active_change is the bulk change whose rows count before they are written to the
-- clients; access_epoch counts everything that a preview of a bulk change depends on.
ALTER TABLE organizations ADD COLUMN notice_hours {{text}};
ALTER TABLE organizations ADD COLUMN notice_emergency {{text}};
ALTER TABLE organizations ADD COLUMN access_version {{int}} NOT NULL DEFAULT 1;
ALTER TABLE organizations ADD COLUMN access_epoch {{int}} NOT NULL DEFAULT 1;
ALTER TABLE organizations ADD COLUMN active_change {{id}};

-- One row per switch and change of one place. subject_id is the client, group, member of
-- staff or organization; a client's rows include what their group's changes did to them.
-- owner: chataccess
CREATE TABLE chat_access_history (
    subject_id {{id}} NOT NULL,
    id         {{id}} NOT NULL,
    org_id     {{id}} NOT NULL,
    change_id  {{id}},
    at         {{int}} NOT NULL,
    actor_id   {{id}},
    actor_kind {{text}} NOT NULL,
    how        {{text}} NOT NULL,
    place      {{text}} NOT NULL,
    switch     {{text}} NOT NULL,
    old_value  {{text}},
    new_value  {{text}} NOT NULL,
    reason     {{text}},
    until      {{int}},
    group_id   {{id}},
    PRIMARY KEY (subject_id, id)
){{clustered}};
CREATE INDEX chat_access_history_by_change ON chat_access_history (change_id);

-- A bulk change from its preview on. state: previewed, staging (its rows are being
-- written), applied, undone, refused (its preview no longer held). undoes names the change
-- that this one takes back; previews of a file carry their rows from the beginning.
-- owner: chataccess
CREATE TABLE chat_access_changes (
    id          {{id}} NOT NULL PRIMARY KEY,
    org_id      {{id}} NOT NULL REFERENCES organizations (id),
    actor_id    {{id}} NOT NULL,
    state       {{text}} NOT NULL,
    token_hash  {{blob}} NOT NULL,
    request     {{text}} NOT NULL,
    fingerprint {{blob}} NOT NULL,
    how         {{text}} NOT NULL DEFAULT 'bulk',
    place       {{text}} NOT NULL,
    direct      {{text}},
    community   {{text}},
    reason      {{text}},
    until       {{int}},
    matched     {{int}} NOT NULL,
    changed     {{int}} NOT NULL,
    created_at  {{int}} NOT NULL,
    expires_at  {{int}} NOT NULL,
    applied_at  {{int}},
    folded_at   {{int}},
    undone_at   {{int}},
    undone_by   {{id}},
    undoes      {{id}}
){{strict}};
CREATE UNIQUE INDEX chat_access_changes_token ON chat_access_changes (token_hash);
CREATE INDEX chat_access_changes_by_org ON chat_access_changes (org_id, applied_at);

-- What a bulk change does to each client. It is written before the change counts and
-- counts from the moment the organization's active_change names it; folded rows have
-- been written to the client, whose access_version was version then. counted rows are
-- those that the change speaks of as changed; reason is a reason of this client alone.
-- owner: chataccess
CREATE TABLE chat_access_change_rows (
    change_id           {{id}} NOT NULL,
    client_id           {{id}} NOT NULL,
    place               {{text}} NOT NULL,
    sets_direct         {{bool}} NOT NULL,
    old_direct          {{bool}},
    new_direct          {{bool}},
    old_direct_until    {{int}},
    new_direct_until    {{int}},
    sets_community      {{bool}} NOT NULL,
    old_community       {{bool}},
    new_community       {{bool}},
    old_community_until {{int}},
    new_community_until {{int}},
    counted             {{bool}} NOT NULL DEFAULT TRUE,
    reason              {{text}},
    folded              {{bool}} NOT NULL,
    version             {{int}},
    PRIMARY KEY (change_id, client_id)
){{clustered}};

-- What a client may read of a community chat while their participation is off: up to
-- this message; NULL while it is on (see chat.Withhold).
ALTER TABLE conversation_members ADD COLUMN withheld_after_seq {{int}};
ALTER TABLE conversation_members ADD COLUMN withheld_countable {{int}};
ALTER TABLE conversation_members ADD COLUMN withheld_activity_at {{int}};
