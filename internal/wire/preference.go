package wire

import (
	"hearth/internal/care"
	"hearth/internal/preference"
)

// ChannelSettings is, for one kind of notification, the settings of its channels at a place.
type ChannelSettings struct {
	Email care.Setting `json:"email" enum:"on,off,unset"`
	Push  care.Setting `json:"push" enum:"on,off,unset"`
	InApp care.Setting `json:"in_app" enum:"on,off,unset"`
}

// CellSettings is the settings of a place.
type CellSettings struct {
	Direct    ChannelSettings `json:"direct"`
	Community ChannelSettings `json:"community"`
}

// ChannelEdit changes channels of one kind. What it leaves out stays.
type ChannelEdit struct {
	Email Maybe[care.Setting] `json:"email,omitempty" enum:"on,off,unset"`
	Push  Maybe[care.Setting] `json:"push,omitempty" enum:"on,off,unset"`
	InApp Maybe[care.Setting] `json:"in_app,omitempty" enum:"on,off,unset"`
}

// CellEdit changes cells. What it leaves out stays.
type CellEdit struct {
	Direct    Maybe[ChannelEdit] `json:"direct,omitempty"`
	Community Maybe[ChannelEdit] `json:"community,omitempty"`
}

// Change gives the change in the words of the domain.
func (e CellEdit) Change() (c preference.Change) {
	for k, of := range map[preference.Kind]ChannelEdit{preference.Direct: e.Direct.Value, preference.Community: e.Community.Value} {
		for ch, wanted := range map[preference.Channel]Maybe[care.Setting]{preference.Email: of.Email, preference.Push: of.Push, preference.InApp: of.InApp} {
			if wanted.Set {
				c.Name(k, ch, wanted.Value)
			}
		}
	}
	return c
}

// ChannelsSet is what a change sets of one kind; what it left out is not there.
type ChannelsSet struct {
	Email *care.Setting `json:"email,omitempty" enum:"on,off,unset"`
	Push  *care.Setting `json:"push,omitempty" enum:"on,off,unset"`
	InApp *care.Setting `json:"in_app,omitempty" enum:"on,off,unset"`
}

// CellsSet is what a change of many sets.
type CellsSet struct {
	Direct    *ChannelsSet `json:"direct,omitempty"`
	Community *ChannelsSet `json:"community,omitempty"`
}

func cellsSetOf(c preference.Change) CellsSet {
	of := func(k preference.Kind) *ChannelsSet {
		set := ChannelsSet{
			settingOrNull(c.Of(k, preference.Email)), settingOrNull(c.Of(k, preference.Push)), settingOrNull(c.Of(k, preference.InApp)),
		}
		if set == (ChannelsSet{}) {
			return nil
		}
		return &set
	}
	return CellsSet{of(preference.Direct), of(preference.Community)}
}

func cellSettingsOf(s preference.Settings) CellSettings {
	of := func(k preference.Kind) ChannelSettings {
		return ChannelSettings{s.Of(k, preference.Email), s.Of(k, preference.Push), s.Of(k, preference.InApp)}
	}
	return CellSettings{of(preference.Direct), of(preference.Community)}
}

// ChannelDefaults is, for one kind, which channels are on by default.
type ChannelDefaults struct {
	Email care.Setting `json:"email" enum:"on,off"`
	Push  care.Setting `json:"push" enum:"on,off"`
	InApp care.Setting `json:"in_app" enum:"on,off"`
}

// CellDefaults is what is on by default.
type CellDefaults struct {
	Direct    ChannelDefaults `json:"direct"`
	Community ChannelDefaults `json:"community"`
}

func cellDefaultsOf(on preference.Mask) CellDefaults {
	s := cellSettingsOf(preference.Settings{Set: preference.ClientCells, On: on})
	return CellDefaults{ChannelDefaults(s.Direct), ChannelDefaults(s.Community)}
}

// EffectiveCell is what counts for one kind and channel.
type EffectiveCell struct {
	On     bool       `json:"on"`
	Source care.Place `json:"source" enum:"client,group,default" doc:"The first place that is set"`
}

// EffectiveChannels is what counts for the channels of a kind.
type EffectiveChannels struct {
	Email EffectiveCell `json:"email"`
	Push  EffectiveCell `json:"push"`
	InApp EffectiveCell `json:"in_app"`
}

// EffectiveCells is what counts for a client, before they narrow it themselves.
type EffectiveCells struct {
	Direct    EffectiveChannels `json:"direct"`
	Community EffectiveChannels `json:"community"`
}

func effectiveCellsOf(l preference.Ladder) EffectiveCells {
	of := func(k preference.Kind) EffectiveChannels {
		cell := func(c preference.Channel) EffectiveCell { return EffectiveCell{l.On().Has(k, c), l.Source(k, c)} }
		return EffectiveChannels{cell(preference.Email), cell(preference.Push), cell(preference.InApp)}
	}
	return EffectiveCells{of(preference.Direct), of(preference.Community)}
}

// ChannelFlags is yes or no for each channel of a kind.
type ChannelFlags struct {
	Email bool `json:"email"`
	Push  bool `json:"push"`
	InApp bool `json:"in_app"`
}

// CellFlags is yes or no for each cell of a client.
type CellFlags struct {
	Direct    ChannelFlags `json:"direct"`
	Community ChannelFlags `json:"community"`
}

