package preference

import (
	"hearth/internal/audit"
	"hearth/internal/care"
)

// Change is a change of cells at a place. The zero value changes nothing.
type Change struct {
	Named Mask // the cells it is about
	Set   Mask // those of them that are set afterwards
	On    Mask // those of them that are on afterwards
}

// Name makes the change say what a cell is to be.
func (c *Change) Name(k Kind, ch Channel, wanted care.Setting) {
	cell := Cell(k, ch)
	c.Named |= cell
	c.Set, c.On = c.Set&^cell, c.On&^cell
	if wanted != care.Unset {
		c.Set |= cell
	}
	if wanted == care.On {
		c.On |= cell
	}
}

// Of gives what the change says of a cell, "" where it says nothing.
func (c Change) Of(k Kind, ch Channel) care.Setting {
	if !c.Named.Has(k, ch) {
		return ""
	}
	return Settings{Set: c.Set, On: c.On}.Of(k, ch)
}

// apply gives the settings of a place after the change.
func (c Change) apply(s Settings) Settings {
	return Settings{Set: s.Set&^c.Named | c.Set, On: s.On&^c.Named | c.On}
}

// check refuses a change that says nothing, or something about cells that are not the place's.
func (c Change) check(field string, among Mask) error {
	switch {
	case c.Named == 0:
		return care.BadField(field, "required", "Name at least one kind and channel.")
	case c.Named&^among != 0 || c.Set&^c.Named != 0 || c.On&^c.Set != 0:
		return care.BadField(field, "unknown", "There is no such kind or channel here.")
	}
	return nil
}

// differing gives, for the audit log, the cells that two settings differ in: old and new by
// kind and channel.
func differing(old, now Settings) map[string]any {
	list := map[string]any{}
	old.differs(now).each(func(k Kind, c Channel) {
		list[string(k)+"."+string(c)] = map[string]string{"old": string(old.Of(k, c)), "new": string(now.Of(k, c))}
	})
	return list
}

// changed is the record of a change of the settings of a place.
func changed(about audit.Subject, place care.Place, how string, old, now Settings) audit.Entry {
	return audit.Act("notifications.changed", about, map[string]any{
		"place": string(place), "how": how, "cells": differing(old, now),
	})
}
