package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// condition is a stretch of source that is true or false.
type condition struct{ start, end, line int }

// conditions finds those of a file, each leaf of && and || by itself.
func conditions(files *token.FileSet, parsed *ast.File, source []byte) []condition {
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

// question is the function that a condition is asked through in the changed source.
const question = "mutateIs"

// variable names the condition that a run turns.
const variable = "HEARTH_TURNED"

// answering is the source of question, for a package.
func answering(name string) string {
	return fmt.Sprintf(`package %s

import (
	"os"
	"strconv"
)

var mutateTurned, _ = strconv.Atoi(os.Getenv(%q))

func %s[B ~bool](n int, is B) B { return is != (n == mutateTurned) }
`, name, variable, question)
}

// asked gives a source in which each condition is asked through question, by its number,
// counted from first on.
func asked(source []byte, all []condition, first int) string {
	type mark struct {
		at, length int // of the condition
		closes     bool
		text       string
	}
	var marks []mark
	for i, c := range all {
		length := c.end - c.start
		marks = append(marks, mark{c.start, length, false, fmt.Sprintf("%s(%d, ", question, first+i)}, mark{c.end, length, true, ")"})
	}
	slices.SortFunc(marks, func(a, b mark) int {
		switch {
		case a.at != b.at:
			return a.at - b.at
		case a.closes != b.closes: // what ends here ends first
			if a.closes {
				return -1
			}
			return 1
		case a.closes: // the inner one first
			return cmp.Compare(a.length, b.length)
		default:
			return cmp.Compare(b.length, a.length)
		}
	})
	var out strings.Builder
	from := 0
	for _, m := range marks {
		out.Write(source[from:m.at])
		out.WriteString(m.text)
		from = m.at
	}
	out.Write(source[from:])
	return out.String()
}
