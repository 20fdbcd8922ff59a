package transcript

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"hearth/internal/care"
	"hearth/internal/transcript/markdown"
)

//go:embed document.css
var stylesheet string

// policy lets the document show its own pictures and look as it should, and nothing else.
var policy = func() string {
	sum := sha256.Sum256([]byte(stylesheet))
	return "default-src 'none'; img-src data:; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; form-action 'none'; base-uri 'none'"
}()

// htmlDocument is a page that needs nothing else.
type htmlDocument struct {
	head
	out *keeper
	day string
	any bool
}

var esc = html.EscapeString

func (d *htmlDocument) begin() {
	d.out.text("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
		`<meta http-equiv="Content-Security-Policy" content="`, policy, "\">\n",
		`<meta name="viewport" content="width=device-width, initial-scale=1">`, "\n<meta name=\"referrer\" content=\"no-referrer\">\n",
		"<title>", esc(d.title()), "</title>\n<style>", stylesheet, "</style>\n</head>\n<body>\n<header>\n<h1 dir=\"auto\">", esc(d.title()), "</h1>\n<dl>\n")
	for _, fact := range d.facts() {
		d.out.text("<dt>", esc(fact[0]), "</dt><dd dir=\"auto\">", esc(fact[1]), "</dd>\n")
	}
	d.out.text("</dl>\n</header>\n<main>\n")
}

func (d *htmlDocument) message(e entry) {
	if day := d.head.day(e.CreatedAt); day != d.day {
		d.closeDay()
		d.day = day
		d.out.text("<section>\n<h2>", esc(day), "</h2>\n")
	}
	d.any = true
	time := `<time datetime="` + e.CreatedAt.UTC().Format("2006-01-02T15:04:05Z") + `">` + d.clock(e.CreatedAt) + "</time>"
	if e.Kind == care.SystemMessage {
		d.out.text(`<p class="notice" dir="auto">`, esc(e.notice()), " ", time, "</p>\n")
		return
	}
	d.out.text(`<article id="m`, strconv.FormatInt(e.Seq, 10), "\">\n<h3><bdi>", esc(e.author()), "</bdi> ", time)
	if remark := e.remark(d.head); remark != "" {
		d.out.text(` <small>`, esc(remark), "</small>")
	}
	d.out.text("</h3>\n")
	d.content(e)
	d.out.text("</article>\n")
}

func (d *htmlDocument) content(e entry) {
	if e.deleted() {
		d.out.text(`<p class="gone">`, esc(e.gone(d.head)), "</p>\n")
		return
	}
	if author, text, found := e.quote(); found {
		d.out.text(`<blockquote dir="auto">`)
		if author != "" {
			d.out.text("<b><bdi>", esc(author), "</bdi></b> ")
		}
		d.out.text(esc(text), "</blockquote>\n")
	}
	for _, block := range markdown.Read(e.Body) {
		d.block(e, block)
	}
	d.files(e)
	if len(e.Reactions) > 0 {
		d.out.text(`<p class="reactions">`)
		for _, r := range e.Reactions {
			d.out.text("<span>", esc(r.Emoji), " ", strconv.Itoa(len(r.Users)), "</span> ")
		}
		d.out.text("</p>\n")
	}
}

func (d *htmlDocument) block(e entry, b markdown.Block) {
	switch b.Kind {
	case markdown.Code:
		d.out.text("<pre>", esc(b.Code), "</pre>\n")
	case markdown.Text:
		d.out.text(`<p dir="auto">`)
		d.spans(e, b.Spans)
		d.out.text("</p>\n")
	case markdown.List:
		tag := "ul"
		if b.Items[0].Number >= 0 {
			tag = "ol"
		}
		d.out.text("<", tag, " dir=\"auto\">")
		for _, item := range b.Items {
			number := ""
			if item.Number >= 0 {
				number = ` value="` + strconv.Itoa(item.Number) + `"`
			}
			d.out.text("<li", number, ">")
			d.spans(e, item.Spans)
			d.out.text("</li>")
		}
		d.out.text("</", tag, ">\n")
	}
}

func (d *htmlDocument) spans(e entry, spans []markdown.Span) {
	for i, s := range spans {
		text := strings.ReplaceAll(esc(e.words(s)), "\n", "<br>\n")
		for _, mark := range []struct {
			on  bool
			tag string
		}{{s.Code, "code"}, {s.Italic, "em"}, {s.Bold, "strong"}} {
			if mark.on {
				text = "<" + mark.tag + ">" + text + "</" + mark.tag + ">"
			}
		}
		switch {
		case s.Href != "":
			text = `<a rel="noopener noreferrer" href="` + esc(s.Href) + `">` + text + "</a>" + esc(target(spans, i))
		case !s.Mention.IsZero():
			text = `<span class="mention">` + text + "</span>"
		}
		d.out.text(text)
	}
}

func (d *htmlDocument) files(e entry) {
	for _, f := range e.Files {
		d.out.text(`<p class="file">`)
		if kind := pictureType(f.Picture); kind != "" {
			d.out.text(`<img alt="" src="data:`, kind, ";base64,", base64.StdEncoding.EncodeToString(f.Picture), "\"><br>")
		}
		name := "<bdi>" + esc(f.Name) + "</bdi>"
		if f.Path != "" {
			name = `<a href="` + esc((&url.URL{Path: f.Path}).EscapedPath()) + `">` + name + "</a>"
		}
		d.out.text(name, " <small>", esc(size(f.Size)), "</small></p>\n")
	}
}

// pictureType tells from the bytes whether a browser shows this as a picture.
func pictureType(data []byte) string {
	switch kind := http.DetectContentType(data); kind {
	case "image/jpeg", "image/png", "image/webp":
		return kind
	}
	return ""
}

func (d *htmlDocument) closeDay() {
	if d.day != "" {
		d.out.text("</section>\n")
	}
}

func (d *htmlDocument) end() error {
	d.closeDay()
	if !d.any {
		d.out.text("<p>There are no messages.</p>\n")
	}
	d.out.text("</main>\n<footer>End of the conversation as it was on ", esc(d.moment(d.At)), ".</footer>\n</body>\n</html>\n")
	return d.out.err
}
