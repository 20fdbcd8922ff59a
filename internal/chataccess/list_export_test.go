package chataccess

import "hearth/internal/directory"

// ReadLittle makes lists go every way that many clients need, with a few.
func ReadLittle(few, many, kinds int) (restore func()) {
	before := listReading
	listReading = directory.Reading{Few: few, Many: many, Kinds: kinds, Sample: 3, Block: 1}
	return func() { listReading = before }
}
