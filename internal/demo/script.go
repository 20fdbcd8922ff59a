package demo

import (
	"embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"hearth/internal/care"
)

//go:embed script/*.txt
var scripts embed.FS

// thread is a conversation as it is written in a script, before it has people and times.
type thread struct {
	kind    care.ConversationKind
	subject string
	members []string
	unread  map[string]int // how many of the last messages somebody has not read
	pinned  []string
	drafts  map[string]string
	closed  string // who closed it
	lines   []line
}

// line is one message of a thread.
type line struct {
	when   string // as calendar.resolve reads it; empty: shortly after the line before
	who    string
	behalf string // whom the author answers for; empty: nobody
	body   string
	files  []string // as fileOf reads them
}

// parseScript reads the threads of a script:
//
//	== direct
//	members: leilani, noor
//	unread: noor 1
//	pinned: noor
//	draft: noor What she has begun to write
//	closed: noor
//	[3d 9:15] noor: Good morning
//	[+20m] leilani: Good morning!\nA second paragraph
//	[ago 5m] sam for noor: Your visit {+2} is confirmed
//	noor: Something to print [files: Steady mornings.pdf, oats.jpg]
//
// A kind may carry a subject (== internal: Front desk). Lines that begin with # and empty
// lines say nothing.
func parseScript(text string) ([]thread, error) {
	var threads []thread
	for i, row := range strings.Split(text, "\n") {
		if row == "" || strings.HasPrefix(row, "#") {
			continue
		}
		if header, ok := strings.CutPrefix(row, "== "); ok {
			kind, subject, _ := strings.Cut(header, ": ")
			threads = append(threads, thread{kind: care.ConversationKind(kind), subject: subject})
			continue
		}
		if len(threads) == 0 {
			return nil, fmt.Errorf("line %d stands before the first conversation", i+1)
		}
		if err := threads[len(threads)-1].add(row); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return threads, nil
}

// add takes one row below a thread's header.
func (t *thread) add(row string) (err error) {
	word, rest, _ := strings.Cut(row, ": ")
	switch word {
	case "members":
		t.members = strings.Split(rest, ", ")
	case "unread":
		t.unread, err = parseUnread(rest)
	case "pinned":
		t.pinned = strings.Split(rest, ", ")
	case "closed":
		t.closed = rest
	case "draft":
		who, text, _ := strings.Cut(rest, " ")
		t.drafts = map[string]string{who: text}
	default:
		var l line
		l, err = parseLine(row)
		t.lines = append(t.lines, l)
	}
	return err
}

// read gives the number of the last line that somebody read: their own at least.
func (t *thread) read(key string) int {
	for i := len(t.lines); i > len(t.lines)-t.unread[key]; i-- {
		if t.lines[i-1].who == key {
			return i
		}
	}
	return len(t.lines) - t.unread[key]
}

func parseUnread(text string) (map[string]int, error) {
	unread := map[string]int{}
	for entry := range strings.SplitSeq(text, ", ") {
		who, count, _ := strings.Cut(entry, " ")
		n, err := strconv.Atoi(count)
		if err != nil {
			return nil, fmt.Errorf("unread wants a name and a number: %w", err)
		}
		unread[who] = n
	}
	return unread, nil
}

var linePattern = regexp.MustCompile(`^(?:\[([^\]]+)\] )?([a-z-]+)(?: for ([a-z-]+))?: (.+)$`)

func parseLine(row string) (line, error) {
	found := linePattern.FindStringSubmatch(row)
	if found == nil {
		return line{}, fmt.Errorf("not a message: %q", row)
	}
	l := line{when: found[1], who: found[2], behalf: found[3], body: strings.ReplaceAll(found[4], `\n`, "\n")}
	if body, files, has := strings.Cut(strings.TrimSuffix(l.body, "]"), "[files: "); has {
		l.body, l.files = strings.TrimSpace(body), strings.Split(files, ", ")
	}
	return l, nil
}

// script reads one of the embedded files, which are part of the program.
func script(name string) string {
	text, err := scripts.ReadFile("script/" + name)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// threadFiles are read in this order.
var threadFiles = []string{
	"direct_glucose.txt", "direct_everyday.txt", "direct_parents.txt", "direct_physician.txt",
	"direct_desk.txt", "direct_short.txt", "community_plates.txt", "community_life.txt", "internal.txt",
}
