package mail

import (
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"regexp"
	"strings"
)

// MaxReport bounds what is read of a report, in bytes: what says what became of a mail stands
// before the copy of the mail, which may be long.
const MaxReport = 256 << 10

const (
	maxStatus = 64 << 10 // of the part that says what became of it
	maxParts  = 8
	maxTags   = 16
)

// Fate is what a report says became of a mail.
type Fate string

// The fates. A report that some got it says nothing here.
const (
	FateFailed  Fate = "failed"  // it does not arrive any more
	FateDelayed Fate = "delayed" // it is still tried
)

// Report is what a mail server says about a mail that it could not deliver, or not yet (RFC
// 3464). Nothing of its words is kept.
type Report struct {
	Tags   []string // the tags of the addresses that it came to: see [Tagged]
	Fate   Fate
	Status string // three numbers (RFC 3463): 5.1.1 is that there is no such mailbox
}

// Permanent reports whether it says that trying again is of no use.
func (r Report) Permanent() bool { return r.Fate == FateFailed && strings.HasPrefix(r.Status, "5.") }

// NoMailbox reports whether it says that there is no such address.
func (r Report) NoMailbox() bool { return r.Permanent() && r.Status == "5.1.1" }

// Tagged is an address with a tag, bounces+tag@practice.example, to which a report about one
// mail comes back.
func Tagged(address, tag string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return ""
	}
	return address[:at] + "+" + tag + address[at:]
}

// MaxTag is how long a tag may be: an address has 64 letters before its @ (RFC 5321).
const MaxTag = 42

// ParseBounces reads the address to which reports come back. An error names the setting.
func ParseBounces(text string) (string, error) {
	address, err := bareAddress(text)
	local, _, _ := strings.Cut(address, "@")
	if err != nil || strings.ContainsAny(local, "+\" ") || len(local)+1+MaxTag > 64 {
		return "", errors.New("HEARTH_SMTP_BOUNCES: must be one e-mail address such as bounces@practice.example, with at most 21 letters before the @ and without a +, behind which Hearth writes which mail it was")
	}
	return address, nil
}

// ReadReport reads a mail; ok is false for one that is no report of a delivery, such as a
// notice of absence, or one that says nothing of use. It reads at most MaxReport bytes and
// takes anything.
func ReadReport(r io.Reader) (report Report, ok bool) {
	m, err := netmail.ReadMessage(withoutEnvelope(io.LimitReader(r, MaxReport)))
	if err != nil {
		return report, false
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || !strings.EqualFold(params["report-type"], "delivery-status") {
		return report, false
	}
	status, found := statusPart(m.Body, params["boundary"])
	if !found {
		return report, false
	}
	report = readStatus(status)
	report.Tags = tagsOf(m.Header)
	return report, report.Fate != ""
}

// withoutEnvelope skips the line with which mail servers begin a message that they hand to
// a program: "From " and who sent it.
func withoutEnvelope(r io.Reader) io.Reader {
	const line = "From "
	head := make([]byte, len(line))
	n, err := io.ReadFull(r, head)
	if err != nil || string(head) != line {
		return io.MultiReader(strings.NewReader(string(head[:n])), r)
	}
	one := make([]byte, 1)
	for {
		if _, err := io.ReadFull(r, one); err != nil || one[0] == '\n' {
			return r
		}
	}
}

// statusPart finds the part that programs read.
func statusPart(body io.Reader, boundary string) (string, bool) {
	if boundary == "" {
		return "", false
	}
	parts := multipart.NewReader(body, boundary)
	for range maxParts {
		part, err := parts.NextPart()
		if err != nil {
			return "", false
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type")) // an error leaves it empty
		if kind != "message/delivery-status" && kind != "message/global-delivery-status" {
			continue
		}
		var content io.Reader = part
		if strings.EqualFold(part.Header.Get("Content-Transfer-Encoding"), "base64") {
			content = base64.NewDecoder(base64.StdEncoding, part)
		}
		text, _ := io.ReadAll(io.LimitReader(content, maxStatus)) // what is cut off may still say it
		return string(text), true
	}
	return "", false
}

var statusCode = regexp.MustCompile(`^[245]\.[0-9]{1,3}\.[0-9]{1,3}\b`)

// readStatus reads what each group of fields says of one recipient. A mail goes to one
// person; where they had it forwarded to several it arrived if one of them got it.
func readStatus(text string) (r Report) {
	var action, status string
	arrived := false
	end := func() {
		switch action {
		case "delivered", "relayed", "expanded":
			arrived = true
		case string(FateFailed):
			if status != "" && !(r.Fate == FateFailed && r.Permanent()) {
				r.Fate, r.Status = FateFailed, status
			}
		case string(FateDelayed):
			if r.Fate == "" {
				r.Fate, r.Status = FateDelayed, status
			}
		}
		action, status = "", ""
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		name, value, _ := strings.Cut(line, ":")
		switch value = strings.TrimSpace(value); {
		case strings.TrimSpace(line) == "":
			end()
		case strings.EqualFold(name, "Action"):
			action, _, _ = strings.Cut(strings.ToLower(value), " ")
		case strings.EqualFold(name, "Status"):
			status = statusCode.FindString(value)
		}
	}
	if end(); arrived {
		return Report{}
	}
	return r
}

var tag = regexp.MustCompile(`\+([A-Za-z0-9]{16,42})@`)

// tagsOf finds the tags in the headers that say to whom a mail came.
func tagsOf(h netmail.Header) (tags []string) {
	for _, name := range []string{"Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To"} {
		for _, value := range h[name] {
			for _, found := range tag.FindAllStringSubmatch(value, maxTags-len(tags)) {
				tags = append(tags, found[1])
			}
			if len(tags) >= maxTags {
				return tags
			}
		}
	}
	return tags
}
