package mail_test

import (
	"strings"
	"testing"

	"hearth/internal/mail"
	"hearth/internal/mail/mailtest"
)

const someTag = "aebagbafaydqqcikbmga2dqpcaireeyuculbogazdinr"

// dsn is a report as mail servers write it.
func dsn(status string) string {
	return strings.ReplaceAll(`Return-Path: <>
Delivered-To: bounces+`+someTag[:42]+`@practice.example
From: MAILER-DAEMON@mx.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: bounces+`+someTag[:42]+`@practice.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4F2A.1700000000/mx.example"

This is a MIME-encapsulated message.

--4F2A.1700000000/mx.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--4F2A.1700000000/mx.example
Content-Description: Delivery report
Content-Type: message/delivery-status

`+status+`
--4F2A.1700000000/mx.example
Content-Type: text/rfc822-headers

Subject: You have a new message

--4F2A.1700000000/mx.example--
`, "\n", "\r\n")
}

const perMessage = "Reporting-MTA: dns; mx.example\nArrival-Date: Mon, 2 Mar 2026 09:30:00 +0000\n\n"

func group(action, status string) string {
	return "Final-Recipient: rfc822; canary@client.example\nOriginal-Recipient: rfc822;canary@client.example\nAction: " + action +
		"\nStatus: " + status + "\nDiagnostic-Code: smtp; 550 5.7.1 canary\n    is not here\n\n"
}

func TestReadReport(t *testing.T) {
	for name, c := range map[string]struct {
		status string
		fate   mail.Fate
		code   string
	}{
		"no mailbox":                {perMessage + group("failed", "5.1.1"), mail.FateFailed, "5.1.1"},
		"comments and letters":      {perMessage + group("Failed (for good)", "5.2.2 (mailbox full)"), mail.FateFailed, "5.2.2"},
		"no group of the message":   {group("failed", "5.1.1"), mail.FateFailed, "5.1.1"},
		"it gave up":                {perMessage + group("failed", "4.4.1"), mail.FateFailed, "4.4.1"},
		"still tried":               {perMessage + group("delayed", "4.4.1"), mail.FateDelayed, "4.4.1"},
		"the worst of two":          {perMessage + group("delayed", "4.4.1") + group("failed", "4.2.2") + group("failed", "5.7.1") + group("failed", "4.4.7"), mail.FateFailed, "5.7.1"},
		"one of two got it":         {perMessage + group("failed", "5.1.1") + group("delivered", "2.0.0"), "", ""},
		"handed on":                 {perMessage + group("relayed", "2.0.0"), "", ""},
		"a status that is none":     {perMessage + group("failed", "5,1,1"), "", ""},
		"a status of great numbers": {perMessage + group("failed", "5.1234.1"), "", ""},
		"an unknown action":         {perMessage + group("exploded", "5.1.1"), "", ""},
		"nothing":                   {"", "", ""},
		"no fields":                 {"Action\nStatus\n::\n\x00\n", "", ""},
	} {
		r, ok := mail.ReadReport(strings.NewReader(dsn(c.status)))
		if ok != (c.fate != "") || r.Fate != c.fate || r.Status != c.code {
			t.Errorf("%s: %+v %v", name, r, ok)
		}
		if ok && (len(r.Tags) != 2 || r.Tags[0] != someTag[:42]) {
			t.Errorf("%s: tags %q", name, r.Tags)
		}
	}
}

func TestWhatSaysThatTryingAgainIsOfNoUse(t *testing.T) {
	for _, c := range []struct {
		report        mail.Report
		permanent, no bool
	}{
		{mail.Report{Fate: mail.FateFailed, Status: "5.1.1"}, true, true},
		{mail.Report{Fate: mail.FateFailed, Status: "5.1.10"}, true, false},
		{mail.Report{Fate: mail.FateFailed, Status: "4.1.1"}, false, false},
		{mail.Report{Fate: mail.FateDelayed, Status: "5.1.1"}, false, false},
	} {
		if c.report.Permanent() != c.permanent || c.report.NoMailbox() != c.no {
			t.Errorf("%+v: %v %v", c.report, c.report.Permanent(), c.report.NoMailbox())
		}
	}
}

