// Package testkit gives tests real databases and a clock they can set.
//
// [Engines] runs a test on both engines; [SQLite] and [Postgres] give one fresh, migrated
// database each, closed and removed when the test ends. All may be used from parallel
// tests. Nothing is skipped: a machine without the PostgreSQL programs fails the test and
// says how to install them.
//
// PostgreSQL runs in a private temporary cluster, one for each test binary, started when
// first needed and removed when the process ends, however it ends. To share one among
// all packages run the tests under the command in pgcluster, as `make test` does; it
// sets HEARTH_TEST_POSTGRES. Its durability settings are off; [DurablePostgres] has the
// server's defaults, for benchmarks and crash tests.
package testkit
