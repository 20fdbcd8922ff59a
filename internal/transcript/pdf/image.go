package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // kinds of pictures that can be shown
	_ "image/png"
)

// maxPixels bounds the memory that a picture takes while it is put in.
const maxPixels = 4 << 20

var errPicture = errors.New("pdf: not a picture that can be shown")

// Image shows a JPEG or PNG at most so wide and high, in its proportions and not larger
// than 96 pixels an inch make it. Nothing is drawn where it is no such picture.
func (d *Document) Image(data []byte, indent, maxWidth, maxHeight float64) error {
	cfg, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || cfg.Width <= 0 || cfg.Height <= 0 || cfg.Width*cfg.Height > maxPixels {
		return errPicture
	}
	number := 0
	switch space := jpegSpace(cfg.ColorModel); {
	case kind == "jpeg" && space != "":
		number = d.out.reserve()
		d.out.stream(number, fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /%s /BitsPerComponent 8 /Filter /DCTDecode", cfg.Width, cfg.Height, space), data)
	default:
		if number, err = d.pixels(data); err != nil {
			return errPicture
		}
	}
	w, h := float64(cfg.Width)*0.75, float64(cfg.Height)*0.75
	scale := min(1, maxWidth/w, maxHeight/h)
	w, h = w*scale, h*scale
	d.Need(h + 4)
	d.images = append(d.images, number)
	d.draw("q %.2f 0 0 %.2f %.2f %.2f cm /I%d Do Q\n", w, h, marginX+indent, d.up(d.y+2+h), number)
	d.y += h + 4
	return nil
}

func jpegSpace(model color.Model) string {
	switch model {
	case color.GrayModel:
		return "DeviceGray"
	case color.YCbCrModel:
		return "DeviceRGB"
	}
	return ""
}

// pixels writes a picture as it looks on white paper.
func (d *Document) pixels(data []byte) (number int, err error) {
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return 0, err
	}
	b := picture.Bounds()
	raw := make([]byte, 0, 3*b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, b, a := picture.At(x, y).RGBA()
			white := 0xffff - a
			raw = append(raw, byte((r+white)>>8), byte((g+white)>>8), byte((b+white)>>8))
		}
	}
	number = d.out.reserve()
	d.out.stream(number, fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8", b.Dx(), b.Dy()), raw)
	return number, nil
}
