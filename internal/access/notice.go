package access

import (
	"cmp"

	"hearth/internal/care"
)

// Words is what a client is told where they cannot write: the words their organization or
// group wrote, and the name that the default words use.
type Words struct {
	Organization string
	Own          care.Notice
}

const defaultEmergency = "911"

// Direct is the calm text where D is off: that messaging is off, that earlier messages
// stay, how to reach the practice, and what to do in an emergency (SEMANTICS 33).
func (w Words) Direct() care.Notice {
	return w.Own.Or(care.Notice{
		Title: "Messaging is turned off",
		Body:  "You can still read everything here. " + w.reach() + w.emergency(), Emergency: defaultEmergency,
	})
}

// Community is the text where C is off. It sends people to their private messages where
// those work.
func (w Words) Community(directOn bool) care.Notice {
	way := w.reach()
	if directOn {
		way = "Private messages with your care team still work."
	}
	return care.Notice{
		Title: "Community Chat is turned off",
		Body:  "You can still read posts from when you took part. " + way + w.emergency(),
		Phone: w.Own.Phone, Hours: w.Own.Hours, Emergency: cmp.Or(w.Own.Emergency, defaultEmergency),
	}
}

func (w Words) reach() string {
	text := "To reach your care team, contact " + w.Organization
	if w.Own.Phone != "" {
		text = "To reach your care team, call " + w.Organization + " at " + w.Own.Phone
	}
	if w.Own.Hours != "" {
		text += ", " + w.Own.Hours
	}
	return text + "."
}

func (w Words) emergency() string {
	return " In an emergency, call " + cmp.Or(w.Own.Emergency, defaultEmergency) + "."
}
