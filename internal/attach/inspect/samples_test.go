package inspect

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// sample is a picture whose corners differ: red, green, blue, white from the top left.
func sample(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{0, 0, 0, 255}
			switch right, low := x >= w/2, y >= h/2; {
			case !right && !low:
				c.R = 255
			case right && !low:
				c.G = 255
			case !right:
				c.B = 255
			default:
				c = color.RGBA{255, 255, 255, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

func jpegOf(t testing.TB, m image.Image) []byte {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func gifOf(t testing.TB, frames, w, h int) []byte {
	all := &gif.GIF{}
	for i := range frames {
		all.Image = append(all.Image, image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black, color.White, color.RGBA{uint8(i), 0, 0, 255}}))
		all.Delay = append(all.Delay, 10)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, all); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// exif is a block that says how the camera was held, where it was, and what it is.
func exif(orientation uint16) []byte {
	p := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x02")
	p = append(p, 0x01, 0x0f, 0, 2, 0, 0, 0, 9, 0, 0, 0, 38) // make, behind the directory
	p = append(p, 0x01, 0x12, 0, 3, 0, 0, 0, 1, byte(orientation>>8), byte(orientation), 0, 0)
	p = append(p, 0, 0, 0, 0)
	return append(p, "Camerette GPS 52.5200N 13.4050E"...)
}

// withSegment puts an APP1 segment behind the beginning of a JPEG.
func withSegment(data, body []byte) []byte {
	head := []byte{0xff, 0xd8, 0xff, 0xe1, byte((len(body) + 2) >> 8), byte(len(body) + 2)}
	return bytes.Join([][]byte{head, body, data[2:]}, nil)
}

func base(t testing.TB, text string) []byte {
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func webpLossy(t testing.TB) []byte {
	return base(t, "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
}

func webpAlpha(t testing.TB) []byte {
	return base(t, "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
}

const smallPDF = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n" +
	"xref\n0 3\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 3>>\nstartxref\n99\n%%EOF\n"

func le32(n int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(n))) }
func be32(n int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(n))) }

// wavOf is some seconds of silence at 8,000 bytes a second.
func wavOf(seconds int) string {
	n := 8000 * seconds
	return "RIFF" + le32(36+n) + "WAVEfmt " + le32(16) + "\x01\x00\x01\x00" + le32(8000) + le32(8000) + "\x01\x00\x08\x00" +
		"data" + le32(n) + strings.Repeat("\x80", n)
}

func oggPage(flags byte, position uint64, packet string) string {
	head := "OggS\x00" + string([]byte{flags}) + string(binary.LittleEndian.AppendUint64(nil, position)) + le32(7) + le32(0) + le32(0)
	return head + "\x01" + string([]byte{byte(len(packet))}) + packet
}

// oggOf is Opus of some seconds.
func oggOf(seconds int) string {
	return oggPage(2, 0, "OpusHead\x01\x01\x38\x01"+le32(48000)+"\x00\x00\x00") +
		oggPage(0, 0, "OpusTags"+le32(0)+le32(0)) + oggPage(4, uint64(48000*seconds+312), "xxxx")
}

func atom(kind string, body ...string) string {
	all := strings.Join(body, "")
	return be32(8+len(all)) + kind + all
}

// mp4Of is the frame of a file with one track of a kind.
func mp4Of(track string, seconds int) string {
	movie := atom("mvhd", "\x00\x00\x00\x00", be32(0), be32(0), be32(1000), be32(1000*seconds), strings.Repeat("\x00", 80))
	handler := atom("hdlr", be32(0), be32(0), track, strings.Repeat("\x00", 13))
	return atom("ftyp", "M4A ", be32(0), "M4A isom") + atom("moov", movie, atom("trak", atom("mdia", handler))) + atom("mdat", "sound")
}

func element(id string, body ...string) string {
	all := strings.Join(body, "")
	return id + string([]byte{0x40 | byte(len(all)>>8), byte(len(all))}) + all
}

const unknownSize = "\x01\xff\xff\xff\xff\xff\xff\xff"

// webmOf is what a browser records: no duration, and clusters of unknown size.
func webmOf(trackKind string, seconds int) string {
	head := element("\x1a\x45\xdf\xa3", element("\x42\x82", "webm"))
	track := element("\x16\x54\xae\x6b", element("\xae", element("\x83", trackKind), element("\x86", "A_OPUS")))
	sound := ""
	for second := range seconds {
		ms := 1000 * second
		sound += "\x1f\x43\xb6\x75" + unknownSize + element("\xe7", string([]byte{byte(ms >> 16), byte(ms >> 8), byte(ms)})) +
			element("\xa3", "\x81\x03\xe8\x80sound") // a block one second behind the cluster's time
	}
	return head + "\x18\x53\x80\x67" + unknownSize + track + sound
}

// mp3Of is frames of 26 ms each.
func mp3Of(frames int) string {
	return strings.Repeat("\xff\xfb\x90\x64"+strings.Repeat("\x00", 413), frames)
}

// packed makes an archive of parts: names and contents in turn.
func packed(t testing.TB, parts ...string) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i+1 < len(parts); i += 2 {
		part, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const docxTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ` +
	`ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`

func docxOf(t testing.TB, more ...string) []byte {
	return packed(t, append([]string{"[Content_Types].xml", docxTypes, "word/document.xml", "<w:document/>"}, more...)...)
}

func odtOf(t testing.TB, more ...string) []byte {
	return packed(t, append([]string{"mimetype", "application/vnd.oasis.opendocument.text", "content.xml", "<x/>", "META-INF/manifest.xml", "<x/>"}, more...)...)
}
