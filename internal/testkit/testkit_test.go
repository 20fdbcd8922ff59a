package testkit_test

import (
	"testing"
	"time"

	"hearth/internal/db"
	"hearth/internal/testkit"
)

func TestEnginesGivesFreshMigratedDatabases(t *testing.T) {
	for range 2 {
		testkit.Engines(t, func(t *testing.T, d *db.DB) {
			version, err := d.SchemaVersion(t.Context())
			if err != nil || version < 1 {
				t.Fatalf("schema version %d, %v", version, err)
			}
			var people int
			err = d.Write(t.Context(), func(tx *db.Tx) error {
				if err := tx.QueryRow(t.Context(), "SELECT count(*) FROM organizations").Scan(&people); err != nil {
					return err
				}
				_, err := tx.Exec(t.Context(), `INSERT INTO organizations (id, name, time_zone, second_factor, default_direct, default_community, version, created_at)
					VALUES ($1, 'Northside', 'UTC', 'optional', TRUE, FALSE, 1, 0)`, make([]byte, 16))
				return err
			})
			if err != nil || people != 0 {
				t.Fatalf("%d rows in a fresh database, %v", people, err)
			}
		})
	}
}

func TestClockStandsStillUntilTold(t *testing.T) {
	clock := testkit.NewClock(time.Time{})
	began := clock.Now()
	if clock.Advance(time.Hour); clock.Now().Sub(began) != time.Hour {
		t.Errorf("the clock shows %v an hour after %v", clock.Now(), began)
	}
	clock.Set(began)
	if !clock.Now().Equal(began) {
		t.Errorf("the clock shows %v, want %v", clock.Now(), began)
	}
}
