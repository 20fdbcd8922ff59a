package chataccess

import (
	"context"
	"database/sql"
	"time"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
	"hearth/internal/outbox"
)

// SwitchAccess is one switch of one client: what is effective, the place it comes from,
// the value at each place, and who changed that place last.
type SwitchAccess struct {
	Effective bool
	Source    care.Place
	Own       care.Setting
	Group     care.Setting
	Default   care.Setting
	Mark      *Mark // of the place it comes from; its Until is when that goes back by itself
}

// ClientAccess is who may chat about one client.
type ClientAccess struct {
	Client    care.UserID
	Name      string
	Archived  bool
	GroupID   care.GroupID
	GroupName string
	Version   int64
	Direct    SwitchAccess
	Community SwitchAccess
	CanChange bool
	Notice    care.Notice

	org        care.OrgID
	ownUntil   map[Switch]time.Time
	groupUntil map[Switch]time.Time
}

// Client gives the chat access of a client; not_found for whom the actor may not see.
func (s *Service) Client(ctx context.Context, actor care.Actor, client care.UserID) (a ClientAccess, err error) {
	if err := s.SettleClient(ctx, actor.Org, client); err != nil {
		return a, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a, err = readClient(ctx, tx, actor, client)
		return err
	})
	return a, err
}

// readClient loads one client and decides that the actor may see them.
func readClient(ctx context.Context, tx *db.Tx, actor care.Actor, client care.UserID) (ClientAccess, error) {
	a, found, err := db.One(ctx, tx, scanClient, selectClient, client)
	if err != nil {
		return a, err
	}
	team, err := onTeam(ctx, tx, client, actor.User)
	if err != nil {
		return a, err
	}
	if refusal := access.NeedStaff(actor); refusal != nil {
		return a, refusal
	}
	if refusal := access.SeeClient(actor, client, found && a.org == actor.Org, team); refusal != nil {
		return a, refusal
	}
	a.CanChange = access.ChangeChatAccess(actor, client, true, team) == nil
	return a, complete(ctx, tx, &a)
}

func scanClient(r db.Scanner) (a ClientAccess, err error) {
	var client ladder.ClientScan
	var group sql.NullString
	var until [4]sql.NullInt64
	into := append([]any{&a.org, &a.GroupID, &group, &a.Version, &until[0], &until[1], &until[2], &until[3]}, client.Targets()...)
	err = r.Scan(into...)
	c := client.Client()
	a.Client, a.Name, a.Archived, a.GroupName = c.ID, c.Name, c.Archived(), group.String
	a.Direct, a.Community = switchOf(c.Direct), switchOf(c.Community)
	a.ownUntil = map[Switch]time.Time{Direct: moment(until[0]), Community: moment(until[1])}
	a.groupUntil = map[Switch]time.Time{Direct: moment(until[2]), Community: moment(until[3])}
	return a, err
}

func moment(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return db.FromMillis(ms.Int64)
}

func switchOf(l access.Ladder) SwitchAccess {
	on, place := l.Resolve()
	return SwitchAccess{Effective: on, Source: place, Own: l.Own, Group: l.Group, Default: care.SettingOf(l.Default)}
}

// complete adds who changed the deciding places, and the notice.
func complete(ctx context.Context, tx *db.Tx, a *ClientAccess) error {
	for _, of := range switches {
		sw := a.of(of)
		subject, until := a.Client, a.ownUntil[of]
		if sw.Source == care.PlaceGroup {
			subject, until = care.UserID(a.GroupID), a.groupUntil[of]
		}
		mark, err := lastMark(ctx, tx, subject, sw.Source, of)
		if err != nil {
			return err
		}
		if mark != nil {
			if mark.Until = until; sw.Source == care.PlaceDefault {
				mark.Until = time.Time{}
			}
		}
		sw.Mark = mark
	}
	words, err := ladder.Words(ctx, tx, a.org, a.Client)
	a.Notice = words.Direct()
	return err
}

func (a *ClientAccess) of(s Switch) *SwitchAccess {
	if s == Direct {
		return &a.Direct
	}
	return &a.Community
}

