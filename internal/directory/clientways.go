package directory

// Reading is how much is looked at for one page of clients. The zero value is what keeps a
// page of 100,000 within 20 ms.
type Reading struct {
	Few    int // clients that are gathered, counted and sorted
	Many   int // clients with a word that are sorted by name
	Kinds  int // kinds whose clients are merged
	Sample int // names that are counted among where a walk fills the page soon
	Block  int // clients with a word that are looked at first
}

func (r Reading) orDefault() Reading {
	if r == (Reading{}) {
		return Reading{Few: 3000, Many: 25_000, Kinds: 40, Sample: 2000, Block: 400}
	}
	return r
}

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
func (r Reading) ofKinds(kinds, clients int) way {
	switch {
	case kinds <= r.Kinds:
		return merged
	case clients <= r.Few:
		return gathered
	default:
		return walked
	}
}

// ofParts chooses where kinds with so many clients are narrowed.
func (r Reading) ofParts(clients int, smallest part) way {
	switch {
	case clients <= r.Few:
		return gathered
	case smallest.size <= r.Few:
		return lookedUp
	default:
		return walked
	}
}

// onward chooses where the next names did not fill the page.
func (r Reading) onward(smallest part) way {
	if smallest.word && smallest.size <= r.Many {
		return blocks
	}
	return walked
}
