package chataccess

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// MaxFile bounds a file to import, in bytes.
const MaxFile = 5 << 20

// BadLine is a line of a file that cannot be used. Problem does not repeat what it says.
type BadLine struct {
	Line    int // 1 is the line of the column names
	Problem string
}

// Import is what a file would do.
type Import struct {
	Lines   int // with a client, good or bad
	Bad     []BadLine
	Preview *Preview // nil while there are bad lines that are not to be skipped, or no good one
}

// line is one line of a file.
type line struct {
	number  int
	client  care.UserID
	email   string
	wanted  [2]*care.Setting
	reason  string
	problem string
	now     *seen // the client as they are
}

func (l *line) bad(problem string) {
	if l.problem == "" {
		l.problem = problem
	}
}

// PreviewImport reads a file of own settings, one client a line, and works out what it
// would do; [Service.Apply] does it. The columns are client_id or email, direct and
// community (on, off, unset, or empty to leave it), and reason, which may be absent; others
// are passed over, such as those that only an export has. A switch that is set so already
// stays as it is, with its end. Nothing comes of a file with a bad line, unless skipBad. Refusals:
// forbidden, invalid.
func (s *Service) PreviewImport(ctx context.Context, actor care.Actor, file string, skipBad bool) (Import, error) {
	if err := mayChangeMany(actor); err != nil {
		return Import{}, err
	}
	if len(file) > MaxFile {
		return Import{}, care.Fail(care.TooLarge, care.CodeTooLarge, "A file may have at most 5 MB.")
	}
	lines, err := readFile(file)
	if err != nil {
		return Import{}, err
	}
	if err := s.match(ctx, actor, lines); err != nil {
		return Import{}, err
	}
	out := Import{Lines: len(lines), Bad: []BadLine{}}
	var good []*line
	for _, l := range lines {
		if l.problem != "" {
			out.Bad = append(out.Bad, BadLine{l.number, l.problem})
		} else {
			good = append(good, l)
		}
	}
	if len(good) == 0 || (len(out.Bad) > 0 && !skipBad) {
		return out, nil
	}
	out.Preview, err = s.keepFile(ctx, actor, good)
	return out, err
}

// columns are where the columns of a file are; -1 is absent.
type columns struct{ client, email, direct, community, reason int }

func findColumns(header []string) (columns, error) {
	at := func(name string) int {
		return slices.IndexFunc(header, func(h string) bool {
			return strings.EqualFold(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")), name)
		})
	}
	c := columns{at("client_id"), at("email"), at("direct"), at("community"), at("reason")}
	if c.client < 0 && c.email < 0 {
		return c, care.BadField("csv", "columns", "The first line must name a column client_id or email.")
	}
	if c.direct < 0 && c.community < 0 {
		return c, care.BadField("csv", "columns", "The first line must name a column direct or community.")
	}
	return c, nil
}

// readFile reads the lines of a file without looking at the clients.
func readFile(file string) ([]*line, error) {
	r := csv.NewReader(strings.NewReader(file))
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil {
		return nil, care.BadField("csv", "columns", "The first line must name the columns.")
	}
	width := len(header)
	at, err := findColumns(header)
	if err != nil {
		return nil, err
	}
	var lines []*line
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		l := &line{}
		lines = append(lines, l)
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			l.number = wrong.StartLine
			l.bad("The quotation marks do not match.")
			continue
		}
		if err != nil {
			return nil, err
		}
		l.number, _ = r.FieldPos(0)
		l.read(fields, at, width)
	}
}

func (l *line) read(fields []string, at columns, width int) {
	if len(fields) != width {
		l.bad("The line has not as many columns as the first line.")
		return
	}
	field := func(i int) string {
		if i < 0 {
			return ""
		}
		return strings.TrimSpace(fields[i])
	}
	l.readClient(field(at.client), field(at.email))
	l.wanted[0] = l.setting("direct", field(at.direct))
	l.wanted[1] = l.setting("community", field(at.community))
	if l.reason = field(at.reason); utf8.RuneCountInString(l.reason) > MaxReason {
		l.bad("The reason is longer than 500 characters.")
	}
}

func (l *line) readClient(id, email string) {
	var err error
	switch {
	case id != "":
		if err = l.client.UnmarshalText([]byte(id)); err != nil {
			l.bad("The client_id is not an id.")
		}
	case email != "":
		l.email = strings.ToLower(email)
	default:
		l.bad("The line names no client.")
	}
}

func (l *line) setting(column, word string) *care.Setting {
	wanted := care.Setting(strings.ToLower(word))
	switch wanted {
	case "":
		return nil
	case care.On, care.Off, care.Unset:
		return &wanted
	}
	l.bad("The column " + column + " must be on, off, unset or empty.")
	return nil
}

// match finds the clients of the lines and decides that the actor may change them.
func (s *Service) match(ctx context.Context, actor care.Actor, lines []*line) error {
	return s.db.Read(ctx, func(tx *db.Tx) error {
		if err := matchAddresses(ctx, tx, actor, lines); err != nil {
			return err
		}
		byClient := make(map[care.UserID]*line, len(lines))
		var clients []care.UserID
		for _, l := range lines {
			switch {
			case l.client.IsZero():
				l.bad("There is no such client.")
			case byClient[l.client] != nil:
				l.bad("The file names this client on an earlier line.")
			default:
				byClient[l.client] = l
				clients = append(clients, l.client)
			}
		}
		return matchClients(ctx, tx, actor, byClient, clients)
	})
}

