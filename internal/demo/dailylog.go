package demo

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"hearth/internal/care"
)

// logDays is over how many workdays Walter keeps his log: with ten messages a day, six to
// begin with and four today it has four hundred.
const logDays = 39

// dailyLog makes the long conversation: an opening, a day of ten messages for each workday,
// and today. The stock of lines is one section (> name) for each moment of the day. Lunches
// and afternoons come in their written order, because some answer the one before; the rest
// is shuffled.
func dailyLog(text string, chance *rand.Rand) (thread, error) {
	stock := logStock(text)
	for _, name := range []string{"morning", "morning reply", "walk", "walk reply", "supper", "close"} {
		chance.Shuffle(len(stock[name]), func(i, j int) {
			stock[name][i], stock[name][j] = stock[name][j], stock[name][i]
		})
	}
	day := logDay{stock: stock, chance: chance}
	t := thread{
		kind: care.Direct, members: []string{"walter", "noor", "elias", "tomas"},
		unread: map[string]int{"noor": 2, "elias": 12, "tomas": 2},
	}
	rows := append([]string(nil), stock["opening"]...)
	for ago := logDays; ago > 0; ago-- {
		rows = append(rows, day.rows(logDays-ago, ago)...)
	}
	for _, row := range append(rows, day.fill(stock["today"], logDays)...) {
		if err := t.add(row); err != nil {
			return t, fmt.Errorf("daily log: %w", err)
		}
	}
	return t, nil
}

// logStock splits the text into its sections.
func logStock(text string) map[string][]string {
	stock := map[string][]string{}
	section := ""
	for row := range strings.SplitSeq(text, "\n") {
		switch name, header := strings.CutPrefix(row, "> "); {
		case header:
			section = name
		case row != "" && !strings.HasPrefix(row, "#"):
			stock[section] = append(stock[section], row)
		}
	}
	return stock
}

type logDay struct {
	stock  map[string][]string
	chance *rand.Rand
}

// rows writes the day with the number n, which was ago workdays before today.
func (d logDay) rows(n, ago int) []string {
	line := func(section string) string { return d.stock[section][n%len(d.stock[section])] }
	noon, toNoon, _ := strings.Cut(line("noon"), " || ")
	afternoon, toAfternoon, _ := strings.Cut(line("afternoon"), " || ")
	who := "noor"
	if ago == 17 || ago == 16 { // her days off, see the handover among the internal threads
		who = "tomas"
	}
	at := func(hour, minute, within int, who, body string) string {
		return fmt.Sprintf("[%dd %d:%02d] %s: %s", ago, hour, minute+d.chance.IntN(within), who, body)
	}
	return d.fill([]string{
		at(6, 45, 14, "walter", line("morning")),
		at(8, 20, 39, who, line("morning reply")),
		at(12, 5, 50, "walter", noon),
		at(13, 0, 40, who, toNoon),
		at(14, 30, 50, "walter", afternoon),
		at(15, 30, 29, who, toAfternoon),
		at(16, 40, 19, "walter", line("walk")),
		at(17, 5, 40, who, line("walk reply")),
		at(20, 0, 45, "walter", line("supper")),
		at(20, 50, 9, "walter", line("close")),
	}, n)
}

// fill puts the numbers of the day n into its rows: readings that come down from the 130s
// to around 105 with the ups and downs of a life, and walks that grow longer.
func (d logDay) fill(rows []string, n int) []string {
	reading := 134 - 29*n/logDays + d.chance.IntN(9) - 4
	numbers := strings.NewReplacer(
		"{n}", strconv.Itoa(reading),
		"{e}", strconv.Itoa(reading+14+d.chance.IntN(18)),
		"{m}", strconv.Itoa(18+n/3+d.chance.IntN(14)),
	)
	filled := make([]string, len(rows))
	for i, row := range rows {
		filled[i] = numbers.Replace(row)
	}
	return filled
}
