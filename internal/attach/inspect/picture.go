package inspect

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	_ "image/gif"  // registers the reader
	_ "image/jpeg" // registers the reader
	_ "image/png"  // registers the reader
	"io"

	_ "golang.org/x/image/webp" // registers the reader
)

// Bounds of a picture, before anything of it is decoded.
const (
	maxPixels = 50_000_000 // of one picture
	maxSide   = 30_000
	maxMovie  = 100_000_000 // of all frames of a GIF together
	maxFrames = 2_000

	// MaxMemory is what decoding any picture that was let in takes at most, in bytes.
	MaxMemory = 320 << 20
)

var errPixels = refuse(CodeDimensions, "This picture has too many pixels to be shown. Make it smaller, to at most 50 megapixels, and send that.")

// picture measures a picture without decoding it.
func (f *file) picture(is format) (Kind, error) {
	cfg, name, err := image.DecodeConfig(io.NewSectionReader(f, 0, f.size))
	if err != nil || cfg.Width <= 0 || cfg.Height <= 0 {
		return Kind{}, damaged("picture")
	}
	if cfg.Width > maxSide || cfg.Height > maxSide || cfg.Width*cfg.Height > maxPixels {
		return Kind{}, errPixels
	}
	memory := cfg.Width * cfg.Height * bytesPerPixel(cfg.ColorModel)
	switch name {
	case "jpeg":
		memory, err = f.jpegMemory(cfg)
	case "gif":
		memory, err = f.gifMemory()
	case "webp":
		memory, err = f.webpMemory()
	}
	if err != nil {
		return Kind{}, err
	}
	if memory > MaxMemory {
		return Kind{}, errPixels
	}
	return Kind{format: is, Picture: true}, nil
}

func bytesPerPixel(model color.Model) int {
	switch model {
	case color.GrayModel:
		return 1
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	}
	if _, paletted := model.(color.Palette); paletted {
		return 1
	}
	return 4
}

// jpegMemory tells what decoding takes: a progressive picture is held as coefficients of
// four bytes beside its pixels.
func (f *file) jpegMemory(cfg image.Config) (int, error) {
	pixels := cfg.Width * cfg.Height
	off := int64(2)
	for range maxVisits {
		head, err := f.stretch(off, 4)
		if err != nil || head[0] != 0xff {
			return 0, damaged("picture")
		}
		switch marker := head[1]; {
		case marker == 0xff: // padding
			off++
			continue
		case marker == 0xc2:
			return pixels * 15, f.fewScans()
		case marker == 0xc0 || marker == 0xc1:
			return pixels * 4, nil
		}
		off += 2 + int64(binary.BigEndian.Uint16(head[2:]))
	}
	return 0, damaged("picture")
}

// maxScans is far above the ten or so that a progressive picture is sent in. Each scan
// costs a walk over all pixels, however few bytes it has.
const maxScans = 200

func (f *file) fewScans() error {
	data, err := f.stretch(0, f.size)
	if err == nil && bytes.Count(data, []byte{0xff, 0xda}) > maxScans {
		return damaged("picture")
	}
	return err
}

// webpMemory looks at each picture in a WebP file: the size that stands before them all
// binds nobody.
func (f *file) webpMemory() (int, error) {
	memory := 0
	for off := int64(12); off < f.size; {
		head, err := f.stretch(off, 8)
		if err != nil {
			return 0, damaged("picture")
		}
		body, err := f.stretch(off+8, min(10, f.size-off-8))
		if err != nil {
			return 0, err
		}
		w, h := webpSize(string(head[:4]), body)
		if w*h > maxPixels {
			return 0, errPixels
		}
		memory += 4 * w * h
		if kind := string(head[:4]); kind == "ANIM" || kind == "ANMF" {
			return 0, refuse(CodeType, "Moving pictures of this kind (WebP) are not accepted. Send it as GIF.")
		}
		size := int64(binary.LittleEndian.Uint32(head[4:]))
		off += 8 + size + size%2
	}
	return memory, nil
}

