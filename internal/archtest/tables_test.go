package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// readsElsewhere are joined reads over another room's table that are wanted: "room table" and the reason.
// Writing another room's table is never allowed, but for the columns of columnsElsewhere.
var readsElsewhere = map[string]string{
	"audit people":                   "names are looked up when the log is read, never stored in it",
	"audit client_groups":            "as for people",
	"directory credentials":          "whether somebody has an account, one query for a page of people",
	"directory invitations":          "whether somebody was invited, likewise",
	"directory conversations":        "the direct conversation shown with a client, one query for a page",
	"directory conversation_members": "whom a client knows: the staff of conversations they share",
	"chat people":                    "one statement loads the facts of all waiting sends, and the names an inbox shows",
	"chat staff":                     "facts of a decision, set-wise and locked in the transaction that acts on them",
	"chat clients":                   "facts of a decision: state and switches, locked against a switch-off (statement 30)",
	"chat client_groups":             "facts of a decision: the group's switches, locked likewise",
	"chat care_team":                 "facts of a decision: who may see and start",
	"identity people":                "a session belongs to a person: name, kind and organization come with it in one read",
	"identity staff":                 "role, permissions and whether they are active, likewise",
	"identity clients":               "what a client may do now, for /me",
	"identity organizations":         "the name an invitation shows and mails carry",
	"chat organizations":             "locked with the facts of a send: its row says which bulk change counts",
	"chat chat_access_changes":       "the moment of the bulk change that counts, which messages must come after",
	"chat chat_access_change_rows":   "for whom that change is not written to their memberships yet",

	"notes people":            "who wrote a note or changed it: names, one query for a page",
	"templates organizations": "what fields stand for: the practice's name",
	"templates clients":       "what fields stand for: the client's primary provider",
	"templates people":        "what fields stand for: their names",

	"blast people":        "names of recipients and senders, and in which order recipients are written to, set-wise",
	"blast clients":       "who is chosen, and facts of the decision about each, locked through chat (statements 11, 16, 30)",
	"blast care_team":     "facts of a decision: which clients the sender may write to",
	"blast client_groups": "the groups that are chosen, and their names",
	"blast staff":         "what the sender may do when it is somebody's turn; the lock of the limit per day",
	"blast organizations": "the practice's name in a text, the time zone of the day's limit",
	"blast invitations":   "whether a recipient has a way to read it, set-wise",
	"blast credentials":   "likewise",

	"chat waiting_questions": "the filter of an inbox by what waits for an answer, in its one query",
	"waiting organizations":  "the time zone that counts while nobody has chosen another",
	"waiting conversations":  "which are direct, whose, and whether they are closed, set-wise",
	"waiting clients":        "the client's primary provider, state and switches, likewise",

	"notify conversations":        "whom to tell: facts of a decision, set-wise with the notices that leave out who was told already",
	"notify conversation_members": "likewise: who is in it, has read, muted it, or from whom it is withheld",
	"notify people":               "likewise: the address; and whose a link is that ends mails",
	"notify staff":                "likewise: whether they are active, and see the shared queue",
	"notify clients":              "likewise: the state and, through ladder, the switches",
	"notify care_team":            "who is reminded of a client's message, and who may see a client's history",
	"notify organizations":        "what mails may be called from",

	"chat switch_epochs": "whether switches that are remembered are those of now",

	"ladder clients":                 "the one place that knows where the switches are",
	"ladder client_groups":           "likewise, and the group's notice",
	"ladder organizations":           "likewise, and the organization's notice",
	"ladder chat_access_change_rows": "a bulk change counts before its rows are written to each client",
	"ladder chat_access_changes":     "whether what counts of it holds values",

	"preference people":        "whose preferences they are, and names, set-wise",
	"preference organizations": "the time zone of who has chosen none",
	"preference clients":       "which group's settings count for a client",
	"preference client_groups": "that a group is the organization's, and its name",
	"preference client_kinds":  "how many clients a group has",
	"preference care_team":     "facts of a decision: whose clients a provider may change",

	"chataccess people":        "names of clients and of who changed something, set-wise",
	"chataccess clients":       "the settings are columns of the rows that the path of a message reads anyway",
	"chataccess client_groups": "as for clients",
	"chataccess staff":         "as for clients, and who may see all clients",
	"chataccess organizations": "as for clients, and the lock and count of bulk changes",
	"chataccess care_team":     "facts of a decision: whose clients a provider may change",
	"chataccess client_kinds":  "what pages and counts of the list are answered from",
	"chataccess client_list":   "likewise, in the order of names",
	"chataccess client_words":  "likewise, by what somebody looks for",
}

// columnsElsewhere are columns that belong to another room than their table: "room table"
// and which. They stand there so that one read gives everything that judges a message;
// docs/adr says more.
var columnsElsewhere = map[string]*regexp.Regexp{
	"chataccess clients":       regexp.MustCompile(`^(own|default)_(direct|community)?(_until)?$|^access_version$`),
	"chataccess client_groups": regexp.MustCompile(`^(direct|community)(_until)?$|^access_version$|^notice_`),
	"chataccess staff":         regexp.MustCompile(`^default_(direct|community)$|^access_version$`),
	"chataccess organizations": regexp.MustCompile(`^default_(direct|community)$|^access_(version|epoch)$|^active_change$|^notice_`),
}

