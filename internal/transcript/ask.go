package transcript

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/jobs"
)

// Request asks for an export. A zero ID is filled by the server; TimeZone is of the IANA
// database, "" is the organization's.
type Request struct {
	ID          ID
	Format      Format
	Attachments bool
	TimeZone    string
}

// Ask begins an export of a conversation that the actor may read. existed is true where
// the same was asked for under that id before.
func (s *Service) Ask(ctx context.Context, actor care.Actor, conversation care.ConversationID, r Request) (e Export, existed bool, err error) {
	if _, err := s.readable(ctx, actor, conversation); err != nil {
		return e, false, err
	}
	if err := s.complete(ctx, actor, &r); err != nil {
		return e, false, err
	}
	now := s.clock()
	asked := Export{
		ID: r.ID, Conversation: conversation, Format: r.Format, Attachments: r.Attachments, TimeZone: r.TimeZone,
		State: Queued, CreatedAt: now, org: actor.Org, requester: actor.User,
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if e, existed, err = find(ctx, tx, r.ID); err != nil || existed {
			return cmp.Or(err, asked.sameAs(e))
		}
		e = asked
		return s.begin(ctx, tx, actor, e)
	})
	if err == nil && !existed {
		s.wake()
	}
	return e, existed, err
}

// readable decides that the actor may export a conversation, and gives it as they see it.
func (s *Service) readable(ctx context.Context, actor care.Actor, id care.ConversationID) (chat.Conversation, error) {
	c, err := s.chat.Conversation(ctx, actor, id)
	if err == nil && !actor.IsClient() && !actor.Can(care.ExportRecords) {
		err = care.Refused("Exporting conversations needs the permission to export records.")
	}
	return c, err
}

// complete fills what was left out, and checks what was not.
func (s *Service) complete(ctx context.Context, actor care.Actor, r *Request) error {
	if r.ID.IsZero() {
		r.ID = care.NewID[ID](s.clock())
	}
	if r.Format != PDF && r.Format != HTML && r.Format != JSON {
		return care.BadField("format", "unknown", "Must be pdf, html or json.")
	}
	if r.TimeZone == "" {
		practice, err := s.people.Organization(ctx, actor)
		if err != nil {
			return err
		}
		r.TimeZone = practice.TimeZone
	}
	if len(r.TimeZone) > 64 || strings.EqualFold(r.TimeZone, "local") {
		return errZone
	}
	if _, err := time.LoadLocation(r.TimeZone); err != nil {
		return errZone
	}
	return nil
}

var errZone = care.BadField("time_zone", "unknown", "Must be a name of the IANA database, such as Europe/Berlin.")

// sameAs refuses an id that was used for something else.
func (e Export) sameAs(before Export) error {
	if e.org == before.org && e.requester == before.requester && e.Conversation == before.Conversation && before.State != removed &&
		e.Format == before.Format && e.Attachments == before.Attachments && e.TimeZone == before.TimeZone {
		return nil
	}
	return care.Fail(care.Conflict, care.CodeIDReused, "This id was used for something else.")
}

// begin records, stores and schedules. The chain of the audit log is locked first, so that
// the count holds until the commit.
func (s *Service) begin(ctx context.Context, tx *db.Tx, actor care.Actor, e Export) error {
	act := audit.Act("conversation.export_requested", audit.About("conversation", e.Conversation),
		map[string]any{"export_id": e.ID, "format": e.Format, "attachments": e.Attachments})
	if err := audit.Append(ctx, tx, actor.Org, actor.Person(), e.CreatedAt, act); err != nil {
		return err
	}
	var running int
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM exports WHERE requester_id = $1 AND state IN ('queued', 'running')`, actor.User).Scan(&running)
	if err != nil {
		return err
	}
	if running >= maxRunning {
		full := care.Fail(care.RateLimited, care.CodeRateLimited, "Three of your exports are being made. Wait until one is ready, or remove one.")
		full.RetryAfter = 30
		return full
	}
	if err := insert(ctx, tx, e); err != nil {
		return err
	}
	_, err = jobs.Enqueue(ctx, tx, e.CreatedAt, jobs.Job{Kind: makeJob, Args: args{e.ID}})
	return err
}

// args are those of the job.
type args struct {
	ID ID `json:"id"`
}

// List gives the actor's own exports, the newest first, at most limit after where cursor
// ended; next is "" on the last page.
func (s *Service) List(ctx context.Context, actor care.Actor, cursor string, limit int) (list []Export, next string, err error) {
	at, id, err := readCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, err = db.Many(ctx, tx, scan, `SELECT `+columns+` FROM exports
			WHERE requester_id = $1 AND state <> 'removed' AND (created_at < $2 OR (created_at = $2 AND id < $3))
			ORDER BY created_at DESC, id DESC LIMIT $4`, actor.User, at, id, limit+1)
		return err
	})
	if err == nil && len(list) > limit {
		list = list[:limit]
		last := list[limit-1]
		next = strconv.FormatInt(db.Millis(last.CreatedAt), 36) + "." + last.ID.String()
	}
	return list, next, err
}

func readCursor(cursor string) (at int64, id ID, err error) {
	if cursor == "" {
		return 1 << 60, ID{0: 0xff}, nil
	}
	ms, rest, _ := strings.Cut(cursor, ".")
	at, errAt := strconv.ParseInt(ms, 36, 64)
	if errAt != nil || id.UnmarshalText([]byte(rest)) != nil {
		return 0, id, care.BadField("cursor", "unknown", "Must be one that was given.")
	}
	return at, id, nil
}

// Get gives one of the actor's own exports, while they may read what it holds.
func (s *Service) Get(ctx context.Context, actor care.Actor, id ID) (Export, error) {
	e, err := s.own(ctx, actor, id)
	if err == nil {
		err = s.judge(ctx, actor, e)
	}
	return e, err
}

func (s *Service) own(ctx context.Context, actor care.Actor, id ID) (e Export, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		var found bool
		if e, found, err = find(ctx, tx, id); err == nil && (!found || e.requester != actor.User || e.org != actor.Org || e.State == removed) {
			err = errNone
		}
		return err
	})
	return e, err
}

var errNone = care.Missing("export")

// judge decides that the actor may read today what an export holds: a member who was taken
// out and put back reads from the new joining on.
func (s *Service) judge(ctx context.Context, actor care.Actor, e Export) error {
	c, err := s.readable(ctx, actor, e.Conversation)
	if err != nil || e.last == 0 {
		return err
	}
	first, err := s.firstReadable(ctx, actor, e.Conversation)
	if err == nil && (first > e.first || c.LastSeq < e.last) {
		err = errNone
	}
	return err
}

// firstReadable is the number of the first message that the actor may read, 0 for none.
func (s *Service) firstReadable(ctx context.Context, actor care.Actor, id care.ConversationID) (int64, error) {
	var start int64
	list, _, err := s.chat.Messages(ctx, actor, id, chat.Page{After: &start, Limit: 1})
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0].Seq, nil
}

// Remove takes one of the actor's own exports away, also one that is being made.
func (s *Service) Remove(ctx context.Context, actor care.Actor, id ID) error {
	e, err := s.own(ctx, actor, id)
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE exports SET state = 'removed', changed_at = $2 WHERE id = $1`, e.ID, db.Millis(s.clock()))
		return err
	})
	if err != nil {
		return err
	}
	return s.erase(ctx, e.ID)
}
