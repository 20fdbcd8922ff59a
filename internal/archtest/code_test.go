package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mayReadClock are the rooms that stand at the rim: they hand a clock to everything inside.
var mayReadClock = []string{"cmd", "server", "testkit", "bench"}

// clockExceptions are single files that read the wall clock all the same: path and reason.
var clockExceptions = map[string]string{
	"internal/db/floor.go":             "measures how long the disk takes, with the monotonic clock",
	"internal/db/pool.go":              "measures how long a reader waited, with the monotonic clock",
	"internal/mail/mailtest/server.go": "a server for tests: sets deadlines on sockets",
}

// mayPrint are files inside that write to the program's own output: path and reason.
var mayPrint = map[string]string{}

// mayAskEngine are the places outside db that choose by engine: path and reason.
var mayAskEngine = map[string]string{
	"internal/bench/bench.go": "measures one engine after the other: which one is what its caller chooses",
	"cmd/hearth/flags.go":     "checks the form of the address that an operator gives",
}

// mayCarryValue are the files that put a value into a context: path and reason. A context carries cancellation,
// trace and request id; actor, transaction, clock and configuration are parameters or fields.
var mayCarryValue = map[string]string{
	"internal/httpapi/edge.go": "request id and address; and the actor, as huma calls a handler with a context alone: route passes it on as a parameter",
}

var clockCalls = []string{"time.Now", "time.Since", "time.Until"}

var printCalls = []string{
	"fmt.Print", "fmt.Printf", "fmt.Println", "log.Print", "log.Printf", "log.Println", "log.Fatal", "log.Fatalf",
	"slog.Default", "slog.SetDefault", "slog.Info", "slog.Warn", "slog.Error", "slog.Debug", "os.Exit",
}

func TestExceptionsAreStillNeeded(t *testing.T) {
	there := map[string]bool{}
	for _, f := range sources(t) {
		there[f.path] = true
	}
	for _, list := range []map[string]string{clockExceptions, mayPrint, mayAskEngine, mayCarryValue} {
		for path := range list {
			if !there[path] {
				t.Errorf("%s is an exception and does not exist", path)
			}
		}
	}
}

func TestOnlyTheRimReadsTheClock(t *testing.T) {
	for _, f := range sources(t) {
		if !f.test() && !slices.Contains(mayReadClock, f.room()) && clockExceptions[f.path] == "" {
			report(t, uses(f, clockCalls, "take the clock as a field or parameter"))
		}
	}
}

func TestInsideNothingPrintsOrUsesTheGlobalLogger(t *testing.T) {
	for _, f := range sources(t) {
		if !f.test() && f.room() != "cmd" && f.room() != "testkit" && mayPrint[f.path] == "" {
			report(t, uses(f, printCalls, "write to the io.Writer or *slog.Logger you were given"))
		}
	}
}

func TestContextsCarryNoValues(t *testing.T) {
	for _, f := range sources(t) {
		if !f.test() && mayCarryValue[f.path] == "" {
			report(t, uses(f, []string{"context.WithValue"}, "pass it as a parameter"))
		}
	}
}

func TestUseCheckSeesCallsAndMethodValues(t *testing.T) {
	f := example(t, "internal/chat/x.go", `package chat
import ("fmt"; clock "time")
var now = clock.Now
func f() { fmt.Println(clock.Since(now())) }`)
	if got := uses(f, append(clockCalls, printCalls...), "no"); len(got) != 3 {
		t.Errorf("findings %v, want three", got)
	}
}

// uses finds every mention of the functions, also as values and under another import name.
func uses(f file, functions []string, instead string) []string {
	names := importNames(f)
	var findings []string
	ast.Inspect(f.ast, func(node ast.Node) bool {
		selector, ok := node.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		pkg, ok := selector.X.(*ast.Ident)
		if !ok {
			return true
		}
		if call := names[pkg.Name] + "." + selector.Sel.Name; slices.Contains(functions, call) {
			findings = append(findings, fmt.Sprintf("%s: uses %s: %s", f.at(node), call, instead))
		}
		return true
	})
	return findings
}

// importNames maps the name a package has in a file to the last element of its path.
func importNames(f file) map[string]string {
	names := map[string]string{}
	for _, spec := range f.ast.Imports {
		path := strings.Trim(spec.Path.Value, `"`)
		last := path[strings.LastIndex(path, "/")+1:]
		if spec.Name != nil {
			names[spec.Name.Name] = last
		} else {
			names[last] = last
		}
	}
	return names
}

var engineName = regexp.MustCompile(`(?i)postgres|sqlite|pgx`)

func TestOnlyDBKnowsTheEngine(t *testing.T) {
	for _, f := range sources(t) {
		if !f.test() && f.room() != "db" && f.room() != "testkit" && mayAskEngine[f.path] == "" {
			report(t, engineBranches(f))
		}
	}
}

func TestEngineCheckSeesBranches(t *testing.T) {
	for text, want := range map[string]int{
		`if d.IsPostgres() { return }`:                               1,
		`if engine == "sqlite" { return }`:                           1,
		`switch engine { case db.SQLite: return }`:                   1,
		`if ok { _ = "postgres://" }`:                                0,
		`switch db.Postgres { case engine: return; default: _ = 1 }`: 1,
	} {
		f := example(t, "internal/chat/x.go", "package chat\nfunc f() { "+text+" }")
		if got := engineBranches(f); len(got) != want {
			t.Errorf("%s: findings %v, want %d", text, got, want)
		}
	}
}

// engineBranches finds conditions that name an engine: what differs between engines is a named method of db.
func engineBranches(f file) []string {
	var findings []string
	look := func(expressions ...ast.Expr) {
		for _, expression := range expressions {
			if expression != nil && namesEngine(expression) {
				findings = append(findings, fmt.Sprintf("%s: branches on the database engine: make it a method of db", f.at(expression)))
			}
		}
	}
	ast.Inspect(f.ast, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.IfStmt:
			look(n.Cond)
		case *ast.SwitchStmt:
			look(n.Tag)
		case *ast.CaseClause:
			look(n.List...)
		}
		return true
	})
	return findings
}

func namesEngine(expression ast.Expr) bool {
	found := false
	ast.Inspect(expression, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.Ident:
			found = found || engineName.MatchString(n.Name)
		case *ast.BasicLit:
			found = found || n.Kind == token.STRING && engineName.MatchString(n.Value)
		}
		return !found
	})
	return found
}
