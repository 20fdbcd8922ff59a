package demo

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"path"
	"strings"
)

// fileOf makes an invented file by its name: a painted picture (.jpg), a leaflet (.pdf), a
// table (.csv) or a tune (.wav). The same name gives the same bytes.
func fileOf(name string) ([]byte, error) {
	title := strings.TrimSuffix(name, path.Ext(name))
	switch path.Ext(name) {
	case ".jpg":
		return bowl(seeded("picture " + name))
	case ".pdf":
		return leaflet(title), nil
	case ".csv":
		return readings(seeded("table " + name)), nil
	case ".wav":
		return tune(), nil
	}
	return nil, fmt.Errorf("no file is made for %q", name)
}

// bowl paints breakfast from above: a cloth, a bowl, oats, and berries or almonds.
func bowl(chance *rand.Rand) ([]byte, error) {
	const w, h = 1200, 900
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			weave := uint8(6 * ((x/14 + y/14) % 2))
			m.SetRGBA(x, y, color.RGBA{206 - weave, 216 - weave, 208 - weave, 255})
		}
	}
	disc(m, 612, 470, 372, color.RGBA{150, 160, 152, 255})
	disc(m, 600, 450, 370, color.RGBA{244, 241, 234, 255})
	disc(m, 600, 450, 322, color.RGBA{222, 202, 168, 255})
	within := func(reach float64) (x, y int) {
		angle, far := chance.Float64()*2*math.Pi, math.Sqrt(chance.Float64())*reach
		return 600 + int(far*math.Cos(angle)), 450 + int(far*math.Sin(angle))
	}
	for range 900 {
		x, y := within(300)
		shade := uint8(chance.IntN(40))
		disc(m, x, y, 5+chance.IntN(7), color.RGBA{236 - shade, 214 - shade, 178 - shade, 255})
	}
	toppings := []color.RGBA{{84, 70, 120, 255}, {172, 44, 60, 255}, {166, 108, 60, 255}, {250, 246, 236, 255}}
	for range 34 {
		x, y := within(230)
		c := toppings[chance.IntN(len(toppings))]
		disc(m, x+4, y+6, 24, color.RGBA{190, 166, 130, 255})
		disc(m, x, y, 24, c)
		disc(m, x-7, y-8, 6, color.RGBA{255, 255, 255, 255})
	}
	var out bytes.Buffer
	err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 88})
	return out.Bytes(), err
}

func disc(m *image.RGBA, cx, cy, r int, c color.RGBA) {
	for y := cy - r; y <= cy+r; y++ {
		for x := cx - r; x <= cx+r; x++ {
			if (x-cx)*(x-cx)+(y-cy)*(y-cy) <= r*r {
				m.SetRGBA(x, y, c)
			}
		}
	}
}

// leaflet writes one page with a heading and a week of lines to tick off.
func leaflet(title string) []byte {
	var page strings.Builder
	fmt.Fprintf(&page, "BT /F1 26 Tf 72 740 Td (%s) Tj ET\n", title)
	for i, day := range []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"} {
		y := 680 - 44*i
		fmt.Fprintf(&page, "72 %d 16 16 re S BT /F1 15 Tf 102 %d Td (%s: oats, protein before fruit, a walk after supper) Tj ET\n", y-2, y, day)
	}
	fmt.Fprintf(&page, "BT /F1 11 Tf 72 90 Td (Alder Row Clinic. An invented leaflet of an invented practice.) Tj ET\n")
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", page.Len(), page.String()),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	places := make([]int, len(objects))
	for i, object := range objects {
		places[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	table := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range places {
		fmt.Fprintf(&out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&out, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return out.Bytes()
}

// readings is a table of four weeks of mornings that get better.
func readings(chance *rand.Rand) []byte {
	var out strings.Builder
	out.WriteString("day,fasting mg/dl,steps\n")
	for day := range 28 {
		fmt.Fprintf(&out, "%d,%d,%d\n", day+1, 124-day*2/3+chance.IntN(9), 4000+100*day+chance.IntN(1500))
	}
	return []byte(out.String())
}

// tune hums a short tune, in 8,000 bytes a second.
func tune() []byte {
	const rate = 8000
	notes := []float64{262, 330, 392, 330, 440, 392, 330, 262}
	var sound []byte
	for _, pitch := range notes {
		for i := range rate / 2 {
			at := float64(i) / rate
			loud := math.Min(1, 20*at) * math.Exp(-2.2*at)
			wave := math.Sin(2*math.Pi*pitch*at) + 0.35*math.Sin(4*math.Pi*pitch*at)
			sound = append(sound, byte(128+60*loud*wave))
		}
	}
	head := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00")
	head = binary.LittleEndian.AppendUint32(head, rate)
	head = binary.LittleEndian.AppendUint32(head, rate)
	head = append(head, "\x01\x00\x08\x00data"...)
	head = binary.LittleEndian.AppendUint32(head, uint32(len(sound)))
	binary.LittleEndian.PutUint32(head[4:], uint32(len(head)+len(sound)-8))
	return append(head, sound...)
}
