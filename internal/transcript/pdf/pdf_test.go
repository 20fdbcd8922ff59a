package pdf_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"hearth/internal/transcript/pdf"
	"hearth/internal/transcript/pdf/pdftest"
)

var body = pdf.Style{Size: 10.5}

func write(t testing.TB, fill func(d *pdf.Document)) (pdftest.File, []byte) {
	t.Helper()
	var out bytes.Buffer
	d := pdf.New(&out, pdf.Config{Paper: pdf.A4, Title: "Test (1)", Lang: "en", Created: time.Unix(0, 0), Footer: "Footer"})
	fill(d)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return pdftest.Read(t, out.Bytes()), out.Bytes()
}

func TestTextComesBack(t *testing.T) {
	f, raw := write(t, func(d *pdf.Document) {
		d.Mark("One")
		d.Text([]pdf.Run{{Text: "Crème, Łódź, façade – “quoted” "}, {Text: "bold", Bold: true}, {Text: " and "}, {Text: "x := 1", Mono: true}}, body)
		d.Text([]pdf.Run{{Text: "Ελληνικά и кириллица"}, {Text: "a link", Href: "https://example.org/a_(b)"}}, body)
		d.Text([]pdf.Run{{Text: "👍🏽 fine 🇺🇸 👩🏽\u200d⚕\ufe0f שלום"}}, body)
		if d.Missing() != 4 {
			t.Errorf("%d letters missing, want 4", d.Missing())
		}
	})
	text := f.Text()
	for _, want := range []string{
		"Crème, Łódź, façade – “quoted” bold and x := 1", "Ελληνικά и кириллица", "a link",
		"[thumbs up] fine [flag US] [woman, staff of aesculapius] □□□□", "Footer", "Page 1 of",
	} {
		if !strings.Contains(text, pdftest.Squeeze(want)) {
			t.Errorf("no %q in %q", want, text)
		}
	}
	if len(f.Links) != 1 || f.Links[0] != "https://example.org/a_(b)" || f.Marks != 1 || len(f.Pages) != 1 {
		t.Errorf("%+v", f)
	}
	if bytes.Contains(raw, []byte("/JavaScript")) || len(raw) > 400_000 {
		t.Errorf("%d bytes", len(raw))
	}
}

func TestLongTextsBreakIntoLinesAndPages(t *testing.T) {
	word := strings.Repeat("unbroken", 200)
	many := strings.Repeat("several words to fill the page with, and more ", 400)
	f, _ := write(t, func(d *pdf.Document) { d.Text([]pdf.Run{{Text: word + "\n" + many}}, body) })
	if len(f.Pages) < 4 {
		t.Errorf("%d pages", len(f.Pages))
	}
	text := f.Text()
	for i := range f.Pages {
		text = strings.ReplaceAll(text, pdftest.Squeeze("FooterPage "+string(rune('1'+i))+" of"), "")
	}
	if text != pdftest.Squeeze(word+many) {
		t.Error("the text is not what was written")
	}
}

func TestPictures(t *testing.T) {
	picture := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	picture.Set(1, 1, color.NRGBA{255, 0, 0, 128})
	var asPNG, asJPEG bytes.Buffer
	_ = png.Encode(&asPNG, picture)
	_ = jpeg.Encode(&asJPEG, picture, nil)
	f, raw := write(t, func(d *pdf.Document) {
		for _, data := range [][]byte{asPNG.Bytes(), asJPEG.Bytes()} {
			if err := d.Image(data, 10, 200, 100); err != nil {
				t.Error(err)
			}
		}
		if err := d.Image([]byte("GIF89a no"), 0, 10, 10); err == nil {
			t.Error("something else was taken for a picture")
		}
	})
	if f.Images != 2 || !bytes.Contains(raw, asJPEG.Bytes()) {
		t.Errorf("%d pictures", f.Images)
	}
}

type full struct{ left int }

var errFull = errors.New("no room")

func (w *full) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestAFailureOfTheWriterIsTold(t *testing.T) {
	d := pdf.New(&full{left: 100_000}, pdf.Config{Paper: pdf.Letter})
	for range 400 {
		d.Text([]pdf.Run{{Text: strings.Repeat("words that change 17 ", 300)}}, body)
	}
	if err := d.Close(); !errors.Is(err, errFull) {
		t.Error(err)
	}
}

// BenchmarkPages writes a document of 50,000 messages and tells the memory at its end.
func BenchmarkPages(b *testing.B) {
	line := strings.Repeat("word and more ", 32)
	for b.Loop() {
		d := pdf.New(io.Discard, pdf.Config{Paper: pdf.A4})
		for range 50_000 {
			d.Text([]pdf.Run{{Text: "Somebody", Bold: true}, {Text: " 12:30", Grey: true}}, body)
			d.Text([]pdf.Run{{Text: line}}, body)
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "MB-held")
		if err := d.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
