package archtest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

const module = "hearth/"

// ranks of the rooms: a package imports only rooms of strictly lower rank. Same table as docs/architecture.md.
var ranks = map[string]int{
	"care":   0,
	"access": 1, "db": 1, "fields": 1, "outward": 1, "opening": 1,
	"audit": 2, "ladder": 2, "jobs": 2, "bus": 2, "blob": 2, "mail": 2,
	"outbox":    2, // what happened, for those who tell others of it
	"push":      2,
	"directory": 3, "identity": 3,
	"chataccess": 4, "attach": 4,
	"chat": 5, "preference": 5, // preference chooses clients as chataccess does
	"notes": 6, "templates": 6, "autoreply": 6, "transcript": 6,
	"blast": 6, "notify": 6, "webhook": 6,
	"waiting": 6, // how long clients wait for an answer
	"onboard": 6, // use cases that span directory, identity and chat
	"wire":    7, // the shapes of the API, for httpapi and live
	"web":     7, // the built web app as files
	"httpapi": 8, "live": 8, "healthie": 8, "fhir": 8, "webui": 8,
	"demo":   8, // the invented practice, written through the use cases
	"server": 9, "testkit": 9, "bench": 9,
	"cmd":      10,
	"archtest": 10,
}

// sameRank lists imports within one rank that are wanted, with the reason.
var sameRank = map[string]string{}

func TestRoomsImportOnlyLowerRanks(t *testing.T) {
	for _, f := range sources(t) {
		report(t, checkImports(f))
	}
}

func TestRankCheckSeesAnUpwardImport(t *testing.T) {
	for _, c := range []struct {
		path, imports string
		want          int
	}{
		{"internal/care/x.go", "internal/jobs/lease", 1},     // upwards
		{"internal/audit/x.go", "internal/jobs/lease", 1},    // sideways
		{"internal/nowhere/x.go", "internal/jobs/lease", 1},  // a room nobody ranked
		{"internal/jobs/x.go", "internal/nowhere", 1},        // into one
		{"internal/jobs/x_test.go", "internal/server", 1},    // tests too
		{"internal/jobs/x.go", "internal/testkit", 1},        // the test helper outside tests
		{"internal/jobs/x_test.go", "internal/testkit", 0},   // and in them
		{"internal/identity/x.go", "internal/jobs/lease", 0}, // downwards
		{"internal/jobs/x.go", "internal/jobs/lease", 0},     // within the room
	} {
		f := example(t, c.path, fmt.Sprintf("package x\nimport _ %q\n", module+c.imports))
		if got := checkImports(f); len(got) != c.want {
			t.Errorf("%s imports %s: findings %v, want %d", c.path, c.imports, got, c.want)
		}
	}
}

func checkImports(f file) []string {
	from, ok := ranks[f.room()]
	if !ok {
		return []string{fmt.Sprintf("%s: the room %q has no rank: add it to the table here and in docs/architecture.md", f.path, f.room())}
	}
	var findings []string
	for _, spec := range f.ast.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil || !strings.HasPrefix(path, module) {
			continue
		}
		to := roomOf(strings.TrimPrefix(path, module))
		if to == f.room() || (f.test() && to == "testkit") || sameRank[f.room()+" "+to] != "" {
			continue
		}
		if rank, ok := ranks[to]; !ok || rank >= from {
			findings = append(findings, fmt.Sprintf("%s: %s (rank %d) imports %s (rank %d)", f.at(spec), f.room(), from, to, rank))
		}
	}
	return findings
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	documented := map[string]bool{}
	for _, f := range sources(t) {
		dir := f.path[:strings.LastIndex(f.path, "/")]
		documented[dir] = documented[dir] || (!f.test() && f.ast.Doc != nil && len(f.ast.Doc.Text()) > 40)
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("%s: no package comment that says what the package promises (doc.go)", dir)
		}
	}
}

func TestEveryRoomExists(t *testing.T) {
	found := map[string]bool{}
	for _, f := range sources(t) {
		found[f.room()] = true
	}
	for room := range ranks {
		if !found[room] {
			t.Errorf("the room %s is in the table and not in the tree", room)
		}
	}
}
