package attach

import (
	"cmp"
	"time"

	"hearth/internal/blob"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Limits bounds what people send. The zero value of a field means its default.
type Limits struct {
	Bytes      int64 // of one file, 25 MiB
	PerMessage int   // files of one message, 10
}

// WithDefaults fills what is zero.
func (l Limits) WithDefaults() Limits {
	return Limits{Bytes: cmp.Or(l.Bytes, 25<<20), PerMessage: cmp.Or(l.PerMessage, 10)}
}

const (
	// Abandoned is after how long a file that no message names goes away.
	Abandoned = 24 * time.Hour
	// maxLoose is how many files one person may have sent that no message names.
	maxLoose = 100
	// atOnce is how many files are looked into at the same time: a picture may take
	// inspect.MaxMemory meanwhile.
	atOnce = 2
)

// Service is the use cases of attachments. Make it with [New].
type Service struct {
	db     *db.DB
	clock  care.Clock
	files  *blob.Store
	limits Limits
	looks  chan struct{}
}

// New makes the service.
func New(d *db.DB, clock care.Clock, files *blob.Store, limits Limits) *Service {
	return &Service{db: d, clock: clock, files: files, limits: limits.WithDefaults(), looks: make(chan struct{}, atOnce)}
}

// Limits gives the bounds that hold.
func (s *Service) Limits() Limits { return s.limits }

const room = "attachments"

func nameOf(id care.AttachmentID) blob.Name      { return blob.NameOf(room, id, "") }
func thumbnailOf(id care.AttachmentID) blob.Name { return blob.NameOf(room, id, "thumbnail") }
