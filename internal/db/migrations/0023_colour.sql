-- +goose Up

-- The practice's colour in its mails, as #rrggbb in lower case; NULL is Hearth's own.
ALTER TABLE organizations ADD COLUMN colour {{text}};
