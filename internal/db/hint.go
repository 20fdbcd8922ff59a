package db

// By follows a table of a FROM clause and says by which of its indexes its rows are found.
// SQLite takes a primary key before an index of few rows that begins with the same columns,
// for it keeps no counts of them; a statement whose conditions are not those of the index
// fails there. PostgreSQL knows what is cheaper.
func (t *Tx) By(index string) string {
	if t.engine == SQLite {
		return " INDEXED BY " + index
	}
	return ""
}
