package live

import (
	"fmt"
	"slices"
	"testing"

	"hearth/internal/care"
	"hearth/internal/chat"
)

// A send may name files, with or without a text, as the POST may.
func TestSendingFiles(t *testing.T) {
	r := newRig(t)
	r.person("noor")
	drafts := make(chan chat.Draft, 1)
	r.chat.submit = func(_ care.Actor, draft chat.Draft) <-chan chat.Sent {
		drafts <- draft
		return answered(chat.Sent{Message: care.Message{Conversation: draft.Conversation}})
	}
	noor := r.connect("noor")
	frame := `{"type":"send","ref":"a","conversation_id":%q,"message":{%s"attachment_ids":[%s]}}`
	noor.write(fmt.Sprintf(frame, thread, "", `"`+anID+`","`+anID+`"`))
	fileAnswer(t, noor, "ack")
	var id care.AttachmentID
	if err := id.UnmarshalText([]byte(anID)); err != nil {
		t.Fatal(err)
	}
	if draft := <-drafts; draft.Body != "" || !slices.Equal(draft.Attachments, []care.AttachmentID{id, id}) {
		t.Errorf("sent as %+v", draft)
	}
	noor.write(fmt.Sprintf(frame, thread, `"body":"Look",`, `"`+anID+`"`))
	fileAnswer(t, noor, "ack")
	if draft := <-drafts; draft.Body != "Look" || len(draft.Attachments) != 1 {
		t.Errorf("sent as %+v", draft)
	}
	for _, bad := range []string{`"x"`, `7`, `null`} {
		noor.write(fmt.Sprintf(frame, thread, `"body":"Look",`, bad))
		fileAnswer(t, noor, "error")
	}
	noor.write(fmt.Sprintf(frame, thread, "", ""))
	fileAnswer(t, noor, "error")
}

func fileAnswer(t *testing.T, d *device, kind string) {
	t.Helper()
	if got := d.next(); got["type"] != kind {
		t.Errorf("answered %v, want %s", got, kind)
	}
}
