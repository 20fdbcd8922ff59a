package inspect

import (
	"bytes"
	"errors"
	"io"
	"time"

	"hearth/internal/care"
)

// Kind is what a file is.
type Kind struct {
	MediaType string
	// Name is the cleaned name, with the extension that belongs to the kind.
	Name string
	// Picture is true where [Render] must make it anew before anybody else sees it.
	Picture bool
	// Duration is how long a recording plays, 0 where that is not told.
	Duration time.Duration

	format format
}

// The codes of refusals, in the errors of the problem.
const (
	CodeName       = "name"
	CodeEmpty      = "empty"
	CodeType       = "type_not_accepted"
	CodeMismatch   = "type_mismatch"
	CodeDamaged    = "damaged"
	CodeTwoFiles   = "polyglot"
	CodeActive     = "active_content"
	CodeBomb       = "unpacks_too_large"
	CodeDimensions = "picture_too_large"
)

// refuse makes the answer to a file that is not accepted. detail says why, and what to do.
func refuse(code, detail string) *care.Error {
	err := care.BadField("file", code, detail)
	err.Message = detail
	return err
}

func damaged(what string) *care.Error {
	return refuse(CodeDamaged, "This "+what+" is damaged or not complete. Open it on your device; if it looks right there, save it again and send that.")
}

// file is what is inspected: its bytes and the beginning of them.
type file struct {
	io.ReaderAt
	size int64
	head []byte
}

const headBytes = 4096

// Look tells what a file is that somebody calls name. A refusal is a *care.Error.
func Look(r io.ReaderAt, size int64, name string) (Kind, error) {
	clean, err := CleanName(name)
	if err != nil {
		return Kind{}, err
	}
	f := &file{ReaderAt: r, size: size, head: make([]byte, min(size, headBytes))}
	if size == 0 {
		return Kind{}, refuse(CodeEmpty, "This file is empty; there is nothing in it.")
	}
	if err := f.read(f.head, 0); err != nil {
		return Kind{}, err
	}
	kind, err := f.look(clean)
	if err != nil {
		return Kind{}, orDamaged(err)
	}
	kind.Name, err = fitName(clean, kind.format)
	if err != nil {
		return Kind{}, err
	}
	kind.MediaType = kind.format.mediaType()
	return kind, nil
}

// errShort means that a file ends before what it promised.
var errShort = errors.New("the file ends too early")

// orDamaged gives the refusal for a file that ends too early; refusals and failures of
// the reader stay.
func orDamaged(err error) error {
	if errors.Is(err, errShort) {
		return damaged("file")
	}
	return err
}

// read fills p from off on, or gives errShort.
func (f *file) read(p []byte, off int64) error {
	if off < 0 || off > f.size-int64(len(p)) {
		return errShort
	}
	n, err := f.ReadAt(p, off)
	if n == len(p) {
		return nil
	}
	if err == nil || err == io.EOF {
		return io.ErrUnexpectedEOF // what stores it promised more
	}
	return err
}

// stretch reads n bytes from off on.
func (f *file) stretch(off, n int64) ([]byte, error) {
	if n < 0 || n > f.size {
		return nil, errShort
	}
	p := make([]byte, n)
	return p, f.read(p, off)
}

func (f *file) begins(magic string) bool { return bytes.HasPrefix(f.head, []byte(magic)) }

func (f *file) has(magic string, at int) bool {
	return len(f.head) >= at+len(magic) && string(f.head[at:at+len(magic)]) == magic
}

// look goes from what can be told for sure to plain text, which has no mark.
func (f *file) look(name string) (Kind, error) {
	for _, known := range formats {
		if !known.is(f) {
			continue
		}
		if err := f.onlyOne(known.format); err != nil {
			return Kind{}, err
		}
		return known.check(f, known.format)
	}
	for _, known := range unwanted {
		if known.is(f) {
			return Kind{}, refuse(CodeType, known.why)
		}
	}
	return f.text(name)
}