// webpSize reads the size of the picture in a chunk, 0 by 0 where it holds none.
func webpSize(kind string, body []byte) (w, h int) {
	switch {
	case kind == "VP8 " && len(body) >= 10:
		return int(binary.LittleEndian.Uint16(body[6:]) & 0x3fff), int(binary.LittleEndian.Uint16(body[8:]) & 0x3fff)
	case kind == "VP8L" && len(body) >= 5:
		n := binary.LittleEndian.Uint32(body[1:])
		return int(n&0x3fff) + 1, int(n>>14&0x3fff) + 1
	}
	return 0, 0
}

// gifMemory walks the blocks of a GIF, which costs nothing, for its frames could unpack
// to any size: each may be as large as the picture.
func (f *file) gifMemory() (int, error) {
	data, err := f.stretch(0, f.size)
	if err != nil {
		return 0, err
	}
	p := gifWalk{data: data}
	p.skip(10)
	p.table(p.byte())
	p.skip(2)
	pixels, frames := 0, 0
	for !p.short {
		switch p.byte() {
		case 0x21: // an extension
			p.skip(1)
			p.blocks()
		case 0x2c: // a frame
			p.skip(4)
			pixels += p.number() * p.number()
			p.table(p.byte())
			p.skip(1)
			p.blocks()
			if frames++; frames > maxFrames || pixels > maxMovie {
				return 0, errPixels
			}
		case 0x3b: // the end
			return pixels, nil
		default:
			return 0, damaged("picture")
		}
	}
	return 0, damaged("picture")
}

// gifWalk reads forward; short is set when the data ends too early.
type gifWalk struct {
	data  []byte
	short bool
}

func (w *gifWalk) skip(n int) {
	if n > len(w.data) {
		w.short, n = true, len(w.data)
	}
	w.data = w.data[n:]
}

func (w *gifWalk) byte() byte {
	if len(w.data) == 0 {
		w.short = true
		return 0
	}
	b := w.data[0]
	w.data = w.data[1:]
	return b
}

func (w *gifWalk) number() int { return int(w.byte()) | int(w.byte())<<8 }

// table skips a colour table where the flags announce one.
func (w *gifWalk) table(flags byte) {
	if flags&0x80 != 0 {
		w.skip(3 << (flags&7 + 1))
	}
}

func (w *gifWalk) blocks() {
	for n := w.byte(); n != 0 && !w.short; n = w.byte() {
		w.skip(int(n))
	}
}

// orientation finds how a camera was held, 1 (upright) to 8, in the data of a picture.
func orientation(data []byte) int {
	for _, mark := range []string{"Exif\x00\x00", "eXIf", "EXIF"} {
		at := bytes.Index(data[:min(len(data), 256<<10)], []byte(mark))
		if at < 0 {
			continue
		}
		after := at + len(mark)
		if mark == "EXIF" { // of WebP: its length stands before the data
			after += 4
		}
		if after < len(data) {
			if o := tiffOrientation(bytes.TrimPrefix(data[after:], []byte("Exif\x00\x00"))); o != 0 {
				return o
			}
		}
	}
	return 1
}

// tiffOrientation reads tag 0x0112 of the first directory, 0 where there is none.
func tiffOrientation(p []byte) int {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case len(p) < 14:
		return 0
	case string(p[:4]) == "MM\x00*":
		order = binary.BigEndian
	case string(p[:4]) != "II*\x00":
		return 0
	}
	at := uint64(order.Uint32(p[4:]))
	if at+2 > uint64(len(p)) {
		return 0
	}
	entries := p[at+2:]
	for range min(int(order.Uint16(p[at:])), len(entries)/12) {
		if order.Uint16(entries) == 0x0112 {
			if o := int(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 0
		}
		entries = entries[12:]
	}
	return 0
}
