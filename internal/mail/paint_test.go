package mail_test

import (
	"strings"
	"testing"
	"time"

	"hearth/internal/mail"
)

// Every mail that names the practice carries its colour, on the band and the button, and
// with it in the same place what is written on it.
func TestMailsThatNameThePracticeCarryItsColour(t *testing.T) {
	account := mail.Letter{To: "sam@example.org", Practice: "Alder Row & Sons", Colour: "#ffd166", Valid: time.Hour, Link: "https://chat.example.org/invite#t"}
	told := note()
	told.Practice, told.Colour = account.Practice, account.Colour
	for name, write := range map[string]func() (mail.Message, error){
		"invitation":   func() (mail.Message, error) { return mail.Invitation(account) },
		"reset":        func() (mail.Message, error) { return mail.Reset(account) },
		"notification": func() (mail.Message, error) { return mail.Notification(told) },
	} {
		m, err := write()
		if err != nil {
			t.Fatal(err)
		}
		for what, times := range map[string]int{
			"Alder Row &amp; Sons</td>":         1, // the band
			`bgcolor="#ffd166"`:                 2, // and the button
			"background:#ffd166;color:#000000":  1,
			"color:#000000;text-decoration":     1,
			"#1d5f4b":                           0,
			"ZgotmplZ":                          0,
			"prefers-color-scheme: dark":        1,
			".link { color: #ffd166 !important": 1, // it can be read on dusk as it is
		} {
			if got := strings.Count(m.HTML, what); got != times {
				t.Errorf("%s: %q stands there %d times, want %d, in\n%s", name, what, got, times, m.HTML)
			}
		}
		if strings.Contains(m.HTML, `style="color:#ffd166"`) || strings.Contains(m.HTML, "solid #ffd166") {
			t.Errorf("%s: the colour alone cannot be seen on white:\n%s", name, m.HTML)
		}
		if strings.Contains(m.Text, "#ffd166") || !strings.HasPrefix(m.HTML, "<!doctype html>") {
			t.Errorf("%s: %q begins %.30q", name, m.Text, m.HTML)
		}
	}
}

// A mail that names nobody has Hearth's colour, whatever the practice's is: readers of the
// screen beside know a colour too.
func TestAMailThatNamesNobodyHasNobodysColour(t *testing.T) {
	plain, coloured := note(), note()
	coloured.Colour = "#ffd166"
	want, err := mail.Notification(plain)
	if err != nil {
		t.Fatal(err)
	}
	got, err := mail.Notification(coloured)
	if err != nil || got != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got.HTML, want.HTML)
	}
	if !strings.Contains(want.HTML, "background:#1d5f4b") {
		t.Errorf("not Hearth's own:\n%s", want.HTML)
	}
}
