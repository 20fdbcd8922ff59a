package blast

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
)

// ctx is that of every call here.
var ctx = context.Background()

// must fails the test on what is not expected to fail.
func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// chosen gives who is chosen, by name: "Name", or "Name (why, place)".
func (w *world) chosen(actor care.Actor, r Recipients) []string {
	w.t.Helper()
	list, err := w.tryChosen(actor, r)
	w.must(err)
	return list
}

func (w *world) tryChosen(actor care.Actor, r Recipients) (list []string, err error) {
	err = w.db.Read(ctx, func(tx *db.Tx) error {
		who, err := resolve(ctx, tx, actor, r)
		if err != nil {
			return err
		}
		for _, t := range who.targets {
			line := t.name
			if t.why != "" {
				line += strings.TrimSuffix(fmt.Sprintf(" (%s, %s", t.why, t.source), ", ") + ")"
			}
			list = append(list, line)
		}
		return nil
	})
	return list, err
}

func (w *world) preview(actor care.Actor, r Recipients) Preview {
	w.t.Helper()
	p, err := w.blasts.Preview(ctx, actor, r)
	w.must(err)
	return p
}

// try makes a blast that may be refused.
func (w *world) try(actor care.Actor, r Request) error {
	_, _, err := w.blasts.Create(ctx, actor, r)
	return err
}

// nothing checks that nobody was written to and that no blast counts.
func (w *world) nothing() {
	w.t.Helper()
	w.work()
	if n := w.count(`SELECT COUNT(*) FROM messages`); n != 0 {
		w.t.Errorf("%d messages were sent", n)
	}
	if n := w.count(`SELECT COUNT(*) FROM blasts WHERE state <> 'staging'`); n != 0 {
		w.t.Errorf("%d blasts count", n)
	}
}

// step sends to at most n recipients of a blast in one transaction.
func (w *world) step(b *Blast, n int) {
	w.t.Helper()
	w.blasts.pace.of(b.ID, 1).size = n
	if _, err := w.blasts.Work(ctx); err != nil {
		w.t.Fatal(err)
	}
}

// inbox gives somebody's conversations.
func (w *world) inbox(actor care.Actor, f chat.Filter) []*chat.Conversation {
	w.t.Helper()
	list, _, err := w.chat.Inbox(ctx, actor, f, nil, 100)
	w.must(err)
	return list
}

// reads gives the one message of a client's one conversation.
func (w *world) reads(client care.Actor) care.Message {
	w.t.Helper()
	list := w.inbox(client, chat.Filter{})
	if len(list) != 1 {
		w.t.Fatalf("%s has %d conversations", client.Name, len(list))
	}
	messages, _, err := w.chat.Messages(ctx, client, list[0].ID, chat.Page{Limit: 10})
	w.must(err)
	if len(messages) != 1 {
		w.t.Fatalf("%s reads %d messages", client.Name, len(messages))
	}
	return messages[0]
}

// answer has a client answer the blast that is their newest conversation.
func (w *world) answer(client care.Actor, body string) {
	w.t.Helper()
	_, _, err := w.chat.Send(ctx, client, chat.Draft{Conversation: w.inbox(client, chat.Filter{})[0].ID, Body: body})
	w.must(err)
}

// field checks that a refusal names a field with a code.
func (w *world) field(err error, field, code string) {
	w.t.Helper()
	refusal := w.refused(err, care.CodeInvalid)
	if len(refusal.Fields) != 1 || refusal.Fields[0].Field != field || refusal.Fields[0].Code != code {
		w.t.Errorf("refused with %+v, want %s %s", refusal.Fields, field, code)
	}
}

// in sets a client's group.
func (w *world) in(group care.GroupID, clients ...care.Actor) {
	w.t.Helper()
	for _, c := range clients {
		w.set(c, "group_id", group)
	}
}

// seen notes when a client was last here.
func (w *world) seen(client care.Actor, at time.Time) {
	w.t.Helper()
	w.exec(`UPDATE people SET last_seen_at = $2 WHERE id = $1`, client.User, db.Millis(at))
}

// permit gives a member of staff other permissions, and the actor who has them.
func (w *world) permit(actor care.Actor, list ...care.Permission) care.Actor {
	w.t.Helper()
	actor.Permissions = care.PermissionsOf(list...)
	w.exec(`UPDATE staff SET permissions = $2 WHERE user_id = $1`, actor.User, actor.Permissions.Text())
	return actor
}

// audits gives the acts on record about blasts, the first first.
func (w *world) audits() (list []string) {
	w.t.Helper()
	err := w.db.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = db.Many(ctx, tx, scanText, `SELECT action FROM audit_log WHERE action LIKE 'blast.%' ORDER BY n`)
		return err
	})
	w.must(err)
	return list
}

// pointer gives the address of a value.
func pointer[T any](value T) *T { return &value }

// file stores a file of somebody's that nothing has yet.
func (w *world) file(actor care.Actor, name string) care.AttachmentID {
	w.t.Helper()
	f, err := w.attach.Upload(ctx, actor, name, strings.NewReader("a;b\n1;2\n"))
	w.must(err)
	return f.ID
}

func ids(actors []care.Actor) (list []care.UserID) {
	for _, a := range actors {
		list = append(list, a.User)
	}
	return list
}

// details gives all that the records say beside who and what.
func (w *world) details() (all string) {
	w.t.Helper()
	err := w.db.Read(ctx, func(tx *db.Tx) error {
		list, err := db.Many(ctx, tx, scanText, `SELECT details FROM audit_log`)
		all = strings.Join(list, "\n")
		return err
	})
	w.must(err)
	return all
}
