package mail

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func anyShade(t *rapid.T) shade {
	channel := rapid.Byte()
	return shade{channel.Draw(t, "red"), channel.Draw(t, "green"), channel.Draw(t, "blue")}
}

func TestContrast(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"#000000", "#ffffff", 21}, {"#ffffff", "#000000", 21}, {"#777777", "#777777", 1},
		{"#767676", "#ffffff", 4.54}, {"#777777", "#ffffff", 4.48}, {"#ff0000", "#ffffff", 4.0}, {"#0000ff", "#ffffff", 8.59}, {"#ffff00", "#000000", 19.56},
	} {
		a, _ := shadeOf(c.a)
		b, _ := shadeOf(c.b)
		if got := contrast(a, b); math.Abs(got-c.want) > 0.005 {
			t.Errorf("%s on %s: %.3f, want %.2f", c.a, c.b, got, c.want)
		}
	}
}

// Whatever colour a practice chooses, every word of its mails can be read, in the light and
// in the dark.
func TestEveryColourIsReadable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chosen := anyShade(t)
		p := painted("Alder Row", chosen.String())
		ground, ok1 := shadeOf(p.Ground)
		ink, ok2 := shadeOf(p.Ink)
		link, ok3 := shadeOf(p.Words)
		dark, ok4 := shadeOf(p.WordsDark)
		if !ok1 || !ok2 || !ok3 || !ok4 || ground != chosen {
			t.Fatalf("%s is painted %+v", chosen, p)
		}
		if got := contrast(ground, ink); got < readable || got < contrast(ground, white) || got < contrast(ground, black) {
			t.Errorf("%s on %s has %.2f", ink, ground, got)
		}
		if contrast(link, white) < readable || contrast(dark, dusk) < readable {
			t.Errorf("of %s: %s on white has %.2f, %s on dusk has %.2f", chosen, link, contrast(link, white), dark, contrast(dark, dusk))
		}
	})
}

// What can be read already stays as it is; the rest changes no more than it must.
func TestAColourIsChangedNoMoreThanItMust(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyShade(t)
		for ground, end := range map[shade]shade{white: black, dusk: white} {
			moved := s.readableOn(ground, end)
			if contrast(s, ground) >= readable {
				if moved != s {
					t.Errorf("%s is readable on %s and became %s", s, ground, moved)
				}
				continue
			}
			if got := contrast(moved, ground); got < readable || got > readable+0.2 {
				t.Errorf("%s on %s became %s with %.2f", s, ground, moved, got)
			}
		}
	})
}

func TestWhatIsNoColourIsHearths(t *testing.T) {
	own := painted("Alder Row", "")
	if own.Ground != "#1d5f4b" || own.Ink != "#ffffff" || own.Words != own.Ground {
		t.Errorf("Hearth's own: %+v", own)
	}
	for _, c := range []struct{ practice, colour string }{
		{"Alder Row", "red"}, {"Alder Row", "#fff"}, {"Alder Row", "a3245b"}, {"Alder Row", "#a3245b;x:y"}, {"", "#a3245b"}, {"", ""},
	} {
		if got := painted(c.practice, c.colour); got != own {
			t.Errorf("%q of %q: %+v", c.colour, c.practice, got)
		}
	}
}
