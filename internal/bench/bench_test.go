package bench

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hearth/internal/testkit"
)

// The whole way with the real program, for a moment, on both engines.
func TestBenchMeasuresTheRealProgram(t *testing.T) {
	program := filepath.Join(t.TempDir(), "hearth")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "hearth/cmd/hearth")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var out, progress strings.Builder
	dir := t.TempDir()
	err := Run(t.Context(), Config{
		Program: program, Engine: "both", PostgresURL: testkit.PostgresURL(t), Dir: dir,
		Seconds: 0.3, Out: &out, Progress: &progress,
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, progress.String())
	}
	for _, want := range []string{"### SQLite, encrypted 3.", "### PostgreSQL ", "database CPU-ms per send"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
	for _, line := range []string{"| HTTP | 1 |", "| HTTP | 16 |", "| HTTP | 64 |", "| WebSocket | 1 |", "| WebSocket | 16 |", "| WebSocket | 64 |",
		"| the newest 50 of 10,000 messages | 16 |", "| the first page of an inbox of 500 | 16 |", "| one post to 500 who are connected | 1 |"} {
		if strings.Count(out.String(), line) != 2 || strings.Contains(out.String(), line+" 0 |") {
			t.Errorf("%q is not there with a number for both engines in\n%s", line, out.String())
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
