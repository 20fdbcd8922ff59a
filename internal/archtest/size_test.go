package archtest

import (
	"go/ast"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Bounds, not goals: about 400 lines a file and a median function of about 10 is what is wanted.
const (
	maxFileLines       = 450
	maxMedianFunction  = 15
	maxNinetiethInHund = 50
)

func TestNoFileGrowsTooLong(t *testing.T) {
	for _, f := range sources(t) {
		if !f.test() && !f.generated() && f.lines > maxFileLines {
			t.Errorf("%s has %d lines, at most %d: is it still one thing?", f.path, f.lines, maxFileLines)
		}
	}
	for path, text := range webSources(t) {
		if n := strings.Count(text, "\n"); n > maxFileLines {
			t.Errorf("%s has %d lines, at most %d: is it still one thing?", path, n, maxFileLines)
		}
	}
}

func TestFunctionsStayShort(t *testing.T) {
	var lengths []int
	for _, f := range sources(t) {
		if f.test() || f.generated() {
			continue
		}
		for _, declaration := range f.ast.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok && function.Body != nil {
				first, last := f.fset.Position(function.Pos()).Line, f.fset.Position(function.End()).Line
				lengths = append(lengths, last-first+1)
			}
		}
	}
	slices.Sort(lengths)
	median, ninetieth := lengths[len(lengths)/2], lengths[len(lengths)*9/10]
	t.Logf("%d functions, median %d lines, nine in ten up to %d, longest %d", len(lengths), median, ninetieth, lengths[len(lengths)-1])
	if median > maxMedianFunction || ninetieth >= maxNinetiethInHund {
		t.Errorf("median function %d lines (at most %d), nine in ten up to %d (under %d)", median, maxMedianFunction, ninetieth, maxNinetiethInHund)
	}
}

// webSources reads the web app's own files, tests and generated types left out.
func webSources(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(filepath.Join(root, "web", "src"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !regexp.MustCompile(`\.(tsx?|css)$`).MatchString(path) {
			return err
		}
		if strings.Contains(path, ".test.") || strings.Contains(path, ".gen.") {
			return nil
		}
		text, err := os.ReadFile(path)
		short, _ := filepath.Rel(root, path)
		found[filepath.ToSlash(short)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Fatal("no sources of the web app found")
	}
	return found
}
