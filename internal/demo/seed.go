package demo

import (
	"context"
	"errors"
	"time"

	"hearth/internal/attach"
	"hearth/internal/audit"
	"hearth/internal/blob"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/identity"
)

// ErrUnfinished says that an earlier Seed was interrupted and that the database holds only
// a part of the practice.
var ErrUnfinished = errors.New("the demonstration was interrupted while it was being prepared: remove its data folder and start again")

// Seed writes the practice as it is at now into a database without organizations, through
// the use cases of the program, each at its time, and its files into their store. A database that has an organization is
// left as it is; when that is an unfinished practice the answer is [ErrUnfinished]. Nothing
// else may write meanwhile. It takes seconds.
func Seed(ctx context.Context, d *db.DB, files *blob.Store, now time.Time) error {
	s := newSeeder(d, files, Build(now))
	defer s.close()
	if there, err := s.alreadyThere(ctx); there || err != nil {
		return err
	}
	return s.run(ctx, now)
}

// alreadyThere reports whether there is nothing to do.
func (s *seeder) alreadyThere(ctx context.Context) (there bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		there, err = s.directory.HasOrganization(ctx, tx)
		return err
	})
	if err != nil || !there {
		return there, err
	}
	ours, err := s.recorded(ctx, begun)
	if err != nil || !ours {
		return true, err
	}
	done, err := s.recorded(ctx, finished)
	if err == nil && !done {
		err = ErrUnfinished
	}
	return true, err
}

// The acts in the log of the installation that tell a finished practice from one whose
// preparing was interrupted.
const (
	begun    = "demo.begun"
	finished = "demo.finished"
)

func (s *seeder) record(ctx context.Context, tx *db.Tx, action string) error {
	return audit.Append(ctx, tx, care.Installation, care.System, s.history.clock.now(),
		audit.Act(action, audit.About("organization", s.org), nil))
}

func (s *seeder) recorded(ctx context.Context, action string) (bool, error) {
	reader := care.Actor{Org: care.Installation, Kind: care.KindStaff, Permissions: care.PermissionsOf(care.ReadAuditLog)}
	rows, _, err := audit.List(ctx, s.db, reader, audit.Filter{Action: action, Limit: 1})
	return len(rows) > 0, err
}

// nobody listens while the history is written.
type nobody struct{}

func (nobody) Publish(...care.Event) {}

// seeder writes a practice.
type seeder struct {
	db        *db.DB
	directory *directory.Service
	identity  *identity.Service
	chat      *chat.Service
	attach    *attach.Service
	switches  *chataccess.Service

	practice Practice
	history  history
	org      care.OrgID
	hash     string // of Password, which is everybody's: hashing is made to be slow
	actors   map[care.UserID]care.Actor
	threads  map[care.ConversationID]care.ConversationID // as they are in the database
	seqs     map[care.MessageID]int64                    // what number a message got
}

func newSeeder(d *db.DB, files *blob.Store, p Practice) *seeder {
	s := &seeder{
		db: d, practice: p, actors: map[care.UserID]care.Actor{},
		threads: map[care.ConversationID]care.ConversationID{}, seqs: map[care.MessageID]int64{},
	}
	clock := s.history.clock.now
	s.directory = directory.New(d, clock)
	s.identity = identity.New(d, clock, identity.Config{})
	s.chat = chat.New(d, clock, nobody{})
	s.attach = attach.New(d, clock, files, attach.Limits{})
	s.switches = chataccess.New(d, clock, s.chat, nobody{})
	return s
}

func (s *seeder) close() {
	s.chat.Close()
	s.identity.Close()
}

func (s *seeder) run(ctx context.Context, now time.Time) (err error) {
	if s.hash, err = s.identity.HashPassword(Password); err != nil {
		return err
	}
	s.people()
	for i := range s.practice.Conversations {
		s.conversation(&s.practice.Conversations[i])
	}
	s.access(now)
	s.writing()
	s.blasts(now)
	s.history.then(now, s.inTx(func(ctx context.Context, tx *db.Tx) error { return s.record(ctx, tx, finished) }))
	return s.history.play(ctx)
}

// actor is somebody of the practice, as if they had signed in.
func (s *seeder) actor(id care.UserID) care.Actor {
	actor := s.actors[id]
	actor.Org = s.org
	return actor
}

// inTx gives what has a part for a transaction of its own.
func (s *seeder) inTx(part func(ctx context.Context, tx *db.Tx) error) func(context.Context) error {
	return func(ctx context.Context) error {
		return s.db.Write(ctx, func(tx *db.Tx) error { return part(ctx, tx) })
	}
}
