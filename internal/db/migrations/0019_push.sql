-- +goose Up

-- The pair of keys with which this installation shows push services that it is the one who
-- may write to a browser (VAPID): the 32 bytes of a private key on P-256. One row, made by
-- whichever node begins first and never changed: a browser takes messages of this key alone.
-- owner: push
CREATE TABLE push_keys (
    one         {{int}} NOT NULL PRIMARY KEY,
    private_key {{blob}} NOT NULL,
    created_at  {{int}} NOT NULL
){{strict}};
