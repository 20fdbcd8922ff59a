package server

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/internal/db"
	"hearth/internal/mail"
)

// canaryReport is what a mail server says of a mail, in its own words.
func canaryReport(to, action, status string) string {
	return "From: MAILER-DAEMON@canaryserver.example\r\nTo: " + to + "\r\nSubject: canarysubject\r\n" +
		"Content-Type: multipart/report; report-type=delivery-status; boundary=canaryboundary\r\n\r\n" +
		"--canaryboundary\r\nContent-Type: text/plain\r\n\r\ncanarywords\r\n" +
		"--canaryboundary\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; canaryserver.example\r\n\r\n" +
		"Final-Recipient: rfc822; canaryclient@example.org\r\nAction: " + action + "\r\nStatus: " + status + "\r\nDiagnostic-Code: smtp; 550 canarydiagnosis\r\n\r\n" +
		"--canaryboundary\r\nContent-Type: text/rfc822-headers\r\n\r\nX: canaryheader\r\n\r\n--canaryboundary--\r\n"
}

// hand hands a message in, as a mail server does.
func (p *postOffice) hand(method, message string) (status int, body string, header http.Header) {
	p.Helper()
	who := &http.Client{Timeout: 20 * time.Second}
	request, err := http.NewRequestWithContext(p.Context(), method, p.url+"/bounces", strings.NewReader(message))
	if err != nil {
		p.Fatal(err)
	}
	response, err := who.Do(request)
	if err != nil {
		p.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		p.Fatal(err)
	}
	return response.StatusCode, string(text), response.Header
}

// envelope gives the sender on the envelope of the newest mail to an address.
func (p *postOffice) envelope(address string) (from string) {
	for _, m := range p.mails.Mails() {
		if len(m.To) == 1 && m.To[0] == address {
			from = m.From
		}
	}
	return from
}

func TestAMailThatComesBackIsSeenByItsPersonAndStaff(t *testing.T) {
	eachPostOffice(t, func(p *postOffice) {
		noor, maya, in := p.pair()
		noor.must("POST", "/conversations/"+in+"/messages", object{"body": "Hello"})
		p.until("the mail", func() bool { return len(p.mailsTo("maya@example.org")) == 1 })
		to := p.envelope("maya@example.org")
		if !strings.HasPrefix(to, "bounces+") || !strings.HasSuffix(to, "@practice.example") || strings.Contains(to, maya.id) {
			p.Fatalf("the envelope is from %s", to)
		}
		state := func() string {
			for _, line := range maya.must("GET", "/me/notification-history", nil)["items"].([]any) {
				if d := line.(object); d["channel"] == "email" {
					return fmt.Sprint(d["state"], " ", d["why"])
				}
			}
			return ""
		}
		p.until("it is noted as sent", func() bool { return state() == "sent <nil>" })
		statusNo, bodyNo, headerNo := p.hand("POST", canaryReport("bounces+"+strings.Repeat("a", 42)+"@practice.example", "failed", "5.1.1"))
		statusYes, bodyYes, headerYes := p.hand("POST", canaryReport(to, "failed", "5.1.1"))
		for _, name := range []string{"Date", "X-Request-Id"} { // differ with each request
			headerNo.Del(name)
			headerYes.Del(name)
		}
		if statusNo != 202 || statusYes != 202 || bodyNo != bodyYes || fmt.Sprint(headerNo) != fmt.Sprint(headerYes) {
			p.Errorf("no mail of ours: %d %s %v; one of ours: %d %s %v", statusNo, bodyNo, headerNo, statusYes, bodyYes, headerYes)
		}
		if got := state(); got != "bounced returned" {
			p.Errorf("the history says %q", got)
		}
		for who, path := range map[*person]string{maya: "/me/mail-reach", noor: "/clients/" + maya.id + "/mail-reach"} {
			if reach := who.must("GET", path, nil); reach["reachable"] != false || reach["why"] != "no_mailbox" || reach["since"] == nil {
				p.Errorf("%s: %v", path, reach)
			}
		}
		if rows := noor.must("GET", "/audit?action=mail.stopped&subject_id="+maya.id, nil)["items"].([]any); len(rows) != 1 {
			p.Errorf("recorded: %v", rows)
		}
		if reach := noor.must("POST", "/clients/"+maya.id+"/mail-reach/retry", nil); reach["reachable"] != true || reach["since"] != nil || reach["why"] != nil {
			p.Errorf("tried again: %v", reach)
		}
		if reach := maya.must("POST", "/me/mail-reach/retry", nil); reach["reachable"] != true {
			p.Errorf("tried again: %v", reach)
		}
		if status, _, _ := maya.do("GET", "/clients/"+maya.id+"/mail-reach", nil); status != 403 {
			p.Errorf("a client asks as staff: %d", status)
		}
		p.checkNothingOfTheReportIsKept()
	})
}

