package mail

import (
	"encoding/hex"
	"math"
	"strings"
)

// shade is a colour of the sRGB space: red, green, blue.
type shade [3]uint8

var (
	white = shade{255, 255, 255}
	black = shade{}
	// dusk is what stands behind the words for readers whose mail program is dark.
	dusk = shade{0x17, 0x1b, 0x19}
	// pine is Hearth's own colour.
	pine = shade{0x1d, 0x5f, 0x4b}
)

// readable is the contrast that text needs (WCAG 2.2, 1.4.3).
const readable = 4.5

// paint is how a mail is coloured. Every pair that is read has a contrast of readable.
type paint struct {
	Ground, Ink string // of the band and the button, and what is written on them
	Words       string // what is written on white, such as a link
	WordsDark   string // the same on dusk
}

// painted gives the colours of a mail of a practice. A mail that does not name the practice
// does not show its colour either: who knows the colour would know the name.
func painted(practice, colour string) paint {
	ground, ok := shadeOf(colour)
	if practice == "" || !ok {
		ground = pine
	}
	return paint{
		Ground: ground.String(), Ink: ground.ink().String(),
		Words: ground.readableOn(white, black).String(), WordsDark: ground.readableOn(dusk, white).String(),
	}
}

// shadeOf reads #rrggbb.
func shadeOf(text string) (s shade, ok bool) {
	digits, found := strings.CutPrefix(text, "#")
	b, err := hex.DecodeString(digits)
	if !found || err != nil || len(b) != len(s) {
		return s, false
	}
	return shade(b), true
}

func (s shade) String() string { return "#" + hex.EncodeToString(s[:]) }

// luminance is how bright the shade is, from 0 to 1, as WCAG 2.2 reckons it.
func (s shade) luminance() float64 {
	parts := [3]float64{0.2126, 0.7152, 0.0722}
	sum := 0.0
	for i, part := range parts {
		c := float64(s[i]) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += part * c
	}
	return sum
}

// contrast is from 1 to 21.
func contrast(a, b shade) float64 {
	high, low := a.luminance(), b.luminance()
	return (max(high, low) + 0.05) / (min(high, low) + 0.05)
}

// ink is white or black, whichever is read better on s. One of them always is readable: on
// the worst ground both have 4.58.
func (s shade) ink() shade {
	if contrast(s, white) >= contrast(s, black) {
		return white
	}
	return black
}

// readableOn moves s towards end, which is readable on ground, until s is readable there
// too, and not further.
func (s shade) readableOn(ground, end shade) shade {
	for step := 0; step < 255; step++ {
		if mixed := s.mix(end, step); contrast(mixed, ground) >= readable {
			return mixed
		}
	}
	return end
}

// mix goes step of 255 steps from s to end.
func (s shade) mix(end shade, step int) (mixed shade) {
	for i := range s {
		mixed[i] = uint8((int(s[i])*(255-step) + int(end[i])*step) / 255)
	}
	return mixed
}
