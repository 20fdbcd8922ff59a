package mail_test

import (
	"strings"
	"testing"
	"time"

	"hearth/internal/mail"
	"hearth/internal/mail/mailtest"
)

func note() mail.Note {
	return mail.Note{
		To: "sam@example.org", ID: "0195-abc", Link: "https://chat.example.org/", Settings: "https://chat.example.org/settings/notifications",
		Unsubscribe: "https://chat.example.org/unsubscribe/to-ken_1",
	}
}

func TestTheNotificationSaysNothing(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{Auth: true})
	for _, c := range []struct {
		change        func(*mail.Note)
		subject, from string
	}{
		{func(*mail.Note) {}, "You have a new message", "Secure messages"},
		{func(n *mail.Note) { n.Several = true }, "You have new messages", "Secure messages"},
		{func(n *mail.Note) { n.Waiting = true }, "A message is waiting for an answer", "Secure messages"},
		{func(n *mail.Note) { n.Practice = "Alder Row" }, "You have a new message", "Alder Row"},
	} {
		n := note()
		c.change(&n)
		m, err := mail.Notification(n)
		if err != nil {
			t.Fatal(err)
		}
		if err := sender(t, server, "none").Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		header, parts := open(t, server.Next(t).Data)
		if header.Get("Subject") != c.subject || !strings.HasPrefix(header.Get("From"), `"`+c.from+`"`) {
			t.Errorf("subject %q from %q", header.Get("Subject"), header.Get("From"))
		}
		for name, want := range map[string]string{
			"Message-Id": "<0195-abc@example.org>", "List-Unsubscribe": "<" + n.Unsubscribe + ">", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		} {
			if got := header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		for _, kind := range []string{"text/plain", "text/html"} {
			body := parts[kind]
			if strings.Count(body, "://") != 3 || strings.Contains(body, "sam@") || strings.Contains(body, "<img") || strings.Contains(body, "Alder") != (n.Practice != "") {
				t.Errorf("%s:\n%s", kind, body)
			}
		}
	}
}

func TestNothingInANotificationAddsAHeader(t *testing.T) {
	for name, change := range map[string]func(*mail.Message){
		"recipient":   func(m *mail.Message) { m.To = "sam@example.org\r\nBcc: eve@example.org" },
		"id":          func(m *mail.Message) { m.ID = "x>\r\nBcc: eve@example.org" },
		"unsubscribe": func(m *mail.Message) { m.Unsubscribe = "https://x/\r\nBcc: eve@example.org" },
		"bracket":     func(m *mail.Message) { m.Unsubscribe = "https://x/>,<https://eve.example" },
	} {
		m, err := mail.Notification(note())
		if err != nil {
			t.Fatal(err)
		}
		change(&m)
		settings := mail.Settings{Host: "127.0.0.1", Port: 1, Encryption: mail.Plain, From: "hearth@example.org"}
		if err := mail.NewSMTP(settings, nil).Send(t.Context(), m); !mail.Permanent(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	n := note()
	n.Practice = "A\r\nBcc: eve@example.org"
	if m, err := mail.Notification(n); err != nil || strings.ContainsAny(m.SenderName, "\r\n") {
		t.Errorf("%q, %v", m.SenderName, err)
	}
}

func TestSeveralMailsGoOverOneConnectionAndOneRefusalDisturbsNoOther(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{Auth: true})
	server.Refuse(1, 550)
	mails := make([]mail.Message, 5)
	for i := range mails {
		mails[i] = letter(t)
	}
	mails[3].To = "not an address"
	var failed []bool
	sender(t, server, "none").SendAll(t.Context(), mails, func(i int, err error) {
		if i != len(failed) {
			t.Errorf("told of %d after %d", i, len(failed))
		}
		failed = append(failed, err != nil)
	})
	if want := []bool{true, false, false, true, false}; len(failed) != 5 || failed[0] != want[0] || failed[1] || failed[2] || !failed[3] || failed[4] {
		t.Errorf("failed %v, want %v", failed, want)
	}
	if n := len(server.Mails()); n != 3 {
		t.Errorf("%d mails came", n)
	}
	if n := server.Connections(); n != 1 {
		t.Errorf("over %d connections", n)
	}
}

func TestAServerThatIsDownIsAskedOnce(t *testing.T) {
	settings := mail.Settings{Host: "127.0.0.1", Port: 1, Encryption: mail.Plain, From: "hearth@example.org"}
	n, began := 0, time.Now()
	mail.NewSMTP(settings, nil).SendAll(t.Context(), []mail.Message{letter(t), letter(t), letter(t)}, func(_ int, err error) {
		if err == nil || mail.Permanent(err) {
			t.Errorf("%v", err)
		}
		n++
	})
	if n != 3 || time.Since(began) > 10*time.Second {
		t.Errorf("told of %d in %v", n, time.Since(began))
	}
}
