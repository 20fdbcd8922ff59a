// Command mutate checks that the tests hold the rules: it turns one condition of a package
// into its opposite, runs the tests that are to hold it, and does so for every condition.
// A turned condition that no test notices is printed, and the exit code is 1.
//
//	go run ./internal/testkit/mutate ./internal/access -- ./internal/access
//	go run ./internal/testkit/mutate ./internal/chataccess -- ./internal/chataccess ./internal/httpapi
//
// A condition is what an if, a case without a tag, or an operand of && and || asks.
// Whether an error is nil is not asked about a rule and is left alone. The working tree
// is not touched: the compiler is given the changed file by an overlay.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	only := flag.String("only", "", "a regular expression that the place, file:line, must match")
	limit := flag.String("timeout", "180s", "how long one run of the tests may take")
	flag.Parse()
	args := flag.Args()
	at := slices.Index(args, "--")
	if at != 1 || len(args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: mutate [-only RE] FOLDER -- PACKAGES…")
		os.Exit(2)
	}
	survivors, total, err := run(args[0], args[2:], regexp.MustCompile(*only), *limit)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	fmt.Printf("%d conditions turned, %d noticed, %d not\n", total, total-survivors, survivors)
	if survivors > 0 {
		os.Exit(1)
	}
}

// run turns the conditions of a folder one by one and counts those nobody noticed.
func run(folder string, packages []string, only *regexp.Regexp, limit string) (survivors, total int, err error) {
	if out, err := test(nil, packages, limit); err != nil {
		return 0, 0, fmt.Errorf("the tests fail before anything is turned:\n%s", out)
	}
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return 0, 0, err
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return 0, 0, err
		}
		for _, c := range conditions(path, source) {
			place := fmt.Sprintf("%s:%d", path, c.line)
			if !only.MatchString(place) {
				continue
			}
			total++
			noticed, err := turn(path, source, c, packages, limit)
			if err != nil {
				return 0, 0, err
			}
			if !noticed {
				survivors++
				fmt.Printf("not noticed: %s: %s\n", place, source[c.start:c.end])
			}
		}
	}
	return survivors, total, nil
}

// condition is a stretch of source that is true or false.
type condition struct{ start, end, line int }

// conditions finds those of a file, each leaf of && and || by itself.
func conditions(path string, source []byte) []condition {
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, path, source, 0)
	if err != nil {
		panic(err)
	}
	var found []condition
	add := func(e ast.Expr) {
		for _, leaf := range leaves(e) {
			c := condition{files.Position(leaf.Pos()).Offset, files.Position(leaf.End()).Offset, files.Position(leaf.Pos()).Line}
			if !plumbing.Match(source[c.start:c.end]) && !slices.Contains(found, c) {
				found = append(found, c)
			}
		}
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt:
			add(n.Cond)
		case *ast.SwitchStmt:
			if n.Tag == nil {
				for _, clause := range n.Body.List {
					for _, e := range clause.(*ast.CaseClause).List {
						add(e)
					}
				}
			}
		case *ast.BinaryExpr:
			if n.Op == token.LAND || n.Op == token.LOR {
				add(n)
			}
		}
		return true
	})
	return found
}

// plumbing is a question about an error, not about a rule.
var plumbing = regexp.MustCompile(`^(err|refusal) [!=]= nil$`)

func leaves(e ast.Expr) []ast.Expr {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return leaves(e.X)
	case *ast.BinaryExpr:
		if e.Op == token.LAND || e.Op == token.LOR {
			return append(leaves(e.X), leaves(e.Y)...)
		}
	}
	return []ast.Expr{e}
}

// turn runs the tests with one condition turned and reports whether they noticed.
func turn(path string, source []byte, c condition, packages []string, limit string) (bool, error) {
	dir, err := os.MkdirTemp("", "hearth-mutate-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	turned := string(source[:c.start]) + "!(" + string(source[c.start:c.end]) + ")" + string(source[c.end:])
	changed := filepath.Join(dir, filepath.Base(path))
	if err := os.WriteFile(changed, []byte(turned), 0o600); err != nil {
		return false, err
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return false, err
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {full: changed}})
	if err != nil {
		return false, err
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		return false, err
	}
	_, failed := test([]string{"-overlay", list}, packages, limit)
	return failed != nil, nil
}

func test(flags, packages []string, limit string) ([]byte, error) {
	args := append([]string{"test", "-count=1", "-failfast", "-timeout", limit}, flags...)
	return exec.Command("go", append(args, packages...)...).CombinedOutput()
}
