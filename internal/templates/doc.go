// Package templates owns texts that staff write with: templates with fields, and the next
// step of a client, which is one of the fields.
//
// A template belongs to one member of staff, who alone sees it, or to the organization;
// those need the permission to manage settings to be changed and are seen by all staff.
//
// Fields are safe: there is a short list of them ([fields.All]), a template with another one is
// refused when it is saved, and a value is put in once and as it is: it is never read for
// fields again, and what could turn a name into a link, a mention or a format is left out.
// A field without a value stays visible as "[next step]" and is named to the caller, so
// that nobody sends a gap without seeing it.
//
// Who names the id of a new template may repeat the request. Everything is safe for
// concurrent use.
package templates
