package pdf

import (
	_ "embed" // the fonts
	"fmt"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Static cuts of Atkinson Hyperlegible Next 5.3.0 as fontsource.org splits it (OFL-1.1),
// unpacked from WOFF.
var (
	//go:embed fonts/atkinson-latin-400-normal.ttf
	latinRegular []byte
	//go:embed fonts/atkinson-latin-700-normal.ttf
	latinBold []byte
	//go:embed fonts/atkinson-latin-400-italic.ttf
	latinItalic []byte
	//go:embed fonts/atkinson-latin-700-italic.ttf
	latinBoldItalic []byte
	//go:embed fonts/atkinson-latin-ext-400-normal.ttf
	extRegular []byte
	//go:embed fonts/atkinson-latin-ext-700-normal.ttf
	extBold []byte
	//go:embed fonts/atkinson-latin-ext-400-italic.ttf
	extItalic []byte
	//go:embed fonts/atkinson-latin-ext-700-italic.ttf
	extBoldItalic []byte
)

// face is a font that documents may use.
type face struct {
	name string
	data []byte
	font *sfnt.Font
	mono bool
}

// style is a choice of faces: which of them sets a letter is the first that has it.
type style struct{ bold, italic, mono bool }

type library struct {
	faces []*face
	of    map[style][]int // places in faces
}

// fonts reads the fonts once; they are part of the program, so that a failure is a
// mistake in it.
var fonts = sync.OnceValue(func() *library {
	lib := &library{of: map[style][]int{}}
	add := func(name string, data []byte) int {
		parsed, err := sfnt.Parse(data)
		if err != nil {
			panic("pdf: font " + name + " cannot be read")
		}
		lib.faces = append(lib.faces, &face{name: name, data: data, font: parsed, mono: name == "GoMono"})
		return len(lib.faces) - 1
	}
	mono := add("GoMono", gomono.TTF)
	for _, cut := range []struct {
		style
		name            string
		latin, ext, all []byte
	}{
		{style{}, "Regular", latinRegular, extRegular, goregular.TTF},
		{style{bold: true}, "Bold", latinBold, extBold, gobold.TTF},
		{style{italic: true}, "Italic", latinItalic, extItalic, goitalic.TTF},
		{style{bold: true, italic: true}, "BoldItalic", latinBoldItalic, extBoldItalic, gobolditalic.TTF},
	} {
		chain := []int{
			add("AtkinsonHyperlegibleNext-"+cut.name, cut.latin),
			add("AtkinsonHyperlegibleNextExt-"+cut.name, cut.ext), add("Go-"+cut.name, cut.all),
		}
		lib.of[cut.style] = chain
		cut.mono = true
		lib.of[cut.style] = append([]int{mono}, chain...)
	}
	return lib
})

// glyph is a letter as it is drawn: a shape of a face, and how far it moves on, in
// thousandths of the size.
type glyph struct {
	face int
	id   sfnt.GlyphIndex
	wide float64
	sign rune
}

// typesetter finds glyphs and remembers which were used.
type typesetter struct {
	lib    *library
	buffer sfnt.Buffer
	known  map[styledSign]glyph
	common [8][128]glyph              // of styles and the signs of ASCII, as known but faster
	used   []map[sfnt.GlyphIndex]used // by face
}

type styledSign struct {
	style
	sign rune
}

type used struct {
	sign rune
	wide float64
}

func newTypesetter() *typesetter {
	lib := fonts()
	return &typesetter{lib: lib, known: map[styledSign]glyph{}, used: make([]map[sfnt.GlyphIndex]used, len(lib.faces))}
}

// knownMost bounds how many letters are remembered.
const knownMost = 20_000

// find gives the glyph of a sign; found is false where no face has it.
func (t *typesetter) find(s style, sign rune) (g glyph, found bool) {
	if sign >= 0 && sign < 128 {
		kept := &t.common[s.number()][sign]
		if kept.id == 0 {
			*kept, _ = t.look(s, sign)
		}
		return *kept, kept.id != 0
	}
	key := styledSign{s, sign}
	if g, found = t.known[key]; found {
		return g, g.id != 0
	}
	if len(t.known) >= knownMost {
		clear(t.known)
	}
	g, found = t.look(s, sign)
	t.known[key] = g
	return g, found
}

func (s style) number() (n int) {
	for i, is := range [3]bool{s.bold, s.italic, s.mono} {
		if is {
			n |= 1 << i
		}
	}
	return n
}

// look asks the faces.
func (t *typesetter) look(s style, sign rune) (g glyph, found bool) {
	for _, at := range t.lib.of[s] {
		f := t.lib.faces[at].font
		id, err := f.GlyphIndex(&t.buffer, sign)
		if err == nil && id != 0 {
			return glyph{face: at, id: id, wide: t.advance(f, id), sign: sign}, true
		}
	}
	return glyph{}, false
}

func (t *typesetter) advance(f *sfnt.Font, id sfnt.GlyphIndex) float64 {
	units := f.UnitsPerEm()
	wide, err := f.GlyphAdvance(&t.buffer, id, fixed.I(int(units)), font.HintingNone)
	if err != nil {
		return 0
	}
	return float64(wide) / 64 * 1000 / float64(units)
}

// use notes that a glyph is on a page.
func (t *typesetter) use(g glyph) {
	if t.used[g.face] == nil {
		t.used[g.face] = map[sfnt.GlyphIndex]used{}
	}
	if _, is := t.used[g.face][g.id]; !is {
		t.used[g.face][g.id] = used{g.sign, g.wide}
	}
}

func fontName(face int) string { return fmt.Sprintf("F%d", face) }
