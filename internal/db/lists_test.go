package db_test

import (
	"context"
	"fmt"
	"testing"

	"hearth/internal/care"
	"hearth/internal/db"
)

func TestValuesOnBothEngines(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		const rows = 70
		var inserted []any
		for i := range rows {
			inserted = append(inserted, id(byte(i)+1), fmt.Sprint("thing ", i), i)
		}
		if n := exec(t, d, `INSERT INTO things (id, name, n) VALUES `+db.Rows(1, rows, 3), inserted...); n != rows {
			t.Fatalf("inserted %d", n)
		}
		for _, count := range []int{1, 2, 8, rows} {
			var args []any
			for i := range count {
				args = append(args, id(byte(i)+1), i+1000, i%2 == 0, fmt.Sprint("new ", count, i), []byte{byte(i)})
			}
			write(t, d, func(ctx context.Context, tx *db.Tx) error {
				names, err := db.Many(ctx, tx, scanText, `UPDATE things SET n = v.column2, ok = v.column3, name = v.column4, data = v.column5
					FROM (VALUES `+tx.Values(count, "id", "int", "bool", "text", "blob")+`) AS v
					WHERE things.id = v.column1 RETURNING name`, args...)
				if len(names) != count {
					t.Errorf("%d rows updated, want %d", len(names), count)
				}
				return err
			})
		}
		if n := number(t, d, `SELECT count(*) FROM things WHERE ok AND n >= 1000`); n != rows/2 {
			t.Errorf("%d are ok, want %d", n, rows/2)
		}
	})
}

func TestValuesMayBeNull(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		exec(t, d, insert, id(1), "one", 1)
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			n, err := tx.Exec(ctx, `UPDATE things SET parent = v.column2, data = v.column3
				FROM (VALUES `+tx.ValuesFrom(2, 2, "id", "id", "blob")+`) AS v WHERE things.id = v.column1 AND n = $1`,
				1, care.UserID{}, nil, nil, id(1), id(1), nil)
			if n != 1 {
				t.Errorf("%d rows updated", n)
			}
			return err
		})
	})
}

func TestInOnBothEngines(t *testing.T) {
	const rows = 300
	each(t, func(t *testing.T, d *db.DB) {
		var args []any
		for i := range rows {
			args = append(args, care.UserID{0: byte(i >> 8), 1: byte(i), 6: 0x70}, fmt.Sprint(i), i)
		}
		exec(t, d, `INSERT INTO things (id, name, n) VALUES `+db.Rows(1, rows, 3), args...)
		read(t, d, func(ctx context.Context, tx *db.Tx) error {
			for _, count := range []int{0, 1, 2, 8, 9, 64, 65, 256, 257} {
				list := []any{rows}
				for i := range count {
					list = append(list, args[3*i])
				}
				query := `SELECT count(*) FROM things WHERE n < $1 AND id IN (` + tx.In(2, count) + `)`
				var got int
				if err := tx.QueryRow(ctx, query, list...).Scan(&got); err != nil {
					return err
				}
				if got != count {
					t.Errorf("%d ids matched %d rows", count, got)
				}
				if count == 0 {
					continue
				}
				if err := tx.QueryRow(ctx, `SELECT count(*) FROM things WHERE n < $1 AND id NOT IN (`+tx.In(2, count)+`)`, list...).Scan(&got); err != nil {
					return err
				}
				if got != rows-count {
					t.Errorf("%d ids left %d rows out of %d", count, got, rows)
				}
			}
			return nil
		})
	})
}
