package wire

import (
	"hearth/internal/care"
	"hearth/internal/preference"
)

// KindFlags is yes or no for each kind and channel. The last two are for staff only.
type KindFlags struct {
	Direct    ChannelFlags  `json:"direct"`
	Community ChannelFlags  `json:"community"`
	Team      *ChannelFlags `json:"team,omitempty" doc:"Conversations among staff"`
	Reminder  *ChannelFlags `json:"reminder,omitempty" doc:"Messages of clients that nobody has answered"`
}

func kindFlagsOf(m, there preference.Mask) KindFlags {
	staff := func(k preference.Kind) *ChannelFlags {
		if there&preference.CellsOf(k) == 0 {
			return nil
		}
		flags := channelFlagsOf(m, k)
		return &flags
	}
	return KindFlags{
		Direct: channelFlagsOf(m, preference.Direct), Community: channelFlagsOf(m, preference.Community),
		Team: staff(preference.Team), Reminder: staff(preference.Reminder),
	}
}

// MentionFlags is of which kinds somebody wants mentions only.
type MentionFlags struct {
	Community bool  `json:"community"`
	Team      *bool `json:"team,omitempty" doc:"For staff only"`
}

// QuietHours is when nothing rings and no mail goes out.
type QuietHours struct {
	On   bool     `json:"on"`
	From string   `json:"from" example:"22:00"`
	To   string   `json:"to" example:"07:00" doc:"On the next day where it is not later than from"`
	Days []string `json:"days" enum:"mon,tue,wed,thu,fri,sat,sun" doc:"The days on which they begin"`
}

// MyNotifications is somebody's own preferences.
type MyNotifications struct {
	Version      int64             `json:"version" doc:"Give it back with a change"`
	Kinds        KindFlags         `json:"kinds" doc:"What the person wants"`
	Allowed      KindFlags         `json:"allowed" doc:"What the practice allows; the person gets what is in both"`
	MentionsOnly MentionFlags      `json:"mentions_only"`
	Quiet        QuietHours        `json:"quiet"`
	TimeZone     string            `json:"time_zone" doc:"The organization's until another is chosen"`
	OwnTimeZone  bool              `json:"own_time_zone" doc:"Whether the person has chosen it"`
	Digest       preference.Digest `json:"digest" enum:"at_once,15_minutes,hourly,daily" doc:"How mails are gathered"`
	DailyAt      string            `json:"daily_at" example:"08:00" doc:"When a daily mail goes out"`
	Sound        preference.Sound  `json:"sound" enum:"none,chime,knock,drop"`
}

// MyNotificationsOf shows somebody's own preferences.
func MyNotificationsOf(m preference.Mine) MyNotifications {
	out := MyNotifications{
		Version: m.Version, Kinds: kindFlagsOf(m.Wanted(), m.Cells), Allowed: kindFlagsOf(m.Allowed, m.Cells),
		MentionsOnly: MentionFlags{Community: m.MentionsOnly(preference.Community)},
		Quiet: QuietHours{
			On: m.Quiet.On, From: preference.ClockOf(m.Quiet.From), To: preference.ClockOf(m.Quiet.To), Days: m.Quiet.Days.Names(),
		},
		TimeZone: m.TimeZone, OwnTimeZone: m.Zone != "", Digest: m.Digest, DailyAt: preference.ClockOf(m.Daily), Sound: m.Sound,
	}
	if out.Kinds.Team != nil {
		only := m.MentionsOnly(preference.Team)
		out.MentionsOnly.Team = &only
	}
	return out
}

// FlagEdit turns channels of a kind on or off. What it leaves out stays.
type FlagEdit struct {
	Email Maybe[bool] `json:"email,omitempty"`
	Push  Maybe[bool] `json:"push,omitempty"`
	InApp Maybe[bool] `json:"in_app,omitempty"`
}

// KindEdit turns kinds and channels on or off. What it leaves out stays.
type KindEdit struct {
	Direct    Maybe[FlagEdit] `json:"direct,omitempty"`
	Community Maybe[FlagEdit] `json:"community,omitempty"`
	Team      Maybe[FlagEdit] `json:"team,omitempty"`
	Reminder  Maybe[FlagEdit] `json:"reminder,omitempty"`
}

func (e KindEdit) change() (c preference.Change) {
	for k, of := range map[preference.Kind]FlagEdit{
		preference.Direct: e.Direct.Value, preference.Community: e.Community.Value, preference.Team: e.Team.Value, preference.Reminder: e.Reminder.Value,
	} {
		for ch, wanted := range map[preference.Channel]Maybe[bool]{preference.Email: of.Email, preference.Push: of.Push, preference.InApp: of.InApp} {
			if wanted.Set {
				c.Name(k, ch, care.SettingOf(wanted.Value))
			}
		}
	}
	return c
}

// MentionEdit changes of which kinds somebody wants mentions only.
type MentionEdit struct {
	Community Maybe[bool] `json:"community,omitempty"`
	Team      Maybe[bool] `json:"team,omitempty"`
}

// QuietEdit is quiet hours as somebody wants them.
type QuietEdit struct {
	On   bool     `json:"on"`
	From string   `json:"from" maxLength:"5" example:"22:00"`
	To   string   `json:"to" maxLength:"5" example:"07:00"`
	Days []string `json:"days" maxItems:"7" enum:"mon,tue,wed,thu,fri,sat,sun"`
}

// MyNotificationsEdit is a change of one's own preferences. What it leaves out stays.
type MyNotificationsEdit struct {
	Version      int64                    `json:"version" minimum:"1" doc:"The one that was seen"`
	Kinds        Maybe[KindEdit]          `json:"kinds,omitempty"`
	MentionsOnly Maybe[MentionEdit]       `json:"mentions_only,omitempty"`
	Quiet        Maybe[QuietEdit]         `json:"quiet,omitempty"`
	TimeZone     Opt[string]              `json:"time_zone,omitempty" maxLength:"100" doc:"null: the organization's"`
	Digest       Maybe[preference.Digest] `json:"digest,omitempty" enum:"at_once,15_minutes,hourly,daily"`
	DailyAt      Maybe[string]            `json:"daily_at,omitempty" maxLength:"5" example:"08:00"`
	Sound        Maybe[preference.Sound]  `json:"sound,omitempty" enum:"none,chime,knock,drop"`
}

// Edit gives the change in the words of the domain. A time that is none becomes one that the
// domain refuses.
func (e MyNotificationsEdit) Edit() preference.MineEdit {
	edit := preference.MineEdit{
		Version: e.Version, Wanted: e.Kinds.Value.change(), Digest: e.Digest.Pointer(), Sound: e.Sound.Pointer(),
		Mentions: map[preference.Kind]bool{},
	}
	for k, only := range map[preference.Kind]Maybe[bool]{preference.Community: e.MentionsOnly.Value.Community, preference.Team: e.MentionsOnly.Value.Team} {
		if only.Set {
			edit.Mentions[k] = only.Value
		}
	}
	if q := e.Quiet.Pointer(); q != nil {
		edit.Quiet = &preference.Quiet{On: q.On, From: minutesOf(q.From), To: minutesOf(q.To), Days: preference.WeekdaysOf(q.Days)}
	}
	if e.TimeZone.Set {
		edit.Zone = &e.TimeZone.Value // "" where it is null
	}
	if e.DailyAt.Set {
		daily := minutesOf(e.DailyAt.Value)
		edit.Daily = &daily
	}
	return edit
}

func minutesOf(clock string) int {
	minutes, ok := preference.MinutesOf(clock)
	if !ok {
		return -1
	}
	return minutes
}
