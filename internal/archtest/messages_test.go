package archtest

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"testing"
)

// messageReads are the functions that read messages, each with why it gives nobody what is
// withheld from them (SEMANTICS 6) or what precedes their joining. A new one has to be
// added here with its reason; one that answers a person goes through readPage.
var messageReads = map[string]string{
	"chat mayReadBlastFile": "whether a file of a blast is read by somebody who has its message: existence only, of the first message, which joined_seq = 0 bounds; direct conversations withhold nothing",
	"chat readPage":         "takes its bounds from lookIn, which knows where the conversation stops for the reader",
	"chat readWithFiles":    "as readPage, for the list of files of a conversation",
	"chat fillLastMessages": "joins the reader's own membership and stops where it does",
	"chat countableAt":      "a number at a place that lookIn bounds; no text",
	"chat firstSince":       "a number within the bounds of lookIn; no text",
	"chat readQuoted":       "whoever uses it shows only what Conversation.shows allows: after joining, before the stop",
	"chat readIndexed":      "for the search index, which answers nobody: whoever searches reads what it names by readSpans",
	"chat readSpans":        "looks through spans that scope.clip and scope.take cut to what lookIn's view of the searcher allows",
	"chat readPlaces":       "places that readSpans gave, and Conversation.shows is asked of each once more",
	"chat MessageAt":        "for other nodes: who is told was decided with the message, see thread.audience",
	"chat readReported":     "posts that were reported to staff, for staff who keep their conversations and nobody else",
	"chat loadUsed":         "whether an id is used; the text goes back only to its author",
	"chat loadReplies":      "whether a reply's message is of this conversation; no text",
	"chat Turns":            "who wrote when in direct conversations, for waiting times, which answer staff; no text, and direct conversations withhold nothing",
	"chat Silences":         "a number, likewise; no text",
	"chat LastTurnsOfStaff": "a number, likewise; no text",
	"chat WrittenAt":        "who wrote at a place and whom they mention, for notifications: the text goes nowhere, and who may be told is decided by the members",
	"chat HeardAt":          "in which direct conversations the client has written, for away replies; no text",
	"chat AnsweredSince":    "whether staff have written behind a place; no text",
	"chat standing":         "whether a message stands at a place that its reader was told of; Glimpses says so only within what they may read; no text",
	"chat lastHuman":        "when somebody of staff last wrote in a direct conversation; no text",
	"chat automaticAfter":   "a number, of direct conversations, to staff who are in them; no text",
	"chat Withhold":         "finds the place from which on is withheld; no text",
}

var readsMessages = regexp.MustCompile(`(?i)\b(?:from|join)\s+messages\b`)

func TestEveryReadOfMessagesIsKnown(t *testing.T) {
	found := map[string]bool{}
	for _, f := range sources(t) {
		if f.test() {
			continue
		}
		for _, name := range functionsWith(f, readsMessages) {
			read := f.room() + " " + name
			found[read] = true
			if messageReads[read] == "" {
				t.Errorf("%s reads messages: say in messageReads why it gives nobody what is withheld from them", read)
			}
		}
	}
	for read := range messageReads {
		if !found[read] {
			t.Errorf("%q is listed and does not read messages: take it out", read)
		}
	}
}

func TestReadsOfMessagesAreSeen(t *testing.T) {
	f := example(t, "internal/export/x.go", "package export\nfunc dump() string { return `SELECT body FROM messages` }\nfunc other() string { return `SELECT 1` }")
	if got := functionsWith(f, readsMessages); len(got) != 1 || got[0] != "dump" {
		t.Errorf("found %v", got)
	}
}

// functionsWith names the functions of a file with a text that matches, and "" for one
// that stands outside of any.
func functionsWith(f file, pattern *regexp.Regexp) []string {
	var names []string
	for _, declaration := range f.ast.Decls {
		name := ""
		if function, is := declaration.(*ast.FuncDecl); is {
			name = function.Name.Name
		}
		matches := false
		ast.Inspect(declaration, func(node ast.Node) bool {
			if literal, is := node.(*ast.BasicLit); is && literal.Kind == token.STRING {
				text, _ := strconv.Unquote(literal.Value)
				matches = matches || pattern.MatchString(text)
			}
			return true
		})
		if matches {
			names = append(names, name)
		}
	}
	return names
}
