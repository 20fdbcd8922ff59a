package demo

import (
	"strings"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/templates"
	"hearth/internal/testkit"
)

// checkTemplates looks for the texts of the practice, and that they say something in a
// client's conversation.
func (w *world) checkTemplates() {
	service := templates.NewService(w.db, testkit.NewClock(seedAt).Now, w.chat, w.directory)
	noor := w.signIn("noor@hearth.example")
	list, _, err := service.List(w.t.Context(), noor, "", "", 50)
	if err != nil || len(list) != len(texts) {
		w.t.Fatalf("%d templates, %v", len(list), err)
	}
	direct := w.inbox(noor, chat.Filter{Kind: care.Direct})[0]
	for _, t := range list {
		body, missing, err := service.Text(w.t.Context(), noor, t.ID, direct.ID)
		if err != nil || len(missing) > 0 || strings.ContainsAny(body, "{}[]") {
			w.t.Errorf("%s: %q, missing %v, %v", t.Title, body, missing, err)
		}
	}
}
