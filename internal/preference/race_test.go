package preference_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"hearth/internal/care"
	"hearth/internal/preference"
)

// atOnce runs save eight times at once and counts those that were kept; the others must be
// told of a conflict that shows a newer version.
func atOnce(t *testing.T, save func() error) (kept int64) {
	t.Helper()
	var n atomic.Int64
	var running sync.WaitGroup
	for range 8 {
		running.Go(func() {
			var refusal *care.Error
			switch err := save(); {
			case err == nil:
				n.Add(1)
			case !errors.As(err, &refusal) || refusal.Code != care.CodeVersionConflict || refusal.Current == nil:
				t.Errorf("refused as %v", err)
			}
		})
	}
	running.Wait()
	return n.Load()
}

// S29: of those who save at once from the same version one is kept, at each place, also where
// nobody has saved before.
func TestSavingAtOnce(t *testing.T) {
	offices(t, func(o *office) {
		ann := o.client("Ann Example", o.group)
		for version := int64(1); version <= 3; version++ {
			var c preference.Change
			c.Name(preference.Direct, preference.Email, []care.Setting{care.On, care.Off}[version%2])
			places := map[string]func() error{
				"client": func() error {
					_, err := o.svc.SetClient(t.Context(), o.owner, ann, preference.Edit{Version: version, Change: c})
					return err
				},
				"group": func() error {
					_, err := o.svc.SetGroup(t.Context(), o.owner, o.group, preference.Edit{Version: version, Change: c})
					return err
				},
				"organization": func() error {
					_, err := o.svc.SetOrganization(t.Context(), o.owner, preference.DefaultsEdit{Version: version, Change: c})
					return err
				},
				"one's own": func() error {
					_, err := o.svc.SetMine(t.Context(), o.owner, preference.MineEdit{Version: version, Wanted: c})
					return err
				},
			}
			for place, save := range places {
				if kept := atOnce(t, save); kept != 1 {
					t.Errorf("%s, version %d: %d were kept, want one", place, version, kept)
				}
			}
		}
	})
}
