package blast

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hearth/internal/care"
)

// Whom a file names, in the forms that people have such files in.
func TestNamesOfAFile(t *testing.T) {
	engines(t, func(w *world) {
		w.exec(`UPDATE people SET email = 'leilani@client.example' WHERE id = $1`, w.leilani.User)
		w.exec(`UPDATE people SET email = 'maya@client.example' WHERE id = $1`, w.maya.User)
		leilani, maya := w.leilani.User, w.maya.User
		both := []care.UserID{leilani, maya}
		for name, c := range map[string]struct {
			text string
			want []care.UserID
			bad  string
		}{
			"addresses":            {"leilani@client.example\nmaya@client.example\n", both, ""},
			"no last line end":     {"leilani@client.example\nmaya@client.example", both, ""},
			"of Windows":           {"leilani@client.example\r\nmaya@client.example\r\n", both, ""},
			"ids":                  {leilani.String() + "\n" + maya.String(), both, ""},
			"capitals":             {"LEILANI@Client.Example\n" + strings.ToUpper(maya.String()), both, ""},
			"a mixture":            {maya.String() + "\nleilani@client.example", []care.UserID{maya, leilani}, ""},
			"a column":             {"name,email\nLeilani,leilani@client.example\nMaya,maya@client.example", both, ""},
			"with semicolons":      {"name;E-Mail;note\nLeilani;leilani@client.example;a,b\nMaya;maya@client.example;x", both, ""},
			"a column of ids":      {"a,client_id,b\n1," + leilani.String() + ",2\n1," + maya.String() + ",2", both, ""},
			"a mark before it":     {"\ufeffemail\nleilani@client.example", both[:1], ""},
			"a mark, no header":    {"\ufeffleilani@client.example", both[:1], ""},
			"spaces and blanks":    {"  leilani@client.example \n\n \n\tmaya@client.example\n", both, ""},
			"quotes":               {`"email"` + "\n" + `"leilani@client.example"`, both[:1], ""},
			"short lines":          {"x,email\nx,leilani@client.example\nx\n,maya@client.example", both, ""},
			"twice":                {"leilani@client.example\n" + leilani.String() + "\nLeilani@client.example", both[:1], "2 " + leilani.String() + " twice, 3 Leilani@client.example twice"},
			"unknown":              {"email\nnobody@client.example\nleilani@client.example\nx", both[:1], "2 nobody@client.example unknown, 4 x unknown"},
			"a colleague's client": {w.arjun.User.String() + "\n" + maya.String(), both[1:], "1 " + w.arjun.User.String() + " unknown"},
			"of another practice":  {w.stranger.User.String(), nil, "1 " + w.stranger.User.String() + " unknown"},
			"staff":                {w.elias.User.String(), nil, "1 " + w.elias.User.String() + " unknown"},
			"a long one":           {strings.Repeat("ü", 300), nil, "1 " + strings.Repeat("ü", 99) + "… unknown"},
			"empty":                {"", nil, ""},
			"only a header":        {"email\n", nil, ""},
			"an open quote":        {"leilani@client.example\n\"abc\nmaya@client.example", both[:1], "2 \"abc unknown"},
		} {
			named, err := w.blasts.ReadNames(ctx, w.noor, c.text)
			w.must(err)
			var bad []string
			for _, b := range named.Bad {
				value, _, _ := strings.Cut(b.Value, "\n")
				if c.text[0] == '"' || name == "an open quote" {
					value = `"` + strings.TrimPrefix(value, `"`)
				}
				bad = append(bad, fmt.Sprint(b.Line, " ", value, " ", b.Why))
			}
			if !slices.Equal(named.Clients, c.want) || named.Clients == nil || strings.Join(bad, ", ") != c.bad {
				t.Errorf("%s: %v, bad %q, want %v, %q", name, named.Clients, bad, c.want, c.bad)
			}
		}
		_, err := w.blasts.ReadNames(ctx, w.noor, "a\xffb")
		w.field(err, "csv", "encoding")
		_, err = w.blasts.ReadNames(ctx, w.noor, "a\x00b\n")
		w.field(err, "csv", "characters")
		_, err = w.blasts.ReadNames(ctx, w.noor, strings.Repeat("x\n", MaxNamed+1))
		w.field(err, "csv", "too_many")
		_, err = w.blasts.ReadNames(ctx, w.sam, "x")
		w.refused(err, care.CodeForbidden)
	})
}

// A file of as many lines as there may be.
func TestNamesOfALargeFile(t *testing.T) {
	engines(t, func(w *world) {
		all := w.clients(2500, w.noor)
		var text strings.Builder
		text.WriteString("email;x\n")
		for i := range 5000 {
			if i%2 == 0 {
				fmt.Fprintf(&text, "%s@example.org;%d\n", all[i/2], i)
			} else {
				fmt.Fprintf(&text, "nobody%d@example.org;%d\n", i, i)
			}
		}
		named, err := w.blasts.ReadNames(ctx, w.noor, text.String())
		w.must(err)
		if !slices.Equal(named.Clients, all) || len(named.Bad) != 2500 || named.Bad[2499].Line != 5001 {
			t.Errorf("%d clients, %d bad", len(named.Clients), len(named.Bad))
		}
	})
}

// No file brings it down, and each line is an address or id of the file, in its place.
func FuzzNames(f *testing.F) {
	for _, text := range []string{"a@b.c\n", "\ufeffemail;x\na;b\n", "\"", "\"a\nb\"\n,;", "\r\r\n", "id\n\n\n x", "a,b\n\"x\"y,\"z\n", "é;è\nemail"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines, err := readLines(text)
		if err != nil {
			return
		}
		before, most := 0, strings.Count(text, "\n")+strings.Count(text, "\r")+1
		for _, l := range lines {
			if l.number <= before || l.number > most {
				t.Errorf("line %d after %d of %d", l.number, before, most)
			}
			before = l.number
			if l.value == "" || strings.TrimSpace(l.value) != l.value {
				t.Errorf("the value %q", l.value)
			}
			if short := shortened(l.value); len([]rune(short)) > 100 {
				t.Errorf("%d characters are told", len([]rune(short)))
			}
		}
	})
}
