package markdown

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

const user = "0190b1c2-0000-7000-8000-00000000000a"

// shown writes blocks compactly: **bold**, _italic_, `code`, [label](address), (@user).
func shown(blocks []Block) string {
	var all []string
	for _, b := range blocks {
		switch b.Kind {
		case Code:
			all = append(all, "{"+b.Code+"}")
		case Text:
			all = append(all, line(b.Spans))
		case List:
			var items []string
			for _, i := range b.Items {
				mark := "•"
				if i.Number >= 0 {
					mark = fmt.Sprint(i.Number)
				}
				items = append(items, mark+" "+line(i.Spans))
			}
			all = append(all, strings.Join(items, " | "))
		}
	}
	return strings.Join(all, " ¶ ")
}

func line(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		text := s.Text
		if s.Code {
			text = "`" + text + "`"
		}
		if !s.Mention.IsZero() {
			text = "(@" + s.Mention.String() + ")"
		}
		if s.Italic {
			text = "_" + text + "_"
		}
		if s.Bold {
			text = "**" + text + "**"
		}
		if s.Href != "" {
			text = "[" + text + "](" + s.Href + ")"
		}
		b.WriteString(text)
	}
	return b.String()
}

// The cases are those of the web app's own test, where they are not about its tree.
func TestLightMarkdown(t *testing.T) {
	for body, want := range map[string]string{
		"**bold** and *italic*":              "**bold** and _italic_",
		"__bold__ and _italic_":              "**bold** and _italic_",
		"***both***":                         "**_both_**",
		"*a **b** c*":                        "_a _**_b_**_ c_",
		"2*3*4 and 5 * 6 * 7":                "2*3*4 and 5 * 6 * 7",
		"snake_case_name":                    "snake_case_name",
		"*open **and* crossed**":             "_open **and_ crossed**",
		"**never closed":                     "**never closed",
		"*****":                              "*****",
		"**太字**です":                           "**太字**です",
		`\*not\* C:\new`:                     `*not* C:\new`,
		"`a*b*c` and ``x ` y``":              "`a*b*c` and `x ` y`",
		"`open":                              "`open",
		"**a **b** c**":                      "**a b c**",
		"see https://example.org/a_(b)?c=d.": "see [https://example.org/a_(b)?c=d](https://example.org/a_(b)?c=d).",
		"(www.example.org)":                  "([www.example.org](https://www.example.org/))",
		"to a.b+c@example.org, now":          "to [a.b+c@example.org](mailto:a.b+c@example.org), now",
		"tel:+15035550142":                   "[tel:+15035550142](tel:+15035550142)",
		"[the plan](https://example.org/x)":  "[the plan](https://example.org/x)",
		"[x](javascript:alert(1))":           "[x](javascript:alert(1))",
		"[x](//evil.example)":                "[x](//evil.example)",
		"[x](https://a:b@evil/)":             "[x](https://a:b@evil/)",
		"file:///etc/passwd":                 "file:///etc/passwd",
		"[bank.example](https://www.bank.example/login)": "[bank.example](https://www.bank.example/login)",
		`<img src=x onerror="alert(1)"> <b>no</b>`:       `<img src=x onerror="alert(1)"> <b>no</b>`,
		"Two things:\n- one\n- **two**\nthat is all":     "Two things: ¶ • one | • **two** ¶ that is all",
		"3. c\n5) e":                              "3 c | 5 e",
		"-5 degrees\n1.5 mg":                      "-5 degrees\n1.5 mg",
		"```\n*a*\n\n  b\n```\nafter":             "{*a*\n\n  b} ¶ after",
		"```\nnever closed":                       "```\nnever closed",
		"hi <@" + user + ">, **<@" + user + ">**": "hi (@" + user + "), **(@" + user + ")**",
		"<@nobody> <@>":                           "<@nobody> <@>",
	} {
		if got := shown(Read(body)); got != want {
			t.Errorf("%q: %s, want %s", body, got, want)
		}
	}
}

func TestALabelDoesNotClaimToBeAnotherAddress(t *testing.T) {
	for _, b := range Read("[https://bank.example](https://evil.example/)") {
		for _, s := range b.Spans {
			if strings.Contains(s.Text, "bank") && strings.Contains(s.Href, "evil") {
				t.Errorf("%q leads to %s", s.Text, s.Href)
			}
		}
	}
}

// everything is what a reader can get at.
func everything(blocks []Block) (text string, hrefs []string) {
	var b strings.Builder
	visit := func(spans []Span) {
		for _, s := range spans {
			b.WriteString(s.Text)
			if s.Href != "" {
				hrefs = append(hrefs, s.Href)
			}
		}
	}
	for _, block := range blocks {
		b.WriteString(block.Code)
		visit(block.Spans)
		for _, i := range block.Items {
			visit(i.Spans)
		}
	}
	return b.String(), hrefs
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"**bold** *it* `code`", "[x](https://example.org/a_(b))", "- a\n- b\n1. c", "```\nx\n```", "<@" + user + ">",
		"[[[[", "](](](", "***a**b*", "\\*\\", "www.a.b/c?d=(e).", "\xff\xfe*a*", "*\u202e*", "a@b.example", strings.Repeat("[a](", 300),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		text, hrefs := everything(Read(body))
		if !utf8.ValidString(body) {
			return // no message is; it only must not panic
		}
		if !utf8.ValidString(text) {
			t.Errorf("%q became invalid text", body)
		}
		for _, href := range hrefs {
			scheme, _, _ := strings.Cut(href, ":")
			if s := strings.ToLower(scheme); s != "http" && s != "https" && s != "mailto" && s != "tel" {
				t.Errorf("%q leads to %q", body, href)
			}
		}
		// No word is lost or made up: without the signs of marks and of links' addresses,
		// the letters are those of the body, in their order.
		if rest := subsequence(letters(text), letters(body)); rest != "" {
			t.Errorf("%q gives %q, which is not in it", body, rest)
		}
	})
}

func letters(text string) string {
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune("*_`[]()\\ \r\n", c) {
			return -1
		}
		return c
	}, text)
}

// subsequence gives what of a part is not found in the whole, in order.
func subsequence(part, whole string) string {
	for _, c := range whole {
		if first, size := utf8.DecodeRuneInString(part); size > 0 && first == c {
			part = part[size:]
		}
	}
	return part
}

func BenchmarkRead(b *testing.B) {
	body := strings.Repeat("[a **b** `c` <@"+user+"> https://example.org/x ", 180)
	for b.Loop() {
		Read(body)
	}
}
