package inspect

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"hearth/internal/care"
)

// fixCRC makes the first chunk of a PNG whole again.
func fixCRC(data []byte) string {
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return string(data)
}

// Whatever is sent is accepted or refused with a reason; what is accepted keeps what the
// package promises, and a picture that was let in is made anew or refused.
func FuzzLook(f *testing.F) {
	for name, data := range map[string]string{
		"a.jpg": string(withSegment(jpegOf(f, sample(8, 6)), exif(6))), "a.png": string(pngOf(f, sample(8, 6))), "a.gif": string(gifOf(f, 2, 4, 4)),
		"a.webp": string(webpLossy(f)), "b.webp": string(webpAlpha(f)), "a.pdf": smallPDF, "a.wav": wavOf(1)[:200], "a.ogg": oggOf(2),
		"a.m4a": mp4Of("soun", 1), "a.webm": webmOf("\x02", 2), "a.mp3": mp3Of(4), "a.docx": string(docxOf(f)), "a.odt": string(odtOf(f)),
		"a.csv": "a;b\n1;2\n", "b.csv": "\xfe\xff\x00a\x00b", "x\u202ey.exe": "MZ",
	} {
		f.Add([]byte(data), name)
	}
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		kind, err := look(data, name)
		var refusal *care.Error
		if err != nil {
			if !errors.As(err, &refusal) || len(refusal.Fields) != 1 {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		if kind.MediaType == "" || kind.Duration < 0 || kind.Duration > maxDuration {
			t.Fatalf("accepted as %+v", kind)
		}
		checkName(t, kind.Name)
		if !kind.Picture || len(data) > 1<<16 {
			return
		}
		p, err := Render(data, kind)
		if err != nil {
			if !errors.As(err, &refusal) {
				t.Fatal(err)
			}
			return
		}
		if p.Width < 1 || p.Width > MaxShown && kind.format != gifFormat || len(p.Thumbnail) == 0 {
			t.Fatalf("made %d by %d", p.Width, p.Height)
		}
	})
}

func checkName(t *testing.T, name string) {
	t.Helper()
	bad := func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`/\:*?"<>|`, r)
	}
	if name == "" || !utf8.ValidString(name) || utf8.RuneCountInString(name) > maxName || strings.ContainsFunc(name, bad) || strings.HasPrefix(name, ".") {
		t.Fatalf("the name became %q", name)
	}
}

func FuzzName(f *testing.F) {
	for _, name := range []string{"a.txt", "../x", "con", "a\u202eb", strings.Repeat("ä.", 100), "x.tar.gz"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		clean, err := CleanName(name)
		if err != nil {
			return
		}
		checkName(t, clean)
		if again, err := CleanName(clean); err != nil || again != clean {
			t.Fatalf("%q became %q, and that %q: %v", name, clean, again, err)
		}
	})
}

func FuzzOrientation(f *testing.F) {
	f.Add(exif(6))
	f.Add([]byte("eXIfII*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x08\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if o := orientation(data); o < 1 || o > 8 {
			t.Fatalf("orientation %d", o)
		}
	})
}

// Every walk through a format reads forward and ends, however a file lies about itself.
func FuzzWalks(f *testing.F) {
	for _, data := range []string{wavOf(1)[:200], oggOf(2), mp4Of("soun", 1), webmOf("\x02", 2), mp3Of(4), string(gifOf(f, 2, 4, 4)), string(webpLossy(f)), string(docxOf(f))} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := &file{ReaderAt: bytes.NewReader(data), size: int64(len(data)), head: data[:min(len(data), headBytes)]}
		if len(data) == 0 {
			return
		}
		for _, known := range formats {
			_, err := known.check(file, known.format)
			if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errShort) && known.format != gifFormat && known.format != webpFormat && known.format != pdfFormat {
				t.Fatalf("%s: %v", known.format, err)
			}
		}
	})
}