func channelFlagsOf(m preference.Mask, k preference.Kind) ChannelFlags {
	return ChannelFlags{m.Has(k, preference.Email), m.Has(k, preference.Push), m.Has(k, preference.InApp)}
}

// ClientNotifications is which notifications a client gets.
type ClientNotifications struct {
	Version   int64          `json:"version" doc:"Give it back with a change"`
	ClientID  care.UserID    `json:"client_id"`
	Name      string         `json:"name"`
	Own       CellSettings   `json:"own"`
	Group     *GroupOfClient `json:"group"`
	Default   CellDefaults   `json:"default" doc:"The default when added"`
	Effective EffectiveCells `json:"effective"`
	Narrowed  CellFlags      `json:"narrowed" doc:"True where the client has turned it off themselves"`
	CanChange bool           `json:"can_change"`
}

// GroupOfClient is a client's group with its settings.
type GroupOfClient struct {
	ID       care.GroupID `json:"id"`
	Name     string       `json:"name"`
	Settings CellSettings `json:"settings"`
}

// ClientNotificationsOf shows the settings of a client.
func ClientNotificationsOf(c preference.ClientSettings) ClientNotifications {
	out := ClientNotifications{
		Version: c.Version, ClientID: c.Client, Name: c.Name, Own: cellSettingsOf(c.Ladder.Own), Default: cellDefaultsOf(c.Ladder.Default),
		Effective: effectiveCellsOf(c.Ladder), CanChange: c.CanChange,
		Narrowed: CellFlags{channelFlagsOf(c.Narrowed, preference.Direct), channelFlagsOf(c.Narrowed, preference.Community)},
	}
	if !c.GroupID.IsZero() {
		out.Group = &GroupOfClient{ID: c.GroupID, Name: c.GroupName, Settings: cellSettingsOf(c.Ladder.Group)}
	}
	return out
}

// ClientNotificationsEdit is a change of a client's own settings.
type ClientNotificationsEdit struct {
	Version int64    `json:"version" minimum:"1" doc:"The one that was seen"`
	Own     CellEdit `json:"own" doc:"unset clears an own setting. What is left out stays"`
}

// Edit gives the change in the words of the domain.
func (e ClientNotificationsEdit) Edit() preference.Edit {
	return preference.Edit{Version: e.Version, Change: e.Own.Change()}
}

// GroupNotifications is the settings of a client group.
type GroupNotifications struct {
	Version   int64        `json:"version" doc:"Give it back with a change"`
	GroupID   care.GroupID `json:"group_id"`
	Settings  CellSettings `json:"settings"`
	Members   int64        `json:"members"`
	CanChange bool         `json:"can_change"`
}

// GroupNotificationsOf shows the settings of a group.
func GroupNotificationsOf(g preference.GroupSettings) GroupNotifications {
	return GroupNotifications{
		Version: g.Version, GroupID: g.Group, Settings: cellSettingsOf(g.Settings), Members: g.Members, CanChange: g.CanChange,
	}
}

// GroupNotificationsEdit is a change of a group's settings.
type GroupNotificationsEdit struct {
	Version  int64    `json:"version" minimum:"1" doc:"The one that was seen"`
	Settings CellEdit `json:"settings" doc:"What is left out stays"`
}

// Edit gives the change in the words of the domain.
func (e GroupNotificationsEdit) Edit() preference.Edit {
	return preference.Edit{Version: e.Version, Change: e.Settings.Change()}
}

// OrganizationNotifications is the defaults for new clients, and what notifications may name.
type OrganizationNotifications struct {
	Version             int64        `json:"version" doc:"Give it back with a change"`
	Defaults            CellDefaults `json:"defaults" doc:"For new clients; the others keep what they have"`
	NameInNotifications bool         `json:"name_in_notifications" doc:"Whether mail and push may name the practice"`
	NamesForStaff       bool         `json:"names_for_staff" doc:"Whether mails to staff may name the practice and say whether a client or a colleague wrote; never in a push"`
	CanChange           bool         `json:"can_change"`
}

// OrganizationNotificationsOf shows the defaults.
func OrganizationNotificationsOf(d preference.Defaults) OrganizationNotifications {
	return OrganizationNotifications{
		Version: d.Version, Defaults: cellDefaultsOf(d.On), NameInNotifications: d.Names.Practice, NamesForStaff: d.Names.ForStaff,
		CanChange: d.CanChange,
	}
}

// OrganizationNotificationsEdit is a change of the defaults. What it leaves out stays.
type OrganizationNotificationsEdit struct {
	Version             int64           `json:"version" minimum:"1" doc:"The one that was seen"`
	Defaults            Maybe[CellEdit] `json:"defaults,omitempty" doc:"Each on or off"`
	NameInNotifications Maybe[bool]     `json:"name_in_notifications,omitempty"`
	NamesForStaff       Maybe[bool]     `json:"names_for_staff,omitempty"`
}

// Edit gives the change in the words of the domain.
func (e OrganizationNotificationsEdit) Edit() preference.DefaultsEdit {
	return preference.DefaultsEdit{
		Version: e.Version, Change: e.Defaults.Value.Change(),
		Practice: e.NameInNotifications.Pointer(), ForStaff: e.NamesForStaff.Pointer(),
	}
}
