package mail_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"hearth/internal/mail"
	"hearth/internal/mail/mailtest"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		url  string
		want mail.Settings
	}{
		{"smtp://mail.example.org", mail.Settings{Host: "mail.example.org", Port: 587, Encryption: mail.StartTLS}},
		{"smtp://u:p%40ss@mail.example.org:2525?tls=starttls", mail.Settings{Host: "mail.example.org", Port: 2525, User: "u", Password: "p@ss", Encryption: mail.StartTLS}},
		{"smtp://mail.example.org:465", mail.Settings{Host: "mail.example.org", Port: 465, Encryption: mail.TLS}},
		{"smtp://mail.example.org?tls=tls", mail.Settings{Host: "mail.example.org", Port: 465, Encryption: mail.TLS}},
		{"smtp://127.0.0.1?tls=none", mail.Settings{Host: "127.0.0.1", Port: 25, Encryption: mail.Plain}},
		{"smtp://u:p@[::1]:25?tls=none", mail.Settings{Host: "::1", Port: 25, User: "u", Password: "p", Encryption: mail.Plain}},
	} {
		c.want.From = "hearth@example.org"
		if got, err := mail.Parse(c.url, "hearth@example.org"); err != nil || got != c.want {
			t.Errorf("%s: %+v, %v; want %+v", c.url, got, err, c.want)
		}
	}
}

func TestParseNamesTheSettingAndKeepsThePasswordToItself(t *testing.T) {
	const good, from = "smtp://mail.example.org", "hearth@example.org"
	for _, c := range []struct{ url, from, says string }{
		{"", from, "HEARTH_SMTP_URL: must begin with smtp://"},
		{"mail.example.org:25", from, "HEARTH_SMTP_URL"},
		{"https://u:hunter2@mail.example.org", from, "must begin with smtp://"},
		{"smtp://u:hunter2@", from, "names no server"},
		{"smtp://u:hunter2%@mail.example.org", from, "not a URL"},
		{"smtp://u@mail.example.org", from, "without a password"},
		{"smtp://mail.example.org:0", from, "port"},
		{"smtp://mail.example.org:99999", from, "port"},
		{"smtp://mail.example.org?tls=yes", from, "none, starttls or tls"},
		{"smtp://mail.example.org?ssl=on", from, "other than tls"},
		{"smtp://mail.example.org/inbox", from, "after the server"},
		{"smtp://u:hunter2@mail.example.org?tls=none", from, "unprotected"},
		{good, "", "HEARTH_MAIL_FROM"},
		{good, "Practice <hearth@example.org>", "HEARTH_MAIL_FROM"},
		{good, "a@example.org, b@example.org", "HEARTH_MAIL_FROM"},
		{good, "a@example.org\r\nBcc: b@example.org", "HEARTH_MAIL_FROM"},
	} {
		_, err := mail.Parse(c.url, c.from)
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q %q: %v; want %q and no password", c.url, c.from, err, c.says)
		}
	}
}

func sender(t *testing.T, s *mailtest.Server, query string) *mail.SMTP {
	t.Helper()
	settings, err := mail.Parse("smtp://"+mailtest.User+":post%20office@"+s.Addr+"?tls="+query, "hearth@example.org")
	if err != nil {
		t.Fatal(err)
	}
	return mail.NewSMTP(settings, s.Trust)
}

