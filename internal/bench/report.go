package bench

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// report is what was measured with one engine.
type report struct {
	engine, version string
	floor           time.Duration
	cells           []cell // sends
	reads           []cell // pages, and what reaches many
}

// write prints the reports as Markdown.
func write(out io.Writer, seconds float64, reports []report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Machine: %d cores (%s), %s. Medians of %d rounds, %.3g seconds for each line. The load runs on the same cores.\n",
		runtime.NumCPU(), processor(), runtime.Version(), rounds, seconds)
	for _, r := range reports {
		fmt.Fprintf(&b, "\n### %s %s\n\nCommit floor of the disk: %s, that is %.0f commits per second one after the other.\n\n",
			r.engine, r.version, millis(r.floor), float64(time.Second)/float64(max(r.floor, 1)))
		r.table(&b)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func (r report) table(b *strings.Builder) {
	writeCells(b, "over | senders | sends per second", "send", r.cells)
	if len(r.reads) > 0 {
		b.WriteByte('\n')
		writeCells(b, "what | at once | times per second", "time", r.reads)
	}
}

// writeCells prints a table; head names its first columns, each what one line counts.
func writeCells(b *strings.Builder, head, each string, cells []cell) {
	apart := len(cells) > 0 && len(cells[0].rounds) > 0 && cells[0].rounds[0].hasDatabase
	more, line := "", ""
	if apart {
		more, line = " database CPU-ms per "+each+" |", "---:|"
	}
	fmt.Fprintf(b, "| %s | p50 ms | p99 ms | server CPU-ms per %s |%s\n", head, each, more)
	fmt.Fprintf(b, "|---|---:|---:|---:|---:|---:|%s\n", line)
	for _, c := range cells {
		fmt.Fprintf(b, "| %s | %d | %.0f | %.2f | %.2f | %.3f |", c.transport, c.senders,
			c.median(result.rate), c.median(percentile(50)), c.median(percentile(99)), c.median(result.serverCost))
		if apart {
			fmt.Fprintf(b, " %.3f |", c.median(result.databaseCost))
		}
		b.WriteByte('\n')
	}
}

// median is the middle one of the rounds.
func (c cell) median(value func(result) float64) float64 {
	values := make([]float64, len(c.rounds))
	for i, r := range c.rounds {
		values[i] = value(r)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func (r result) rate() float64 { return float64(r.sends) / r.took.Seconds() }

func (r result) serverCost() float64 { return inMillis(r.server) / float64(max(r.sends, 1)) }

func (r result) databaseCost() float64 { return inMillis(r.database) / float64(max(r.sends, 1)) }

// percentile gives the latency in milliseconds that so many of a hundred sends keep to.
func percentile(of int) func(result) float64 {
	return func(r result) float64 {
		if len(r.latencies) == 0 {
			return 0
		}
		return inMillis(r.latencies[min(len(r.latencies)*of/100, len(r.latencies)-1)])
	}
}

func inMillis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func millis(d time.Duration) string { return fmt.Sprintf("%.2f ms", inMillis(d)) }

// processor is the name that Linux gives it.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo") // without it the architecture must do
	for line := range strings.Lines(string(text)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
