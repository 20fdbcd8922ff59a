package bench

import (
	"strings"
	"testing"
	"time"
)

func TestReport(t *testing.T) {
	round := func(sends int, database time.Duration) result {
		r := result{sends: sends, took: 2 * time.Second, server: 100 * time.Millisecond, database: database, hasDatabase: database > 0}
		for i := range sends {
			r.latencies = append(r.latencies, time.Duration(i+1)*time.Millisecond)
		}
		return r
	}
	var b strings.Builder
	err := write(&b, 6, []report{
		{engine: "SQLite, encrypted", version: "3.53.4", floor: 2 * time.Millisecond, cells: []cell{
			{transport: "HTTP", senders: 16, rounds: []result{round(100, 0), round(1000, 0), round(200, 0)}},
		}},
		{engine: "PostgreSQL", version: "15", cells: []cell{
			{transport: "WebSocket", senders: 1, rounds: []result{round(0, 0), round(100, time.Second), round(100, time.Second)}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Medians of 3 rounds, 6 seconds for each line.",
		"### SQLite, encrypted 3.53.4\n\nCommit floor of the disk: 2.00 ms, that is 500 commits per second",
		"| HTTP | 16 | 100 | 101.00 | 199.00 | 0.500 |\n",
		"| WebSocket | 1 | 50 | 51.00 | 100.00 | 1.000 |\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
}

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		engine, url string
		want        int
		fails       string
	}{
		{"both", "postgres:///postgres", 2, ""},
		{"both", "", 1, ""},
		{"sqlite", "", 1, ""},
		{"postgres", "postgres:///postgres", 1, ""},
		{"postgres", "", 0, "--postgres-url"},
		{"oracle", "", 0, "--engine"},
	} {
		chosen, err := choose(Config{Engine: c.engine, PostgresURL: c.url, Progress: &strings.Builder{}})
		if len(chosen) != c.want || (c.fails != "") != (err != nil) || err != nil && !strings.Contains(err.Error(), c.fails) {
			t.Errorf("%s with %q: %d engines, %v", c.engine, c.url, len(chosen), err)
		}
	}
}

func TestSecondsAreBounded(t *testing.T) {
	for _, seconds := range []float64{0, -1, maxSeconds + 1} {
		err := Run(t.Context(), Config{Engine: "sqlite", Seconds: seconds})
		if err == nil || !strings.Contains(err.Error(), "--seconds") {
			t.Errorf("%v seconds: %v", seconds, err)
		}
	}
}