func letter(t *testing.T) mail.Message {
	t.Helper()
	m, err := mail.Invitation(mail.Letter{
		To: "sam@example.org", Practice: "Praxis Nußbaum & Söhne", Valid: 7 * 24 * time.Hour,
		Link: "https://chat.example.org/invite#tok-en_123",
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSendsOverEveryKindOfConnection(t *testing.T) {
	for query, options := range map[string]mailtest.Options{
		"none":     {Auth: true},
		"starttls": {Auth: true, StartTLS: true},
		"tls":      {Auth: true, TLS: true},
	} {
		t.Run(query, func(t *testing.T) {
			server := mailtest.Start(t, options)
			if err := sender(t, server, query).Send(t.Context(), letter(t)); err != nil {
				t.Fatal(err)
			}
			got := server.Next(t)
			if got.From != "hearth@example.org" || len(got.To) != 1 || got.To[0] != "sam@example.org" {
				t.Errorf("envelope %q %q", got.From, got.To)
			}
		})
	}
}

func TestTheLetterSaysLittleAndHoldsOneLink(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{Auth: true})
	if err := sender(t, server, "none").Send(t.Context(), letter(t)); err != nil {
		t.Fatal(err)
	}
	header, parts := open(t, server.Next(t).Data)
	from, err := netmail.ParseAddress(header.Get("From"))
	if err != nil || from.Name != "Praxis Nußbaum & Söhne" || from.Address != "hearth@example.org" {
		t.Errorf("from %v, %v", from, err)
	}
	if subject := header.Get("Subject"); subject != "Your invitation" {
		t.Errorf("subject %q", subject)
	}
	if header.Get("Auto-Submitted") != "auto-generated" {
		t.Error("out-of-office programs would answer")
	}
	for _, kind := range []string{"text/plain", "text/html"} {
		body := parts[kind]
		if n := strings.Count(body, "https://chat.example.org/invite#tok-en_123"); n != 1 {
			t.Errorf("%s: %d links in\n%s", kind, n, body)
		}
		if strings.Count(body, "://") != 1 || !strings.Contains(body, "7 days") || strings.Contains(body, "sam@") {
			t.Errorf("%s:\n%s", kind, body)
		}
	}
	if !strings.Contains(parts["text/html"], "Nußbaum &amp; Söhne") {
		t.Error("the name is not escaped in HTML")
	}
}

// open reads a mail as a mail program does.
func open(t *testing.T, data string) (netmail.Header, map[string]string) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts, reader := map[string]string{}, multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return m.Header, parts
		}
		if err != nil {
			t.Fatal(err)
		}
		var body bytes.Buffer
		if _, err := io.Copy(&body, quotedprintable.NewReader(part)); err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		parts[kind] = body.String()
	}
}

func TestNothingInAMessageAddsAHeaderOrARecipient(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{Auth: true})
	for name, change := range map[string]func(*mail.Message){
		"sender":     func(m *mail.Message) { m.SenderName = "Practice\r\nBcc: eve@example.org" },
		"subject":    func(m *mail.Message) { m.Subject = "Hello\nBcc: eve@example.org" },
		"recipient":  func(m *mail.Message) { m.To = "sam@example.org\r\nBcc: eve@example.org" },
		"recipients": func(m *mail.Message) { m.To = "sam@example.org, eve@example.org" },
		"named":      func(m *mail.Message) { m.To = "Eve <eve@example.org>" },
	} {
		m := letter(t)
		change(&m)
		if err := sender(t, server, "none").Send(t.Context(), m); !mail.Permanent(err) {
			t.Errorf("%s: %v, want a permanent refusal", name, err)
		}
	}
	m, err := mail.Reset(mail.Letter{To: "sam@example.org", Practice: "A\r\nBcc: eve@example.org", Link: "https://x/#t", Valid: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if err := sender(t, server, "none").Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	header, _ := open(t, server.Next(t).Data)
	if len(server.Mails()) != 1 || header.Get("Bcc") != "" {
		t.Errorf("%d mails, Bcc %q", len(server.Mails()), header.Get("Bcc"))
	}
}

func TestSendTellsPermanentFromPassingFailuresAndNamesNobody(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{Auth: true})
	for code, permanent := range map[int]bool{550: true, 451: false} {
		server.Refuse(1, code)
		err := sender(t, server, "none").Send(t.Context(), letter(t))
		if err == nil || mail.Permanent(err) != permanent || strings.Contains(err.Error(), "somebody") {
			t.Errorf("%d: %v", code, err)
		}
	}
	wrong, err := mail.Parse("smtp://hearth:wrong@"+server.Addr+"?tls=none", "hearth@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if err := mail.NewSMTP(wrong, nil).Send(t.Context(), letter(t)); err == nil || mail.Permanent(err) {
		t.Errorf("a wrong password is the operator's to mend, not a reason to drop mail: %v", err)
	}
}

func TestAnUntrustedOrUnencryptedServerGetsNothing(t *testing.T) {
	untrusted := mailtest.Start(t, mailtest.Options{Auth: true, StartTLS: true})
	settings, _ := mail.Parse("smtp://hearth:post%20office@"+untrusted.Addr, "hearth@example.org")
	if err := mail.NewSMTP(settings, nil).Send(t.Context(), letter(t)); err == nil || !strings.Contains(err.Error(), "not trusted") {
		t.Errorf("untrusted: %v", err)
	}
	plain := mailtest.Start(t, mailtest.Options{})
	for _, account := range []string{"", "hearth:post%20office@"} {
		settings, err := mail.Parse("smtp://"+account+plain.Addr+"?tls=starttls", "hearth@example.org")
		if err != nil {
			t.Fatal(err)
		}
		if err := mail.NewSMTP(settings, plain.Trust).Send(t.Context(), letter(t)); err == nil {
			t.Error("sent in clear although encryption was asked for")
		}
	}
	if n := len(untrusted.Mails()) + len(plain.Mails()); n != 0 {
		t.Errorf("%d mails arrived", n)
	}
}
