package chataccess

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// A group's setting is one value, so that a change of it counts for all members at one
// moment whatever it takes to write what follows: the history of those who follow it, and
// where community posts end for them. For a large group that goes the way of a bulk change
// (docs/adr/0010): rows of the members are prepared, the value changes in the transaction
// that makes the rows count, and they are written to the members afterwards. The rows
// change no value, so that package ladder passes them over.

// placeGroup is the place of rows that follow the change of a group.
const placeGroup = "group"

// groupRequest is what is kept of a change of a group, beside its rows.
type groupRequest struct {
	Group   care.GroupID `json:"group"`
	Reasons [2]string    `json:"reasons"` // of the switches
}

// groupSurvey is what a change does to a group and its members, at one moment.
type groupSurvey struct {
	epoch int64
	list  []delta
	steps []step // the members who follow, by id
}

// sets gives what the change does to each switch whose value differs afterwards.
func (f groupSurvey) sets() (of [2]*delta) {
	for i := range f.list {
		if d := &f.list[i]; d.old.setting != d.new.setting {
			of[slices.Index(switches, d.of)] = d
		}
	}
	return of
}

// largeChange is a change of a large group on its way to count.
type largeChange struct {
	groupChange
	id   ChangeID // zero until rows are prepared
	list []delta  // that the rows follow
	rows map[care.UserID]stepKind
}

// changeLarge makes a change of a group count at one moment; what follows for the members
// is prepared before in short transactions, and written after. Like a bulk change it waits
// until the one before is written. It ends whether or not the caller waits for it.
func (s *Service) changeLarge(ctx context.Context, c groupChange) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), applyTimeout)
	defer cancel()
	l := &largeChange{groupChange: c, rows: map[care.UserID]stepKind{}}
	err := errMoved
	var found groupSurvey
	for try := 0; try < flipTries && errors.Is(err, errMoved); try++ {
		if found, err = s.surveyGroup(ctx, c); err != nil {
			break
		}
		if err = s.awaitFold(ctx, c.actor.Org); err != nil {
			break
		}
		if err = s.bring(ctx, l, found); err == nil {
			err = s.flipGroup(ctx, l, found)
		}
	}
	if err != nil {
		return s.refuse(ctx, l.id, err)
	}
	s.follows(ctx, c.actor, found.steps)
	return nil
}

// surveyGroup works out what a change does to the members, within one snapshot.
func (s *Service) surveyGroup(ctx context.Context, c groupChange) (f groupSurvey, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		f = groupSurvey{}
		if f.list, err = c.plan(ctx, tx); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `SELECT access_epoch FROM organizations WHERE id = $1`, c.actor.Org).Scan(&f.epoch); err != nil {
			return err
		}
		sets := f.sets()
		if sets[0] == nil && sets[1] == nil {
			return nil // a reason or an end: nobody follows
		}
		rows, err := tx.Query(ctx, `SELECT c.user_id, `+ladder.Columns+` FROM clients c`+joins+` WHERE c.group_id = $1`, c.group)
		if err != nil {
			return err
		}
		var id care.UserID
		var sw ladder.Switches
		into := append([]any{&id}, sw.Targets()...)
		return eachRow(rows, func() error {
			err := rows.Scan(into...)
			if st := followerStep(id, [2]access.Ladder{sw.Direct(), sw.Community()}, sets); st.kind.counted {
				f.steps = append(f.steps, st)
			}
			return err
		})
	})
	slices.SortFunc(f.steps, func(a, b step) int { return compareIDs(a.client, b.client) })
	return f, err
}

// followerStep is what the change of a group means for one member: nothing where an own
// setting of each switch comes before it.
func followerStep(id care.UserID, is [2]access.Ladder, sets [2]*delta) step {
	after, follows := is, [2]bool{}
	for i, d := range sets {
		if d != nil && is[i].Own == care.Unset {
			after[i].Group, follows[i] = d.new.setting, true
		}
	}
	effect := state{after[0].On(), after[1].On()}
	return step{
		client: id, effect: effect, differs: effect != state{is[0].On(), is[1].On()},
		kind: stepKind{follows[0], follows[1], follows[0] || follows[1]},
	}
}

