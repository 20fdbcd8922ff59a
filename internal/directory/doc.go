// Package directory owns the people of a practice: organizations, staff, clients, client
// groups and care teams.
//
// Each use case decides with package access over facts that it loads and locks in the
// caller's transaction, writes, and appends to the audit log, so that all of it commits
// together. Rows are locked in the order client, staff, group, and the audit log last (a
// group that is deleted is locked before its clients; who loses that race runs again).
// Nothing crosses an organization: every statement names it, and what belongs to another
// one is missing like what does not exist.
//
// Who names the id of a new client, member of staff or group may repeat the request: the
// same content gives what exists, other content is refused as id_reused. "The same" is
// judged by a hash of the first request, whatever was edited since.
//
// People are never removed: clients are archived, staff deactivated.
package directory
