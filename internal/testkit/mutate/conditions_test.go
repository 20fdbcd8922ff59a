package main

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// Conditions within conditions keep their places, and questions about errors are left alone.
func TestEachConditionIsAsked(t *testing.T) {
	source := `package x
func f(a, b, c int, err error) bool {
	if err != nil { return false }
	if a == 1 && g(b == 2 || c == 3) { return true }
	switch { case a > b: return f(a, b, c, err) }
	return a < b && (b < c)
}`
	want := `package x
func f(a, b, c int, err error) bool {
	if err != nil { return false }
	if mutateIs(4, a == 1) && mutateIs(5, g(mutateIs(6, b == 2) || mutateIs(7, c == 3))) { return true }
	switch { case mutateIs(8, a > b): return f(a, b, c, err) }
	return mutateIs(9, a < b) && (mutateIs(10, b < c))
}`
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, "x.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	all := conditions(files, parsed, []byte(source))
	if got := asked([]byte(source), all, 4); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if all[4].line != 5 {
		t.Errorf("lines %v", all)
	}
	if text := answering("x"); !strings.Contains(text, "package x") || !strings.Contains(text, variable) {
		t.Error(text)
	}
}
