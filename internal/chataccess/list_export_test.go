package chataccess

// ReadLittle makes lists go every way that many clients need, with a few.
func ReadLittle(few, many, kinds int) (restore func()) {
	before := listReading
	listReading = reading{few: few, many: many, kinds: kinds, sample: 3, block: 1}
	return func() { listReading = before }
}
