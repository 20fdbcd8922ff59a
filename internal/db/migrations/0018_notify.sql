-- +goose Up

-- What somebody is told of a conversation: one row for a person and a conversation, and
-- with reminder one more about messages of clients that wait for an answer. seq is the
-- message that began what is open: everything behind it until the person has read on is
-- part of the same. told is where they were told of it, as a bit mask: 1 by mail, 2 by
-- push, 4 in the app, where shown says that it stands in their list. closed_seq is the
-- last message of which they put the notice away without reading; open is false when they
-- are known to have read.
-- owner: notify
CREATE TABLE notices (
    conversation_id {{id}} NOT NULL,
    user_id         {{id}} NOT NULL,
    reminder        {{bool}} NOT NULL,
    id              {{id}} NOT NULL,
    org_id          {{id}} NOT NULL,
    kind            {{text}} NOT NULL,
    mention         {{bool}} NOT NULL,
    seq             {{int}} NOT NULL,
    closed_seq      {{int}} NOT NULL,
    at              {{int}} NOT NULL,
    told            {{int}} NOT NULL,
    shown           {{bool}} NOT NULL,
    open            {{bool}} NOT NULL,
    PRIMARY KEY (conversation_id, user_id, reminder)
){{clustered}};
CREATE UNIQUE INDEX notices_by_id ON notices (id);
CREATE INDEX notices_by_user ON notices (user_id, at, id) WHERE shown;
CREATE INDEX notices_open ON notices (user_id) WHERE shown AND open;
CREATE INDEX notices_reminding ON notices (conversation_id) WHERE reminder AND open;

-- One telling of one person over one channel (email, push, in_app), and what became of it:
-- state is waiting, sent, failed, bounced or dropped, why says why it is not sent (yet).
-- due_at is when it is looked at; while it is being sent, when another node may take it.
-- It says never what was written, or by whom.
-- owner: notify
CREATE TABLE deliveries (
    id              {{id}} NOT NULL PRIMARY KEY,
    org_id          {{id}} NOT NULL,
    user_id         {{id}} NOT NULL,
    conversation_id {{id}},
    reminder        {{bool}} NOT NULL,
    kind            {{text}} NOT NULL,
    mention         {{bool}} NOT NULL,
    seq             {{int}} NOT NULL,
    channel         {{text}} NOT NULL,
    subscription_id {{id}},
    state           {{text}} NOT NULL,
    why             {{text}},
    attempt         {{int}} NOT NULL,
    at              {{int}} NOT NULL,
    due_at          {{int}} NOT NULL,
    settled_at      {{int}}
){{strict}};
CREATE INDEX deliveries_due ON deliveries (channel, due_at, id) WHERE state = 'waiting';
CREATE INDEX deliveries_mail ON deliveries (user_id) WHERE state = 'waiting' AND channel = 'email';
CREATE INDEX deliveries_by_user ON deliveries (user_id, id);
CREATE INDEX deliveries_settled ON deliveries (settled_at) WHERE settled_at IS NOT NULL;

-- The devices that get pushes. One endpoint is one browser, and belongs to who signed in
-- there last; it goes with the session.
-- owner: notify
CREATE TABLE push_subscriptions (
    id            {{id}} NOT NULL PRIMARY KEY,
    org_id        {{id}} NOT NULL,
    user_id       {{id}} NOT NULL REFERENCES people (id),
    session_id    {{id}} NOT NULL,
    endpoint      {{text}} NOT NULL,
    endpoint_hash {{blob}} NOT NULL,
    p256dh        {{text}} NOT NULL,
    auth          {{text}} NOT NULL,
    device        {{text}} NOT NULL,
    created_at    {{int}} NOT NULL,
    last_sent_at  {{int}}
){{strict}};
CREATE UNIQUE INDEX push_subscriptions_once ON push_subscriptions (endpoint_hash);
CREATE INDEX push_subscriptions_by_user ON push_subscriptions (user_id, id);
CREATE INDEX push_subscriptions_by_session ON push_subscriptions (session_id);

-- What signs the links that end mails of a kind; one row.
-- owner: notify
CREATE TABLE unsubscribe_secret (
    one    {{int}} NOT NULL PRIMARY KEY,
    secret {{blob}} NOT NULL
){{strict}};
