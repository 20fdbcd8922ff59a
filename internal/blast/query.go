package blast

import (
	"strconv"
	"strings"
)

// query collects the conditions of a statement with their arguments.
type query struct {
	where []string
	args  []any
}

// arg adds an argument and gives its placeholder.
func (q *query) arg(value any) string {
	q.args = append(q.args, value)
	return "$" + strconv.Itoa(len(q.args))
}

// and adds a condition that ends with an argument.
func (q *query) and(condition string, value any) {
	q.where = append(q.where, condition+q.arg(value))
}

func (q *query) text() string { return ` WHERE ` + strings.Join(q.where, ` AND `) }

func words(text string) []string { return strings.Fields(strings.ToLower(text)) }
