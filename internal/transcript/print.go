package transcript

import (
	"fmt"
	"io"
	"strings"

	"hearth/internal/care"
	"hearth/internal/transcript/markdown"
	"hearth/internal/transcript/pdf"
)

// pdfDocument is a document to print.
type pdfDocument struct {
	head
	to  *pdf.Document
	day string
}

const (
	textSize  = 10.0
	smallSize = 8.5
	inset     = 12.0
)

var (
	plainStyle = pdf.Style{Size: textSize, Indent: inset}
	smallStyle = pdf.Style{Size: smallSize, Indent: inset, Grey: true}
	codeStyle  = pdf.Style{Size: 9, Indent: inset + 3, Shade: true}
	quoteStyle = pdf.Style{Size: 9, Indent: inset + 8, Bar: true, Grey: true}
)

func newPDF(out io.Writer, h head) *pdfDocument {
	return &pdfDocument{head: h, to: pdf.New(out, pdf.Config{
		Paper: paperOf(h.ZoneName), Title: h.title(), Lang: "en", Created: h.At,
		Footer: "Conversation exported " + h.moment(h.At),
	})}
}

// paperOf gives what lies in printers where a time zone is.
func paperOf(zone string) pdf.Paper {
	for _, start := range []string{"US/", "Canada/", "Pacific/Honolulu"} {
		if strings.HasPrefix(zone, start) {
			return pdf.Letter
		}
	}
	if strings.HasPrefix(zone, "America/") && !strings.HasPrefix(zone, "America/Argentina") && !strings.HasPrefix(zone, "America/Sao_Paulo") {
		return pdf.Letter
	}
	return pdf.A4
}

func (d *pdfDocument) begin() {
	d.to.Text([]pdf.Run{{Text: d.title(), Bold: true}}, pdf.Style{Size: 18})
	d.to.Space(4)
	for _, fact := range d.facts() {
		d.to.Text([]pdf.Run{{Text: fact[0] + ": ", Grey: true}, {Text: fact[1]}}, pdf.Style{Size: 9, Hang: inset})
	}
	d.to.Space(6)
}

func (d *pdfDocument) message(e entry) {
	d.newDay(e)
	if e.Kind == care.SystemMessage {
		d.to.Space(2)
		d.to.Text([]pdf.Run{{Text: e.notice() + " · " + d.clock(e.CreatedAt)}}, pdf.Style{Size: smallSize, Grey: true, Center: true})
		d.to.Space(4)
		return
	}
	d.to.Need(3 * textSize * 1.4) // no author alone at the foot of a page
	about := "  " + d.clock(e.CreatedAt)
	if remark := e.remark(d.head); remark != "" {
		about += " · " + remark
	}
	d.to.Text([]pdf.Run{{Text: e.author(), Bold: true}, {Text: about, Grey: true}}, pdf.Style{Size: textSize, Hang: inset})
	d.content(e)
	d.to.Space(6)
}

func (d *pdfDocument) newDay(e entry) {
	day := d.head.day(e.CreatedAt)
	if day == d.day {
		return
	}
	d.day = day
	d.to.Space(6)
	d.to.Need(60)
	d.to.Mark(day)
	d.to.Text([]pdf.Run{{Text: day, Bold: true, Grey: true}}, pdf.Style{Size: textSize})
	d.to.Rule(0)
}

func (d *pdfDocument) content(e entry) {
	if e.deleted() {
		d.to.Text([]pdf.Run{{Text: e.gone(d.head), Italic: true, Grey: true}}, plainStyle)
		return
	}
	if author, text, found := e.quote(); found {
		if author != "" {
			author += ": "
		}
		d.to.Text([]pdf.Run{{Text: author, Bold: true}, {Text: text}}, quoteStyle)
		d.to.Space(2)
	}
	for _, block := range markdown.Read(e.Body) {
		d.block(e, block)
	}
	d.files(e)
	if len(e.Reactions) > 0 {
		signs := make([]string, len(e.Reactions))
		for i, r := range e.Reactions {
			signs[i] = fmt.Sprintf("%s × %d", r.Emoji, len(r.Users))
		}
		d.to.Text([]pdf.Run{{Text: "Reactions: " + strings.Join(signs, ", ")}}, smallStyle)
	}
}

func (d *pdfDocument) block(e entry, b markdown.Block) {
	switch b.Kind {
	case markdown.Code:
		d.to.Text([]pdf.Run{{Text: b.Code, Mono: true}}, codeStyle)
		d.to.Space(2)
	case markdown.Text:
		d.to.Text(d.runs(e, b.Spans), plainStyle)
	case markdown.List:
		for _, item := range b.Items {
			mark := "•  "
			if item.Number >= 0 {
				mark = fmt.Sprintf("%d.  ", item.Number)
			}
			d.to.Text(append([]pdf.Run{{Text: mark}}, d.runs(e, item.Spans)...), pdf.Style{Size: textSize, Indent: inset + 8, Hang: 11})
		}
	}
}

func (d *pdfDocument) runs(e entry, spans []markdown.Span) []pdf.Run {
	runs := make([]pdf.Run, 0, len(spans))
	for i, s := range spans {
		runs = append(runs, pdf.Run{Text: e.words(s), Bold: s.Bold || !s.Mention.IsZero(), Italic: s.Italic, Mono: s.Code, Href: s.Href})
		if to := target(spans, i); to != "" {
			runs = append(runs, pdf.Run{Text: to, Grey: true})
		}
	}
	return runs
}

func (d *pdfDocument) files(e entry) {
	for _, f := range e.Files {
		if len(f.Picture) > 0 {
			d.to.Space(2)
			_ = d.to.Image(f.Picture, inset, 240, 200) // its name stands there anyway
		}
		runs := []pdf.Run{{Text: "Attachment: "}, {Text: f.Name, Bold: true}, {Text: ", " + size(f.Size)}}
		if f.Path != "" {
			runs = append(runs, pdf.Run{Text: ", in " + f.Path})
		}
		d.to.Text(runs, smallStyle)
	}
}

func (d *pdfDocument) end() error {
	if d.day == "" {
		d.to.Text([]pdf.Run{{Text: "There are no messages."}}, plainStyle)
	}
	if n := d.to.Missing(); n > 0 {
		d.to.Space(10)
		d.to.Rule(0)
		d.to.Text([]pdf.Run{{Text: fmt.Sprintf("□ stands for letters of scripts that a PDF of Hearth cannot show: %d in this document. The HTML and JSON exports have them.", n)}},
			pdf.Style{Size: smallSize, Grey: true})
	}
	return d.to.Close()
}
