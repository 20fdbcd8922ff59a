package inspect

import (
	"bytes"
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
)

// Sides in pixels: what a picture is made smaller to, and its thumbnail. A page of 4096
// shows small print; a thumbnail is as wide as a bubble on a sharp screen.
const (
	MaxShown     = 4096
	MaxThumbnail = 640
)

// Picture is a picture that was made anew.
type Picture struct {
	Kind          Kind
	Data          []byte
	Width, Height int
	Thumbnail     []byte
	ThumbnailType string // its media type
}

// Render makes a picture that [Look] let in anew: turned upright, not larger than
// MaxShown, with nothing left but its pixels. It may take MaxMemory while it works.
func Render(data []byte, kind Kind) (Picture, error) {
	if kind.format == gifFormat {
		return renderGIF(data, kind)
	}
	decoded, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return Picture{}, damaged("picture")
	}
	shown := upright(shrink(decoded, MaxShown), orientation(data))
	format := jpegFormat
	if kind.format == pngFormat || !opaque(shown) {
		format = pngFormat
	}
	p := Picture{Kind: kind.as(format), Width: shown.Bounds().Dx(), Height: shown.Bounds().Dy()}
	if p.Data, err = encode(shown, format, 88); err != nil {
		return Picture{}, err
	}
	return p.withThumbnail(shown)
}

// as gives the kind that a picture becomes.
func (k Kind) as(is format) Kind {
	stem, _ := split(k.Name)
	if k.format != is {
		k.Name = shorten(stem + "." + string(is))
	}
	k.format, k.MediaType = is, is.mediaType()
	return k
}

// renderGIF keeps the frames of a moving picture.
func renderGIF(data []byte, kind Kind) (Picture, error) {
	all, err := gif.DecodeAll(bytes.NewReader(data))
	if err != nil || len(all.Image) == 0 {
		return Picture{}, damaged("picture")
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, all); err != nil {
		return Picture{}, damaged("picture")
	}
	whole := image.NewRGBA(image.Rect(0, 0, all.Config.Width, all.Config.Height))
	drawOver(whole, all.Image[0])
	p := Picture{Kind: kind, Data: out.Bytes(), Width: all.Config.Width, Height: all.Config.Height}
	return p.withThumbnail(whole)
}

func (p Picture) withThumbnail(shown image.Image) (Picture, error) {
	small := shrink(shown, MaxThumbnail)
	format := jpegFormat
	if !opaque(small) {
		format = pngFormat
	}
	data, err := encode(small, format, 82)
	p.Thumbnail, p.ThumbnailType = data, format.mediaType()
	return p, err
}

func opaque(m image.Image) bool {
	o, knows := m.(interface{ Opaque() bool })
	return knows && o.Opaque()
}

// quickly is from how many pixels on a PNG is packed less tightly.
const quickly = 4_000_000

func encode(m image.Image, is format, quality int) ([]byte, error) {
	var out bytes.Buffer
	switch is {
	case jpegFormat:
		err := jpeg.Encode(&out, m, &jpeg.Options{Quality: quality})
		return out.Bytes(), err
	case pngFormat:
		encoder := png.Encoder{}
		if m.Bounds().Dx()*m.Bounds().Dy() > quickly {
			encoder.CompressionLevel = png.BestSpeed
		}
		err := encoder.Encode(&out, m)
		return out.Bytes(), err
	}
	return nil, errors.New("inspect: no encoder for " + string(is))
}
