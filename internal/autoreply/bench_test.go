package autoreply

import (
	"context"
	"strconv"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/opening"
	"hearth/internal/testkit"
)

// What is paid behind a batch in which clients wrote and nobody is away, in a practice
// where 500 colleagues have rules.
func BenchmarkHear(b *testing.B) {
	for name, d := range map[string]*db.DB{"sqlite": testkit.SQLite(b), "postgres": testkit.Postgres(b)} {
		b.Run(name, func(b *testing.B) {
			ctx, now := context.Background(), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
			s := New(d, func() time.Time { return now }, nil, nil, nil)
			org := care.NewID[care.OrgID](now)
			rules, err := Rules{Weekly: Weekly{Week: opening.Week{TimeZone: "UTC"}}}.stored()
			if err != nil {
				b.Fatal(err)
			}
			heard := make([]chat.Heard, 64)
			err = d.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO organizations (id, name, time_zone, second_factor, default_direct, default_community, version, created_at)
					VALUES ($1, 'North', 'UTC', 'optional', TRUE, TRUE, 1, 0)`, org)
				if err != nil {
					return err
				}
				for i := range 500 {
					id := care.NewID[care.UserID](now)
					_, err := tx.Exec(ctx, `INSERT INTO away_rules (subject_id, org_id, live, rules, version) VALUES ($1, $2, TRUE, $3, 1)`, id, org, rules)
					if err != nil {
						return err
					}
					if i < len(heard) {
						heard[i] = chat.Heard{Org: org, Conversation: care.NewID[care.ConversationID](now), Client: care.NewID[care.UserID](now), Staff: []care.UserID{id}}
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
			for _, n := range []int{1, 64} {
				b.Run(strconv.Itoa(n), func(b *testing.B) {
					err := d.Write(ctx, func(tx *db.Tx) error {
						for b.Loop() {
							if err := s.hear(ctx, tx, heard[:n]); err != nil {
								return err
							}
						}
						return nil
					})
					if err != nil {
						b.Fatal(err)
					}
				})
			}
		})
	}
}
