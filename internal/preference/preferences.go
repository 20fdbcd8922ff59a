package preference

import (
	"time"

	"hearth/internal/care"
)

// Sound is what the app plays when a notification comes in.
type Sound string

// The sounds.
const (
	SoundNone  Sound = "none"
	SoundChime Sound = "chime"
	SoundKnock Sound = "knock"
	SoundDrop  Sound = "drop"
)

// Valid reports whether it is one of them.
func (s Sound) Valid() bool {
	return s == SoundNone || s == SoundChime || s == SoundKnock || s == SoundDrop
}

// Names is what the organization lets notifications name. Neither ever says what was
// written or names a client in a push.
type Names struct {
	Practice bool // mail and push may name the practice
	ForStaff bool // mails to staff may name the practice and say whether a client or a colleague wrote
}

// Preferences is what decides about the notifications of one person.
type Preferences struct {
	User   care.UserID
	Kind   care.PersonKind
	Zone   *time.Location // the person's, else the organization's
	Quiet  Quiet
	Digest Digest
	Daily  int // the time of day of a daily digest, in minutes
	Sound  Sound
	Names  Names // the organization's

	allowed  Mask // what the ladder, or being staff, allows
	off      Mask // what the person does not want
	mentions Mask // kinds, as the first of their cells, of which only mentions are wanted
}

// Wants reports whether the person gets notifications of a kind through a channel: where the
// practice allows it and the person has not turned it off.
func (p Preferences) Wants(k Kind, c Channel) bool { return (p.allowed &^ p.off).Has(k, c) }

// MentionsOnly reports whether the person wants only mentions of a kind.
func (p Preferences) MentionsOnly(k Kind) bool { return p.mentions.Has(k, Channels[0]) }

// Next gives t, or the end of the person's quiet hours where t is in them.
func (p Preferences) Next(t time.Time) time.Time { return p.Quiet.Next(t, p.Zone) }

// DigestAt gives the moment at which a mail that falls due at t goes out, without regard to
// quiet hours: t itself, the next full quarter of an hour, hour, or time of day.
func (p Preferences) DigestAt(t time.Time) time.Time { return p.Digest.next(t, p.Daily, p.Zone) }
