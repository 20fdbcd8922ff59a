package transcript

import (
	"io"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
)

// head is what stands before the messages.
type head struct {
	Practice     string
	Conversation chat.Conversation
	By           care.Person
	At           time.Time
	Zone         *time.Location
	ZoneName     string
	Files        bool // attachments lie beside the document

	reader care.UserID
}

// entry is a message with its files as the document shows them.
type entry struct {
	care.Message
	Files []entryFile
}

type entryFile struct {
	care.Attachment
	Path    string // where it lies beside the document, "" where it does not
	Picture []byte // a small one of a picture, nil without
}

// document writes messages in one format. Errors of the writer are kept and told by end.
type document interface {
	begin()
	message(entry)
	end() error
}

func newDocument(f Format, out io.Writer, h head) document {
	switch f {
	case PDF:
		return newPDF(out, h)
	case HTML:
		return &htmlDocument{out: &keeper{to: out}, head: h}
	default:
		return &jsonDocument{out: &keeper{to: out}, head: h}
	}
}

// keeper writes until something goes wrong, and keeps what did.
type keeper struct {
	to  io.Writer
	err error
}

// Write writes, or says what went wrong before.
func (k *keeper) Write(p []byte) (n int, err error) {
	if k.err == nil {
		n, k.err = k.to.Write(p)
	}
	return n, k.err
}

func (k *keeper) text(parts ...string) {
	for _, part := range parts {
		_, _ = io.WriteString(k, part) // kept
	}
}
