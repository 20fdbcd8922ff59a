package inspect

import (
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// text decides whether a file without a mark is plain text: no byte that text does not
// have, and nothing at its beginning that would make a browser or a system run it. Which
// kind of text it is only its name can tell.
func (f *file) text(name string) (Kind, error) {
	if f.begins("\xff\xfe") || f.begins("\xfe\xff") {
		if err := f.wide(); err != nil {
			return Kind{}, err
		}
	} else if err := f.narrow(); err != nil {
		return Kind{}, err
	}
	kind := Kind{format: txtFormat}
	_, ext := split(name)
	if says, accepted := formatOf(strings.ToLower(ext)); accepted && abouts[says].family == "text" {
		kind.format = says
	}
	return kind, nil
}

// narrow checks a text of bytes: UTF-8, or an older encoding of one byte per letter.
func (f *file) narrow() error {
	if err := plain(string(f.head)); err != nil {
		return err
	}
	high, carry, valid := int64(0), 0, true
	buffer := make([]byte, utf8.UTFMax+64<<10)
	for off := int64(0); off < f.size; {
		part := buffer[carry : carry+int(min(64<<10, f.size-off))]
		if err := f.read(part, off); err != nil {
			return err
		}
		off += int64(len(part))
		for _, b := range part {
			if b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f' || b == 0x7f {
				return refuse(CodeType, whyUnknown)
			}
			if b >= utf8.RuneSelf {
				high++
			}
		}
		whole := wholeRunes(buffer[:carry+len(part)])
		valid = valid && utf8.Valid(whole)
		carry = copy(buffer, buffer[len(whole):carry+len(part)])
	}
	// An older encoding of a language with our letters has few others.
	if (!valid || carry > 0) && high*3 > f.size {
		return refuse(CodeType, whyUnknown)
	}
	return nil
}

// wholeRunes cuts a letter off that goes on in the next stretch.
func wholeRunes(part []byte) []byte {
	for cut := 1; cut <= min(utf8.UTFMax-1, len(part)); cut++ {
		if b := part[len(part)-cut]; utf8.RuneStart(b) {
			if !utf8.FullRune(part[len(part)-cut:]) {
				return part[:len(part)-cut]
			}
			break
		}
	}
	return part
}

// wide checks a text of UTF-16, which spreadsheets write.
func (f *file) wide() error {
	data, err := io.ReadAll(io.NewSectionReader(f, 2, f.size-2))
	if err != nil {
		return err
	}
	if len(data)%2 != 0 {
		return refuse(CodeType, whyUnknown)
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = uint16(data[2*i]) | uint16(data[2*i+1])<<8
		if f.begins("\xfe\xff") {
			units[i] = units[i]<<8 | units[i]>>8
		}
		if u := units[i]; u < ' ' && u != '\t' && u != '\n' && u != '\r' || u == 0xffff {
			return refuse(CodeType, whyUnknown)
		}
	}
	return plain(string(utf16.Decode(units[:min(len(units), headBytes)])))
}

var (
	openings = []string{"<!", "<?", "<html", "<head", "<body", "<script", "<svg", "<iframe", "<style", "<title", "<table", "<a ", "<div", "<math", "<xml"}
	inHead   = []string{"<script", "<svg", "<html", "<iframe", "<!doctype html", "<?php", "javascript:"}
	scripts  = []string{"#!", "@echo", "[internetshortcut]", "mime-version:", "windows registry editor", "#extm3u"}
)

// sniffed is how far browsers look for markup.
const sniffed = 1024

// plain refuses a beginning that makes a text more than a text.
func plain(head string) error {
	head = strings.ToLower(head[:min(len(head), sniffed)])
	begin := strings.TrimLeft(strings.TrimPrefix(head, "\ufeff"), " \t\r\n\f")
	for _, mark := range scripts {
		if strings.HasPrefix(begin, mark) {
			return refuse(CodeType, whyProgram)
		}
	}
	for _, mark := range openings {
		if strings.HasPrefix(begin, mark) {
			return refuse(CodeType, whyMarkup)
		}
	}
	for _, mark := range inHead {
		if strings.Contains(head, mark) {
			return refuse(CodeType, whyMarkup)
		}
	}
	return nil
}
