package preference_test

import (
	"slices"
	"testing"

	"hearth/internal/care"
	"hearth/internal/preference"
)

// A change on one device is told to the others of the same person, and to nobody else.
func TestOnesOtherDevicesHearOfAChange(t *testing.T) {
	offices(t, func(o *office) {
		var heard []care.Event
		o.bus.Subscribe(func(e care.Event) { heard = append(heard, e) })
		wants := func(what string, people ...care.UserID) {
			t.Helper()
			var told []care.UserID
			for _, e := range heard {
				if e.Type != care.EventPreferencesChanged || e.Org != o.owner.Org {
					t.Errorf("%s: %+v", what, e)
				}
				told = append(told, e.To...)
			}
			if heard = nil; !slices.Equal(told, people) {
				t.Errorf("%s is told to %v, want %v", what, told, people)
			}
		}
		knock, none := preference.Sound("knock"), preference.SoundNone
		set := func(actor care.Actor, version int64, sound preference.Sound) error {
			_, err := o.svc.SetMine(t.Context(), actor, preference.MineEdit{Version: version, Sound: &sound})
			return err
		}
		if err := set(o.provider, 1, knock); err != nil {
			t.Fatal(err)
		}
		wants("a change of staff", o.provider.User)
		if err := set(o.provider, 2, knock); err != nil {
			t.Fatal(err)
		}
		wants("what is so already")
		if err := set(o.provider, 1, none); err == nil {
			t.Error("an older version was taken")
		}
		wants("what was refused")

		ann := o.client("Ann Example", care.GroupID{})
		if err := set(o.asClient(ann), 1, none); err != nil {
			t.Fatal(err)
		}
		wants("a client's own change", ann)
		edit := preference.Edit{Version: 1, Change: change(map[preference.Channel]care.Setting{preference.Push: care.Off})}
		if _, err := o.svc.SetClient(t.Context(), o.owner, ann, edit); err != nil {
			t.Fatal(err)
		}
		wants("what the practice allows a client", ann)
	})
}
