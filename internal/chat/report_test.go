package chat

import (
	"slices"
	"testing"
	"time"

	"hearth/internal/care"
)

func (w *world) report(actor care.Actor, m care.Message, reason string) error {
	return w.chat.ReportMessage(ctx, actor, m.Conversation, m.ID, reason)
}

func (w *world) reports(actor care.Actor, open bool) []Report {
	w.t.Helper()
	list, _, err := w.chat.Reports(ctx, actor, open, care.ReportID{}, 50)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func TestReportIsSettled(t *testing.T) {
	engines(t, func(w *world) {
		w.noor.Permissions |= care.PermissionsOf(care.ViewAllClients)
		c := w.open(w.noor, care.Community, w.maya, w.leilani, w.arjun)
		bad := w.say(w.maya, c, "Buy these pills")
		w.events.take()
		for range 2 {
			if err := w.report(w.leilani, bad, " Advertising "); err != nil {
				t.Fatal(err)
			}
		}
		told := w.events.take()
		if len(told) != 1 || told[0].Type != care.EventReportsChanged || !slices.Equal(told[0].To, []care.UserID{w.noor.User}) {
			t.Errorf("told %+v", told)
		}
		w.now = w.now.Add(time.Second)
		if err := w.report(w.arjun, bad, ""); err != nil {
			t.Fatal(err)
		}
		list := w.reports(w.noor, true)
		if len(list) != 2 || list[1].Reason != "Advertising" || list[1].Reporter.Name != "Leilani Kahale" ||
			list[1].Message.Body != "Buy these pills" || list[1].Message.Author.Name != "Maya Lindqvist" || !list[1].CanRemove {
			t.Errorf("%+v", list)
		}
		settled, err := w.chat.Resolve(ctx, w.noor, list[0].ID, OutcomeRemoved, "Spoke to her")
		if err != nil || settled.Outcome != OutcomeRemoved || settled.ResolvedBy.ID != w.noor.User || settled.CanRemove || settled.Message.Body != "" {
			t.Errorf("%+v, %v", settled, err)
		}
		if n := len(w.reports(w.noor, true)); n != 0 {
			t.Errorf("%d are open still", n)
		}
		if n := len(w.reports(w.noor, false)); n != 2 {
			t.Errorf("%d are closed, both are of this post", n)
		}
		if m := w.look(w.leilani, c).LastMessage; m.DeletedAt.IsZero() {
			t.Error("the post stands")
		}
		if _, err := w.chat.Resolve(ctx, w.noor, list[0].ID, OutcomeRemoved, "Again"); err != nil {
			t.Errorf("the same again: %v", err)
		}
		_, err = w.chat.Resolve(ctx, w.noor, list[0].ID, OutcomeKept, "")
		w.refused(err, care.CodeVersionConflict)
		w.refused(w.report(w.leilani, bad, ""), care.CodeForbidden)
		if n := w.count(`SELECT COUNT(*) FROM audit_log WHERE action IN ('message.reported', 'message.removed', 'report.resolved')`); n != 4 {
			t.Errorf("%d records", n)
		}
		if n := w.count(`SELECT COUNT(*) FROM audit_log WHERE details LIKE '%Advertising%' OR details LIKE '%Spoke%' OR details LIKE '%pills%'`); n != 0 {
			t.Errorf("%d records say what people wrote", n)
		}
	})
}

func TestReportIsKept(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.maya, w.leilani)
		post := w.say(w.maya, c, "I did not like the porridge")
		if err := w.report(w.leilani, post, ""); err != nil {
			t.Fatal(err)
		}
		id := w.reports(w.noor, true)[0].ID
		settled, err := w.chat.Resolve(ctx, w.noor, id, OutcomeKept, "Fine")
		if err != nil || settled.Outcome != OutcomeKept || settled.Note != "Fine" || settled.Message.Body == "" {
			t.Errorf("%+v, %v", settled, err)
		}
		if n, err := w.chat.OpenReports(ctx, w.noor); n != 0 || err != nil {
			t.Errorf("%d open, %v", n, err)
		}
		_, err = w.chat.Resolve(ctx, w.noor, id, "maybe", "")
		w.refused(err, care.CodeInvalid)
	})
}