// SetClient changes a client's own settings. It answers the state as it is then; an edit
// that asks for what is so already changes nothing, whatever version it names. Refusals:
// not_found, forbidden, invalid, version_conflict with the current state.
func (s *Service) SetClient(ctx context.Context, actor care.Actor, client care.UserID, e Edit) (a ClientAccess, err error) {
	err = s.write(ctx, func(tx *db.Tx) (events []care.Event, err error) {
		before, err := readClient(ctx, tx, actor, client)
		if err != nil {
			return nil, err
		}
		refusal, err := mayChange(ctx, tx, actor, before.org, client)
		if err != nil || refusal != nil {
			return nil, orRefusal(err, refusal)
		}
		events, err = s.around(ctx, tx, actor.Org, []care.UserID{client}, func() error {
			return s.setClient(ctx, tx, actor, client, e)
		})
		if err != nil {
			return nil, err
		}
		a, err = readClient(ctx, tx, actor, client)
		return events, err
	})
	return a, err
}

func orRefusal(err error, refusal *care.Error) error {
	if err != nil {
		return err
	}
	return refusal
}

// setClient runs under the lock of the client: it looks again at what is there.
func (s *Service) setClient(ctx context.Context, tx *db.Tx, actor care.Actor, client care.UserID, e Edit) error {
	now := s.clock()
	current, err := readClient(ctx, tx, actor, client)
	if err != nil {
		return err
	}
	list, err := e.changes(now, current.ownValues())
	if err != nil {
		return err
	}
	if e.Version != current.Version {
		return s.conflictOf(ctx, tx, current)
	}
	if len(list) == 0 {
		return nil
	}
	return s.writeOwn(ctx, tx, actor.Person(), now, current, list, how(actor, HowProfile))
}

func (a *ClientAccess) ownValues() map[Switch]value {
	return map[Switch]value{
		Direct:    {a.Direct.Own, a.ownUntil[Direct]},
		Community: {a.Community.Own, a.ownUntil[Community]},
	}
}

// conflictOf says who came first.
func (s *Service) conflictOf(ctx context.Context, tx *db.Tx, a ClientAccess) error {
	by, _, err := db.One(ctx, tx, scanMark, `
		SELECT h.actor_id, h.actor_kind, p.name, h.at, h.reason
		FROM chat_access_history h LEFT JOIN people p ON p.id = h.actor_id
		WHERE h.subject_id = $1 AND h.place = 'client' ORDER BY h.id DESC LIMIT 1`, a.Client)
	if err != nil {
		return err
	}
	return conflict(a, by.By)
}

// writeOwn stores a client's own settings, with their history and record.
func (s *Service) writeOwn(ctx context.Context, tx *db.Tx, actor care.Person, now time.Time, a ClientAccess, list []delta, how string) error {
	rows := make([]row, len(list))
	for i, d := range list {
		_, err := tx.Exec(ctx, `UPDATE clients SET own_`+string(d.of)+` = $2, own_`+string(d.of)+`_until = $3 WHERE user_id = $1`,
			a.Client, ladder.Stored(d.new.setting), millis(d.new.until))
		if err != nil {
			return err
		}
		rows[i] = d.row(a.Client, care.PlaceClient, now, actor, how)
	}
	if _, err := tx.Exec(ctx, `UPDATE clients SET access_version = access_version + 1 WHERE user_id = $1`, a.Client); err != nil {
		return err
	}
	if err := remember(ctx, tx, a.org, rows); err != nil {
		return err
	}
	if err := tell(ctx, tx, a.org, now, outbox.OfClient, a.Client); err != nil {
		return err
	}
	return recordChange(ctx, tx, a.org, actor, now, audit.About("client", a.Client), care.PlaceClient, how, list)
}

// Notices gives what a client is told where direct messaging and where community chats
// are off for them.
func (s *Service) Notices(ctx context.Context, org care.OrgID, client care.UserID) (direct, community care.Notice, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		words, err := ladder.Words(ctx, tx, org, client)
		if err != nil {
			return err
		}
		now, err := effective(ctx, tx, []care.UserID{client})
		direct, community = words.Direct(), words.Community(now[client].direct)
		return err
	})
	return direct, community, err
}

// Why says why a client's direct messaging is off, for staff: the place that decides and
// who changed it last.
type Why struct {
	Source care.Place
	Mark   *Mark
}

// WhyDirectOff tells staff why somebody cannot be written to, within a transaction that
// has decided that the reader may see the client. It is nil where D is on.
func WhyDirectOff(ctx context.Context, tx *db.Tx, client care.UserID) (*Why, error) {
	a, found, err := db.One(ctx, tx, scanClient, selectClient, client)
	if err != nil || !found || a.Direct.Effective {
		return nil, err
	}
	if err := complete(ctx, tx, &a); err != nil {
		return nil, err
	}
	return &Why{Source: a.Direct.Source, Mark: a.Direct.Mark}, nil
}