// checkNothingOfTheReportIsKept reads every row that could have any of it, and the log.
func (p *postOffice) checkNothingOfTheReportIsKept() {
	p.Helper()
	if strings.Contains(p.log.String(), "canary") || strings.Contains(p.log.String(), "practice.example") {
		p.Error("words of the report are in the log")
	}
	for _, table := range []string{"deliveries", "mail_stops", "audit_log", "jobs", "outbox", "notices"} {
		err := p.db.Read(p.Context(), func(tx *db.Tx) error {
			rows, err := tx.Query(p.Context(), `SELECT * FROM `+table)
			if err != nil {
				return err
			}
			defer rows.Close()
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			for rows.Next() {
				values := make([]any, len(columns))
				for i := range values {
					values[i] = new(any)
				}
				if err := rows.Scan(values...); err != nil {
					return err
				}
				for i, v := range values {
					value := *v.(*any)
					if bytes, is := value.([]byte); is {
						value = string(bytes)
					}
					if text := fmt.Sprint(value); strings.Contains(text, "canary") || strings.Contains(text, "example") {
						p.Errorf("%s.%s has %q", table, columns[i], text)
					}
				}
			}
			return rows.Err()
		})
		if err != nil {
			p.Errorf("%s: %v", table, err)
		}
	}
}

func TestWhatIsHandedInAsAReportIsBounded(t *testing.T) {
	eachPostOffice(t, func(p *postOffice) {
		for name, c := range map[string]struct {
			method, message string
			status          int
		}{
			"nothing":        {"POST", "", 202},
			"rubbish":        {"POST", "\x00\xff: \r\n\r\n--", 202},
			"another method": {"GET", "", 405},
			"all it takes":   {"POST", strings.Repeat("x", 256<<10), 202},
			"too much":       {"POST", strings.Repeat("x", 256<<10+1), 413},
		} {
			if status, _, _ := p.hand(c.method, c.message); status != c.status {
				p.Errorf("%s: %d, want %d", name, status, c.status)
			}
		}
	})
}

func TestManyReportsFromOneAddressHaveToWait(t *testing.T) {
	settings := mail.Settings{Host: "127.0.0.1", Port: 1, Encryption: mail.Plain, From: "hearth@example.org", Bounces: "bounces@practice.example"}
	p := &postOffice{T: t, running: start(t, func(c *Config) { c.SMTP = &settings })}
	for range 1000 {
		if status, _, header := p.hand("POST", "rubbish"); status == 429 {
			if header.Get("Retry-After") == "" {
				t.Error("it does not say for how long")
			}
			return
		}
	}
	t.Error("nobody had to wait")
}

func TestWithoutAnAddressForReportsNoneAreTaken(t *testing.T) {
	p := &postOffice{T: t, running: start(t, nil)}
	if status, _, _ := p.hand("POST", "rubbish"); status == 202 {
		t.Errorf("taken: %d", status)
	}
}
