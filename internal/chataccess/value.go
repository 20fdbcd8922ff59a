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
	for _, s := range switches {
		wanted := e.wanted(s)
		if wanted == nil {
			if e.Direct != nil || e.Community != nil || old[s].setting == care.Unset {
				continue
			}
			same := old[s].setting
			wanted = &same
		}
		if d, changed := e.change(s, old[s], *wanted); changed {
			list = append(list, d)
		}
	}
	if e.Direct == nil && e.Community == nil && old[Direct].setting == care.Unset && old[Community].setting == care.Unset {
		return nil, care.BadField("direct", "required", "Name at least one switch: nothing is set here that a reason or a time could belong to.")
	}
	return list, nil
}

// change works out one switch. A new value has no time limit unless one is given; the
// same value keeps its own unless one is given.
func (e Edit) change(s Switch, old value, wanted care.Setting) (delta, bool) {
	d := delta{of: s, old: old, new: value{setting: wanted}}
	if wanted == old.setting {
		d.new.until = old.until
	}
	if e.Until != nil {
		d.new.until = *e.Until
	}
	if wanted == care.Unset {
		d.new.until = time.Time{}
	}
	if e.Reason != nil {
		d.reason = *e.Reason
	}
	return d, d.new != d.old || e.Reason != nil
}

func (e Edit) check(now time.Time) error {
	if e.Version <= 0 {
		return care.BadField("version", "required", "Give the version that you saw.")
	}
	if e.Direct == nil && e.Community == nil && e.Reason == nil && e.Until == nil {
		return care.BadField("direct", "required", "Name at least one switch.")
	}
	for _, s := range switches {
		if w := e.wanted(s); w != nil && *w != care.On && *w != care.Off && *w != care.Unset {
			return care.BadField(string(s), "unknown", "Must be on, off or unset.")
		}
	}
	if e.Reason != nil {
		if err := care.CheckText("reason", *e.Reason, 0, MaxReason); err != nil {
			return err
		}
	}
	if e.Until != nil && !e.Until.IsZero() && !e.Until.After(now) {
		return care.BadField("until", "past", "Must be a time in the future.")
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
