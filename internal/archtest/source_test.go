package archtest

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// root is the module's folder, seen from this package.
const root = "../.."

// file is one parsed Go source file of this module.
type file struct {
	path  string // below the module's folder, with slashes
	lines int
	ast   *ast.File
	fset  *token.FileSet
}

func (f file) test() bool { return strings.HasSuffix(f.path, "_test.go") }

func (f file) generated() bool { return ast.IsGenerated(f.ast) }

// room is the part of the house a file belongs to: "chat" for internal/chat/send.go, "cmd" for cmd/hearth.
func (f file) room() string { return roomOf(f.path) }

func roomOf(path string) string {
	parts := strings.Split(path, "/")
	if parts[0] == "internal" && len(parts) > 1 {
		return parts[1]
	}
	return parts[0]
}

// at names a place for a message: path:line.
func (f file) at(node ast.Node) string {
	return f.path + ":" + strconv.Itoa(f.fset.Position(node.Pos()).Line)
}

var loadOnce = sync.OnceValues(func() ([]file, error) {
	var files []file
	for _, top := range []string{"cmd", "internal", "web"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() && entry.Name() == "node_modules" {
				return fs.SkipDir
			}
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") {
				return err
			}
			f, err := parse(path)
			files = append(files, f)
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // TestEveryRoomExists says it better
			return nil, err
		}
	}
	return files, nil
})

func parse(path string) (file, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return file{}, err
	}
	short, err := filepath.Rel(root, path)
	if err != nil {
		return file{}, err
	}
	return parseText(filepath.ToSlash(short), string(text))
}

func parseText(path, text string) (file, error) {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
	return file{path: path, lines: strings.Count(text, "\n"), ast: tree, fset: fset}, err
}

// sources parses every Go file of the module once for all tests.
func sources(t *testing.T) []file {
	t.Helper()
	files, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("no Go files found below the module's folder: the walk is broken")
	}
	return files
}

// example parses a made-up file, for showing that a checker sees what it is for.
func example(t *testing.T, path, text string) file {
	t.Helper()
	f, err := parseText(path, text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// report fails the test once per finding.
func report(t *testing.T, findings []string) {
	t.Helper()
	for _, finding := range findings {
		t.Error(finding)
	}
}
