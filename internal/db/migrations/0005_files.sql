-- +goose Up

-- Files of messages. The bytes lie in the blob store under the id. state: arriving (being
-- sent or looked at), ready, removed (its bytes go next). message_id names the message, or
-- the scheduled message of that id, that has it; NULL while its sender is still writing,
-- and once it is removed. changed_at is when state or message_id last changed.
-- owner: attach
CREATE TABLE attachments (
    id          {{id}} NOT NULL PRIMARY KEY,
    org_id      {{id}} NOT NULL REFERENCES organizations (id),
    uploader_id {{id}} NOT NULL REFERENCES people (id),
    state       {{text}} NOT NULL,
    message_id  {{id}},
    position    {{int}} NOT NULL,
    name        {{text}} NOT NULL,
    media_type  {{text}} NOT NULL,
    size        {{int}} NOT NULL,
    width       {{int}} NOT NULL,
    height      {{int}} NOT NULL,
    duration_ms {{int}} NOT NULL,
    thumbnail   {{text}} NOT NULL,
    created_at  {{int}} NOT NULL,
    changed_at  {{int}} NOT NULL
){{strict}};
CREATE INDEX attachments_of_message ON attachments (message_id, position);
CREATE INDEX attachments_loose ON attachments (uploader_id, changed_at) WHERE message_id IS NULL;
