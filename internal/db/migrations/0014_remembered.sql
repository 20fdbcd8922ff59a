-- +goose Up

-- The few for whom a community chat is withheld: the sender remembers the other members.
CREATE INDEX conversation_members_withheld ON conversation_members (conversation_id, user_id) WHERE withheld_after_seq IS NOT NULL;
