package inspect

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"io"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
)

func look(data []byte, name string) (Kind, error) {
	return Look(bytes.NewReader(data), int64(len(data)), name)
}

// codeOf gives the code of a refusal, or fails when err is none.
func codeOf(t *testing.T, err error) string {
	t.Helper()
	var refusal *care.Error
	if !errors.As(err, &refusal) || refusal.Kind != care.Invalid || len(refusal.Fields) != 1 || refusal.Fields[0].Field != "file" {
		t.Fatalf("no refusal: %v", err)
	}
	if d := refusal.Fields[0].Detail; !strings.HasSuffix(d, ".") || len(d) < 20 {
		t.Errorf("the reason is %q", d)
	}
	return refusal.Fields[0].Code
}

func TestAccepted(t *testing.T) {
	shot := jpegOf(t, sample(40, 30))
	for _, c := range []struct {
		name, data string
		want, as   string
		lasts      time.Duration
	}{
		{"a.jpg", string(shot), "image/jpeg", "a.jpg", 0},
		{"IMG_0001.JPEG", string(shot), "image/jpeg", "IMG_0001.JPEG", 0},
		{"a.png", string(shot), "image/jpeg", "a.jpg", 0},
		{"IMG_0001.HEIC", string(shot), "image/jpeg", "IMG_0001.jpg", 0},
		{"photo", string(shot), "image/jpeg", "photo.jpg", 0},
		{"scan.2024", string(shot), "image/jpeg", "scan.2024.jpg", 0},
		{"a.png", string(pngOf(t, sample(40, 30))), "image/png", "a.png", 0},
		{"a.gif", string(gifOf(t, 3, 20, 20)), "image/gif", "a.gif", 0},
		{"a.webp", string(webpLossy(t)), "image/webp", "a.webp", 0},
		{"a.webp", string(webpAlpha(t)), "image/webp", "a.webp", 0},
		{"Befund.pdf", smallPDF, "application/pdf", "Befund.pdf", 0},
		{"v.wav", wavOf(3), "audio/wav", "v.wav", 3 * time.Second},
		{"v.ogg", oggOf(4), "audio/ogg", "v.ogg", 4 * time.Second},
		{"v.m4a", mp4Of("soun", 5), "audio/mp4", "v.m4a", 5 * time.Second},
		{"v.webm", webmOf("\x02", 3), "audio/webm", "v.webm", 3 * time.Second},
		{"v.mp3", mp3Of(100), "audio/mpeg", "v.mp3", 2612244800 * time.Nanosecond},
		{"v.mp3", "ID3\x04\x00\x00\x00\x00\x00\x0a" + "0123456789" + mp3Of(10) + "TAG" + strings.Repeat("x", 125), "audio/mpeg", "v.mp3", 261224480 * time.Nanosecond},
		{"plan.docx", string(docxOf(t)), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "plan.docx", 0},
		{"plan.odt", string(odtOf(t)), "application/vnd.oasis.opendocument.text", "plan.odt", 0},
		{"note.txt", "Blutdruck 120/80 – gut.\n", "text/plain", "note.txt", 0},
		{"note", "a < b and b > c", "text/plain", "note.txt", 0},
		{"old.txt", "Gr\xfc\xdfe aus M\xfcnchen", "text/plain", "old.txt", 0},
		{"long.txt", strings.Repeat("äöü€😀", 30_000) + "!", "text/plain", "long.txt", 0},
		{"values.csv", "day;mg/dl\r\n1;98\r\n", "text/csv", "values.csv", 0},
		{"values.csv", "\xff\xfed\x00a\x00y\x00\n\x00", "text/csv", "values.csv", 0},
	} {
		kind, err := look([]byte(c.data), c.name)
		if err != nil {
			t.Errorf("%s (%s): %v", c.name, c.want, err)
			continue
		}
		if kind.MediaType != c.want || kind.Name != c.as || kind.Duration.Round(10*time.Microsecond) != c.lasts.Round(10*time.Microsecond) {
			t.Errorf("%s: %s %q %v, want %s %q %v", c.name, kind.MediaType, kind.Name, kind.Duration, c.want, c.as, c.lasts)
		}
		if kind.Picture != strings.HasPrefix(c.want, "image/") {
			t.Errorf("%s: picture %v", c.name, kind.Picture)
		}
	}
}

