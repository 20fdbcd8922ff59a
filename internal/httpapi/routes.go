package httpapi

// routes lists the resources. Each method registers the calls of one file.
func (a *api) routes() {
	a.conversations()
	a.messages()
}
