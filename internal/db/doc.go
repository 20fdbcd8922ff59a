// Package db is the seam between Hearth and its database engine. It opens and migrates
// the store, runs closures in transactions, and hides what differs between SQLite and
// PostgreSQL; the SQL itself lives with the features, one text for both engines.
//
// # Promises
//
//   - [Open] either gives a store that is migrated and usable, or an [*OpenError] that
//     says in words what is wrong and what to do. A failed open damages nothing.
//   - [DB.Read] gives one consistent snapshot that cannot write. [DB.Write] commits all
//     or nothing, and when it returns nil the change survives a crash of the machine.
//   - A write that lost a race (serialization failure, deadlock, busy) is run again, so
//     a closure must touch nothing but its Tx and variables that it sets from the start.
//   - The SQLite file is encrypted; its key stays in a file of its own beside it and
//     never appears in a log line or an error.
//
// # Writing SQL
//
// Placeholders are $1, $2 …; for SQLite they become ?1, ?2 … (its own $1 is a name and
// binds by order of appearance). Booleans are bool, times are integer milliseconds
// ([Millis]), ids are 16 bytes. Too few or too many arguments are an error on both
// engines. Text must be UTF-8 without NUL. What differs by engine is a method of [Tx]:
// [Tx.Values], [Tx.In], [Tx.ForShare], [Tx.ForUpdate], [Tx.SkipLocked].
//
// The full-text index (fulltext.go) takes finished words, so that both engines find the same.
//
// On PostgreSQL an error within a transaction spoils it: do not catch [IsUnique] inside
// a closure and go on; use ON CONFLICT DO NOTHING, or return and look again.
//
// # Migrations
//
// migrations/*.sql are goose files, numbered and only ever added. {{id}}, {{int}},
// {{bool}}, {{text}} and {{blob}} are column types; {{strict}} ends a table and
// {{clustered}} one that is kept in the order of its primary key. Lines between
// "-- +sqlite" or "-- +postgres" and "-- +end" are for that engine. Text sorts and
// compares by its bytes on both.
//
// # Files
//
// From SQLite down to the disk: gathering joins what a commit writes to the log, adiantum
// encrypts it in blocks of 4 KiB, disk writes it and tells a full disk from a broken one.
//
// # Order and failure
//
// SQLite has one writer; writes queue fairly in the order they came. Readers never wait
// for the writer nor it for them. When the disk fills up, writes fail with an error that
// [IsFull] knows, nothing half-written remains, and work goes on once there is space.
// A connection whose rollback fails is thrown away.
package db
