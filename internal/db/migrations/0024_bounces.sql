-- +goose Up

-- Of a delivery by mail whose reports come back to Hearth: which mail it went out in (the
-- id of one of its deliveries), a hash of the address, when it was handed over, and the
-- three numbers of a report that it did not arrive; never a word of the report.
ALTER TABLE deliveries ADD COLUMN mail_id {{id}};
ALTER TABLE deliveries ADD COLUMN address {{blob}};
ALTER TABLE deliveries ADD COLUMN handed_at {{int}};
ALTER TABLE deliveries ADD COLUMN returned {{text}};
CREATE INDEX deliveries_by_mail ON deliveries (mail_id) WHERE mail_id IS NOT NULL;

-- Whom mails do not reach: since when no more are tried, and why (no_mailbox, returned), as
-- long as address is the hash of the person's own. stopped_at is null where they are tried;
-- retried_at is when somebody last had them tried again: what came back before does not count.
-- owner: notify
CREATE TABLE mail_stops (
    user_id    {{id}} NOT NULL PRIMARY KEY,
    org_id     {{id}} NOT NULL,
    address    {{blob}} NOT NULL,
    stopped_at {{int}},
    why        {{text}},
    retried_at {{int}}
){{strict}};