func TestWhatMailServersDoToReports(t *testing.T) {
	good := dsn(perMessage + group("failed", "5.1.1"))
	encoded := strings.Replace(good, "Content-Type: message/delivery-status\r\n\r\n"+strings.ReplaceAll(perMessage+group("failed", "5.1.1"), "\n", "\r\n"),
		"Content-Type: message/global-delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\nQWN0aW9uOiBmYWlsZWQNClN0YXR1czog\r\nNS4xLjENCg==\r\n", 1)
	for name, text := range map[string]string{
		"as it is":             good,
		"lines without CR":     strings.ReplaceAll(good, "\r\n", "\n"),
		"an envelope":          "From MAILER-DAEMON Mon Mar  2 09:30:00 2026\n" + good,
		"upper case":           strings.ReplaceAll(strings.ReplaceAll(good, "multipart/report", "Multipart/Report"), "delivery-status", "Delivery-Status"),
		"a long copy behind":   strings.Replace(good, "Subject: You have", "X: "+strings.Repeat("x", mail.MaxReport)+"\r\nSubject: You have", 1),
		"cut off in the copy":  good[:strings.Index(good, "Subject: You have")],
		"in another encoding":  encoded,
		"quoted, as if needed": strings.Replace(good, "message/delivery-status\r\n", "message/delivery-status\r\nContent-Transfer-Encoding: quoted-printable\r\n", 1),
	} {
		if r, ok := mail.ReadReport(strings.NewReader(text)); !ok || !r.NoMailbox() || len(r.Tags) == 0 {
			t.Errorf("%s: %+v %v", name, r, ok)
		}
	}
	for name, text := range map[string]string{
		"empty":                "",
		"four letters":         "From",
		"an envelope alone":    "From me",
		"a notice of absence":  "To: bounces+" + someTag[:42] + "@practice.example\r\nSubject: I am away\r\nAuto-Submitted: auto-replied\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n",
		"that it was read":     strings.ReplaceAll(good, "report-type=delivery-status", "report-type=disposition-notification"),
		"a complaint":          strings.ReplaceAll(good, "report-type=delivery-status", "report-type=feedback-report"),
		"no boundary":          strings.Replace(good, `boundary="4F2A.1700000000/mx.example"`, "", 1),
		"too much before it":   strings.Replace(good, "I'm sorry", strings.Repeat("I'm sorry\r\n", mail.MaxReport/10), 1),
		"too many parts first": strings.Replace(good, "--4F2A.1700000000/mx.example\r\nContent-Description: Notification", strings.Repeat("--4F2A.1700000000/mx.example\r\nX: y\r\n\r\n\r\n", 9)+"--4F2A.1700000000/mx.example\r\nContent-Description: Notification", 1),
	} {
		if r, ok := mail.ReadReport(strings.NewReader(text)); ok {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestManyTagsAreNotAllLookedAt(t *testing.T) {
	many := strings.Repeat("bounces+"+someTag[:42]+"@practice.example, ", 500)
	r, ok := mail.ReadReport(strings.NewReader("To: " + many + "\r\n" + strings.SplitN(dsn(perMessage+group("failed", "5.1.1")), "\r\n", 2)[1]))
	if !ok || len(r.Tags) != 16 {
		t.Errorf("%d tags, %v", len(r.Tags), ok)
	}
}

func FuzzReadReport(f *testing.F) {
	f.Add(dsn(perMessage + group("failed", "5.1.1")))
	f.Add(dsn(group("delayed", "4.4.1") + "\n\n:\n Status"))
	f.Add("From x\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"\"\n\n--\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, ok := mail.ReadReport(strings.NewReader(text))
		if ok != (r.Fate == mail.FateFailed || r.Fate == mail.FateDelayed) || len(r.Tags) > 16 || len(r.Status) > 9 || r.Fate == mail.FateFailed && r.Status == "" {
			t.Errorf("%+v %v", r, ok)
		}
	})
}

func TestReportsComeToAnAddressOfEachMail(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{Auth: true})
	m := letter(t)
	m.Bounces = mail.Tagged("bounces@practice.example", "sometag")
	if err := sender(t, server, "none").Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got := server.Next(t)
	if got.From != "bounces+sometag@practice.example" || !strings.Contains(got.Data, "<hearth@example.org>") || strings.Contains(got.Data, "sometag") {
		t.Errorf("from %s\n%s", got.From, got.Data)
	}
	m.Bounces = "bounces@practice.example>\r\nRCPT TO:<other@example.org"
	if err := sender(t, server, "none").Send(t.Context(), m); !mail.Permanent(err) {
		t.Errorf("an address with tricks: %v", err)
	}
}

func TestParseBounces(t *testing.T) {
	if got, err := mail.ParseBounces("bounces@practice.example"); err != nil || got != "bounces@practice.example" {
		t.Errorf("%q %v", got, err)
	}
	if address := mail.Tagged("bounces@practice.example", strings.Repeat("x", mail.MaxTag)); len(strings.SplitN(address, "@", 2)[0]) > 64 {
		t.Errorf("%s is too long", address)
	}
	for _, wrong := range []string{"", "bounces", "Practice <bounces@practice.example>", "a@b.example, c@d.example", "boun+ces@practice.example", `"a b"@practice.example`, strings.Repeat("b", 22) + "@practice.example"} {
		if got, err := mail.ParseBounces(wrong); err == nil || !strings.Contains(err.Error(), "HEARTH_SMTP_BOUNCES") {
			t.Errorf("%q: %q %v", wrong, got, err)
		}
	}
}
