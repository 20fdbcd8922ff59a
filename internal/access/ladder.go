package access

import "hearth/internal/care"

// Ladder is one switch of one client at its three places. The first place that is set
// counts: the client's own setting, the group's, the default when added.
type Ladder struct {
	Own     care.Setting
	Group   care.Setting
	Default bool
}

// Resolve gives the effective value and the place it comes from.
func (l Ladder) Resolve() (on bool, place care.Place) {
	switch {
	case l.Own == care.On || l.Own == care.Off:
		return l.Own == care.On, care.PlaceClient
	case l.Group == care.On || l.Group == care.Off:
		return l.Group == care.On, care.PlaceGroup
	default:
		return l.Default, care.PlaceDefault
	}
}

// On reports the effective value.
func (l Ladder) On() bool {
	on, _ := l.Resolve()
	return on
}

// Client is what a decision needs to know of a client: the state and the two switches,
// D (Allow Direct Messaging) and C (Allow Community Chat participation).
type Client struct {
	ID        care.UserID
	Name      string
	State     care.ClientState
	Direct    Ladder
	Community Ladder
}

// Archived reports whether the client is not in care now.
func (c Client) Archived() bool { return c.State == care.ClientArchived }
