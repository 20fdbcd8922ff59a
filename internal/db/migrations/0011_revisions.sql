-- +goose Up

-- What tells whether something that was read before still holds: revision counts the
-- changes of a conversation's members and of messages it already had, people_epoch those of
-- what an organization shows of its people. New messages and the settings of who may chat
-- count in neither. The database itself counts, whoever writes.
ALTER TABLE conversations ADD COLUMN revision {{int}} NOT NULL DEFAULT 0;
ALTER TABLE organizations ADD COLUMN people_epoch {{int}} NOT NULL DEFAULT 0;

-- What is effective for clients' chat: counted here, and not in organizations, whose row
-- every send holds.
-- owner: ladder
CREATE TABLE switch_epochs (
    org_id {{id}} NOT NULL PRIMARY KEY,
    epoch  {{int}} NOT NULL
){{strict}};
INSERT INTO switch_epochs (org_id, epoch) SELECT id, 0 FROM organizations;

-- The order of inboxes: the id decides between conversations of the same moment.
DROP INDEX conversations_by_activity;
CREATE INDEX conversations_by_activity ON conversations (org_id, last_activity_at, id);

-- +sqlite
-- +goose StatementBegin
CREATE TRIGGER messages_revise AFTER UPDATE OF body, edited_at, deleted_at, extras ON messages
BEGIN UPDATE conversations SET revision = revision + 1 WHERE id = NEW.conversation_id; END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER reactions_revise AFTER INSERT ON message_reactions
BEGIN UPDATE conversations SET revision = revision + 1 WHERE id = (SELECT conversation_id FROM messages WHERE id = NEW.message_id); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER reactions_end_revise AFTER DELETE ON message_reactions
BEGIN UPDATE conversations SET revision = revision + 1 WHERE id = (SELECT conversation_id FROM messages WHERE id = OLD.message_id); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER members_revise AFTER INSERT ON conversation_members
BEGIN UPDATE conversations SET revision = revision + 1 WHERE id = NEW.conversation_id; END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER members_change_revise AFTER UPDATE OF left_at, joined_at, kind ON conversation_members
BEGIN UPDATE conversations SET revision = revision + 1 WHERE id = NEW.conversation_id; END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER people_revise AFTER UPDATE OF name, alias ON people
BEGIN UPDATE organizations SET people_epoch = people_epoch + 1 WHERE id = NEW.org_id; END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER staff_revise AFTER UPDATE OF role, title, active ON staff
BEGIN UPDATE organizations SET people_epoch = people_epoch + 1 WHERE id = NEW.org_id; END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER clients_revise AFTER UPDATE OF state ON clients WHEN OLD.state <> NEW.state
BEGIN UPDATE organizations SET people_epoch = people_epoch + 1 WHERE id = NEW.org_id; END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER organizations_begin_switches AFTER INSERT ON organizations
BEGIN INSERT INTO switch_epochs (org_id, epoch) VALUES (NEW.id, 0); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER organizations_switch AFTER UPDATE OF active_change ON organizations
BEGIN UPDATE switch_epochs SET epoch = epoch + 1 WHERE org_id = NEW.id; END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER groups_switch AFTER UPDATE OF direct, community ON client_groups
BEGIN UPDATE switch_epochs SET epoch = epoch + 1 WHERE org_id = NEW.org_id; END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER clients_switch AFTER UPDATE OF own_direct, own_community, default_direct, default_community, group_id ON clients
BEGIN UPDATE switch_epochs SET epoch = epoch + 1 WHERE org_id = NEW.org_id; END;
-- +goose StatementEnd
-- +end
-- +postgres
-- +goose StatementBegin
CREATE FUNCTION switches_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO switch_epochs (org_id, epoch) VALUES (NEW.id, 0); RETURN NULL; END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION organization_switch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN UPDATE switch_epochs SET epoch = epoch + 1 WHERE org_id = NEW.id; RETURN NULL; END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION switches_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN UPDATE switch_epochs SET epoch = epoch + 1 WHERE org_id = NEW.org_id; RETURN NULL; END $$;
-- +goose StatementEnd
CREATE TRIGGER organizations_begin_switches AFTER INSERT ON organizations FOR EACH ROW EXECUTE FUNCTION switches_begin();
CREATE TRIGGER organizations_switch AFTER UPDATE OF active_change ON organizations FOR EACH ROW EXECUTE FUNCTION organization_switch();
CREATE TRIGGER groups_switch AFTER UPDATE OF direct, community ON client_groups FOR EACH ROW EXECUTE FUNCTION switches_change();
CREATE TRIGGER clients_switch AFTER UPDATE OF own_direct, own_community, default_direct, default_community, group_id ON clients
    FOR EACH ROW EXECUTE FUNCTION switches_change();
-- +goose StatementBegin
CREATE FUNCTION conversation_revise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN UPDATE conversations SET revision = revision + 1 WHERE id = NEW.conversation_id; RETURN NULL; END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION reactions_revise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE conversations SET revision = revision + 1
    WHERE id = (SELECT conversation_id FROM messages WHERE id = COALESCE(NEW.message_id, OLD.message_id));
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION people_revise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN UPDATE organizations SET people_epoch = people_epoch + 1 WHERE id = NEW.org_id; RETURN NULL; END $$;
-- +goose StatementEnd
CREATE TRIGGER messages_revise AFTER UPDATE OF body, edited_at, deleted_at, extras ON messages
    FOR EACH ROW EXECUTE FUNCTION conversation_revise();
CREATE TRIGGER reactions_revise AFTER INSERT OR DELETE ON message_reactions
    FOR EACH ROW EXECUTE FUNCTION reactions_revise();
CREATE TRIGGER members_revise AFTER INSERT OR UPDATE OF left_at, joined_at, kind ON conversation_members
    FOR EACH ROW EXECUTE FUNCTION conversation_revise();
CREATE TRIGGER people_revise AFTER UPDATE OF name, alias ON people
    FOR EACH ROW EXECUTE FUNCTION people_revise();
CREATE TRIGGER staff_revise AFTER UPDATE OF role, title, active ON staff
    FOR EACH ROW EXECUTE FUNCTION people_revise();
CREATE TRIGGER clients_revise AFTER UPDATE OF state ON clients
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION people_revise();
-- +end
