package archtest

import (
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var (
	namedTest = regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z]\w+`)
	namedFile = regexp.MustCompile(`e2e/[a-z0-9-]+\.test\.mjs`)
)

// TestInvariantsNameRealTests keeps docs/invariants.md from naming a proof that is gone.
func TestInvariantsNameRealTests(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs/invariants.md"))
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, f := range sources(t) {
		for _, declaration := range f.ast.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok && f.test() {
				there[function.Name.Name] = true
			}
		}
	}
	names := namedTest.FindAllString(string(text), -1)
	if len(names) < 20 {
		t.Fatalf("found only %d names of tests: has the form of the page changed?", len(names))
	}
	for _, name := range names {
		if !there[name] {
			t.Errorf("docs/invariants.md names %s, and there is no such test", name)
		}
	}
	for _, path := range namedFile.FindAllString(string(text), -1) {
		if _, err := os.Stat(filepath.Join(root, path)); err != nil {
			t.Errorf("docs/invariants.md names %s, and there is no such file", path)
		}
	}
}

// TestArchitecturePageHasTheSameRanks reads the rows "| 2 | `audit` | … |" of the page that people read.
func TestArchitecturePageHasTheSameRanks(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs/architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	onPage := map[string]string{}
	row := regexp.MustCompile("(?m)^\\| ([0-9]+) \\| ((?:`[a-z]+`(?:, )?)+) \\|")
	for _, match := range row.FindAllStringSubmatch(string(text), -1) {
		for _, room := range regexp.MustCompile("[a-z]+").FindAllString(match[2], -1) {
			onPage[room] = match[1]
		}
	}
	for room, rank := range ranks {
		if room != "cmd" && room != "archtest" && onPage[room] != fmt.Sprint(rank) {
			t.Errorf("docs/architecture.md gives %s the rank %q, the table of this package %d", room, onPage[room], rank)
		}
	}
}
