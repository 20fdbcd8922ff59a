package fields

import (
	"slices"
	"strings"
	"testing"
)

func TestFill(t *testing.T) {
	all := map[Field]string{FirstName: "Maya", Provider: "Dr. Elias Brandt", Practice: "Alder Row Clinic", NextStep: "Book your blood test."}
	for _, c := range []struct {
		body, want string
		values     map[Field]string
		missing    []Field
	}{
		{"Hi {{first_name}}, {{ provider }} at {{practice}}: {{next_step}}", "Hi Maya, Dr. Elias Brandt at Alder Row Clinic: Book your blood test.", all, nil},
		{"{{first_name}} {{first_name}}", "Maya Maya", all, nil},
		{"No fields", "No fields", all, nil},
		{"{{next_step}} {{first_name}} {{next_step}}", "[next step] [first name] [next step]", nil, []Field{FirstName, NextStep}},
		// A value is never read again, whatever it says.
		{"Hi {{first_name}}", "Hi {{practice}}", map[Field]string{FirstName: "{{practice}}", Practice: "x"}, nil},
		{"{ {first_name}} {{first_name}", "{ {first_name}} {{first_name}", all, nil},
	} {
		got, missing := Fill(c.body, c.values)
		if got != c.want || !slices.Equal(missing, c.missing) {
			t.Errorf("%q: %q, missing %v", c.body, got, missing)
		}
	}
}

func TestUnknownFieldsAreRefused(t *testing.T) {
	for body, ok := range map[string]bool{
		"Hi {{first_name}}": true, "Hi {{ first_name }}": true, "{not a field}": true, "{{": true,
		"Hi {{name}}": false, "{{}}": false, "{{First_Name}}": false, "{{first_name}} {{email}}": false,
	} {
		if refused := Check(body, All...) != nil; refused == ok {
			t.Errorf("%q: refused %v", body, refused)
		}
	}
}

func TestFirstName(t *testing.T) {
	for name, want := range map[string]string{
		"Maya Lindqvist": "Maya", "Dr. Elias Brandt": "Elias", "prof dr Ada Byron": "Ada", "Ms": "Ms", "Jean-Luc P.": "Jean-Luc",
		"O’Brien": "O’Brien", "  Ana  María ": "Ana", "*Bold* Name": "Bold", "<@x> [a](http://evil)": "@x",
		"Zoë\u202e": "Zoë", "{{practice}}": "practice", "": "",
	} {
		if got := First(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// Whatever a template and the names say: a name brings no mark of formatting, no mention,
// no link and no field into the text, and every gap is named.
func FuzzFill(f *testing.F) {
	f.Add("Hi {{first_name}}", "Maya")
	f.Add("{{first_name}}{{provider}}{{next_step}}", "<@a> [x](y) {{practice}}")
	f.Fuzz(func(t *testing.T, body, name string) {
		if Check(body, All...) != nil {
			return
		}
		clean := Plain(name)
		if strings.ContainsAny(clean, "*_`~[]<>\\|#{}\n\r\x00") {
			t.Fatalf("%q became %q", name, clean)
		}
		text, missing := Fill(body, map[Field]string{FirstName: clean})
		if strings.Contains(body, "{{first_name}}") && clean != "" && (!strings.Contains(text, clean) || slices.Contains(missing, FirstName)) {
			t.Fatalf("the name is not in %q", text)
		}
		for _, field := range missing {
			if !strings.Contains(text, "["+strings.ReplaceAll(string(field), "_", " ")+"]") {
				t.Fatalf("%s is missing and not seen in %q", field, text)
			}
		}
	})
}
