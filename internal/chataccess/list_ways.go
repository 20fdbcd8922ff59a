package chataccess

// reading is how much is looked at for one page.
type reading struct {
	few    int // clients that are gathered, counted and sorted
	many   int // clients with a word that are sorted by name
	kinds  int // kinds whose clients are merged
	sample int // names that are counted among where a walk fills the page soon
	block  int // clients with a word that are looked at first
}

var listReading = reading{few: 3000, many: 25_000, kinds: 40, sample: 2000, block: 400}

// way is how the clients of a page are found.
type way int

const (
	merged   way = iota // the first of each kind, and of those the first
	gathered            // all of the kinds
	lookedUp            // all of the smallest part
	blocks              // of the smallest part, some at a time by name
	walked              // everybody by name, until the page is full
)

// ofKinds chooses where only kinds are asked for: how many, with how many clients.
func (r reading) ofKinds(kinds, clients int) way {
	switch {
	case kinds <= r.kinds:
		return merged
	case clients <= r.few:
		return gathered
	default:
		return walked
	}
}

// ofParts chooses where kinds with so many clients are narrowed.
func (r reading) ofParts(clients int, smallest part) way {
	switch {
	case clients <= r.few:
		return gathered
	case smallest.size <= r.few:
		return lookedUp
	default:
		return walked
	}
}

// onward chooses where the next names did not fill the page.
func (r reading) onward(smallest part) way {
	if smallest.word && smallest.size <= r.many {
		return blocks
	}
	return walked
}
