package care

// Setting is the value of a switch at one of its places.
type Setting string

// The values of a switch. An organization's defaults and a client's default when added
// are never Unset.
const (
	On    Setting = "on"
	Off   Setting = "off"
	Unset Setting = "unset"
)

// Place is where the effective value of a switch comes from.
type Place string

// The places in the order in which they count.
const (
	PlaceClient  Place = "client"
	PlaceGroup   Place = "group"
	PlaceDefault Place = "default"
)

// SettingOf gives the word for on or off.
func SettingOf(on bool) Setting {
	if on {
		return On
	}
	return Off
}
