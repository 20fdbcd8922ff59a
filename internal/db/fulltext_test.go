package db_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"hearth/internal/db"
	"hearth/internal/testkit"
)

func within(t *testing.T, d *db.DB, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func find(t *testing.T, d *db.DB, q db.WordQuery) (ids []int64) {
	t.Helper()
	if q.Limit == 0 {
		q.Above, q.Below, q.Limit = 0, 1<<62, 100
	}
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		ids, err = tx.FindWords(t.Context(), q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func words(text ...string) (group []db.Word) {
	for _, w := range text {
		group = append(group, db.Word{Text: w})
	}
	return group
}

func TestWordsAreFound(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		within(t, d, func(ctx context.Context, tx *db.Tx) error {
			for id, list := range map[int64][]string{
				7: {"slow", "oats", "§c1"}, 9: {"oats", "§c2"}, 12: {"oatmeal", "§c1"}, 1 << 55: {"睡", "眠", "ähre", "§c2"},
			} {
				if err := tx.IndexWords(ctx, id, list); err != nil {
					return err
				}
			}
			return nil
		})
		for _, c := range []struct {
			query db.WordQuery
			want  []int64
		}{
			{db.WordQuery{All: [][]db.Word{words("oats")}}, []int64{9, 7}},
			{db.WordQuery{All: [][]db.Word{words("oats"), words("slow")}}, []int64{7}},
			{db.WordQuery{All: [][]db.Word{words("oats"), words("§c2", "§c3")}}, []int64{9}},
			{db.WordQuery{All: [][]db.Word{{{Text: "oa", Prefix: true}}}}, []int64{12, 9, 7}},
			{db.WordQuery{All: [][]db.Word{{{Text: "o", Prefix: true}}, words("§c1")}}, []int64{12, 7}},
			{db.WordQuery{All: [][]db.Word{words("眠"), words("ähre")}}, []int64{1 << 55}},
			{db.WordQuery{All: [][]db.Word{words("§c1", "§c2")}, Above: 9, Below: 1 << 55, Limit: 5}, []int64{12, 9}},
			{db.WordQuery{All: [][]db.Word{words("§c1", "§c2")}, Below: 1 << 60, Limit: 2}, []int64{1 << 55, 12}},
			{db.WordQuery{All: [][]db.Word{words("nothing")}}, nil},
		} {
			if got := find(t, d, c.query); !slices.Equal(got, c.want) {
				t.Errorf("%v: found %v, want %v", c.query, got, c.want)
			}
		}
	})
}

func TestWordsAreTakenOut(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		put := func(id int64, list ...string) {
			within(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.IndexWords(ctx, id, list) })
		}
		for id := range int64(50) {
			put(id, "common", fmt.Sprintf("only%d", id))
		}
		within(t, d, func(ctx context.Context, tx *db.Tx) error {
			for range 4 {
				if err := tx.UnindexWords(ctx, 3, []string{"common", "only3"}); err != nil {
					return err
				}
				if err := tx.IndexWords(ctx, 3, []string{"common", "only3"}); err != nil {
					return err
				}
			}
			if err := tx.UnindexWords(ctx, 3, []string{"common", "only3"}); err != nil {
				return err
			}
			return tx.IndexWords(ctx, 3, []string{"common", "other"})
		})
		for word, want := range map[string]int{"common": 50, "only3": 0, "other": 1, "only4": 1} {
			if got := len(find(t, d, db.WordQuery{All: [][]db.Word{words(word)}})); got != want {
				t.Errorf("%s: %d documents, want %d", word, got, want)
			}
		}
		within(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.ClearWords(ctx) })
		if got := find(t, d, db.WordQuery{All: [][]db.Word{words("common")}}); got != nil {
			t.Errorf("after clearing: %v", got)
		}
	})
}

// TestErasedWordsAreGoneFromTheFile looks at what SQLite has stored.
func TestErasedWordsAreGoneFromTheFile(t *testing.T) {
	d := testkit.SQLite(t)
	list := []string{"common", "secretword"}
	within(t, d, func(ctx context.Context, tx *db.Tx) error {
		for id := range int64(20) {
			if err := tx.IndexWords(ctx, 100+id, []string{"common", "another"}); err != nil {
				return err
			}
		}
		return tx.IndexWords(ctx, 1, list)
	})
	stored := func() (n int) {
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.QueryRow(t.Context(), `SELECT COUNT(*) FROM search_words_data WHERE instr(block, CAST('secretword' AS BLOB)) > 0
				OR instr(block, CAST('ecretword' AS BLOB)) > 0`).Scan(&n)
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if stored() == 0 {
		t.Fatal("the word is not found where the index is stored: this test looks in the wrong place")
	}
	within(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.UnindexWords(ctx, 1, list) })
	if got := find(t, d, db.WordQuery{All: [][]db.Word{words("secretword")}}); got != nil {
		t.Errorf("found %v", got)
	}
	tidy(t, d, true)
	if n := stored(); n != 0 {
		t.Errorf("%d pages of the index still have the word", n)
	}
}

// tidy joins the parts of the index until nothing is left to do.
func tidy(t *testing.T, d *db.DB, all bool) {
	t.Helper()
	for range 1000 {
		more := false
		within(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
			more, err = tx.TidyWords(ctx, all)
			return err
		})
		if all = false; !more {
			return
		}
	}
	t.Fatal("tidying does not end")
}

func TestTidyingEndsAndLosesNothing(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		for id := range int64(60) { // each commit writes a part of its own
			within(t, d, func(ctx context.Context, tx *db.Tx) error {
				return tx.IndexWords(ctx, id, []string{"common", fmt.Sprintf("only%d", id)})
			})
		}
		tidy(t, d, false)
		for word, want := range map[string]int{"common": 60, "only0": 1, "only59": 1} {
			if got := len(find(t, d, db.WordQuery{All: [][]db.Word{words(word)}})); got != want {
				t.Errorf("%s: %d documents, want %d", word, got, want)
			}
		}
	})
}

// TestIndexKeepsItsWords puts documents in and takes them out at random, many of them more
// than once in a transaction, with tidying in between.
func TestIndexKeepsItsWords(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		r := rand.New(rand.NewPCG(7, 7))
		docs := map[int64][]string{}
		for round := range 200 {
			within(t, d, func(ctx context.Context, tx *db.Tx) error {
				for range 1 + r.IntN(4) {
					if err := replace(ctx, tx, docs, int64(r.IntN(20)), r); err != nil {
						return err
					}
				}
				return nil
			})
			if r.IntN(5) == 0 {
				tidy(t, d, r.IntN(2) == 0)
			}
			for _, word := range []string{"common", "w1", "w2"} {
				want := 0
				for _, list := range docs {
					if slices.Contains(list, word) {
						want++
					}
				}
				if got := len(find(t, d, db.WordQuery{All: [][]db.Word{words(word)}})); got != want {
					t.Fatalf("round %d: %s is in %d documents, want %d", round, word, got, want)
				}
			}
		}
	})
}

// replace takes a document out and mostly puts another in.
func replace(ctx context.Context, tx *db.Tx, docs map[int64][]string, id int64, r *rand.Rand) error {
	if old, known := docs[id]; known {
		if err := tx.UnindexWords(ctx, id, old); err != nil {
			return err
		}
		delete(docs, id)
	}
	if r.IntN(4) == 0 {
		return nil
	}
	list := []string{"common"}
	for n := range 40 {
		if r.IntN(2) == 0 {
			list = append(list, fmt.Sprintf("w%d", n))
		}
	}
	docs[id] = list
	return tx.IndexWords(ctx, id, list)
}
