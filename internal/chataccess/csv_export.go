package chataccess

import (
	"context"
	"encoding/csv"
	"io"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// exportPage is how many clients are read at a time, so that a slow reader holds nothing.
const exportPage = 500

// exportColumns are what [Service.PreviewImport] reads, so that an export that nobody
// changed changes nothing, and what it passes over.
var exportColumns = []string{
	"client_id", "name", "email", "group", "provider", "direct", "community",
	"direct_effective", "direct_source", "direct_until", "community_effective", "community_source", "community_until",
}

// Export records that the actor takes the list out of the program, with how many clients
// it has, and gives what writes it: as CSV, by name, the clients whom the actor may see and
// the filter names. Each page of it is the state of its own moment. It needs the
// permission to manage chat access; refusals: forbidden.
func (s *Service) Export(ctx context.Context, actor care.Actor, f Filter) (write func(ctx context.Context, w io.Writer) error, err error) {
	if err := mayChangeMany(actor); err != nil {
		return nil, err
	}
	var n int
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		q := listed(actor, f, s.clock())
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM `+q.tables(), q.args...).Scan(&n)
	})
	if err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		return audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(),
			audit.Act("chat_access.exported", audit.About("organization", actor.Org), map[string]any{"clients": n}))
	})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, w io.Writer) error { return s.export(ctx, actor, f, w) }, nil
}

func (s *Service) export(ctx context.Context, actor care.Actor, f Filter, w io.Writer) error {
	out := csv.NewWriter(w)
	_ = out.Write(exportColumns) // what fails is told by Flush
	var last care.UserID
	for {
		list, err := s.exportPage(ctx, actor, f, last)
		if err != nil {
			return err
		}
		for i := range list {
			_ = out.Write(list[i].fields())
		}
		out.Flush()
		if err := out.Error(); err != nil || len(list) < exportPage {
			return err
		}
		last = list[len(list)-1].Client
	}
}

func (s *Service) exportPage(ctx context.Context, actor care.Actor, f Filter, after care.UserID) (list []Row, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		from, err := position(ctx, tx, actor.Org, after)
		if err != nil {
			return err
		}
		found, err := listed(actor, f, s.clock()).page(ctx, tx, from, exportPage)
		if err != nil {
			return err
		}
		list, err = readRows(ctx, tx, actor, found)
		return err
	})
	return list, err
}

func (r Row) fields() []string {
	fields := []string{
		r.Client.String(), care.Cell(r.Name), care.Cell(r.Email), care.Cell(r.GroupName), care.Cell(r.ProviderName),
		string(r.Direct.Own), string(r.Community.Own),
	}
	for _, sw := range []SwitchAccess{r.Direct, r.Community} {
		fields = append(fields, string(care.SettingOf(sw.Effective)), string(sw.Source), ends(sw))
	}
	return fields
}

// ends gives when the value of a row goes back to not set by itself; "" for never.
func ends(of SwitchAccess) string {
	if of.Mark == nil {
		return ""
	}
	return of.Mark.Until.UTC().Format(time.RFC3339)
}
