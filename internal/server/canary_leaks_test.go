package server

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
)

// canary begins everything that people write or are called in these tests, and nothing else.
const canary = "canary"

// shapes are how a word may stand in bytes without being seen: packed in base64 at any
// place, or as hexadecimal digits.
func shapes(word string) []string {
	all := []string{word, hex.EncodeToString([]byte(word))}
	for shift := range 3 {
		packed := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("-", shift) + word))
		begin, end := (shift*8+5)/6, len(word+strings.Repeat("-", shift))*8/6
		all = append(all, packed[begin:end])
	}
	return all
}

// holds finds a word in a text in any of its shapes.
func holds(text, word string) bool {
	return slices.ContainsFunc(shapes(word), func(shape string) bool { return strings.Contains(text, shape) }) ||
		strings.Contains(strings.ToLower(text), word)
}

// healthWords are words that say in a mail what kind of practice writes.
var healthWords = regexp.MustCompile(`(?i)health|medic|therap|clinic|patient|doctor|nurse|hospital|treat|diagnos|symptom|appointment|practice|provider|care\b|client`)

// opened is a mail as its reader's program shows it.
type opened struct {
	raw     string
	headers string // decoded
	header  netmail.Header
	parts   string // decoded
}

func (m opened) all() string { return m.raw + m.headers + m.parts }

// decode reads a mail: its headers, and the text of its parts.
func (p *postOffice) decode(data string) opened {
	p.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(data))
	if err != nil {
		p.Fatal(err)
	}
	read := opened{raw: data, header: m.Header}
	decoder := &mime.WordDecoder{}
	for key, values := range m.Header {
		for _, value := range values {
			plain, err := decoder.DecodeHeader(value)
			if err != nil {
				p.Error(err)
			}
			read.headers += key + ": " + plain + "\n"
		}
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		p.Fatal(err)
	}
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return read
		}
		if err != nil {
			p.Fatal(err)
		}
		read.parts += p.unpacked(part)
	}
}

func (p *postOffice) unpacked(part *multipart.Part) string {
	p.Helper()
	in := io.Reader(part)
	switch encoding := part.Header.Get("Content-Transfer-Encoding"); encoding {
	case "quoted-printable":
		in = quotedprintable.NewReader(part)
	case "base64":
		in = base64.NewDecoder(base64.StdEncoding, part)
	default:
		p.Errorf("a part of a mail is in %q, which this test does not read", encoding)
	}
	text, err := io.ReadAll(in)
	if err != nil {
		p.Fatal(err)
	}
	return string(text) + "\n"
}

// checkPushes reads every byte that the push service got. ids are what nobody outside has
// to know.
func (p *postOffice) checkPushes(ids []string) {
	p.Helper()
	said := regexp.MustCompile(`^\{"text":"You have a new message","id":("[0-9a-f-]{36}"|null)\}$`)
	for _, m := range p.pushes.Attempts() {
		if !said.Match(m.Text) {
			p.Errorf("a push says %q", m.Text)
		}
		var head strings.Builder
		_ = m.Header.Write(&head)
		clear := head.String() + string(m.Text)
		for _, secret := range []string{canary, "alder", "example.com"} {
			if holds(clear+string(m.Body), secret) {
				p.Errorf("a push has %s in it: %s %s", secret, head.String(), m.Text)
			}
		}
		for _, id := range ids {
			if named(clear, id) {
				p.Errorf("a push names the id %s: %s", id, clear)
			}
		}
	}
}

// named finds an id in a text, as letters or as its bytes.
func named(text, id string) bool {
	bytes, _ := hex.DecodeString(strings.ReplaceAll(id, "-", ""))
	return strings.Contains(text, id) || holds(text, string(bytes))
}

// checkMails reads every byte that the mail server got. Mails that tell of messages name
// the practice only if it said so, and nothing else; those about an account name it.
func (p *postOffice) checkMails(ids []string, mayName bool) {
	p.Helper()
	for _, m := range p.mails.Mails() {
		read := p.decode(m.Data)
		account := read.header.Get("List-Unsubscribe") == ""
		if holds(read.all(), canary) {
			p.Errorf("a mail has a canary in it:\n%s\n%s", read.headers, read.parts)
		}
		for _, id := range ids {
			if named(read.all(), id) {
				p.Errorf("a mail names the id %s:\n%s\n%s", id, read.headers, read.parts)
			}
		}
		for _, address := range regexp.MustCompile(`[a-z]+@[a-z.]+`).FindAllString(read.headers+read.parts, -1) {
			if address != "hearth@example.org" && !slices.Contains(m.To, address) && !strings.Contains(read.header.Get("Message-Id"), address) {
				p.Errorf("a mail to %s names %s", m.To, address)
			}
		}
		for _, link := range regexp.MustCompile(`\w+://[^/\s"<>]*`).FindAllString(read.headers+read.parts, -1) {
			if link != p.url {
				p.Errorf("a mail leads to %s", link)
			}
		}
		if len(m.To) != 1 || account {
			continue
		}
		p.checkNotice(read, mayName)
	}
}

// checkNotice looks at a mail that tells of messages.
func (p *postOffice) checkNotice(read opened, mayName bool) {
	p.Helper()
	names := strings.Contains(read.all(), "Alder Row")
	if names && !mayName {
		p.Errorf("a mail names the practice:\n%s\n%s", read.headers, read.parts)
	}
	words := regexp.MustCompile(`\S{20,}`).ReplaceAllString(read.headers+read.parts, "") // without links and numbers
	if word := healthWords.FindString(words); word != "" && !mayName {
		p.Errorf("a mail says %q:\n%s\n%s", word, read.headers, read.parts)
	}
	want := `"Secure messages" <hearth@example.org>`
	if names {
		want = `"Alder Row" <hearth@example.org>`
	}
	if from := read.header.Get("From"); from != want {
		p.Errorf("from %s, want %s", from, want)
	}
	if read.header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || !strings.HasPrefix(read.header.Get("List-Unsubscribe"), "<"+p.url+"/unsubscribe/") {
		p.Errorf("headers\n%s", read.headers)
	}
}

// checkOutput looks for what must not stand in the log nor on the terminal: what people
// wrote, whom it is sent to, and what opens a door.
func (p *postOffice) checkOutput(keys []string) {
	p.Helper()
	for name, text := range map[string]string{"log": p.log.String(), "terminal": p.out.String()} {
		for _, secret := range append([]string{canary, "@example.com"}, keys...) {
			if secret == "" || holds(text, secret) || strings.Contains(text, secret) {
				p.Errorf("the %s has %q in it", name, secret)
			}
		}
	}
}
