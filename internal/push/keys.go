package push

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"

	"hearth/internal/care"
	"hearth/internal/db"
)

var errStoredKey = errors.New("push: the stored key cannot be read")

// loadKey gives the installation's key, which is made when there is none. Of nodes that
// begin at the same moment one stores its key, and all have that.
func loadKey(ctx context.Context, d *db.DB, clock care.Clock) (*ecdsa.PrivateKey, error) {
	var stored []byte
	var found bool
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		stored, found, err = storedKey(ctx, tx)
		return err
	})
	if err == nil && !found {
		stored, err = storeKey(ctx, d, clock)
	}
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), stored)
	if err != nil {
		return nil, errStoredKey
	}
	return key, nil
}

func storedKey(ctx context.Context, tx *db.Tx) ([]byte, bool, error) {
	scan := func(row db.Scanner) (key []byte, err error) { return key, row.Scan(&key) }
	return db.One(ctx, tx, scan, `SELECT private_key FROM push_keys WHERE one = 1`)
}

// storeKey makes a key and gives the one that is stored then.
func storeKey(ctx context.Context, d *db.DB, clock care.Clock) (stored []byte, err error) {
	made, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	raw, err := made.Bytes()
	if err != nil {
		return nil, err
	}
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		_, err = tx.Exec(ctx, `INSERT INTO push_keys (one, private_key, created_at) VALUES (1, $1, $2) ON CONFLICT DO NOTHING`, raw, db.Millis(clock()))
		if err != nil {
			return err
		}
		stored, _, err = storedKey(ctx, tx)
		return err
	})
	return stored, err
}
