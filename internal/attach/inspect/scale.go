package inspect

import (
	"image"
	"image/draw"
)

func drawOver(dst draw.Image, src image.Image) {
	draw.Draw(dst, src.Bounds(), src, src.Bounds().Min, draw.Src)
}

// shrink gives a picture whose longer side is at most side. Every pixel is the mean of
// those it stands for. A picture that is small enough stays as it is.
func shrink(src image.Image, side int) image.Image {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	long := max(w, h)
	if long <= side {
		return src
	}
	width, height := max(1, (w*side+long/2)/long), max(1, (h*side+long/2)/long)
	dst := image.NewRGBA(image.Rect(0, 0, width, height))
	rows := newRows(src)
	sums := make([]uint32, width*4)
	for y := range height {
		clear(sums)
		from, to := y*h/height, max((y+1)*h/height, y*h/height+1)
		for row := from; row < to; row++ {
			addRow(sums, rows.at(row), w)
		}
		divide(dst.Pix[y*dst.Stride:], sums, w, to-from)
	}
	return dst
}

// addRow adds a row of w pixels to the sums of the pixels they become.
func addRow(sums []uint32, row []uint8, w int) {
	width := len(sums) / 4
	for x := range width {
		from, to := x*w/width, max((x+1)*w/width, x*w/width+1)
		var r, g, b, a uint32
		for _, p := 0, row[from*4:to*4]; len(p) >= 4; p = p[4:] {
			r, g, b, a = r+uint32(p[0]), g+uint32(p[1]), b+uint32(p[2]), a+uint32(p[3])
		}
		s := sums[x*4 : x*4+4]
		s[0], s[1], s[2], s[3] = s[0]+r, s[1]+g, s[2]+b, s[3]+a
	}
}

func divide(row []uint8, sums []uint32, w, rows int) {
	width := len(sums) / 4
	for x := range width {
		from, to := x*w/width, max((x+1)*w/width, x*w/width+1)
		n := uint32((to - from) * rows)
		for c := range 4 {
			row[x*4+c] = uint8((sums[x*4+c] + n/2) / n)
		}
	}
}

// band is how many rows are converted at a time.
const band = 16

// rows gives the rows of any picture as RGBA, of which it converts a few at a time.
type rows struct {
	src  image.Image
	part *image.RGBA
	from int
}

func newRows(src image.Image) *rows {
	return &rows{src: src, part: image.NewRGBA(image.Rect(0, 0, src.Bounds().Dx(), band)), from: -band}
}

func (r *rows) at(y int) []uint8 {
	if y < r.from || y >= r.from+band {
		r.from = y
		b := r.src.Bounds()
		draw.Draw(r.part, r.part.Bounds(), r.src, image.Pt(b.Min.X, b.Min.Y+y), draw.Src)
	}
	return r.part.Pix[(y-r.from)*r.part.Stride:]
}

// upright turns a picture as the camera was held (EXIF, 1 to 8).
func upright(src image.Image, orientation int) image.Image {
	if orientation <= 1 || orientation > 8 {
		return src
	}
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	width, height := w, h
	if orientation >= 5 { // a quarter turn
		width, height = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, width, height))
	rows := newRows(src)
	for y := range h {
		row := rows.at(y)
		for x := range w {
			dx, dy := turned(x, y, w, h, orientation)
			copy(dst.Pix[dst.PixOffset(dx, dy):], row[x*4:x*4+4])
		}
	}
	return dst
}

// turned says where a pixel of the stored picture belongs.
func turned(x, y, w, h, orientation int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}
