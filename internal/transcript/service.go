package transcript

import (
	"time"

	"hearth/internal/attach"
	"hearth/internal/blob"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/jobs"
)

const (
	// Kept is how long a file can be fetched.
	Kept = 24 * time.Hour
	// maxRunning is how many exports of one person may be under way.
	maxRunning = 3
	// remembered is how long one can see that there was an export.
	remembered = 7 * 24 * time.Hour
	// stuck is after how long without a step an export has failed.
	stuck = 2 * time.Hour
	// maxAttempts is how often making a file is tried.
	maxAttempts = 5
	// atOnce is how many files a process makes at the same time, so that other jobs, such
	// as scheduled messages, are not kept waiting.
	atOnce = 2
	// again is when to look for a free place.
	again = 2 * time.Second
	// pageSize is how many messages are read at once.
	pageSize = 200
)

// ID names an export.
type ID = care.ID[exportKind]

type exportKind struct{}

// Format is the kind of a document.
type Format string

// The formats.
const (
	PDF  Format = "pdf"
	HTML Format = "html"
	JSON Format = "json"
)

// State says how far an export is.
type State string

// The states that its requester sees.
const (
	Queued  State = "queued"
	Running State = "running"
	Ready   State = "ready"
	Failed  State = "failed"
	Expired State = "expired"

	removed State = "removed"
)

// Export is a file that was asked for.
type Export struct {
	ID           ID
	Conversation care.ConversationID
	Format       Format
	Attachments  bool
	TimeZone     string // of the IANA database
	State        State
	Why          care.Code // of a failed one
	// Done of Total steps are made; both are 0 while it waits.
	Done, Total int64
	Size        int64 // bytes, once it is ready
	CreatedAt   time.Time
	ExpiresAt   time.Time // zero until it is ready

	org       care.OrgID
	requester care.UserID
	first     int64 // the numbers of the messages in it
	last      int64
}

// Service is the use cases of exports. Make it with [New].
type Service struct {
	db     *db.DB
	clock  care.Clock
	chat   *chat.Service
	people *directory.Service
	attach *attach.Service
	files  *blob.Store
	wake   func()
	places chan struct{}
}

// New makes the service. wake makes the runner of jobs look for some; nil where it looks
// by itself.
func New(d *db.DB, clock care.Clock, chats *chat.Service, people *directory.Service, attached *attach.Service, files *blob.Store, wake func()) *Service {
	if wake == nil {
		wake = func() {}
	}
	return &Service{
		db: d, clock: clock, chat: chats, people: people, attach: attached, files: files, wake: wake,
		places: make(chan struct{}, atOnce),
	}
}

// The jobs.
const (
	makeJob    = "transcript.make"
	sweepJob   = "transcript.sweep"
	sweepEvery = 5 * time.Minute
)

// Register adds the jobs that make exports and remove them.
func (s *Service) Register(r *jobs.Runner) {
	r.Handle(makeJob, s.produce)
	r.Every(sweepJob, sweepEvery, s.sweep)
}

func nameOf(id ID) blob.Name { return blob.NameOf("exports", id, "") }
