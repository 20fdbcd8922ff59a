-- +goose Up

-- Exports of conversations that somebody asked for. state: queued, running, ready, failed
-- (why is the code), expired (the file is gone), removed (its requester took it away; file
-- and row go next). The file lies in the blob store under the id. first_seq and last_seq
-- are the messages it holds, 0 while none. changed_at is when the row last changed.
-- owner: transcript
CREATE TABLE exports (
    id              {{id}} NOT NULL PRIMARY KEY,
    org_id          {{id}} NOT NULL REFERENCES organizations (id),
    requester_id    {{id}} NOT NULL REFERENCES people (id),
    conversation_id {{id}} NOT NULL REFERENCES conversations (id),
    format          {{text}} NOT NULL,
    attachments     {{bool}} NOT NULL,
    time_zone       {{text}} NOT NULL,
    state           {{text}} NOT NULL,
    why             {{text}} NOT NULL,
    done            {{int}} NOT NULL,
    total           {{int}} NOT NULL,
    first_seq       {{int}} NOT NULL,
    last_seq        {{int}} NOT NULL,
    size            {{int}} NOT NULL,
    created_at      {{int}} NOT NULL,
    changed_at      {{int}} NOT NULL,
    expires_at      {{int}}
){{strict}};
CREATE INDEX exports_by_requester ON exports (requester_id, created_at, id);
CREATE INDEX exports_by_state ON exports (state, changed_at);
