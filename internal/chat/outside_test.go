package chat

import (
	"slices"
	"testing"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outbox"
)

// outside takes what is noted of conversations for other programs, in words; of is the
// conversation that all of it must be about.
func (w *world) outside(of care.ConversationID) []string {
	w.t.Helper()
	var told []string
	err := w.db.Write(ctx, func(tx *db.Tx) (err error) {
		told, err = db.Many(ctx, tx, func(row db.Scanner) (string, error) {
			var kind outbox.Kind
			var about care.ConversationID
			var org care.OrgID
			err := row.Scan(&kind, &about, &org)
			if about != of || org != w.org {
				w.t.Errorf("%s is about another one", kind)
			}
			return string(kind), err
		}, `SELECT kind, subject_id, org_id FROM outbox WHERE kind <> 'message.created'`)
		if err == nil {
			_, err = tx.Exec(ctx, `DELETE FROM outbox`)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	slices.Sort(told)
	return told
}

func (w *world) wantOutside(what string, of care.ConversationID, want ...string) {
	w.t.Helper()
	if got := w.outside(of); !slices.Equal(got, want) {
		w.t.Errorf("%s: other programs are told %q, want %q", what, got, want)
	}
}

func TestOtherProgramsAreToldOfConversationsOnce(t *testing.T) {
	engines(t, func(w *world) {
		direct := w.open(w.noor, care.Direct, w.leilani)
		w.wantOutside("opened", direct.ID, "conversation.created")
		w.open(w.leilani, care.Direct, w.noor)
		w.wantOutside("found again", direct.ID)
		community := w.open(w.noor, care.Community, w.leilani, w.maya)
		w.wantOutside("community", community.ID, "conversation.created")
		internal := w.open(w.noor, care.Internal, w.elias)
		w.wantOutside("internal", internal.ID, "conversation.created")
		for range 2 {
			if _, err := w.chat.SetClosed(ctx, w.noor, direct.ID, true); err != nil {
				t.Fatal(err)
			}
		}
		w.wantOutside("closed twice", direct.ID, "conversation.closed")
		if _, err := w.chat.SetClosed(ctx, w.noor, direct.ID, false); err != nil {
			t.Fatal(err)
		}
		w.wantOutside("opened again", direct.ID, "conversation.reopened")
		if _, err := w.chat.CloseFor(ctx, w.noor, community.ID, "It is over"); err != nil {
			t.Fatal(err)
		}
		w.wantOutside("closed with a reason", community.ID, "conversation.closed")
		if _, err := w.chat.SetClosed(ctx, w.maya, internal.ID, true); err == nil {
			t.Error("a stranger closes a conversation")
		}
		w.wantOutside("refused", internal.ID)
	})
}
