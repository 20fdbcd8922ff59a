-- +goose Up

-- What the list of who may chat is answered from, so that a page and its total do not
-- look at every client. The database itself keeps the first two tables in step with
-- clients and people, within the same transaction, whoever writes there.

-- The four stored values of a client as one number: own 0 off, 1 on, 2 not set.
-- +sqlite
ALTER TABLE clients ADD COLUMN switches INTEGER GENERATED ALWAYS AS (
    COALESCE(own_direct, 2) * 12 + COALESCE(own_community, 2) * 4 + default_direct * 2 + default_community) VIRTUAL;
-- +end
-- +postgres
ALTER TABLE clients ADD COLUMN switches BIGINT GENERATED ALWAYS AS (
    COALESCE(own_direct::int, 2) * 12 + COALESCE(own_community::int, 2) * 4 + default_direct::int * 2 + default_community::int) STORED;
-- +end

-- How many clients there are of each kind: alike in state, group, primary provider and
-- the stored values of both switches. A kind that nobody is of any more stays, with 0.
-- owner: directory
CREATE TABLE client_kinds (
-- +sqlite
    id                  INTEGER PRIMARY KEY,
-- +end
-- +postgres
    id                  BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
-- +end
    org_id              {{id}} NOT NULL,
    state               {{text}} NOT NULL,
    group_id            {{id}},
    primary_provider_id {{id}} NOT NULL,
    switches            {{int}} NOT NULL,
    own_direct          {{bool}},
    own_community       {{bool}},
    default_direct      {{bool}} NOT NULL,
    default_community   {{bool}} NOT NULL,
    n                   {{int}} NOT NULL
){{strict}};
-- An organization's id is never a group's: it stands for no group.
CREATE UNIQUE INDEX client_kinds_alike ON client_kinds (org_id, state, primary_provider_id, COALESCE(group_id, org_id), switches);

-- One narrow row per client: the kind, and the name that lists are ordered by. line is the
-- name and the address with a | where a word begins (see directory.SearchLine).
-- owner: directory
CREATE TABLE client_list (
    client_id {{id}} NOT NULL PRIMARY KEY,
    org_id    {{id}} NOT NULL,
    sort_name {{text}} NOT NULL,
    kind      {{int}} NOT NULL,
    line      {{text}} NOT NULL DEFAULT ''
){{clustered}};
CREATE INDEX client_list_by_kind ON client_list (kind, sort_name, client_id);
CREATE INDEX client_list_by_name ON client_list (org_id, sort_name, client_id, kind, line);
-- Clients were counted in it before; kinds need no such walk.
DROP INDEX clients_by_access;

-- What a search finds clients by: the name and the address from each of their words on
-- (see directory.SearchWords), with the name that lists are ordered by. Package directory
-- writes them, and the line above, with the name and the address.
-- owner: directory
CREATE TABLE client_words (
    client_id {{id}} NOT NULL,
    word      {{text}} NOT NULL,
    org_id    {{id}} NOT NULL,
    sort_name {{text}} NOT NULL,
    PRIMARY KEY (client_id, word)
){{clustered}};
CREATE INDEX client_words_by_word ON client_words (org_id, word, sort_name, client_id);

INSERT INTO client_kinds (org_id, state, group_id, primary_provider_id, switches, own_direct, own_community, default_direct, default_community, n)
SELECT org_id, state, group_id, primary_provider_id, switches, own_direct, own_community, default_direct, default_community, COUNT(*)
FROM clients
GROUP BY org_id, state, group_id, primary_provider_id, switches, own_direct, own_community, default_direct, default_community;

INSERT INTO client_list (client_id, org_id, sort_name, kind, line)
SELECT c.user_id, c.org_id, p.sort_name, k.id,
    '|' || REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(p.sort_name || ' ' || COALESCE(p.email, ''), '|', ''), '@', '|@|'), ' ', ' |'), '.', '.|'), '_', '_|'), '+', '+|'), '-', '-|'), '''', '''|'), '(', '(|'), ')', ')|'), ',', ',|'), '/', '/|'), '&', '&|'), '"', '"|')
FROM clients c JOIN people p ON p.id = c.user_id
    JOIN client_kinds k ON k.org_id = c.org_id AND k.state = c.state AND k.primary_provider_id = c.primary_provider_id
        AND COALESCE(k.group_id, k.org_id) = COALESCE(c.group_id, c.org_id) AND k.switches = c.switches;

