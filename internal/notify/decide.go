package notify

import (
	"time"

	"hearth/internal/preference"
)

// Why says why something is not sent, or not yet, as the history tells it.
type Why string

// The reasons, in the order in which they are looked at.
const (
	WhyAuthor    Why = "author"        // they wrote it
	WhyAccess    Why = "no_access"     // no longer a member, or no longer active
	WhyChatOff   Why = "chat_off"      // chat is off for them there
	WhyRead      Why = "read"          // they have read it
	WhyMuted     Why = "muted"         // they muted the conversation
	WhyMentions  Why = "mentions_only" // they want mentions only, and it is none
	WhyTurnedOff Why = "turned_off"    // the practice or they turned it off
	WhyNoAddress Why = "no_address"
	WhyStopped   Why = "unreachable" // mails to their address came back
	WhyNoDevice  Why = "no_device"
	WhyDigest    Why = "digest"      // it waits for their digest
	WhyQuiet     Why = "quiet_hours" // it waits for the end of their quiet hours
	WhyLooking   Why = "looking"     // they look at the conversation
)

// Reasons for which what was handed over failed.
const (
	WhyGone    Why = "gone"              // the push service knows the device no more
	WhyRefused Why = "refused_by_server" // the mail server or push service does not take it
	WhyGivenUp Why = "given_up"          // tried for hours
)

// What reports said of mails that were handed over; the first two are also why no more are
// tried to an address.
const (
	WhyNoMailbox Why = "no_mailbox" // there is no such address
	WhyReturned  Why = "returned"   // another server does not take it
	WhyDelayed   Why = "delayed"    // another server still tries it
)

// Facts are what is known of a person and of what was written, at the moment of judging.
type Facts struct {
	Kind      preference.Kind
	Author    bool // wrote all that is new themself
	Gone      bool // is no longer active, in the conversation, or allowed to read it
	Off       bool // chat is off for them there, so that it may be withheld from them
	Read      bool // has read it, or put the notice away; of a reminder: it was answered
	Muted     bool
	Mentioned bool
	Looking   bool      // at the conversation, on any device, now
	NoWay     bool      // has no address, or no device
	Stopped   bool      // mails to their address came back, and no more are tried
	At        time.Time // when it was written
}

// Rules are what a person and their practice want; preference.Preferences are.
type Rules interface {
	Wants(k preference.Kind, c preference.Channel) bool
	MentionsOnly(k preference.Kind) bool
	// Next gives t, or the end of the quiet hours that t is in.
	Next(t time.Time) time.Time
	// DigestAt gives when a mail that falls due at t goes out.
	DigestAt(t time.Time) time.Time
}

// Delays are how long after a message somebody is told of it.
type Delays struct{ Push, Mail time.Duration }

// Act is what to do.
type Act int

// The acts.
const (
	Tell Act = iota // now
	Wait            // look again at the verdict's time
	Drop            // not at all
)

// Verdict is what to do about one person and channel, and why where that is not telling now.
type Verdict struct {
	Act Act
	Why Why
	At  time.Time // of Wait
}

const (
	// lookAgain is after how long somebody is looked at again who looks at a conversation:
	// they read in a moment, or have laid the phone away.
	lookAgain = 20 * time.Second
	// lookMost is after how long nobody is told who still looks.
	lookMost = 5 * time.Minute
)

// decide judges one person and channel at the moment now. It is asked when something was
// written, and again when its time has come.
func decide(f Facts, r Rules, c preference.Channel, d Delays, now time.Time) Verdict {
	if why := refuses(f, r, c); why != "" {
		return Verdict{Act: Drop, Why: why}
	}
	if c == preference.InApp {
		return Verdict{Act: Tell} // the app itself is quiet in quiet hours
	}
	due, why := f.At.Add(d.Push), Why("")
	if c == preference.Email {
		due = f.At.Add(d.Mail)
		if digest := r.DigestAt(due); digest.After(due) {
			due, why = digest, WhyDigest
		}
	}
	due = later(due, now)
	if end := r.Next(due); end.After(due) {
		due, why = end, WhyQuiet
	}
	switch {
	case due.After(now):
		return Verdict{Act: Wait, Why: why, At: due}
	case f.Looking && now.Sub(f.At) < lookMost:
		return Verdict{Act: Wait, Why: WhyLooking, At: now.Add(lookAgain)}
	case f.Looking:
		return Verdict{Act: Drop, Why: WhyLooking}
	}
	return Verdict{Act: Tell}
}

// refuses gives the first reason for which a person is not told at all.
func refuses(f Facts, r Rules, c preference.Channel) Why {
	switch {
	case f.Author:
		return WhyAuthor
	case f.Gone:
		return WhyAccess
	case f.Off:
		return WhyChatOff
	case f.Read:
		return WhyRead
	case f.Muted:
		return WhyMuted
	case !f.Mentioned && r.MentionsOnly(f.Kind):
		return WhyMentions
	case !r.Wants(f.Kind, c):
		return WhyTurnedOff
	case f.NoWay && c == preference.Email:
		return WhyNoAddress
	case f.NoWay && c == preference.Push:
		return WhyNoDevice
	case f.Stopped && c == preference.Email:
		return WhyStopped
	}
	return ""
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
