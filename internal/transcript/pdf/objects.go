package pdf

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf16"
)

// objects writes the numbered objects of a file and remembers where each begins.
type objects struct {
	out     *bufio.Writer
	at      int64
	offsets []int64 // by number; [0] is none
	err     error
	packer  *zlib.Writer
}

func newObjects(w io.Writer) *objects {
	o := &objects{out: bufio.NewWriterSize(w, 64<<10), offsets: make([]int64, 1), packer: zlib.NewWriter(io.Discard)}
	o.write("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	return o
}

func (o *objects) write(text string) {
	if o.err == nil {
		_, o.err = o.out.WriteString(text)
		o.at += int64(len(text))
	}
}

// reserve gives a number for an object that is written later.
func (o *objects) reserve() int {
	o.offsets = append(o.offsets, 0)
	return len(o.offsets) - 1
}

// put writes an object without a stream.
func (o *objects) put(number int, dictionary string) {
	o.offsets[number] = o.at
	o.write(fmt.Sprintf("%d 0 obj\n%s\nendobj\n", number, dictionary))
}

// stream writes an object with one; raw is packed first, unless entries name a filter of
// its own.
func (o *objects) stream(number int, entries string, raw []byte) {
	if !strings.Contains(entries, "/Filter") {
		var packed bytes.Buffer
		o.packer.Reset(&packed)
		_, _ = o.packer.Write(raw) // a buffer never fails
		_ = o.packer.Close()
		raw, entries = packed.Bytes(), entries+" /Filter /FlateDecode"
	}
	o.offsets[number] = o.at
	o.write(fmt.Sprintf("%d 0 obj\n<<%s /Length %d>>\nstream\n", number, entries, len(raw)))
	if o.err == nil {
		_, o.err = o.out.Write(raw)
		o.at += int64(len(raw))
	}
	o.write("\nendstream\nendobj\n")
}

// end writes the table of objects.
func (o *objects) end(catalog, info int) error {
	start := o.at
	o.write(fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(o.offsets)))
	for _, at := range o.offsets[1:] {
		o.write(fmt.Sprintf("%010d 00000 n \n", at))
	}
	o.write(fmt.Sprintf("trailer\n<</Size %d /Root %d 0 R /Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(o.offsets), catalog, info, start))
	if o.err == nil {
		o.err = o.out.Flush()
	}
	return o.err
}

// textString writes words that are no part of a page, such as a title.
func textString(text string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	return b.String() + ">"
}

// plainString writes ASCII, such as an address.
func plainString(text string) string {
	return "(" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`, "\r", "", "\n", "").Replace(text) + ")"
}

func date(t time.Time) string { return plainString(t.UTC().Format("D:20060102150405Z")) }
