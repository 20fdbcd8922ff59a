-- +goose Up

-- What happened, in the transaction in which it did, until everybody who tells others of it
-- has taken it: kind names it, subject_id is what it is about (the conversation of a message,
-- a client, a blast), seq the place in a conversation. due_at is when it is looked at again
-- (0 at once), tries how often it could not be taken. resume and place: the one that has to go
-- on with it, and behind whom.
-- owner: outbox
CREATE TABLE outbox (
    id         {{id}} NOT NULL PRIMARY KEY,
    org_id     {{id}} NOT NULL,
    kind       {{text}} NOT NULL,
    subject_id {{id}} NOT NULL,
    seq        {{int}} NOT NULL,
    at         {{int}} NOT NULL,
    due_at     {{int}} NOT NULL DEFAULT 0,
    tries      {{int}} NOT NULL DEFAULT 0,
    resume     {{text}} NOT NULL DEFAULT '',
    place      {{id}}
){{clustered}};