// Taking a post away settles what was reported of it; its author deleting it does not.
func TestRemovingSettlesReports(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.maya, w.leilani)
		first, second := w.say(w.maya, c, "One"), w.say(w.maya, c, "Two")
		for _, m := range []care.Message{first, second} {
			if err := w.report(w.leilani, m, ""); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.chat.Delete(ctx, w.noor, c.ID, first.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.chat.Delete(ctx, w.maya, c.ID, second.ID); err != nil {
			t.Fatal(err)
		}
		open, closed := w.reports(w.noor, true), w.reports(w.noor, false)
		if len(open) != 1 || open[0].Message.ID != second.ID || open[0].CanRemove {
			t.Errorf("open: %+v", open)
		}
		if len(closed) != 1 || closed[0].Message.ID != first.ID || closed[0].Outcome != OutcomeRemoved {
			t.Errorf("closed: %+v", closed)
		}
		if _, err := w.chat.Resolve(ctx, w.noor, open[0].ID, OutcomeRemoved, ""); err != nil {
			t.Errorf("what its author deleted: %v", err)
		}
	})
}

// Reports are for who keeps the conversation: to others they do not exist.
func TestWhoSeesReports(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.maya, w.leilani)
		post := w.say(w.maya, c, "Two eggs")
		if err := w.report(w.leilani, post, ""); err != nil {
			t.Fatal(err)
		}
		id := w.reports(w.noor, true)[0].ID
		ines := w.manager()
		seen := w.reports(ines, true)
		if len(seen) != 1 || seen[0].CanRemove {
			t.Errorf("through the organization inbox: %+v", seen)
		}
		_, err := w.chat.Resolve(ctx, ines, id, OutcomeRemoved, "")
		w.refused(err, care.CodeForbidden)
		if list := w.reports(w.elias, true); len(list) != 0 {
			t.Errorf("a provider who is not in it: %+v", list)
		}
		_, err = w.chat.Resolve(ctx, w.elias, id, OutcomeKept, "")
		w.refused(err, care.CodeNotFound)
		mallory := w.mallory
		if list := w.reports(mallory, true); len(list) != 0 {
			t.Errorf("another practice: %+v", list)
		}
		_, err = w.chat.Resolve(ctx, mallory, id, OutcomeKept, "")
		w.refused(err, care.CodeNotFound)
		for _, actor := range []care.Actor{w.sam, w.leilani} {
			_, _, err = w.chat.Reports(ctx, actor, true, care.ReportID{}, 50)
			w.refused(err, care.CodeForbidden)
			_, err = w.chat.OpenReports(ctx, actor)
			w.refused(err, care.CodeForbidden)
			_, err = w.chat.Resolve(ctx, actor, id, OutcomeKept, "")
			w.refused(err, care.CodeForbidden)
		}
		if _, err := w.chat.AddMember(ctx, ines, c.ID, ines.User); err != nil {
			t.Fatal(err)
		}
		if r := w.reports(ines, true)[0]; !r.CanRemove || r.Message.Body != "Two eggs" {
			t.Errorf("who came later: %+v", r)
		}
		if _, err := w.chat.Resolve(ctx, ines, id, OutcomeRemoved, ""); err != nil {
			t.Errorf("who came later removes: %v", err)
		}
	})
}

// What one may not read cannot be reported, and is not told to exist.
func TestReportIsRefused(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.maya, w.leilani)
		before := w.say(w.maya, c, "Before")
		w.turn(w.leilani, false, time.Time{})
		after := w.say(w.maya, c, "After")
		if err := w.report(w.leilani, before, ""); err != nil {
			t.Errorf("what stays readable: %v", err)
		}
		w.refused(w.report(w.leilani, after, ""), care.CodeNotFound)
		w.refused(w.report(w.arjun, before, ""), care.CodeNotFound)
		w.refused(w.report(w.stranger, before, ""), care.CodeNotFound)
		w.refused(w.report(w.maya, before, ""), care.CodeForbidden)
		direct := w.open(w.noor, care.Direct, w.maya)
		w.refused(w.report(w.maya, w.say(w.noor, direct, "Hello"), ""), care.CodeForbidden)
		w.refused(w.report(w.maya, before, string(make([]byte, 1001))), care.CodeInvalid)
	})
}

func TestReportsInPages(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.maya, w.leilani)
		for range 5 {
			if err := w.report(w.leilani, w.say(w.maya, c, "Post"), ""); err != nil {
				t.Fatal(err)
			}
		}
		var before care.ReportID
		var sizes []int
		seen := map[care.ReportID]bool{}
		for {
			list, next, err := w.chat.Reports(ctx, w.noor, true, before, 2)
			if err != nil {
				t.Fatal(err)
			}
			sizes = append(sizes, len(list))
			for _, r := range list {
				seen[r.ID] = true
			}
			if before = next; next.IsZero() {
				break
			}
		}
		if !slices.Equal(sizes, []int{2, 2, 1}) || len(seen) != 5 {
			t.Errorf("pages of %v with %d reports", sizes, len(seen))
		}
	})
}
