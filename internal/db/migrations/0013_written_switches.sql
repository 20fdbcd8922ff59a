-- +goose Up

-- Writing a bulk change to the clients changes nothing that is effective: it counted when the
-- organization named it. So it is not counted once more for each client, and what is
-- remembered of conversations holds while it goes on.

-- +sqlite
DROP TRIGGER clients_switch;
-- +goose StatementBegin
CREATE TRIGGER clients_switch AFTER UPDATE OF own_direct, own_community, default_direct, default_community, group_id ON clients
WHEN NOT EXISTS (
    SELECT 1 FROM organizations o JOIN chat_access_change_rows w ON w.change_id = o.active_change AND w.client_id = NEW.user_id
    WHERE o.id = NEW.org_id AND w.folded = FALSE)
BEGIN UPDATE switch_epochs SET epoch = epoch + 1 WHERE org_id = NEW.org_id; END;
-- +goose StatementEnd
-- +end
-- +postgres
-- +goose StatementBegin
CREATE FUNCTION client_switch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM organizations o JOIN chat_access_change_rows w ON w.change_id = o.active_change AND w.client_id = NEW.user_id
        WHERE o.id = NEW.org_id AND w.folded = FALSE)
    THEN
        UPDATE switch_epochs SET epoch = epoch + 1 WHERE org_id = NEW.org_id;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
DROP TRIGGER clients_switch ON clients;
CREATE TRIGGER clients_switch AFTER UPDATE OF own_direct, own_community, default_direct, default_community, group_id ON clients
    FOR EACH ROW EXECUTE FUNCTION client_switch();
-- +end
