package inspect

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hearth/internal/care"
)

const (
	maxName = 120 // characters of a name that is kept
	maxSent = 255 // bytes of a name that an honest device sends: what file systems allow
)

func badName(detail string) *care.Error {
	return refuse(CodeName, detail+" Rename the file and send it again.")
}

// CleanName gives the name of a file as it may be shown and saved, or refuses one that
// pretends: with a path, control characters, or marks that turn the order of letters
// round. What is merely awkward is mended.
func CleanName(name string) (string, error) {
	switch {
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "", badName("The name of this file has characters that cannot be shown.")
	case strings.ContainsFunc(name, turnsRound):
		return "", badName("The name of this file has hidden marks that change how it reads.")
	case strings.ContainsAny(name, `/\`):
		return "", badName("The name of this file is a path.")
	case strings.Trim(name, ". ") == "":
		return "", badName("This file has no name.")
	case len(name) > maxSent:
		return "", badName("The name of this file is too long.")
	}
	clean := strings.Map(mend, norm.NFC.String(name))
	clean = strings.Join(strings.Fields(clean), " ")
	clean = strings.Trim(clean, ". -")
	if clean == "" || !strings.ContainsFunc(clean, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsSymbol(r) }) {
		return "", badName("This file has no name.")
	}
	if reserved[strings.ToLower(strings.SplitN(clean, ".", 2)[0])] {
		clean = "_" + clean
	}
	return shorten(clean), nil
}

// turnsRound reports the marks that make "gpj.exe" read as "exe.jpg".
func turnsRound(r rune) bool {
	return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// mend replaces what some system cannot store, and drops what cannot be seen.
func mend(r rune) rune {
	switch {
	case strings.ContainsRune(`<>:"|?*`, r):
		return '-'
	case unicode.IsSpace(r):
		return ' '
	case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) || r == utf8.RuneError:
		return -1
	}
	return r
}

// reserved are names that stand for devices on Windows.
var reserved = map[string]bool{
	"con": true, "prn": true, "aux": true, "nul": true,
	"com1": true, "com2": true, "com3": true, "com4": true, "com5": true, "com6": true, "com7": true, "com8": true, "com9": true,
	"lpt1": true, "lpt2": true, "lpt3": true, "lpt4": true, "lpt5": true, "lpt6": true, "lpt7": true, "lpt8": true, "lpt9": true,
}

// shorten keeps the extension.
func shorten(name string) string {
	runes := []rune(name)
	if len(runes) <= maxName {
		return name
	}
	stem, ext := split(name)
	if ext != "" {
		ext = "." + ext
	}
	keep := max(1, maxName-utf8.RuneCountInString(ext))
	return strings.TrimRight(string([]rune(stem)[:keep]), ". ") + ext
}

// split takes a name apart at the last dot. What follows is an extension when it is short
// and made of letters and digits.
func split(name string) (stem, ext string) {
	at := strings.LastIndexByte(name, '.')
	if at <= 0 || at == len(name)-1 || len(name)-at > 11 {
		return name, ""
	}
	ext = name[at+1:]
	for _, r := range ext {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return name, ""
		}
	}
	return name[:at], ext
}

// fitName gives a name the extension of what the file is. A name that says something
// else altogether is refused.
func fitName(name string, is format) (string, error) {
	stem, ext := split(name)
	says, accepted := formatOf(strings.ToLower(ext))
	switch {
	case accepted && says == is:
		return name, nil
	case accepted && abouts[says].family == abouts[is].family, pictures[strings.ToLower(ext)] && abouts[is].family == "picture":
		return shorten(stem + "." + string(is)), nil
	case accepted:
		return "", refuse(CodeMismatch, "The name says "+abouts[says].family+", but this is a "+abouts[is].family+". Check that it is the right file, and give it the right ending.")
	case elsewhere[strings.ToLower(ext)]:
		return "", refuse(CodeMismatch, "The name ends in ."+strings.ToLower(ext)+", but this is a "+abouts[is].family+". Check that it is the right file, and give it the right ending.")
	}
	return shorten(name + "." + string(is)), nil
}

// pictures are endings that devices leave on pictures they have converted.
var pictures = map[string]bool{"heic": true, "heif": true, "avif": true, "bmp": true, "tif": true, "tiff": true}

// elsewhere are endings that mean something which is not accepted; a file that bears one
// and is something else means to be taken for what it is not.
var elsewhere = setOf(`ade adp apk app appx bat bz2 cab chm cmd com cpl deb dll dmg doc docm dot dotm exe gz hta htm html
	img inf ins iso jar js jse jsp lnk lzh mde mht mhtml mjs msc msi msix msp mst ocx odb odg otm pages php pif pkg
	pot potm ppa ppam pps ppsm ppt pptm ps ps1 psd psm1 py pyw rar reg rpm rtf scf scr sct sh shtml so svg svgz swf sys
	tar tgz torrent url vb vbe vbs ws wsc wsf wsh xhtml xla xlam xll xls xlsb xlsm xlt xltm xml xpi xps xsl xz zip 7z
	avi mkv mov mpg mpeg wmv bmp tif tiff heic heif avif ico`)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}
