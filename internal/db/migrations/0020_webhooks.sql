-- +goose Up

-- Where other programs are told what happens. events are the kinds they want, with blanks
-- between. disabled_why says why the program switched it off; NULL where somebody did, or
-- nobody. old_secret signs too until old_until. failures counts those in a row, which began
-- at failing_since; warned_at is when that was told. Nothing is sent before rest_until.
-- A deleted one stays without its address until its deliveries are gone.
-- owner: webhook
CREATE TABLE webhooks (
    id            {{id}} NOT NULL PRIMARY KEY,
    org_id        {{id}} NOT NULL REFERENCES organizations (id),
    url           {{text}} NOT NULL,
    description   {{text}} NOT NULL,
    events        {{text}} NOT NULL,
    active        {{bool}} NOT NULL,
    disabled_why  {{text}},
    version       {{int}} NOT NULL,
    created_at    {{int}} NOT NULL,
    secret        {{blob}} NOT NULL,
    old_secret    {{blob}},
    old_until     {{int}},
    failures      {{int}} NOT NULL,
    failing_since {{int}},
    warned_at     {{int}},
    rest_until    {{int}} NOT NULL,
    last_state    {{text}},
    last_at       {{int}},
    deleted_at    {{int}}
){{strict}};
CREATE INDEX webhooks_by_org ON webhooks (org_id, created_at, id) WHERE deleted_at IS NULL;

-- One row for each event and webhook; id is the event's, which is told as webhook-id.
-- state: waiting, sending, delivered, failed. due_at is when it is sent (again), while it is
-- being sent the end of the lease, and NULL when it is settled. From began_at on counts the
-- day for which it is tried, and attempts since then. status is what was answered last, why
-- says why that was no success.
-- owner: webhook
CREATE TABLE webhook_deliveries (
    webhook_id {{id}} NOT NULL,
    id         {{id}} NOT NULL,
    kind       {{text}} NOT NULL,
    subject_id {{id}},
    seq        {{int}} NOT NULL,
    at         {{int}} NOT NULL,
    state      {{text}} NOT NULL,
    due_at     {{int}},
    began_at   {{int}} NOT NULL,
    attempts   {{int}} NOT NULL,
    status     {{int}},
    why        {{text}},
    tried_at   {{int}},
    PRIMARY KEY (webhook_id, id)
){{clustered}};
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX webhook_deliveries_failed ON webhook_deliveries (webhook_id, id) WHERE state = 'failed';
