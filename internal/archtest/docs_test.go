package archtest

import (
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