-- A word begins behind each of these signs, and with an @.
INSERT INTO client_words (client_id, word, org_id, sort_name)
WITH RECURSIVE places (client_id, org_id, sort_name, line, place) AS (
    SELECT p.id, p.org_id, p.sort_name, ' ' || REPLACE(p.sort_name, '|', ''), 2 FROM people p JOIN clients c ON c.user_id = p.id
    UNION ALL
    SELECT p.id, p.org_id, p.sort_name, ' ' || REPLACE(p.email, '|', ''), 2 FROM people p JOIN clients c ON c.user_id = p.id WHERE p.email IS NOT NULL
    UNION ALL
    SELECT client_id, org_id, sort_name, line, place + 1 FROM places WHERE place < LENGTH(line)
)
SELECT DISTINCT client_id, SUBSTR(line, place, 64), org_id, sort_name FROM places
WHERE SUBSTR(line, place, 1) = '@' OR (SUBSTR(line, place, 1) <> ' '
    AND SUBSTR(line, place - 1, 1) IN (' ', '@', '.', '_', '+', '-', '''', '(', ')', ',', '/', '&', '"'));

-- +sqlite
-- +goose StatementBegin
CREATE TRIGGER client_list_adds AFTER INSERT ON clients BEGIN
    INSERT INTO client_kinds (org_id, state, group_id, primary_provider_id, switches, own_direct, own_community, default_direct, default_community, n)
    VALUES (NEW.org_id, NEW.state, NEW.group_id, NEW.primary_provider_id, NEW.switches,
        NEW.own_direct, NEW.own_community, NEW.default_direct, NEW.default_community, 1)
    ON CONFLICT (org_id, state, primary_provider_id, COALESCE(group_id, org_id), switches) DO UPDATE SET n = n + 1;
    INSERT INTO client_list (client_id, org_id, sort_name, kind)
    SELECT NEW.user_id, NEW.org_id, p.sort_name, k.id FROM people p CROSS JOIN client_kinds k
    WHERE p.id = NEW.user_id AND k.org_id = NEW.org_id AND k.state = NEW.state AND k.primary_provider_id = NEW.primary_provider_id
        AND COALESCE(k.group_id, k.org_id) = COALESCE(NEW.group_id, NEW.org_id) AND k.switches = NEW.switches;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER client_list_moves AFTER UPDATE OF state, group_id, primary_provider_id, own_direct, own_community, default_direct, default_community ON clients
WHEN OLD.state <> NEW.state OR OLD.group_id IS NOT NEW.group_id OR OLD.primary_provider_id <> NEW.primary_provider_id OR OLD.switches <> NEW.switches
BEGIN
    UPDATE client_kinds SET n = n - 1 WHERE id = (SELECT kind FROM client_list WHERE client_id = NEW.user_id);
    INSERT INTO client_kinds (org_id, state, group_id, primary_provider_id, switches, own_direct, own_community, default_direct, default_community, n)
    VALUES (NEW.org_id, NEW.state, NEW.group_id, NEW.primary_provider_id, NEW.switches,
        NEW.own_direct, NEW.own_community, NEW.default_direct, NEW.default_community, 1)
    ON CONFLICT (org_id, state, primary_provider_id, COALESCE(group_id, org_id), switches) DO UPDATE SET n = n + 1;
    UPDATE client_list SET kind = (SELECT k.id FROM client_kinds k
        WHERE k.org_id = NEW.org_id AND k.state = NEW.state AND k.primary_provider_id = NEW.primary_provider_id
            AND COALESCE(k.group_id, k.org_id) = COALESCE(NEW.group_id, NEW.org_id) AND k.switches = NEW.switches)
    WHERE client_id = NEW.user_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER client_list_removes AFTER DELETE ON clients BEGIN
    UPDATE client_kinds SET n = n - 1 WHERE id = (SELECT kind FROM client_list WHERE client_id = OLD.user_id);
    DELETE FROM client_list WHERE client_id = OLD.user_id;
    DELETE FROM client_words WHERE client_id = OLD.user_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER client_list_renames AFTER UPDATE OF sort_name ON people WHEN OLD.sort_name <> NEW.sort_name BEGIN
    UPDATE client_list SET sort_name = NEW.sort_name WHERE client_id = NEW.id;
END;
-- +goose StatementEnd
-- +end
-- +postgres
-- +goose StatementBegin
CREATE FUNCTION client_list_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE now_of BIGINT;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE client_kinds SET n = n - 1 WHERE id = (SELECT kind FROM client_list WHERE client_id = OLD.user_id);
    END IF;
    IF TG_OP = 'DELETE' THEN
        DELETE FROM client_list WHERE client_id = OLD.user_id;
        DELETE FROM client_words WHERE client_id = OLD.user_id;
        RETURN NULL;
    END IF;
    INSERT INTO client_kinds AS k (org_id, state, group_id, primary_provider_id, switches, own_direct, own_community, default_direct, default_community, n)
    VALUES (NEW.org_id, NEW.state, NEW.group_id, NEW.primary_provider_id, NEW.switches,
        NEW.own_direct, NEW.own_community, NEW.default_direct, NEW.default_community, 1)
    ON CONFLICT (org_id, state, primary_provider_id, COALESCE(group_id, org_id), switches) DO UPDATE SET n = k.n + 1
    RETURNING id INTO now_of;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO client_list (client_id, org_id, sort_name, kind)
        SELECT NEW.user_id, NEW.org_id, p.sort_name, now_of FROM people p WHERE p.id = NEW.user_id;
    ELSE
        UPDATE client_list SET kind = now_of WHERE client_id = NEW.user_id;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER client_list_adds AFTER INSERT OR DELETE ON clients FOR EACH ROW EXECUTE FUNCTION client_list_keep();
CREATE TRIGGER client_list_moves AFTER UPDATE ON clients FOR EACH ROW
    WHEN ((OLD.state, OLD.group_id, OLD.primary_provider_id, OLD.switches) IS DISTINCT FROM (NEW.state, NEW.group_id, NEW.primary_provider_id, NEW.switches))
    EXECUTE FUNCTION client_list_keep();
-- +goose StatementBegin
CREATE FUNCTION client_list_rename() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE client_list SET sort_name = NEW.sort_name WHERE client_id = NEW.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER client_list_renames AFTER UPDATE OF sort_name ON people FOR EACH ROW
    WHEN (OLD.sort_name <> NEW.sort_name) EXECUTE FUNCTION client_list_rename();
-- +end
