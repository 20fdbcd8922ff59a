// Package audit keeps the record of who did what: append-only, one hash chain for each
// organization.
//
// [Append] writes within the transaction of the act it records, so that the two commit
// together or not at all. The rows of an organization are numbered n = 1, 2, 3 … without
// gaps; the row in audit_heads is the lock that serialises appending, so append last in
// a transaction: whoever else writes for the organization waits until it ends. Triggers of
// the database refuse to change or remove a row.
//
// # Checking the chain without this program
//
// The hash of a row is the SHA-256 of these fields, one after the other, each preceded by
// its length in bytes as a 4-byte big-endian number:
//
//  1. the ASCII text "hearth-audit-1"
//  2. org_id, 16 bytes
//  3. n, 8 bytes big-endian
//  4. id, 16 bytes
//  5. at, milliseconds since 1970 in UTC, 8 bytes big-endian
//  6. actor_id, 16 bytes, or no bytes where it is NULL
//  7. actor_kind, UTF-8
//  8. action, UTF-8
//  9. subject_kind, UTF-8
//  10. subject_id, 16 bytes, or no bytes where it is NULL
//  11. details, the UTF-8 text as it is stored
//  12. the hash of row n-1, 32 bytes; for n = 1, 32 zero bytes
//
// [Verify] finds the first row that was changed, removed, inserted or moved, and a tail
// that was cut off (audit_heads says how long the chain is). Who can write both tables can
// also write a new chain: the head printed by `hearth verify`, kept elsewhere, shows that.
//
// Details hold ids and words of the program, never what people wrote. Names are looked up
// when the log is read: a person has one name, also in old rows.
package audit
