package mail_test

import (
	"slices"
	"strings"
	"testing"

	"hearth/internal/care"
	"hearth/internal/mail"
	"hearth/internal/mail/mailtest"
)

// addresses are what somebody may give as theirs, and whether it can be stored. The others
// may stand in stores that were filled before addresses were checked, or by another door.
var addresses = map[string]bool{
	"sam@example.org":                                   true,
	"séam@example.org":                                  true,
	"sam@bücher.example":                                true,
	"sam+mail.one_two-three@example.org":                true,
	"=?utf-8?q?=0d=0abcc=3aeve?=@example.org":           true, // atoms, which nobody may decode
	"%0d%0abcc%3aeve@example.org":                       true,
	"sam\u200b@example.org":                             true,
	"\u202esam@example.org":                             true,
	strings.Repeat("a", 200) + "@example.org":           true,
	"sam@example.org\r\nBcc: eve@example.org":           false,
	"sam@example.org\nBcc: eve@example.org":             false,
	"sam@example.org\rBcc: eve@example.org":             false,
	"sam@example.org\r\n\r\nA text of one's own":        false,
	"sam\r\n@example.org":                               false,
	"sam@example.org\x00":                               false,
	"sam@example.org\vbcc":                              false,
	"sam@example.org\u0085bcc@example.org":              false,
	"sam@example.org\u2028Bcc: eve@example.org":         false,
	"sam\u2029bcc@example.org":                          false,
	"sam@example.org eve@example.org":                   false,
	"sam@example.org,eve@example.org":                   false,
	"sam@example.org;eve@example.org":                   false,
	"sam@example.org> NOTIFY=SUCCESS ORCPT=rfc822;<eve": false,
	"sam@example.org SIZE=1":                            false,
	"Sam <eve@example.org>":                             false,
	"<sam@example.org>":                                 false,
	"Everybody: sam@example.org, eve@example.org;":      false,
	"sam@example.org (eve@example.org)":                 false,
	`"sam eve"@example.org`:                             false,
	`"sam\r\nBcc: eve"@example.org`:                     false,
	`"sam@example.org> SIZE=1"@example.org`:             false,
	`"<eve@example.org>"@example.org`:                   false,
	"sam@[127.0.0.1]":                                   false,
	"sam@eve@example.org":                               false,
	"@example.org":                                      false,
	"sam@":                                              false,
	"sam":                                               false,
	"sam@example.org\xff":                               false,
	strings.Repeat("a", 300) + "@example.org":           false,
	"sam@" + strings.Repeat("a.", 150) + "example":      false,
}

// headers are all that a notification has.
var headers = []string{
	"Auto-Submitted", "Content-Type", "Date", "From", "List-Unsubscribe", "List-Unsubscribe-Post", "Message-Id", "Mime-Version",
	"Subject", "To", "User-Agent", "X-Mailer",
}

func TestAnAddressWithTricksReachesNobodyElse(t *testing.T) {
	server, came := mailtest.Start(t, mailtest.Options{Auth: true}), 0
	for address, stored := range addresses {
		if _, refused := care.CheckEmail("email", address); (refused == nil) != stored {
			t.Errorf("%.60q can be stored: %v", address, refused == nil)
		}
		n := note()
		n.To = address
		m, err := mail.Notification(n)
		if err != nil {
			t.Fatal(err)
		}
		failed := sender(t, server, "none").Send(t.Context(), m)
		if failed != nil && (!mail.Permanent(failed) || strings.Contains(failed.Error(), "sam")) {
			t.Errorf("%.60q: %v", address, failed)
		}
		mails := server.Mails()[came:]
		came += len(mails)
		if (failed == nil) != (len(mails) == 1) {
			t.Errorf("%.60q: %v, and %d mails came", address, failed, len(mails))
		}
		if len(mails) == 1 {
			checkEnvelope(t, address, mails[0])
		}
	}
}

// checkEnvelope looks who got a mail, and what stands in its head.
func checkEnvelope(t *testing.T, address string, got mailtest.Mail) {
	t.Helper()
	quotes := strings.NewReplacer(`"`, "", `\`, "")
	if len(got.To) != 1 || quotes.Replace(got.To[0]) != quotes.Replace(address) {
		t.Errorf("%.60q: it went to %q", address, got.To)
	}
	header, parts := open(t, got.Data)
	for name, values := range header {
		if !slices.Contains(headers, name) || len(values) != 1 {
			t.Errorf("%.60q adds the header %s: %q", address, name, values)
		}
	}
	if len(parts) != 2 {
		t.Errorf("%.60q: %d parts", address, len(parts))
	}
}

func TestLinesThatOnlySomeProgramsSeeStayInTheirHeader(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{Auth: true})
	for _, line := range []string{"\u2028", "\u2029", "\u0085", "=?utf-8?q?=0d=0a?="} {
		n := note()
		n.Practice = "Alder" + line + "Bcc: eve@example.org"
		m, err := mail.Notification(n)
		if err != nil {
			t.Fatal(err)
		}
		if err := sender(t, server, "none").Send(t.Context(), m); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		got := server.Next(t)
		head, _, _ := strings.Cut(got.Data, "\r\n\r\n")
		if strings.Contains(head, line) && line[0] != '=' {
			t.Errorf("%q stands in the head:\n%s", line, head)
		}
		checkEnvelope(t, n.To, got)
	}
}
