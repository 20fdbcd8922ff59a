package inspect

// format is a kind of file that is accepted, by its usual extension.
type format string

const (
	jpegFormat format = "jpg"
	pngFormat  format = "png"
	gifFormat  format = "gif"
	webpFormat format = "webp"
	pdfFormat  format = "pdf"
	webmFormat format = "webm"
	oggFormat  format = "ogg"
	mp4Format  format = "m4a"
	mp3Format  format = "mp3"
	wavFormat  format = "wav"
	zipFormat  format = "zip" // until it is known what is packed
	txtFormat  format = "txt"
)

// about is what is known of a format: its media type, the family within which a wrong
// extension is an honest mistake, and other extensions in use.
type about struct {
	mediaType, family string
	also              []string
}

var abouts = map[format]about{
	jpegFormat: {"image/jpeg", "picture", []string{"jpeg", "jpe", "jfif"}},
	pngFormat:  {"image/png", "picture", nil},
	gifFormat:  {"image/gif", "picture", nil},
	webpFormat: {"image/webp", "picture", nil},
	pdfFormat:  {"application/pdf", "PDF", nil},
	webmFormat: {"audio/webm", "recording", []string{"weba"}},
	oggFormat:  {"audio/ogg", "recording", []string{"oga", "opus", "spx"}},
	mp4Format:  {"audio/mp4", "recording", []string{"mp4", "m4b", "aac"}},
	mp3Format:  {"audio/mpeg", "recording", nil},
	wavFormat:  {"audio/wav", "recording", []string{"wave"}},
	"docx":     {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "text document (docx)", nil},
	"xlsx":     {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "spreadsheet (xlsx)", nil},
	"pptx":     {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "presentation (pptx)", nil},
	"odt":      {"application/vnd.oasis.opendocument.text", "text document (odt)", nil},
	"ods":      {"application/vnd.oasis.opendocument.spreadsheet", "spreadsheet (ods)", nil},
	"odp":      {"application/vnd.oasis.opendocument.presentation", "presentation (odp)", nil},
	txtFormat:  {"text/plain", "text", []string{"text", "log"}},
	"csv":      {"text/csv", "text", nil},
	"tsv":      {"text/tab-separated-values", "text", nil},
	"md":       {"text/markdown", "text", []string{"markdown"}},
	"ics":      {"text/calendar", "text", nil},
	"vcf":      {"text/vcard", "text", nil},
}

func (f format) mediaType() string { return abouts[f].mediaType }

// formatOf finds the accepted format of an extension in lower case.
func formatOf(ext string) (format, bool) {
	if _, known := abouts[format(ext)]; known {
		return format(ext), true
	}
	for f, a := range abouts {
		for _, also := range a.also {
			if also == ext {
				return f, true
			}
		}
	}
	return "", false
}

// formats are told by a mark at the beginning, in this order.
var formats = []struct {
	format format
	is     func(*file) bool
	check  func(*file, format) (Kind, error)
}{
	{jpegFormat, func(f *file) bool { return f.begins("\xff\xd8\xff") }, (*file).picture},
	{pngFormat, func(f *file) bool { return f.begins("\x89PNG\r\n\x1a\n") }, (*file).picture},
	{gifFormat, func(f *file) bool { return f.begins("GIF87a") || f.begins("GIF89a") }, (*file).picture},
	{webpFormat, func(f *file) bool { return f.begins("RIFF") && f.has("WEBP", 8) }, (*file).picture},
	{pdfFormat, func(f *file) bool { return f.begins("%PDF-") }, (*file).pdf},
	{wavFormat, func(f *file) bool { return f.begins("RIFF") && f.has("WAVE", 8) }, (*file).wav},
	{oggFormat, func(f *file) bool { return f.begins("OggS") }, (*file).ogg},
	{webmFormat, func(f *file) bool { return f.begins("\x1a\x45\xdf\xa3") }, (*file).webm},
	{mp4Format, func(f *file) bool { return f.has("ftyp", 4) && !f.stillPicture() }, (*file).mp4},
	{mp3Format, (*file).seemsMP3, (*file).mp3},
	{zipFormat, func(f *file) bool { return f.begins("PK\x03\x04") && f.isPackage() }, (*file).office},
}

func (f *file) stillPicture() bool {
	for _, brand := range []string{"heic", "heix", "heim", "heis", "hevc", "mif1", "msf1", "avif", "avis"} {
		if f.has(brand, 8) {
			return true
		}
	}
	return false
}

const (
	whyProgram = "Programs are not accepted."
	whyArchive = "Packed folders (zip and the like) are not accepted. Send the files that are in it one by one."
	whyOld     = "Documents of this old kind may hold hidden programs. Save it as .docx, .xlsx, .pptx or PDF and send that."
	whyMarkup  = "Web pages and drawings with code in them (HTML, SVG, XML) are not accepted. Send a picture or a PDF of it."
	whyVideo   = "Videos are not accepted. Send a picture or a recording of sound."
	whyPicture = "This kind of picture cannot be shown on every device. Save or send it as JPEG."
	whyUnknown = "This kind of file is not accepted. Pictures, PDF, sound, text and office documents are."
)

// unwanted are told by their marks too, for a reason that says more than "not accepted".
var unwanted = []struct {
	why string
	is  func(*file) bool
}{
	{whyPicture, func(f *file) bool { return f.stillPicture() && f.has("ftyp", 4) }},
	{whyPicture, starts("II*\x00", "MM\x00*", "8BPS", "\x00\x00\x01\x00", "\x00\x00\x00\x0cjP  ", "\xff\x0a")},
	{whyPicture, func(f *file) bool { return f.begins("BM") && f.has("\x00\x00\x00\x00", 6) }},
	{whyProgram, starts("MZ", "\x7fELF", "\xca\xfe\xba\xbe", "\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf", "\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe", "\x00asm", "#!", "dex\n", "L\x00\x00\x00\x01\x14\x02\x00")},
	{whyOld, starts("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "{\\rtf")},
	{whyArchive, starts("PK\x03\x04", "PK\x05\x06", "PK\x07\x08", "Rar!", "7z\xbc\xaf\x27\x1c", "\x1f\x8b", "BZh", "\xfd7zXZ\x00", "\x28\xb5\x2f\xfd", "MSCF", "xar!")},
	{whyVideo, starts("FLV\x01", "\x00\x00\x01\xba", "\x00\x00\x01\xb3", "\x30\x26\xb2\x75\x8e\x66\xcf\x11")},
	{whyVideo, func(f *file) bool { return f.begins("RIFF") && f.has("AVI ", 8) }},
	{whyUnknown, starts("%!PS", "CWS", "FWS", "ZWS")},
}

func starts(magics ...string) func(*file) bool {
	return func(f *file) bool {
		for _, magic := range magics {
			if f.begins(magic) {
				return true
			}
		}
		return false
	}
}
