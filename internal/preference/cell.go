package preference

// Kind is what a notification is about.
type Kind string

// The kinds. Team (internal conversations) and Reminder (unanswered messages) are for staff only.
const (
	Direct    Kind = "direct"
	Community Kind = "community"
	Team      Kind = "team"
	Reminder  Kind = "reminder"
)

// Channel is the way by which a notification reaches somebody.
type Channel string

// The channels.
const (
	Email Channel = "email"
	Push  Channel = "push"
	InApp Channel = "in_app"
)

// Kinds and Channels list all in the order in which they are shown.
var (
	Kinds    = []Kind{Direct, Community, Team, Reminder}
	Channels = []Channel{Email, Push, InApp}
)

// ClientKinds are the kinds that a client can get.
var ClientKinds = Kinds[:2]

// Mask is a set of cells.
type Mask uint16

// Sets of cells: all, and those of clients.
const (
	AllCells    Mask = 1<<12 - 1
	ClientCells Mask = 1<<6 - 1
)

// Cell gives the set of one cell; of a kind or channel that is none it is empty.
func Cell(k Kind, c Channel) Mask {
	for i, kind := range Kinds {
		for j, channel := range Channels {
			if kind == k && channel == c {
				return 1 << (i*len(Channels) + j)
			}
		}
	}
	return 0
}

// CellsOf gives the cells of a kind in all channels.
func CellsOf(k Kind) (m Mask) {
	for _, c := range Channels {
		m |= Cell(k, c)
	}
	return m
}

// Has reports whether the set holds the cell.
func (m Mask) Has(k Kind, c Channel) bool { return m&Cell(k, c) != 0 }

// each calls visit for the cells of the set, in order.
func (m Mask) each(visit func(k Kind, c Channel)) {
	for _, k := range Kinds {
		for _, c := range Channels {
			if m.Has(k, c) {
				visit(k, c)
			}
		}
	}
}
