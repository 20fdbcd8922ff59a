-- +goose Up

-- What a message carries beside its text, as a bit mask, so that a page of history looks
-- only for what is there: 1 reactions, 2 attachments, 4 earlier versions.
ALTER TABLE messages ADD COLUMN extras {{int}} NOT NULL DEFAULT 0;

-- The name that fellow clients see where the organization chose aliases.
ALTER TABLE people ADD COLUMN alias {{text}};

-- What a message said before it was changed or deleted, for staff who may read the audit
-- log. n counts 1, 2, 3 … within the message; by_id is who changed it; why: edited, deleted.
-- owner: chat
CREATE TABLE message_versions (
    message_id {{id}} NOT NULL,
    n          {{int}} NOT NULL,
    body       {{text}} NOT NULL,
    at         {{int}} NOT NULL,
    by_id      {{id}} NOT NULL,
    why        {{text}} NOT NULL,
    PRIMARY KEY (message_id, n)
){{clustered}};

-- owner: chat
CREATE TABLE message_reactions (
    message_id {{id}} NOT NULL,
    emoji      {{text}} NOT NULL,
    user_id    {{id}} NOT NULL,
    at         {{int}} NOT NULL,
    PRIMARY KEY (message_id, emoji, user_id)
){{clustered}};

-- How an organization chats; without a row the defaults hold (see chat.Settings).
-- edit_window is in seconds.
-- owner: chat
CREATE TABLE chat_settings (
    org_id       {{id}} NOT NULL PRIMARY KEY REFERENCES organizations (id),
    version      {{int}} NOT NULL,
    edit_window  {{int}} NOT NULL,
    client_names {{text}} NOT NULL
){{strict}};
