package preference

import "hearth/internal/care"

// Settings are cells at a place that can be on, off or not set.
type Settings struct {
	Set Mask // the cells that are set
	On  Mask // those of them that are on
}

// Of gives the setting of a cell.
func (s Settings) Of(k Kind, c Channel) care.Setting {
	if !s.Set.Has(k, c) {
		return care.Unset
	}
	return care.SettingOf(s.On.Has(k, c))
}

// differs gives the cells that two settings differ in.
func (s Settings) differs(other Settings) Mask { return (s.Set ^ other.Set) | (s.On ^ other.On) }

// Ladder is the places of a client's cells, in the order in which they count.
type Ladder struct {
	Own     Settings
	Group   Settings
	Default Mask // what is on by default
}

// On gives the cells that are on: of each cell the first place that is set decides.
func (l Ladder) On() Mask {
	group := l.Group.On&l.Group.Set | l.Default&^l.Group.Set
	return l.Own.On&l.Own.Set | group&^l.Own.Set
}

// Source tells which place decides about a cell.
func (l Ladder) Source(k Kind, c Channel) care.Place {
	switch {
	case l.Own.Set.Has(k, c):
		return care.PlaceClient
	case l.Group.Set.Has(k, c):
		return care.PlaceGroup
	default:
		return care.PlaceDefault
	}
}
