package inspect

import (
	"bytes"
	"regexp"
)

// active are the words of a PDF that start programs or carry files. They are looked for
// where they stand openly; what is packed in the file is for the reader's own guard.
var active = regexp.MustCompile(`/(Launch|EmbeddedFile|EmbeddedFiles|RichMedia)[^A-Za-z0-9]`)

// pdf checks the frame of a PDF: its end, where its table of contents is said to be, and
// that it starts nothing.
func (f *file) pdf(is format) (Kind, error) {
	tail, err := f.stretch(f.size-min(f.size, 2048), min(f.size, 2048))
	if err != nil {
		return Kind{}, err
	}
	if !bytes.Contains(tail, []byte("%%EOF")) || !bytes.Contains(tail, []byte("startxref")) {
		return Kind{}, damaged("PDF")
	}
	const step, overlap = 256 << 10, 64
	buffer := make([]byte, step+overlap)
	for off := int64(0); off < f.size; off += step {
		part := buffer[:min(int64(len(buffer)), f.size-off)]
		if err := f.read(part, off); err != nil {
			return Kind{}, err
		}
		if active.Match(part) {
			return Kind{}, refuse(CodeActive, "This PDF starts a program or carries other files. Print it to a new PDF and send that.")
		}
	}
	return Kind{format: is}, nil
}