func TestRefused(t *testing.T) {
	shot := string(jpegOf(t, sample(40, 30)))
	archive := string(packed(t, "x.txt", "x"))
	rels := func(kind string) string {
		return `<Relationships><Relationship Id="1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/` + kind +
			`" Target="http://elsewhere.example/x" TargetMode="External"/></Relationships>`
	}
	macro := strings.Replace(docxTypes, "wordprocessingml.document.main+xml", "wordprocessingml.document.main+xml vnd.ms-word.document.macroEnabled.main+xml", 1)
	for what, c := range map[string]struct{ name, data, code string }{
		"nothing":                        {"a.txt", "", CodeEmpty},
		"a program":                      {"a.txt", "MZ\x90\x00" + strings.Repeat("x", 100), CodeType},
		"a Linux program":                {"a.jpg", "\x7fELF\x02\x01\x01", CodeType},
		"a shell script":                 {"a.txt", "#!/bin/sh\nrm -rf /", CodeType},
		"SVG":                            {"a.svg", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, CodeType},
		"SVG with a head":                {"a.jpg", "\ufeff \n<?xml version=\"1.0\"?><svg/>", CodeType},
		"HTML":                           {"a.txt", "<!DOCTYPE html><script>alert(1)</script>", CodeType},
		"HTML behind words":              {"a.txt", "Hello\n<ScRiPt src=x></script>", CodeType},
		"HTML in UTF-16":                 {"a.txt", "\xff\xfe<\x00h\x00t\x00m\x00l\x00>\x00", CodeType},
		"an archive":                     {"a.zip", archive, CodeType},
		"an archive called a document":   {"a.docx", archive, CodeType},
		"RAR":                            {"a.rar", "Rar!\x1a\x07\x00", CodeType},
		"gzip":                           {"a.csv", "\x1f\x8b\x08\x00", CodeType},
		"old Word":                       {"a.doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", CodeType},
		"RTF":                            {"a.rtf", `{\rtf1 x}`, CodeType},
		"HEIC":                           {"a.heic", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", CodeType},
		"TIFF":                           {"a.tif", "II*\x00\x08\x00\x00\x00", CodeType},
		"video":                          {"a.mp4", mp4Of("vide", 5), CodeType},
		"WebM video":                     {"a.webm", webmOf("\x01", 2), CodeType},
		"Ogg video":                      {"a.ogg", oggPage(2, 0, "\x80theora") + oggOf(1), CodeType},
		"numbers":                        {"a.txt", "\x01\x02\x03\x00", CodeType},
		"noise":                          {"a.txt", "\xe2\xf0\x9f\x99\xee\xdd\xcc\x98\x97\x96\x95\x94\xae", CodeType},
		"a picture called a PDF":         {"a.pdf", shot, CodeMismatch},
		"a PDF called a picture":         {"a.jpg", smallPDF, CodeMismatch},
		"text called a picture":          {"a.jpg", "just words", CodeMismatch},
		"a picture called a program":     {"a.jpg.exe", shot, CodeMismatch},
		"text called a script":           {"a.JS", "alert(1)", CodeMismatch},
		"text called a web page":         {"a.html", "harmless words", CodeMismatch},
		"a picture and an archive":       {"a.jpg", shot + archive, CodeTwoFiles},
		"a PDF and an archive":           {"a.pdf", smallPDF + archive + "%%EOF", CodeTwoFiles},
		"a recording and an archive":     {"a.wav", wavOf(1) + archive, CodeTwoFiles},
		"a picture and a PDF":            {"a.jpg", string(withSegment([]byte(shot), []byte(smallPDF))), CodeTwoFiles},
		"a picture and a web page":       {"a.jpg", shot + strings.Repeat("\x00", 300_000) + "<script>alert(1)</script>", CodeTwoFiles},
		"a GIF and a script":             {"a.gif", "GIF89a/*<script>*/" + shot, CodeTwoFiles},
		"a document behind something":    {"a.docx", "PK\x03\x04" + string(docxOf(t)), CodeTwoFiles},
		"a document before something":    {"a.docx", string(docxOf(t)) + "%PDF-1.4", CodeTwoFiles},
		"macros":                         {"a.docx", string(docxOf(t, "word/vbaProject.bin", "x")), CodeActive},
		"macros by type":                 {"a.docx", string(packed(t, "[Content_Types].xml", macro, "word/document.xml", "x")), CodeActive},
		"macros in OpenDocument":         {"a.odt", string(odtOf(t, "Basic/script-lc.xml", "x")), CodeActive},
		"a program in a document":        {"a.docx", string(docxOf(t, "word/embeddings/x.bin", "MZ\x90")), CodeActive},
		"a template from elsewhere":      {"a.docx", string(docxOf(t, "word/_rels/settings.xml.rels", rels("attachedTemplate"))), CodeActive},
		"a zip bomb":                     {"a.docx", string(docxOf(t, "word/media/x", strings.Repeat("\x00", 8<<20))), CodeBomb},
		"a part that lies":               {"a.docx", lyingPart(t), CodeDamaged},
		"parts that overlap":             {"a.docx", overlapping(t), CodeBomb},
		"a part that climbs":             {"a.docx", string(docxOf(t, "../../x", "x")), CodeDamaged},
		"a PDF that starts something":    {"a.pdf", strings.Replace(smallPDF, "/Count 0", "/Count 0/AA<</S/Launch/F(x)>>", 1), CodeActive},
		"a PDF cut short":                {"a.pdf", smallPDF[:60], CodeDamaged},
		"a picture cut short":            {"a.jpg", shot[:30], CodeDamaged},
		"a recording cut short":          {"a.ogg", oggOf(3)[:50], CodeDamaged},
		"sound without a track":          {"a.m4a", atom("ftyp", "M4A ", be32(0)) + atom("mdat", "x"), CodeDamaged},
		"a picture of too many pixels":   {"a.png", hugePNG(t), CodeDimensions},
		"a GIF of too many frames":       {"a.gif", hugeGIF(t), CodeDimensions},
		"WebP that hides its size":       {"a.webp", hugeWebP(t), CodeDimensions},
		"WebP that moves":                {"a.webp", "RIFF\x2a\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00ANIM\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00", CodeType},
		"a progressive picture of scans": {"a.jpg", manyScans(shot), CodeDamaged},
	} {
		_, err := look([]byte(c.data), c.name)
		if err == nil {
			t.Errorf("%s: accepted", what)
		} else if code := codeOf(t, err); code != c.code {
			t.Errorf("%s: %s (%v), want %s", what, code, err.(*care.Error).Message, c.code)
		}
	}
}

// directory finds the n-th entry of an archive's directory, counted from 0.
func directory(t *testing.T, data []byte, n int) []byte {
	at := 0
	for ; n >= 0; n-- {
		next := bytes.Index(data[at:], []byte("PK\x01\x02"))
		if next < 0 {
			t.Fatal("no such entry")
		}
		at += next + 4
	}
	return data[at-4:]
}

// lyingPart says it unpacks to 1,000 bytes and holds a million.
func lyingPart(t *testing.T) string {
	data := docxOf(t, "word/media/x", strings.Repeat("\x00", 1_000_000))
	copy(directory(t, data, 2)[24:], le32(1000))
	return string(data)
}

// overlapping names one part twice, as a bomb does many times.
func overlapping(t *testing.T) string {
	data := docxOf(t, "word/media/x", strings.Repeat("x", 5000), "word/media/y", strings.Repeat("y", 5000))
	copy(directory(t, data, 3)[42:], directory(t, data, 2)[42:46])
	return string(data)
}

// hugePNG states 40,000 pixels a side in a few bytes.
func hugePNG(t *testing.T) string {
	data := pngOf(t, sample(4, 4))
	copy(data[16:], be32(12_000)+be32(12_000))
	return fixCRC(data)
}

func hugeGIF(t *testing.T) string {
	one := gifOf(t, 1, 2, 2)
	copy(one[6:], "\x00\x40\x00\x40") // 16384 a side
	frame := "\x2c\x00\x00\x00\x00\x00\x40\x00\x40\x00\x02\x02\x44\x01\x00"
	return string(one[:len(one)-1]) + strings.Repeat(frame, 3) + ";"
}

func hugeWebP(t *testing.T) string {
	body := "\x2f" + le32(16383|16383<<14) + "\x00\x00\x00\x00\x00"
	return "RIFF" + le32(4+18+8+len(body)) + "WEBPVP8X" + le32(10) + "\x00\x00\x00\x00\x01\x00\x00\x01\x00\x00" + "VP8L" + le32(len(body)) + body
}

func manyScans(shot string) string {
	return strings.Replace(shot, "\xff\xc0", "\xff\xc2", 1) + strings.Repeat("\xff\xda", maxScans+1)
}

func TestPicturesAreMadeAnew(t *testing.T) {
	shot := withSegment(jpegOf(t, sample(400, 300)), exif(6))
	kind, err := look(append(shot, "trailer that a camera left"...), "IMG.jpg")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Render(shot, kind)
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{p.Data, p.Thumbnail} {
		for _, trace := range []string{"Exif", "GPS", "Camerette", "trailer"} {
			if bytes.Contains(data, []byte(trace)) {
				t.Errorf("%q is left", trace)
			}
		}
	}
	// Turned by a quarter: what was at the bottom left is at the top left.
	m, _, err := image.Decode(bytes.NewReader(p.Data))
	if err != nil || m.Bounds().Dx() != 300 || m.Bounds().Dy() != 400 || p.Width != 300 || p.Height != 400 {
		t.Fatalf("%v, %d by %d: %v", m.Bounds(), p.Width, p.Height, err)
	}
	near(t, "top left", m.At(20, 20), color.RGBA{0, 0, 255, 255})
	near(t, "top right", m.At(280, 20), color.RGBA{255, 0, 0, 255})
	near(t, "bottom left", m.At(20, 380), color.RGBA{255, 255, 255, 255})
}

func near(t *testing.T, where string, got, want color.Color) {
	t.Helper()
	r, g, b, a := got.RGBA()
	r2, g2, b2, a2 := want.RGBA()
	far := func(x, y uint32) bool { return max(x, y)-min(x, y) > 12<<8 }
	if far(r, r2) || far(g, g2) || far(b, b2) || far(a, a2) {
		t.Errorf("%s is %v, want %v", where, got, want)
	}
}

func TestOrientations(t *testing.T) {
	red, green, blue, white := color.RGBA{255, 0, 0, 255}, color.RGBA{0, 255, 0, 255}, color.RGBA{0, 0, 255, 255}, color.RGBA{255, 255, 255, 255}
	for o, corners := range map[int][2]color.Color{ // top left and top right
		0: {red, green}, 1: {red, green}, 2: {green, red}, 3: {white, blue}, 4: {blue, white},
		5: {red, blue}, 6: {blue, red}, 7: {white, green}, 8: {green, white}, 9: {red, green},
	} {
		m := upright(sample(40, 30), o)
		b := m.Bounds()
		if quarter := o >= 5 && o <= 8; quarter != (b.Dx() == 30) {
			t.Errorf("orientation %d: %v", o, b)
		}
		near(t, "top left", m.At(2, 2), corners[0])
		near(t, "top right", m.At(b.Dx()-3, 2), corners[1])
	}
	little := "II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x08\x00\x00\x00"
	for data, want := range map[string]int{
		string(withSegment(jpegOf(t, sample(8, 8)), exif(3))): 3, "xxeXIf" + little: 8, "RIFF....WEBPEXIF\x1a\x00\x00\x00" + little: 8,
		"EXIF\x00\x00\x00\x00Exif\x00\x00" + little: 8, "": 1, "Exif\x00\x00MM": 1, "Exif\x00\x00II*\x00\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00": 1,
		string(exif(99)): 1, "eXIf": 1,
	} {
		if got := orientation([]byte(data)); got != want {
			t.Errorf("%q: %d, want %d", data, got, want)
		}
	}
}

func TestSizes(t *testing.T) {
	for _, c := range []struct{ w, h, wantW, wantH, thumbW, thumbH int }{
		{100, 50, 100, 50, 100, 50}, {6000, 3000, 4096, 2048, 640, 320}, {700, 1400, 700, 1400, 320, 640}, {5000, 2, 4096, 2, 640, 1},
	} {
		data := pngOf(t, sample(c.w, c.h))
		kind, err := look(data, "a.png")
		if err != nil {
			t.Fatal(err)
		}
		p, err := Render(data, kind)
		if err != nil {
			t.Fatal(err)
		}
		thumb, _, err := image.Decode(bytes.NewReader(p.Thumbnail))
		if err != nil || p.Width != c.wantW || p.Height != c.wantH || thumb.Bounds().Dx() != c.thumbW || thumb.Bounds().Dy() != c.thumbH {
			t.Errorf("%d by %d: %d by %d, thumbnail %v, %v", c.w, c.h, p.Width, p.Height, thumb.Bounds(), err)
		}
		if c.h > 40 {
			near(t, "top left", thumb.At(3, 3), color.RGBA{255, 0, 0, 255})
			near(t, "bottom right", thumb.At(c.thumbW-3, c.thumbH-3), color.RGBA{255, 255, 255, 255})
		}
	}
}

// What a kind of picture becomes: WebP something that every device shows, transparent
// pictures PNG, moving ones stay moving.
func TestFormats(t *testing.T) {
	see := image.NewNRGBA(image.Rect(0, 0, 900, 900))
	see.Set(5, 5, color.NRGBA{200, 0, 0, 128})
	for _, c := range []struct {
		data             []byte
		name, kind, want string
		thumb            string
	}{
		{webpLossy(t), "a.webp", "image/jpeg", "a.jpg", "image/jpeg"},
		{webpAlpha(t), "a.webp", "image/png", "a.png", "image/png"},
		{pngOf(t, see), "a.png", "image/png", "a.png", "image/png"},
		{pngOf(t, sample(9, 9)), "a.png", "image/png", "a.png", "image/jpeg"},
		{gifOf(t, 4, 30, 20), "a.gif", "image/gif", "a.gif", "image/jpeg"},
	} {
		kind, err := look(c.data, c.name)
		if err != nil {
			t.Fatal(c.name, err)
		}
		p, err := Render(c.data, kind)
		if err != nil {
			t.Fatal(c.name, err)
		}
		if p.Kind.MediaType != c.kind || p.Kind.Name != c.want || p.ThumbnailType != c.thumb {
			t.Errorf("%s became %s %s, thumbnail %s", c.name, p.Kind.MediaType, p.Kind.Name, p.ThumbnailType)
		}
		if again, err := look(p.Data, p.Kind.Name); err != nil || again.MediaType != c.kind {
			t.Errorf("%s is not accepted again: %v %v", c.name, again, err)
		}
	}
	broken := append([]byte(nil), jpegOf(t, sample(300, 300))...)[:2000]
	kind, err := look(broken, "a.jpg")
	if err == nil {
		_, err = Render(broken, kind)
	}
	if code := codeOf(t, err); code != CodeDamaged {
		t.Errorf("a picture without an end: %s", code)
	}
}

func TestNames(t *testing.T) {
	for sent, want := range map[string]string{
		"a.txt": "a.txt", " Befund  März .pdf ": "Befund März .pdf", "Bildschirmfoto 10.30\u202fUhr.png": "Bildschirmfoto 10.30 Uhr.png",
		"a\u0308.txt": "ä.txt", `What? "Yes" <1|2>: *.pdf`: "What- -Yes- -1-2-- -.pdf", "...hidden": "hidden", "con.txt": "_con.txt", "Nul": "_Nul",
		"a\u200b\u200fb.pdf": "ab.pdf", strings.Repeat("ä", 120) + ".pdf": strings.Repeat("ä", 116) + ".pdf", "😀.jpg": "😀.jpg",
	} {
		if got, err := CleanName(sent); err != nil || got != want {
			t.Errorf("%q: %q %v, want %q", sent, got, err, want)
		}
	}
	for _, bad := range []string{
		"", " ", "..", "../../etc/passwd", `..\..\boot.ini`, "/etc/passwd", `C:\fakepath\a.jpg`, "a\x00.jpg", "a\r\nSet-Cookie: x.jpg",
		"photo\u202egpj.exe", "a\u2066b.pdf", "a\xff.jpg", strings.Repeat("x", 256), "\u200b\u200b", "-.-", "a\x7f",
	} {
		if got, err := CleanName(bad); err == nil {
			t.Errorf("%q became %q", bad, got)
		} else if code := codeOf(t, err); code != CodeName {
			t.Errorf("%q: %s", bad, code)
		}
	}
}

// A place of storage that fails is not the fault of the file.
func TestReaderThatFails(t *testing.T) {
	broken := errors.New("the store is away")
	for _, data := range []string{string(jpegOf(t, sample(8, 8))), smallPDF, oggOf(2), wavOf(1), "words", string(docxOf(t))} {
		_, err := Look(failing{broken}, int64(len(data)), "a.jpg")
		var refusal *care.Error
		if !errors.Is(err, broken) || errors.As(err, &refusal) {
			t.Errorf("%v", err)
		}
	}
	if _, err := Look(strings.NewReader("short"), 100, "a.txt"); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("shorter than stored: %v", err)
	}
}

type failing struct{ error }

func (f failing) ReadAt([]byte, int64) (int, error) { return 0, f.error }