var (
	createTable = regexp.MustCompile(`(?i)create\s+(?:virtual\s+)?table\s+(?:if\s+not\s+exists\s+)?([a-z_]+)`)
	ownerLine   = regexp.MustCompile(`--\s*owner:\s*([a-z]+)`)
	mention     = regexp.MustCompile(`(?i)\b(from|join|into|update)\s+(?:only\s+)?([a-z_]+)`)
	deleteFrom  = regexp.MustCompile(`(?i)\bdelete\s+$`)
)

func TestEachTableHasOneOwner(t *testing.T) {
	for table, owner := range owners(t) {
		if _, ok := ranks[owner]; !ok {
			t.Errorf("table %s: its owner %q is no room: write `-- owner: <room>` above CREATE TABLE", table, owner)
		}
	}
}

func TestOnlyTheOwnerTouchesATable(t *testing.T) {
	tables := owners(t)
	used := map[string]bool{}
	for _, f := range sources(t) {
		if !f.test() {
			report(t, checkTables(f, tables, used))
		}
	}
	for read := range readsElsewhere {
		if !used[read] {
			t.Errorf("%q is allowed and does not happen: take it out of the list", read)
		}
	}
}

func TestTableCheckSeesReadsAndWrites(t *testing.T) {
	tables := map[string]string{"messages": "chat", "jobs": "jobs"}
	f := example(t, "internal/notify/x.go", "package notify\nvar q = []string{"+
		"\"SELECT 1 FROM messages m JOIN jobs j ON true\", `delete from messages`, `INSERT INTO jobs VALUES (1)`,"+
		"\"from the messages\", \"UPDATE jobs SET a = 1\"}")
	if got := checkTables(f, tables, map[string]bool{}); len(got) != 5 {
		t.Errorf("findings %v, want five", got)
	}
	own := example(t, "internal/chat/x.go", "package chat\nvar q = `UPDATE messages SET seq = 1`")
	if got := checkTables(own, tables, nil); len(got) != 0 {
		t.Errorf("the owner itself: %v", got)
	}
}

// owners reads the migrations: table name to the room named in the comment above its creation.
func owners(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, "internal/db/migrations/*.sql"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no migrations found (%v)", err)
	}
	tables := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for table, owner := range ownersIn(string(text)) {
			if before, ok := tables[table]; ok && before != owner {
				t.Errorf("table %s has two owners, %s and %s", table, before, owner)
			}
			tables[table] = owner
		}
	}
	return tables
}

// ownersIn walks line by line: an owner comment holds until the next one.
func ownersIn(migration string) map[string]string {
	found, owner := map[string]string{}, ""
	for line := range strings.Lines(migration) {
		if match := ownerLine.FindStringSubmatch(line); match != nil {
			owner = match[1]
		}
		if match := createTable.FindStringSubmatch(line); match != nil {
			found[strings.ToLower(match[1])] = owner
		}
	}
	return found
}

// checkTables finds statements over tables of other rooms, and notes in used which allowances they needed.
func checkTables(f file, tables map[string]string, used map[string]bool) []string {
	var findings []string
	ast.Inspect(f.ast, func(node ast.Node) bool {
		literal, ok := node.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return true
		}
		text, _ := strconv.Unquote(literal.Value)
		for _, at := range mention.FindAllStringSubmatchIndex(text, -1) {
			verb, table := strings.ToLower(text[at[2]:at[3]]), strings.ToLower(text[at[4]:at[5]])
			owner, known := tables[table]
			if !known || owner == f.room() {
				continue
			}
			read := f.room() + " " + table
			used[read] = true
			if verb == "update" && onlyColumns(columnsElsewhere[read], text[at[5]:]) {
				continue
			}
			writes := verb == "into" || verb == "update" || deleteFrom.MatchString(text[:at[0]])
			if writes || readsElsewhere[read] == "" {
				findings = append(findings, fmt.Sprintf("%s: %s … %s: the table belongs to %s: call its functions", f.at(literal), verb, table, owner))
			}
		}
		return true
	})
	return findings
}

var (
	assigned  = regexp.MustCompile(`(?i)(?:\bset\s+|,\s*)([a-z_]+)\s*(?:=|$)`)
	assigning = regexp.MustCompile(`(?is)^\s*(?:as\s+[a-z]+\s*)?set\s.*?(?:\bwhere\b|\bfrom\b|$)`)
)

// onlyColumns reports whether what follows the table of an UPDATE assigns only columns
// that are allowed.
func onlyColumns(allowed *regexp.Regexp, rest string) bool {
	clause := assigning.FindString(rest)
	if allowed == nil || clause == "" {
		return false
	}
	columns := assigned.FindAllStringSubmatch(clause, -1)
	for _, c := range columns {
		if !allowed.MatchString(strings.ToLower(c[1])) {
			return false
		}
	}
	return len(columns) > 0
}

func TestColumnCheckSeesOtherColumns(t *testing.T) {
	allowed := columnsElsewhere["chataccess clients"]
	for rest, want := range map[string]bool{
		" SET own_direct = $2, own_direct_until = $3 WHERE user_id = $1": true,
		" SET access_version = access_version + 1 WHERE x = 1":           true,
		" SET own_":                            true,
		" SET name = $1":                       false,
		" SET own_direct = $2, state = $3":     false,
		" SET own_direct = 1, name = 2 FROM x": false,
		" WHERE own_direct = 1":                false,
	} {
		if got := onlyColumns(allowed, rest); got != want {
			t.Errorf("%q: %v, want %v", rest, got, want)
		}
	}
}
