package inspect

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"io"
	"slices"
	"strings"
)

// Bounds of an honest document, far above what people write: what all of it unpacks to,
// what one part does, and how many parts there are.
const (
	maxUnpacked = 256 << 20
	maxParts    = 10_000
	maxRatio    = 1000 // deflate reaches 1032
	maxPartXML  = 4 << 20
)

// isPackage reports whether a packed file says at its beginning that it is a document.
// The rest of the check reads everything.
func (f *file) isPackage() bool {
	archive, err := zip.NewReader(f, f.size)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(archive.File, func(part *zip.File) bool {
		return part.Name == "[Content_Types].xml" || part.Name == "mimetype"
	})
}

var (
	errBomb = refuse(CodeBomb, "This document unpacks to far more than a document holds, which is a way to bring programs down. Save it again, or send it as PDF.")
	errOpen = refuse(CodeActive, "This document holds a program (macros) or loads parts from elsewhere. Save it without macros, as .docx, .xlsx, .pptx or PDF, and send that.")
)

// office checks a document of packed parts: that the parts lie one behind the other,
// with nothing before or behind them, unpack to what they say and no more than a document holds,
// and run nothing.
func (f *file) office(format) (Kind, error) {
	archive, err := zip.NewReader(f, f.size)
	if err != nil {
		return Kind{}, damaged("document")
	}
	if err := f.layout(archive); err != nil {
		return Kind{}, err
	}
	d := &document{parts: map[string]bool{}}
	for _, part := range archive.File {
		if err := d.take(part); err != nil {
			return Kind{}, err
		}
	}
	is, err := d.format()
	return Kind{format: is}, err
}

// layout refuses archives whose parts overlap (one stretch unpacked many times), and
// bytes before or behind that belong to nothing.
func (f *file) layout(archive *zip.Reader) error {
	if len(archive.File) > maxParts {
		return errBomb
	}
	type span struct{ from, body, to int64 }
	spans := make([]span, 0, len(archive.File))
	var stated uint64
	for _, part := range archive.File {
		body, err := part.DataOffset()
		if err != nil || part.CompressedSize64 > uint64(f.size) {
			return damaged("document")
		}
		spans = append(spans, span{body - 30 - int64(len(part.Name)), body, body + int64(part.CompressedSize64)})
		if stated += part.UncompressedSize64; stated > maxUnpacked || part.UncompressedSize64 > maxRatio*(part.CompressedSize64+1) {
			return errBomb
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return int(a.from - b.from) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return errBomb
		}
	}
	return f.noStrayBytes(archive, spans[0].body)
}

// noStrayBytes checks that the first part begins the file, and that the file ends where
// the archive does. first is where the first part's content begins.
func (f *file) noStrayBytes(archive *zip.Reader, first int64) error {
	tail, err := f.stretch(f.size-min(f.size, maxZipEnd), min(f.size, maxZipEnd))
	if err != nil {
		return err
	}
	head, err := f.stretch(26, 4) // the lengths of the first part's name and extra field
	if err != nil {
		return err
	}
	if first != 30+int64(binary.LittleEndian.Uint16(head))+int64(binary.LittleEndian.Uint16(head[2:])) {
		return refuse(CodeTwoFiles, whyTwo)
	}
	end := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if end < 0 || len(tail)-end != 22+len(archive.Comment) || len(archive.Comment) > 1024 {
		return refuse(CodeTwoFiles, whyTwo)
	}
	return nil
}

// document gathers what its parts say about the whole.
type document struct {
	parts    map[string]bool
	unpacked int64
	types    string // [Content_Types].xml
	mimetype string // of OpenDocument
}

// take unpacks a part as far as it says it goes, and looks at what matters.
func (d *document) take(part *zip.File) error {
	name := strings.ToLower(part.Name)
	if d.parts[name] || strings.Contains(name, "..") || strings.HasPrefix(name, "/") || strings.ContainsAny(name, "\\\x00") {
		return damaged("document")
	}
	d.parts[name] = true
	if runs(name) || part.Flags&1 != 0 { // locked parts cannot be looked at
		return errOpen
	}
	head, rest, err := d.unpack(part)
	if err != nil {
		return err
	}
	for _, mark := range []string{"MZ", "\x7fELF", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe"} {
		if bytes.HasPrefix(head, []byte(mark)) {
			return errOpen
		}
	}
	whole := rest == 0
	switch {
	case name == "[content_types].xml" && whole:
		d.types = string(head)
	case name == "mimetype" && whole:
		d.mimetype = string(head)
	case strings.HasSuffix(name, ".rels"):
		if !whole {
			return errBomb
		}
		return relations(head)
	}
	return nil
}

// unpack reads a part to its end and gives its beginning.
func (d *document) unpack(part *zip.File) (head []byte, rest int64, err error) {
	r, err := part.Open()
	if err != nil {
		return nil, 0, damaged("document")
	}
	defer r.Close()
	allowed := io.LimitReader(r, min(int64(part.UncompressedSize64), maxUnpacked-d.unpacked)+1)
	head, err = io.ReadAll(io.LimitReader(allowed, maxPartXML))
	if err == nil {
		rest, err = io.Copy(io.Discard, allowed)
	}
	all := int64(len(head)) + rest
	d.unpacked += all
	switch {
	case all > int64(part.UncompressedSize64) || d.unpacked > maxUnpacked:
		return nil, 0, errBomb
	case err != nil:
		return nil, 0, damaged("document")
	}
	return head, rest, nil
}

// runs reports parts that are programs by their place or name.
func runs(name string) bool {
	for _, mark := range []string{"vbaproject", "vbadata", "activex", "macrosheets", "basic/", "scripts/"} {
		if strings.Contains(name, mark) {
			return true
		}
	}
	_, ext := split(name)
	switch ext {
	case "exe", "dll", "js", "vbs", "bat", "cmd", "ps1", "jar", "scr", "html", "htm", "svgz", "hta":
		return true
	}
	return false
}

// relations refuses parts that are loaded from elsewhere and run when a document opens.
func relations(text []byte) error {
	var list struct {
		Relationship []struct {
			Type       string `xml:",attr"`
			TargetMode string `xml:",attr"`
		}
	}
	if err := xml.Unmarshal(text, &list); err != nil {
		return damaged("document")
	}
	for _, r := range list.Relationship {
		kind := r.Type[strings.LastIndexByte(r.Type, '/')+1:]
		if strings.EqualFold(r.TargetMode, "external") && slices.Contains([]string{"attachedTemplate", "oleObject", "frame", "subDocument"}, kind) {
			return errOpen
		}
	}
	return nil
}

var opened = map[string]format{
	"application/vnd.oasis.opendocument.text":         "odt",
	"application/vnd.oasis.opendocument.spreadsheet":  "ods",
	"application/vnd.oasis.opendocument.presentation": "odp",
}

// format tells the kind by what the document says of its main part.
func (d *document) format() (format, error) {
	if strings.Contains(strings.ToLower(d.types), "macroenabled") {
		return "", errOpen
	}
	for main, is := range map[string]format{"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"} {
		if d.types != "" && d.parts[main] && strings.Contains(d.types, abouts[is].mediaType+".main+xml") {
			return is, nil
		}
	}
	if is, known := opened[d.mimetype]; known && d.parts["content.xml"] && d.parts["meta-inf/manifest.xml"] {
		return is, nil
	}
	return "", refuse(CodeType, whyArchive)
}
