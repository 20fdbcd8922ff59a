// Package pdftest reads back what package pdf writes, for tests: objects by the table at
// the file's end, pages in their order, and their text through the fonts' own maps. It
// fails the test where the file does not hold together.
package pdftest

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// File is a document that was read.
type File struct {
	Pages  []string // the text of each, a line for each stretch of text
	Links  []string
	Images int
	Marks  int // of the table of contents
}

// Text gives the words of all pages without any space, for comparing.
func (f File) Text() string { return Squeeze(strings.Join(f.Pages, "")) }

// Squeeze takes every space out of a text: lines break anywhere.
func Squeeze(text string) string { return strings.Join(strings.Fields(text), "") }

type reader struct {
	t       testing.TB
	data    []byte
	offsets []int
	fonts   map[string]map[string]string // by name: glyph to letters
}

var (
	startPattern = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`)
	entryPattern = regexp.MustCompile(`(\d{10}) (\d{5}) ([fn]) \n`)
	kidPattern   = regexp.MustCompile(`(\d+) 0 R`)
	showPattern  = regexp.MustCompile(`/(F\d+) [0-9.]+ Tf [-0-9.]+ [-0-9.]+ Td <([0-9A-F]+)> Tj`)
	fontPattern  = regexp.MustCompile(`/(F\d+) (\d+) 0 R`)
	charPattern  = regexp.MustCompile(`(?m)^<([0-9A-F]{4})> <([0-9A-F]+)>$`)
	linkPattern  = regexp.MustCompile(`/URI \(((?:[^\\)]|\\.)*)\)`)
	imagePattern = regexp.MustCompile(`/I\d+ Do`)
	referencing  = func(key string) *regexp.Regexp { return regexp.MustCompile(`/` + key + ` (\d+) 0 R`) }
)

// Read reads a document.
func Read(t testing.TB, data []byte) File {
	t.Helper()
	r := &reader{t: t, data: data, fonts: map[string]map[string]string{}}
	r.readTable()
	root := r.object(r.number(string(data[bytes.LastIndex(data, []byte("trailer")):]), "Root"))
	pages := r.object(r.number(root, "Pages"))
	var f File
	for i, kid := range kidPattern.FindAllStringSubmatch(pages[strings.Index(pages, "/Kids"):], -1) {
		page := r.object(atoi(kid[1]))
		if i == 0 {
			r.readFonts(r.object(r.number(page, "Font")))
		}
		content := r.stream(r.number(page, "Contents"))
		f.Pages = append(f.Pages, r.text(content))
		f.Images += len(imagePattern.FindAllString(content, -1))
		for _, link := range linkPattern.FindAllStringSubmatch(page, -1) {
			f.Links = append(f.Links, regexp.MustCompile(`\\(.)`).ReplaceAllString(link[1], "$1"))
		}
	}
	if strings.Contains(root, "/Outlines") {
		outlines := r.object(r.number(root, "Outlines"))
		f.Marks = atoi(regexp.MustCompile(`/Count (\d+)`).FindStringSubmatch(outlines)[1])
	}
	return f
}

func (r *reader) readTable() {
	r.t.Helper()
	start := startPattern.FindSubmatch(r.data)
	if start == nil || !bytes.HasPrefix(r.data, []byte("%PDF-1.")) {
		r.t.Fatal("not a PDF that is whole")
	}
	for _, entry := range entryPattern.FindAllSubmatch(r.data[atoi(string(start[1])):], -1) {
		r.offsets = append(r.offsets, atoi(string(entry[1])))
	}
}

// object gives the text of an object; of one with a stream, the part before it.
func (r *reader) object(number int) string {
	r.t.Helper()
	head := strconv.Itoa(number) + " 0 obj\n"
	if number <= 0 || number >= len(r.offsets) || !bytes.HasPrefix(r.data[r.offsets[number]:], []byte(head)) {
		r.t.Fatalf("object %d is not where the table says", number)
	}
	rest := r.data[r.offsets[number]+len(head):]
	for _, end := range []string{"\nstream\n", "\nendobj\n"} {
		if at := bytes.Index(rest, []byte(end)); at >= 0 && !bytes.Contains(rest[:at], []byte("\nendobj\n")) {
			return string(rest[:at])
		}
	}
	r.t.Fatalf("object %d has no end", number)
	return ""
}

func (r *reader) stream(number int) string {
	r.t.Helper()
	head := r.object(number)
	length := atoi(regexp.MustCompile(`/Length (\d+)`).FindStringSubmatch(head)[1])
	from := r.offsets[number] + len(strconv.Itoa(number)+" 0 obj\n") + len(head) + len("\nstream\n")
	if !bytes.HasPrefix(r.data[from+length:], []byte("\nendstream\n")) {
		r.t.Fatalf("the stream of object %d has another length", number)
	}
	unpacked, err := zlib.NewReader(bytes.NewReader(r.data[from : from+length]))
	if err != nil {
		r.t.Fatal(err)
	}
	text, err := io.ReadAll(unpacked)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(text)
}

func (r *reader) number(text, key string) int {
	r.t.Helper()
	found := referencing(key).FindStringSubmatch(text)
	if found == nil {
		r.t.Fatalf("no /%s in %q", key, text)
	}
	return atoi(found[1])
}

func (r *reader) readFonts(dictionary string) {
	for _, font := range fontPattern.FindAllStringSubmatch(dictionary, -1) {
		letters := map[string]string{}
		for _, c := range charPattern.FindAllStringSubmatch(r.stream(r.number(r.object(atoi(font[2])), "ToUnicode")), -1) {
			letters[c[1]] = utf16Text(c[2])
		}
		r.fonts[font[1]] = letters
	}
}

func (r *reader) text(content string) string {
	var b strings.Builder
	for _, show := range showPattern.FindAllStringSubmatch(content, -1) {
		for i := 0; i+4 <= len(show[2]); i += 4 {
			letter, known := r.fonts[show[1]][show[2][i:i+4]]
			if !known {
				r.t.Errorf("glyph %s of %s means nothing", show[2][i:i+4], show[1])
			}
			b.WriteString(letter)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func utf16Text(digits string) string {
	raw, _ := hex.DecodeString(digits)
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
	}
	return string(utf16.Decode(units))
}

func atoi(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}
