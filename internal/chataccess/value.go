package chataccess

import (
	"fmt"
	"time"

	"hearth/internal/care"
)

// value is the setting of one switch at one place, with its time limit.
type value struct {
	setting care.Setting
	until   time.Time
}

// delta is what an edit does to one switch at one place.
type delta struct {
	of       Switch
	old, new value
	reason   string
}

// changes works out what an edit does to the values of a place. An empty list means that
// it asks for what is so already.
func (e Edit) changes(now time.Time, old map[Switch]value) ([]delta, error) {
	if err := e.check(now); err != nil {
		return nil, err
	}
	var list []delta
	about := 0
	for _, s := range switches {
		wanted := e.wanted(s)
		if wanted == nil {
			same := old[s].setting
			if !e.mentions(s) || (same == care.Unset && e.own(s) == Terms{}) {
				continue
			}
			if same == care.Unset {
				return nil, nothingSet(s)
			}
			wanted = &same
		}
		about++
		if d, changed := e.change(s, old[s], *wanted); changed {
			list = append(list, d)
		}
	}
	if about == 0 {
		return nil, nothingSet(Direct)
	}
	return list, nil
}

func nothingSet(s Switch) error {
	return care.BadField(string(s), "required", "Name the switch: nothing is set here that a reason or a time could belong to.")
}

// change works out one switch. A new value has no time limit unless one is given; the
// same value keeps its own unless one is given.
func (e Edit) change(s Switch, old value, wanted care.Setting) (delta, bool) {
	terms := e.terms(s)
	d := delta{of: s, old: old, new: value{setting: wanted}}
	if wanted == old.setting {
		d.new.until = old.until
	}
	if terms.Until != nil {
		d.new.until = *terms.Until
	}
	if wanted == care.Unset {
		d.new.until = time.Time{}
	}
	if terms.Reason != nil {
		d.reason = *terms.Reason
	}
	return d, d.new != d.old || terms.Reason != nil
}

func (e Edit) check(now time.Time) error {
	if e.Version <= 0 {
		return care.BadField("version", "required", "Give the version that you saw.")
	}
	if !e.mentions(Direct) && !e.mentions(Community) {
		return care.BadField("direct", "required", "Name at least one switch.")
	}
	for _, s := range switches {
		if w := e.wanted(s); w != nil && *w != care.On && *w != care.Off && *w != care.Unset {
			return care.BadField(string(s), "unknown", "Must be on, off or unset.")
		}
		if err := e.own(s).check(string(s)+"_", now); err != nil {
			return err
		}
	}
	return Terms{e.Reason, e.Until}.check("", now)
}

// check looks at a reason and an end whose fields begin with prefix.
func (t Terms) check(prefix string, now time.Time) error {
	if t.Reason != nil {
		if err := care.CheckText(prefix+"reason", *t.Reason, 0, MaxReason); err != nil {
			return err
		}
	}
	if t.Until != nil && !t.Until.IsZero() && !t.Until.After(now) {
		return care.BadField(prefix+"until", "past", "Must be a time in the future.")
	}
	return nil
}

// conflict is the answer to an edit of an older version.
func conflict(current any, by care.Person) *care.Error {
	who := by.Name
	if who == "" {
		who = "Somebody"
	}
	refusal := care.Fail(care.Conflict, care.CodeVersionConflict,
		fmt.Sprintf("%s changed this meanwhile. Review that change before you save.", who))
	refusal.Current = current
	return refusal
}
