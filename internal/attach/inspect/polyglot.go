package inspect

import (
	"bytes"
	"strings"
)

const whyTwo = "This file is two kinds of file in one, which is a way to smuggle something in. Open it, save it again, and send that."

// onlyOne refuses a file that other programs would take for something else than it is:
// with an archive at its end, a PDF near its beginning, or code of web pages in it.
func (f *file) onlyOne(is format) error {
	tail, err := f.stretch(f.size-min(f.size, maxZipEnd), min(f.size, maxZipEnd))
	if err != nil {
		return err
	}
	if is != zipFormat && endsAsZip(tail) {
		return refuse(CodeTwoFiles, whyTwo)
	}
	if is == zipFormat {
		return nil // its own check sees every byte
	}
	if is != pdfFormat && bytes.Contains(f.head[:min(len(f.head), sniffed)], []byte("%PDF-")) {
		return refuse(CodeTwoFiles, whyTwo)
	}
	if err := webCode(f.head[:min(len(f.head), sniffed)]); err != nil || abouts[is].family != "picture" {
		return err
	}
	// A picture is made of numbers; words of a web page anywhere in it were put there.
	return f.webCodeAnywhere()
}

const maxZipEnd = 65535 + 22

// endsAsZip finds the record that ends an archive: unpackers look for it from the end of
// a file, whatever stands before.
func endsAsZip(tail []byte) bool {
	for end := len(tail); ; {
		at := bytes.LastIndex(tail[:end], []byte("PK\x05\x06"))
		if at < 0 {
			return false
		}
		if record := tail[at:]; len(record) >= 22 {
			comment := int(record[20]) | int(record[21])<<8
			if len(record) >= 22+comment {
				return true
			}
		}
		end = at
	}
}

var webMarks = []string{"<script", "<html", "<svg ", "<iframe", "<!doctype html", "<?php"}

func webCode(data []byte) error {
	text := strings.ToLower(string(data))
	for _, mark := range webMarks {
		if strings.Contains(text, mark) {
			return refuse(CodeTwoFiles, whyTwo)
		}
	}
	return nil
}

func (f *file) webCodeAnywhere() error {
	const step, overlap = 256 << 10, 32
	buffer := make([]byte, step+overlap)
	for off := int64(0); off < f.size; off += step {
		part := buffer[:min(int64(len(buffer)), f.size-off)]
		if err := f.read(part, off); err != nil {
			return err
		}
		if !bytes.ContainsRune(part, '<') {
			continue
		}
		if err := webCode(part); err != nil {
			return err
		}
	}
	return nil
}
