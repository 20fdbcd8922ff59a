package directory

// FewWith makes searches begin with a word that at most n clients have.
func FewWith(n int) (restore func()) {
	before := fewWith
	fewWith = n
	return func() { fewWith = before }
}