// bring prepares the rows of a change, or brings those that are there to what was found.
func (s *Service) bring(ctx context.Context, l *largeChange, found groupSurvey) error {
	if !l.id.IsZero() && !slices.Equal(l.list, found.list) {
		if err := s.drop(ctx, l.id); err != nil { // something of it has ended by itself
			return err
		}
		l.id, l.rows = ChangeID{}, map[care.UserID]stepKind{}
	}
	if l.id.IsZero() {
		if len(found.steps) == 0 {
			return nil
		}
		if err := s.keepGroup(ctx, l, found); err != nil {
			return err
		}
	}
	add, gone := l.differences(found.steps)
	err := chunked(gone, stageChunk, func(part []care.UserID) error {
		return s.db.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM chat_access_change_rows WHERE change_id = $1 AND client_id IN (`+tx.In(2, len(part))+`)`, ids(part, l.id)...)
			return err
		})
	})
	if err != nil {
		return err
	}
	return s.stage(ctx, add, func(ctx context.Context, tx *db.Tx, kind stepKind, clients []care.UserID) error {
		return stageFollowers(ctx, tx, l.id, kind, found.sets(), clients)
	})
}

// differences compares the rows that are there with the steps that are wanted, which are
// there afterwards.
func (l *largeChange) differences(steps []step) (add []step, gone []care.UserID) {
	wanted := make(map[care.UserID]stepKind, len(steps))
	for _, st := range steps {
		wanted[st.client] = st.kind
		if is, there := l.rows[st.client]; !there || is != st.kind {
			add = append(add, st)
		}
	}
	for client, kind := range l.rows {
		if wanted[client] != kind {
			gone = append(gone, client)
		}
	}
	l.rows = wanted
	return add, gone
}

// keepGroup stores what a change of a group is, without its rows.
func (s *Service) keepGroup(ctx context.Context, l *largeChange, found groupSurvey) error {
	request := groupRequest{Group: l.group}
	kept := keptPreview{how: l.door, place: placeGroup, fingerprint: []byte{}, state: stateStaging, matched: len(found.steps), changed: len(found.steps)}
	for i, d := range found.sets() {
		if d == nil {
			continue
		}
		request.Reasons[i] = d.reason
		if switches[i] == Direct {
			kept.direct = string(d.new.setting)
		} else {
			kept.community = string(d.new.setting)
		}
	}
	text, err := json.Marshal(request)
	if err != nil {
		return err
	}
	now := s.clock()
	kept.request, l.id, l.list = string(text), care.NewID[ChangeID](now), found.list
	_, _, err = s.keep(ctx, l.actor, l.id, now, kept)
	return err
}

// stageFollowers prepares the rows of members who follow a change of their group in the
// same switches.
func stageFollowers(ctx context.Context, tx *db.Tx, id ChangeID, kind stepKind, sets [2]*delta, clients []care.UserID) error {
	values := []any{id, placeGroup}
	for i, follows := range []bool{kind.direct, kind.community} {
		var old, now, oldUntil, nowUntil any
		if follows {
			d := sets[i]
			old, now, oldUntil, nowUntil = ladder.Stored(d.old.setting), ladder.Stored(d.new.setting), millis(d.old.until), millis(d.new.until)
		}
		values = append(values, follows, old, now, oldUntil, nowUntil)
	}
	casts := []string{"id", "text", "bool", "bool", "bool", "int", "int", "bool", "bool", "bool", "int", "int"}
	_, err := tx.Exec(ctx, `INSERT INTO chat_access_change_rows (`+rowColumns+`)
		SELECT v.column1, c.user_id, v.column2, TRUE, FALSE, v.column3, v.column4, v.column5, v.column6, v.column7,
			v.column8, v.column9, v.column10, v.column11, v.column12
		FROM (VALUES `+tx.Values(1, casts...)+`) AS v CROSS JOIN clients c
		WHERE c.user_id IN (`+tx.In(len(casts)+1, len(clients))+`)`, ids(clients, values...)...)
	return err
}

// flipGroup is the moment of a change of a large group: the value, its history and its
// record, with the rows of those who follow.
func (s *Service) flipGroup(ctx context.Context, l *largeChange, found groupSurvey) error {
	var active ChangeID
	if len(found.steps) > 0 {
		active = l.id
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		at, err := s.begins(ctx, tx, l.actor.Org, found.epoch, active)
		if err != nil {
			return err
		}
		if !active.IsZero() {
			if err := (flipping{id: active, rows: len(found.steps)}).count(ctx, tx, at); err != nil {
				return err
			}
		}
		if err := l.lock(ctx, tx); err != nil {
			return err
		}
		list, err := l.write(ctx, tx)
		if err == nil && !slices.Equal(list, found.list) {
			return errMoved
		}
		return err
	})
}
