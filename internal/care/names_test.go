package care

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestFirstAndInitial(t *testing.T) {
	for name, want := range map[string]string{
		"Maya Lindqvist": "Maya L.", "Maya Sofia  Lindqvist": "Maya L.", "Cher": "Cher", "": "",
		"Émile ångström": "Émile Å.", " 山田 太郎 ": "山田 太.", "Bo \xff": "Bo",
	} {
		if got := FirstAndInitial(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestShownTo(t *testing.T) {
	maya := Person{ID: UserID{1}, Name: "Maya Lindqvist", Kind: KindClient, Alias: "Finch"}
	noor := Person{ID: UserID{2}, Name: "Noor Haddad", Kind: KindStaff}
	for style, want := range map[NameStyle]string{
		NamesFull: "Maya Lindqvist", NamesInitial: "Maya L.", NamesAlias: "Finch", "": "Maya L.", "of later": "Maya L.",
	} {
		if got := maya.ShownTo(UserID{9}, style); got.Name != want || got.Alias != "" {
			t.Errorf("%q: %+v", style, got)
		}
		if maya.ShownTo(maya.ID, style).Name != maya.Name || noor.ShownTo(UserID{9}, style).Name != noor.Name {
			t.Errorf("%q: hides one's own name or that of staff", style)
		}
	}
}

func TestMentions(t *testing.T) {
	a, b := UserID{1}, UserID{2}
	body := "<@ hi " + Mention(a) + Mention(b) + " and " + Mention(a) + "<@" + Mention(b)[:20]
	if got := MentionsIn(body); !slices.Equal(got, []UserID{a, b}) {
		t.Errorf("found %v", got)
	}
	name := func(id UserID) string { return map[UserID]string{a: "Maya"}[id] }
	if got, want := PlainMentions(body, name), "<@ hi @Maya@someone and @Maya<@"+Mention(b)[:20]; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Text without tokens stays as it is, and every token is found, whatever stands around it.
func TestMentionsInAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[<@a-f0-9\->]{0,60}`)
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		if got := PlainMentions(before, nil); got != before {
			t.Fatalf("%q became %q", before, got)
		}
		who := UserID{1, 2, 3}
		if got := MentionsIn(before + Mention(who) + after); !slices.Contains(got, who) {
			t.Fatalf("not found in %q", before+Mention(who)+after)
		}
	})
}

func TestIsEmoji(t *testing.T) {
	for _, yes := range []string{"👍", "❤️", "👍🏽", "👨‍👩‍👧‍👦", "🇳🇱", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "©️", "☕", "🏳️‍🌈", "🤷🏾‍♀️"} {
		if !IsEmoji(yes) {
			t.Errorf("%q is one", yes)
		}
	}
	for _, no := range []string{"", "a", "1", "👍👍", "👍a", "🇳", "‍", "👍‍", "<", "\xff", "👍 ", "1", "⃣", "é", "🇳🇱🇳🇱"} {
		if IsEmoji(no) {
			t.Errorf("%q is none", no)
		}
	}
}
