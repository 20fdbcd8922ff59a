-- +goose Up

-- Since when reminders are on: nobody is reminded of what had fallen due before. NULL while they
-- are off, and where they were switched on before this was kept.
ALTER TABLE waiting_settings ADD COLUMN on_since {{int}};

-- The state of a question may be needs_no_answer, too: answered_seq is then up to which text
-- somebody of staff said so, and answered_by who it was.
