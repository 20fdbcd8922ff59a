-- +goose Up

-- How often questions of an organization were written: what was read at one number is what
-- is stored as long as the number stands.
-- owner: waiting
CREATE TABLE waiting_epochs (
    org_id {{id}} NOT NULL PRIMARY KEY REFERENCES organizations (id),
    n      {{int}} NOT NULL
){{clustered}};
