package pdf

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
)

// Paper is the size of pages, in points of 1/72 inch.
type Paper struct{ Width, Height float64 }

// The papers.
var (
	A4     = Paper{595.28, 841.89}
	Letter = Paper{612, 792}
)

// Config says what a document is.
type Config struct {
	Paper   Paper
	Title   string // in the window of a reader
	Lang    string // such as "en"
	Created time.Time
	Footer  string // at the foot of every page, before its number
}

const (
	marginX      = 54.0
	marginTop    = 54.0
	marginBottom = 60.0
	footerSize   = 8.0
)

// Document is being written.
type Document struct {
	cfg Config
	out *objects
	set *typesetter

	catalog, info, pages, fonts, total int
	kids                               []int
	marks                              []mark

	page    bytes.Buffer
	onPage  bool
	y       float64 // from the top
	images  []int
	links   []string
	missing int
}

// mark is a place that the reader's table of contents leads to.
type mark struct {
	title string
	page  int
	y     float64
}

// New begins a document.
func New(w io.Writer, cfg Config) *Document {
	d := &Document{cfg: cfg, out: newObjects(w), set: newTypesetter()}
	for _, number := range []*int{&d.catalog, &d.info, &d.pages, &d.fonts, &d.total} {
		*number = d.out.reserve()
	}
	return d
}

// Missing is how many letters could not be printed so far.
func (d *Document) Missing() int { return d.missing }

// Width is how wide lines are, in points.
func (d *Document) Width() float64 { return d.cfg.Paper.Width - 2*marginX }

// Need begins a new page unless so much height is left on this one.
func (d *Document) Need(height float64) {
	if d.onPage && d.y+height > d.cfg.Paper.Height-marginBottom && d.y > marginTop {
		d.endPage()
	}
	if !d.onPage {
		d.onPage, d.y = true, marginTop
		d.kids = append(d.kids, d.out.reserve())
	}
}

// Space moves on; at the head of a page it does nothing.
func (d *Document) Space(height float64) {
	if d.onPage && d.y > marginTop {
		d.y += height
	}
}

// Mark names this place in the table of contents.
func (d *Document) Mark(title string) {
	d.Need(1)
	d.marks = append(d.marks, mark{title, d.kids[len(d.kids)-1], d.up(d.y)})
}

// Rule draws a thin line across, from indent on.
func (d *Document) Rule(indent float64) {
	d.Need(6)
	d.y += 3
	d.draw("0.8 G 0.6 w %.2f %.2f m %.2f %.2f l S\n", marginX+indent, d.up(d.y), d.cfg.Paper.Width-marginX, d.up(d.y))
	d.y += 3
}

func (d *Document) draw(format string, args ...any) { fmt.Fprintf(&d.page, format, args...) }

// up turns a distance from the top into one from the bottom.
func (d *Document) up(y float64) float64 { return d.cfg.Paper.Height - y }

func (d *Document) endPage() {
	if !d.onPage {
		return
	}
	d.foot()
	content := d.out.reserve()
	d.out.stream(content, "", d.page.Bytes())
	resources := fmt.Sprintf("/Font %d 0 R /XObject <</Total %d 0 R%s>>", d.fonts, d.total, references("I", d.images))
	annotations := ""
	if len(d.links) > 0 {
		annotations = " /Annots [" + strings.Join(d.links, "\n") + "]"
	}
	d.out.put(d.kids[len(d.kids)-1], fmt.Sprintf("<</Type /Page /Parent %d 0 R /MediaBox [0 0 %.2f %.2f] /Contents %d 0 R /Resources <<%s>>%s>>",
		d.pages, d.cfg.Paper.Width, d.cfg.Paper.Height, content, resources, annotations))
	d.page.Reset()
	d.images, d.links, d.onPage = nil, nil, false
}

func references(prefix string, numbers []int) string {
	var b strings.Builder
	for _, n := range numbers {
		fmt.Fprintf(&b, " /%s%d %d 0 R", prefix, n, n)
	}
	return b.String()
}

// foot writes the number of the page; how many there are is drawn once, at the end, and
// shown by all.
func (d *Document) foot() {
	y := d.up(d.cfg.Paper.Height - marginBottom/2)
	s := Style{Size: footerSize, Grey: true}
	d.place(d.glyphs([]Run{{Text: d.cfg.Footer}}, s), marginX, y)
	number := d.glyphs([]Run{{Text: fmt.Sprintf("Page %d of ", len(d.kids))}}, s)
	x := d.cfg.Paper.Width - marginX - 70
	d.place(number, x, y)
	d.draw("q 1 0 0 1 %.2f %.2f cm /Total Do Q\n", x+widthOf(number), y)
}

// Close ends the document and tells what went wrong while it was written.
func (d *Document) Close() error {
	if len(d.kids) == 0 {
		d.Need(1)
	}
	d.endPage()
	d.place(d.glyphs([]Run{{Text: fmt.Sprint(len(d.kids))}}, Style{Size: footerSize, Grey: true}), 0, 0)
	d.out.stream(d.total, fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 -4 60 12] /Resources <</Font %d 0 R>>", d.fonts), d.page.Bytes())
	d.endFonts()
	kids := make([]string, len(d.kids))
	for i, n := range d.kids {
		kids[i] = fmt.Sprintf("%d 0 R", n)
	}
	d.out.put(d.pages, fmt.Sprintf("<</Type /Pages /Count %d /Kids [%s]>>", len(kids), strings.Join(kids, " ")))
	d.out.put(d.info, fmt.Sprintf("<</Title %s /Producer %s /CreationDate %s>>", textString(d.cfg.Title), plainString("Hearth"), date(d.cfg.Created)))
	d.out.put(d.catalog, fmt.Sprintf("<</Type /Catalog /Pages %d 0 R /Lang %s /ViewerPreferences <</DisplayDocTitle true>>%s>>",
		d.pages, plainString(d.cfg.Lang), d.endMarks()))
	return d.out.end(d.catalog, d.info)
}

// endMarks writes the table of contents.
func (d *Document) endMarks() string {
	if len(d.marks) == 0 {
		return ""
	}
	root := d.out.reserve()
	numbers := make([]int, len(d.marks))
	for i := range d.marks {
		numbers[i] = d.out.reserve()
	}
	for i, m := range d.marks {
		beside := ""
		if i > 0 {
			beside += fmt.Sprintf(" /Prev %d 0 R", numbers[i-1])
		}
		if i+1 < len(numbers) {
			beside += fmt.Sprintf(" /Next %d 0 R", numbers[i+1])
		}
		d.out.put(numbers[i], fmt.Sprintf("<</Title %s /Parent %d 0 R /Dest [%d 0 R /XYZ null %.2f null]%s>>", textString(m.title), root, m.page, m.y, beside))
	}
	d.out.put(root, fmt.Sprintf("<</Type /Outlines /First %d 0 R /Last %d 0 R /Count %d>>", numbers[0], numbers[len(numbers)-1], len(numbers)))
	return fmt.Sprintf(" /Outlines %d 0 R", root)
}