func matchAddresses(ctx context.Context, tx *db.Tx, actor care.Actor, lines []*line) error {
	var asked []*line
	for _, l := range lines {
		if l.email != "" && l.problem == "" {
			asked = append(asked, l)
		}
	}
	return chunked(asked, 256, func(part []*line) error {
		args := []any{actor.Org}
		for _, l := range part {
			args = append(args, l.email)
		}
		rows, err := tx.Query(ctx, `SELECT email, id FROM people WHERE org_id = $1 AND kind = 'client' AND email IN (`+tx.In(2, len(part))+`)`, args...)
		if err != nil {
			return err
		}
		found := map[string]care.UserID{}
		err = eachRow(rows, func() error {
			var email string
			var id care.UserID
			err := rows.Scan(&email, &id)
			found[email] = id
			return err
		})
		for _, l := range part {
			l.client = found[l.email]
		}
		return err
	})
}

func matchClients(ctx context.Context, tx *db.Tx, actor care.Actor, lines map[care.UserID]*line, clients []care.UserID) error {
	team, err := namedClients(ctx, tx, actor, clients)
	if err != nil {
		return err
	}
	for _, id := range clients {
		onTeam, known := team[id]
		if access.SeeClient(actor, id, known, onTeam) != nil {
			lines[id].bad("There is no such client.")
		} else if access.ChangeChatAccess(actor, id, true, onTeam) != nil {
			lines[id].bad("You can change chat access for clients of your own care team.")
		}
	}
	return chunked(clients, 1024, func(part []care.UserID) error {
		return visitClients(ctx, tx, actor, Filter{Clients: part}, time.Time{}, part, func(c *seen) {
			now := *c
			lines[c.id].now = &now
		})
	})
}

// judge works out what a line does to its client.
func (l *line) judge() (o Outcome, writes [2]bool) {
	for i, wanted := range l.wanted {
		writes[i] = wanted != nil && *wanted != l.now.is[i].Own
	}
	if writes[0] || writes[1] {
		return Changed, writes
	}
	return Unchanged, writes
}

// keepFile keeps the good lines of a file as the rows of a change that does not count.
func (s *Service) keepFile(ctx context.Context, actor care.Actor, lines []*line) (*Preview, error) {
	f := survey{counts: map[Outcome]int{}, shown: map[Outcome][]care.UserID{}}
	var written []*line
	for _, l := range lines {
		o, writes := l.judge()
		f.counts[o]++
		if len(f.shown[o]) < sampleSize {
			f.shown[o] = append(f.shown[o], l.client)
		}
		if writes[0] || writes[1] {
			written = append(written, l)
		}
	}
	f.matched = len(written) // as surveyFile counts
	now := s.clock()
	id := care.NewID[ChangeID](now)
	p := &Preview{Matched: len(lines), Counts: f.counts}
	var err error
	p.Token, p.Expires, err = s.keep(ctx, actor, id, now, keptPreview{
		request: fromFile, fingerprint: f.fingerprint(), how: how(actor, HowImport), place: PlaceOwn,
		matched: len(lines), changed: f.counts[Changed], state: stateStaging,
	})
	if err != nil {
		return nil, err
	}
	if err := s.stageFile(ctx, id, written); err != nil {
		return nil, s.refuse(ctx, id, err)
	}
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		p.Sample, err = f.sample(ctx, tx)
		return err
	})
	return p, err
}

// stageFile writes the rows, and then lets the preview be applied.
func (s *Service) stageFile(ctx context.Context, id ChangeID, lines []*line) error {
	slices.SortFunc(lines, func(a, b *line) int { return compareIDs(a.client, b.client) })
	err := chunked(lines, stageChunk, func(part []*line) error {
		return s.db.Write(ctx, func(tx *db.Tx) error {
			return chunked(part, 64, func(few []*line) error { return insertLines(ctx, tx, id, few) })
		})
	})
	if err != nil {
		return err
	}
	if err := s.measure(ctx, len(lines)); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE chat_access_changes SET state = 'previewed' WHERE id = $1 AND state = 'staging'`, id)
		return err
	})
}

func insertLines(ctx context.Context, tx *db.Tx, id ChangeID, lines []*line) error {
	const columns = 16
	values := make([]any, 0, columns*len(lines))
	for _, l := range lines {
		_, writes := l.judge()
		values = append(values, id, l.client, PlaceOwn, true, false)
		for i, sets := range writes {
			if !sets {
				values = append(values, false, nil, nil, nil, nil)
				continue
			}
			var until any
			if l.now.until[i].Valid {
				until = l.now.until[i].Int64
			}
			values = append(values, true, ladder.Stored(l.now.is[i].Own), ladder.Stored(*l.wanted[i]), until, nil)
		}
		values = append(values, text(l.reason))
	}
	_, err := tx.Exec(ctx, `INSERT INTO chat_access_change_rows (`+rowColumns+`, reason) VALUES `+db.Rows(1, len(lines), columns), values...)
	return err
}
