package transcript

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/transcript/pdf/pdftest"
)

// ours are the tags that a page may have.
var ours = regexp.MustCompile(`^</?(?:html|head|meta|title|style|body|header|h1|dl|dt|dd|main|section|h2|article|h3|bdi|time|small|p|blockquote|b|ul|ol|li|pre|a|code|em|strong|br|span|footer)(?: [a-z-]+="[^"<>]*")*>`)

// FuzzDocuments writes whatever somebody may have written in every format: each document
// holds together, and what looks like a tag is none.
func FuzzDocuments(f *testing.F) {
	for _, seed := range []string{
		"**bold** *it* `code`\n- a\n1. b\n```\nx\n```", "<script>alert(1)</script>", "[x](https://example.org/\"onload=)", "שלום 👩🏽\u200d⚕\ufe0f \u202e ☃",
		"a\u0301\u0301\u0301 \u00ad\ufffd", strings.Repeat("w", 500), "<@0190b1c2-0000-7000-8000-00000000000a>", "\t\r\n\u2028x", "https://example.org/)(\\",
	} {
		f.Add(seed)
	}
	author := care.Person{ID: care.UserID{1}, Name: "Noor Haddad", Kind: care.KindStaff}
	h := head{Practice: "Practice", Conversation: chat.Conversation{Kind: care.Direct, Subject: "Subject"}, By: author, At: time.Unix(0, 0), Zone: time.UTC, ZoneName: "UTC"}
	f.Fuzz(func(t *testing.T, body string) {
		if !utf8.ValidString(body) || strings.ContainsRune(body, 0) || len(body) > care.MaxMessage {
			return // no message is
		}
		e := entry{Message: care.Message{
			ID: care.MessageID{1}, Seq: 1, Author: author, Body: body, CreatedAt: time.Unix(0, 0), Kind: care.TextMessage,
			ReplyTo: care.MessageID{2}, Quoted: &care.Quote{Author: author, Body: body},
		}, Files: []entryFile{{Attachment: care.Attachment{Name: body}, Path: "files/" + safeName(body)}}}
		for _, format := range []Format{PDF, HTML, JSON} {
			var out bytes.Buffer
			d := newDocument(format, &out, h)
			d.begin()
			d.message(e)
			if err := d.end(); err != nil {
				t.Fatal(err)
			}
			switch format {
			case PDF:
				pdftest.Read(t, out.Bytes())
			case HTML:
				page := strings.TrimPrefix(strings.Replace(out.String(), stylesheet, "", 1), "<!DOCTYPE html>")
				for i := range page {
					if page[i] == '<' && !ours.MatchString(page[i:]) {
						t.Fatalf("%q puts %q into the page", body, page[i:min(len(page), i+60)])
					}
				}
			}
		}
	})
}

// BenchmarkWorstBodies writes bodies made to be slow; each should take a few milliseconds.
func BenchmarkWorstBodies(b *testing.B) {
	h := head{By: care.Person{Name: "x"}, Zone: time.UTC}
	for name, piece := range map[string]string{
		"brackets": "[", "links": "[a](", "stars": "*a **b ", "ticks": "`a``b", "addresses": "www.(", "mails": "a.b@c.", "emoji": "👩🏽\u200d⚕\ufe0f", "letters": "ש",
	} {
		body := strings.Repeat(piece, care.MaxMessage/len(piece))
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				d := newPDF(io.Discard, h)
				d.message(entry{Message: care.Message{Body: body}})
			}
		})
	}
}
