package chataccess

import (
	"context"
	"encoding/csv"
	"io"
	"strings"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// exportPage is how many clients are read at a time, so that a slow reader holds nothing.
const exportPage = 500

var exportColumns = []string{
	"client_id", "name", "email", "group", "provider", "direct", "community",
	"direct_own", "community_own", "direct_source", "community_source",
}

// Export records that the actor takes the list out of the program, and gives what writes
// it: as CSV, by name, the clients whom the actor may see and the filter names. Each
// page of it is the state of its own moment.
func (s *Service) Export(ctx context.Context, actor care.Actor, f Filter) (write func(ctx context.Context, w io.Writer) error, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return nil, refusal
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		return audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(),
			audit.Act("chat_access.exported", audit.About("organization", actor.Org), nil))
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
	return []string{
		r.Client.String(), plain(r.Name), plain(r.Email), plain(r.GroupName), plain(r.ProviderName),
		string(care.SettingOf(r.Direct.Effective)), string(care.SettingOf(r.Community.Effective)),
		string(r.Direct.Own), string(r.Community.Own), string(r.Direct.Source), string(r.Community.Source),
	}
}

// plain keeps a spreadsheet from taking a text for a formula.
func plain(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
