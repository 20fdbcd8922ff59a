package httpapi

// routes lists the resources. Each method registers the calls of one file.
func (a *api) routes() {
	a.installation()
	a.sessions()
	a.passwords()
	a.invitations()
	a.clients()
	a.staff()
	a.groups()
	a.organization()
	a.audit()
	a.chatAccess()
	a.chatAccessBulk()
	a.preferences()
	a.conversations()
	a.messages()
	a.search()
	a.attachments()
	a.sharedFiles()
	a.exports()
	a.reports()
	a.team()
	a.templates()
	a.autoreplies()
	a.blasts()
	a.webhooks()
}
