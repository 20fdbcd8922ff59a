package blast

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// BadLine is a line of a file that names nobody, counted from 1.
type BadLine struct {
	Line  int
	Value string // shortened to 100 characters
	Why   string // unknown, twice
}

// Named is whom a file names.
type Named struct {
	Clients []care.UserID
	Bad     []BadLine
}

// ReadNames finds the clients whom a CSV file names by address or by id: in the column
// called email, client_id or id of a first line of names, else in the first one. Clients
// whom the actor may not see are as unknown as those who do not exist.
func (s *Service) ReadNames(ctx context.Context, actor care.Actor, text string) (named Named, err error) {
	if refusal := access.SendBlasts(actor); refusal != nil {
		return named, refusal
	}
	lines, err := readLines(text)
	if err != nil {
		return named, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		named, err = findNamed(ctx, tx, actor, lines)
		return err
	})
	return named, err
}

type line struct {
	number int
	value  string
}

func readLines(text string) (lines []line, err error) {
	if !utf8.ValidString(text) {
		return nil, care.BadField("csv", "encoding", "Must be text in UTF-8.")
	}
	if strings.ContainsRune(text, 0) {
		return nil, care.BadField("csv", "characters", "Has characters that cannot be stored: NUL.")
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.FieldsPerRecord, r.TrimLeadingSpace, r.LazyQuotes, r.ReuseRecord = -1, true, true, true
	if first, _, _ := strings.Cut(text, "\n"); strings.Count(first, ";") > strings.Count(first, ",") {
		r.Comma = ';'
	}
	column := -1
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return nil, care.BadField("csv", "malformed", "Must be a list of addresses or ids, one in each line.")
		}
		number, _ := r.FieldPos(0)
		if column < 0 {
			at := slices.IndexFunc(record, isColumn)
			if column = max(at, 0); at >= 0 {
				continue
			}
		}
		if column < len(record) && strings.TrimSpace(record[column]) != "" {
			lines = append(lines, line{number, strings.TrimSpace(record[column])})
		}
		if len(lines) > MaxNamed {
			return nil, care.BadField("csv", "too_many", "Must have at most 100,000 lines.")
		}
	}
}

func isColumn(name string) bool {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "email", "e-mail", "client_id", "id":
		return true
	}
	return false
}

func findNamed(ctx context.Context, tx *db.Tx, actor care.Actor, lines []line) (named Named, err error) {
	byValue := make(map[string]care.UserID, len(lines))
	for part := range slices.Chunk(lines, 400) {
		if err := lookUp(ctx, tx, actor, part, byValue); err != nil {
			return named, err
		}
	}
	named.Clients = []care.UserID{}
	seen := make(map[care.UserID]bool, len(lines))
	for _, l := range lines {
		id, known := byValue[strings.ToLower(l.value)]
		switch {
		case !known:
			named.Bad = append(named.Bad, BadLine{l.number, shortened(l.value), "unknown"})
		case seen[id]:
			named.Bad = append(named.Bad, BadLine{l.number, shortened(l.value), "twice"})
		default:
			seen[id] = true
			named.Clients = append(named.Clients, id)
		}
	}
	return named, nil
}

// lookUp finds the clients of some lines, by id or by address.
func lookUp(ctx context.Context, tx *db.Tx, actor care.Actor, lines []line, found map[string]care.UserID) error {
	var ids, addresses []any
	for _, l := range lines {
		var id care.UserID
		if id.UnmarshalText([]byte(strings.ToLower(l.value))) == nil {
			ids = append(ids, id)
		} else {
			addresses = append(addresses, strings.ToLower(l.value))
		}
	}
	for column, values := range map[string][]any{"p.id": ids, "p.email": addresses} {
		if len(values) == 0 {
			continue
		}
		q := clientsOf(actor)
		in := tx.In(len(q.args)+1, len(values))
		q.args = append(q.args, values...)
		q.where = append(q.where, column+` IN (`+in+`)`)
		rows, err := tx.Query(ctx, `SELECT c.user_id, COALESCE(p.email, '') FROM people p JOIN clients c ON c.user_id = p.id`+q.text(), q.args...)
		if err != nil {
			return err
		}
		for rows.Next() {
			var id care.UserID
			var email string
			if err = rows.Scan(&id, &email); err != nil {
				break
			}
			found[id.String()] = id
			if email != "" {
				found[email] = id
			}
		}
		if err = errors.Join(err, rows.Err(), rows.Close()); err != nil {
			return err
		}
	}
	return nil
}

func shortened(value string) string {
	if runes := []rune(value); len(runes) > 100 {
		return string(runes[:99]) + "…"
	}
	return value
}
