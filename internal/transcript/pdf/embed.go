package pdf

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// endFonts writes the fonts that were used, with the widths and meanings of the glyphs
// that are on pages.
func (d *Document) endFonts() {
	var names strings.Builder
	for at, f := range d.set.lib.faces {
		if len(d.set.used[at]) > 0 {
			fmt.Fprintf(&names, " /%s %d 0 R", fontName(at), d.embed(f, d.set.used[at]))
		}
	}
	d.out.put(d.fonts, "<<"+names.String()+">>")
}

func (d *Document) embed(f *face, glyphs map[sfnt.GlyphIndex]used) (number int) {
	file, descriptor, descendant, meaning := d.out.reserve(), d.out.reserve(), d.out.reserve(), d.out.reserve()
	number = d.out.reserve()
	d.out.stream(file, fmt.Sprintf("/Length1 %d", len(f.data)), f.data)
	d.out.put(descriptor, fmt.Sprintf("<</Type /FontDescriptor /FontName /%s %s /FontFile2 %d 0 R>>", f.name, d.set.measures(f), file))
	d.out.put(descendant, fmt.Sprintf("<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> "+
		"/FontDescriptor %d 0 R /DW 600 /W [%s] /CIDToGIDMap /Identity>>", f.name, descriptor, widths(glyphs)))
	d.out.stream(meaning, "", []byte(meanings(glyphs)))
	d.out.put(number, fmt.Sprintf("<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>",
		f.name, descendant, meaning))
	return number
}

// measures are what a reader needs to know of a face, in thousandths of the size.
func (t *typesetter) measures(f *face) string {
	units := fixed.I(int(f.font.UnitsPerEm()))
	in := func(v fixed.Int26_6) float64 { return float64(v) * 1000 / float64(units) }
	bounds, _ := f.font.Bounds(&t.buffer, units, font.HintingNone) // of our own fonts, tried by tests
	m, _ := f.font.Metrics(&t.buffer, units, font.HintingNone)
	flags, angle := 4, 0
	if f.mono {
		flags |= 1
	}
	if strings.HasSuffix(f.name, "Italic") {
		flags, angle = flags|64, -10
	}
	return fmt.Sprintf("/Flags %d /ItalicAngle %d /FontBBox [%.0f %.0f %.0f %.0f] /Ascent %.0f /Descent %.0f /CapHeight %.0f /StemV 80",
		flags, angle, in(bounds.Min.X), -in(bounds.Max.Y), in(bounds.Max.X), -in(bounds.Min.Y), in(m.Ascent), -in(m.Descent), in(m.CapHeight))
}

func widths(glyphs map[sfnt.GlyphIndex]used) string {
	var b strings.Builder
	for _, id := range slices.Sorted(maps.Keys(glyphs)) {
		fmt.Fprintf(&b, "%d [%.0f] ", id, glyphs[id].wide)
	}
	return b.String()
}

// meanings is the map from glyphs to letters, by which text is searched and copied.
func meanings(glyphs map[sfnt.GlyphIndex]used) string {
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for part := range slices.Chunk(slices.Sorted(maps.Keys(glyphs)), 100) {
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for _, id := range part {
			unicode := strings.TrimSuffix(strings.TrimPrefix(textString(string(glyphs[id].sign)), "<FEFF"), ">")
			fmt.Fprintf(&b, "<%04X> <%s>\n", uint16(id), unicode)
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.String()
}
