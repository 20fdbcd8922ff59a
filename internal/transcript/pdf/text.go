package pdf

import (
	"fmt"
	"unicode/utf8"
)

// Run is a stretch of text that looks the same throughout.
type Run struct {
	Text               string
	Bold, Italic, Mono bool
	Grey               bool
	Href               string // where it leads, "" for nowhere
}

// Style is how a paragraph looks. Lengths are points.
type Style struct {
	Size   float64
	Indent float64
	Hang   float64 // more indent for all lines but the first
	Grey   bool
	Bar    bool // a line at the left, as quotes have
	Shade  bool // a light ground, as code has
	Center bool
}

const (
	leading = 1.4
	// monoScale makes the letters of code look as large as others.
	monoScale = 0.92
	textGrey  = "0.35 g"
	linkBlue  = "0.05 0.28 0.55 rg"
)

// set is a glyph with how it looks.
type set struct {
	glyph
	size  float64
	color string
	href  string
}

func (s set) width() float64 { return s.wide * s.size / 1000 }

func (s set) looksAs(o set) bool {
	return s.face == o.face && s.size == o.size && s.color == o.color && s.href == o.href
}

func widthOf(line []set) (w float64) {
	for _, g := range line {
		w += g.width()
	}
	return w
}

// glyphs sets runs in type.
func (d *Document) glyphs(runs []Run, s Style) []set {
	var all []set
	for _, r := range runs {
		look := style{r.Bold, r.Italic, r.Mono}
		text, missing := d.set.printable(look, r.Text)
		d.missing += missing
		color := "0 g"
		switch {
		case r.Href != "":
			color = linkBlue
		case r.Grey || s.Grey:
			color = textGrey
		}
		size := s.Size
		if r.Mono {
			size *= monoScale
		}
		for _, c := range text {
			g, _ := d.set.find(look, c)
			g.sign = c
			all = append(all, set{g, size, color, r.Href})
		}
	}
	return all
}

// Text writes a paragraph; lines break between words, at line breaks, and within what is
// longer than a line.
func (d *Document) Text(runs []Run, s Style) {
	rest := d.glyphs(runs, s)
	height := s.Size * leading
	for first := true; first || len(rest) > 0; first = false {
		indent := s.Indent
		if !first {
			indent += s.Hang
		}
		var line []set
		line, rest = breakLine(rest, d.Width()-indent)
		d.Need(height)
		d.ground(s, height)
		x := marginX + indent
		if s.Center {
			x += (d.Width() - indent - widthOf(line)) / 2
		}
		d.place(line, x, d.up(d.y+s.Size*1.05))
		d.y += height
	}
}

// ground draws what is behind a line.
func (d *Document) ground(s Style, height float64) {
	x := marginX + s.Indent
	if s.Shade {
		d.draw("0.95 g %.2f %.2f %.2f %.2f re f\n", x-3, d.up(d.y+height), d.cfg.Paper.Width-marginX-x+6, height+0.2)
	}
	if s.Bar {
		d.draw("0.7 g %.2f %.2f 1.5 %.2f re f\n", x-7, d.up(d.y+height), height+0.2)
	}
}

// breakLine gives what fits on a line, and the rest.
func breakLine(list []set, width float64) (line, rest []set) {
	x, last := 0.0, 0 // last is behind the newest place to break at
	for i, g := range list {
		if g.sign == '\n' {
			return list[:i], list[i+1:]
		}
		if x += g.width(); x > width && g.sign != ' ' && i > 0 {
			if last == 0 {
				last = i
			}
			return list[:last], list[last:]
		}
		if g.sign == ' ' || (g.sign == '-' || g.sign == '/') && g.href == "" {
			last = i + 1
		}
	}
	return list, nil
}

// place draws a line of glyphs from a point on, and its links.
func (d *Document) place(line []set, x, y float64) {
	for from := 0; from < len(line); {
		end := from + 1
		for end < len(line) && line[end].looksAs(line[from]) {
			end++
		}
		part := line[from:end]
		d.show(part, x, y)
		wide := widthOf(part)
		if href := part[0].href; href != "" {
			d.link(href, x, y, wide, part[0].size)
		}
		x += wide
		from = end
	}
}

func (d *Document) show(part []set, x, y float64) {
	hex := make([]byte, 0, 4*len(part))
	for _, g := range part {
		if g.id == 0 {
			continue
		}
		d.set.use(g.glyph)
		for shift := 12; shift >= 0; shift -= 4 {
			hex = append(hex, "0123456789ABCDEF"[g.id>>shift&15])
		}
	}
	if len(hex) > 0 {
		d.draw("BT %s /%s %.2f Tf %.2f %.2f Td <%s> Tj ET\n", part[0].color, fontName(part[0].face), part[0].size, x, y, hex)
	}
}

func (d *Document) link(href string, x, y, wide, size float64) {
	if !ascii(href) {
		return
	}
	d.links = append(d.links, fmt.Sprintf("<</Type /Annot /Subtype /Link /Border [0 0 0] /Rect [%.2f %.2f %.2f %.2f] /A <</S /URI /URI %s>>>>",
		x, y-size*0.25, x+wide, y+size*0.85, plainString(href)))
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf || text[i] < ' ' {
			return false
		}
	}
	return true
}
