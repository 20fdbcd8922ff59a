package push_test

import (
	"encoding/base64"
	"sync"
	"testing"
	"time"

	"hearth/internal/db"
	"hearth/internal/outward"
	"hearth/internal/push"
	"hearth/internal/testkit"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func TestTheKeyIsMadeOnceAndStays(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		first := publicKey(t, d)
		if point, err := base64.RawURLEncoding.DecodeString(first); err != nil || len(point) != 65 || point[0] != 4 {
			t.Errorf("the key is %q", first)
		}
		if again := publicKey(t, d); again != first {
			t.Error("a second start has another key")
		}
	})
}

func publicKey(t *testing.T, d *db.DB) string {
	t.Helper()
	s, err := push.Open(t.Context(), d, testkit.NewClock(start).Now, outward.New(nil), "")
	if err != nil {
		t.Fatal(err)
	}
	return s.PublicKey()
}

func TestNodesThatBeginTogetherAgree(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		const nodes = 8
		var keys [nodes]string
		var all sync.WaitGroup
		for i := range nodes {
			all.Go(func() {
				if s, err := push.Open(t.Context(), d, testkit.NewClock(start).Now, outward.New(nil), ""); err != nil {
					t.Error(err)
				} else {
					keys[i] = s.PublicKey()
				}
			})
		}
		all.Wait()
		for _, key := range keys {
			if key != keys[0] || key == "" {
				t.Fatalf("the nodes have %v", keys)
			}
		}
	})
}

func TestADamagedKeyIsSaidAndNotReplaced(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO push_keys (one, private_key, created_at) VALUES (1, $1, 0)`, make([]byte, 32))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := push.Open(t.Context(), d, testkit.NewClock(start).Now, outward.New(nil), ""); err == nil {
			t.Error("a key of zeros is used")
		}
	})
}
