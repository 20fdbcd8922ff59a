package preference_test

import (
	"errors"
	"testing"
	"time"

	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/jobs"
	"hearth/internal/preference"
	"hearth/internal/testkit"
)

// office is a practice with the service and the runner of its jobs.
type office struct {
	*practice
	bus    *bus.Local
	svc    *preference.Service
	runner *jobs.Runner
}

func offices(t *testing.T, test func(o *office)) {
	t.Helper()
	testkit.Engines(t, func(t *testing.T, d *db.DB) { test(newOffice(t, d)) })
}

func newOffice(t *testing.T, d *db.DB) *office {
	o := &office{practice: newPractice(t, d), bus: bus.New()}
	o.svc = preference.New(d, o.clock.Now, func() {}, o.bus)
	o.runner = jobs.New(d, o.clock.Now, jobs.Config{})
	o.svc.Register(o.runner)
	return o
}

// work does the jobs that are due.
func (o *office) work() {
	o.t.Helper()
	if _, err := o.runner.Work(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
}

func change(settings map[preference.Channel]care.Setting) (c preference.Change) {
	for ch, s := range settings {
		c.Name(preference.Direct, ch, s)
	}
	return c
}

var emailOff = change(map[preference.Channel]care.Setting{preference.Email: care.Off})

func own(c preference.Change) preference.Request {
	return preference.Request{Filter: chataccess.Filter{All: true}, Place: preference.PlaceOwn, Change: c}
}

func (o *office) preview(r preference.Request) preference.Preview {
	o.t.Helper()
	p, err := o.svc.Preview(o.t.Context(), o.owner, r)
	if err != nil {
		o.t.Fatalf("preview: %v", err)
	}
	return p
}

// apply applies a request and does its job.
func (o *office) apply(r preference.Request) preference.BulkChange {
	o.t.Helper()
	made, err := o.svc.Apply(o.t.Context(), o.owner, o.preview(r).Token)
	if err != nil {
		o.t.Fatalf("apply: %v", err)
	}
	o.work()
	return o.change(made.ID)
}

func (o *office) change(id preference.ChangeID) preference.BulkChange {
	o.t.Helper()
	c, err := o.svc.Change(o.t.Context(), o.owner, id)
	if err != nil {
		o.t.Fatalf("change: %v", err)
	}
	return c
}

func (o *office) undo(id preference.ChangeID) preference.BulkChange {
	o.t.Helper()
	if _, err := o.svc.Undo(o.t.Context(), o.owner, id); err != nil {
		o.t.Fatalf("undo: %v", err)
	}
	o.work()
	return o.change(id)
}

func (o *office) look(client care.UserID) preference.ClientSettings {
	o.t.Helper()
	c, err := o.svc.Client(o.t.Context(), o.owner, client)
	if err != nil {
		o.t.Fatalf("client: %v", err)
	}
	return c
}

// set changes a client's own setting with the version as it is.
func (o *office) set(client care.UserID, c preference.Change) {
	o.t.Helper()
	if _, err := o.svc.SetClient(o.t.Context(), o.owner, client, preference.Edit{Version: o.look(client).Version, Change: c}); err != nil {
		o.t.Fatalf("set: %v", err)
	}
}

func (o *office) wantOwn(client care.UserID, ch preference.Channel, want care.Setting) {
	o.t.Helper()
	if got := o.look(client).Ladder.Own.Of(preference.Direct, ch); got != want {
		o.t.Errorf("own %s is %s, want %s", ch, got, want)
	}
}

func wantCode(t *testing.T, what string, err error, code care.Code) {
	t.Helper()
	var failure *care.Error
	if !errors.As(err, &failure) || failure.Code != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

func wantField(t *testing.T, what string, err error, field, code string) {
	t.Helper()
	var failure *care.Error
	if !errors.As(err, &failure) || len(failure.Fields) == 0 || failure.Fields[0].Field != field || failure.Fields[0].Code != code {
		t.Errorf("%s: %v, want %s %s", what, err, field, code)
	}
}

func wantCounts(t *testing.T, p preference.Preview, matched, changed, own, group, unchanged int) {
	t.Helper()
	got := [5]int{p.Matched, p.Counts[preference.Changed], p.Counts[preference.KeepsOwn], p.Counts[preference.KeepsGroup], p.Counts[preference.Unchanged]}
	if want := [5]int{matched, changed, own, group, unchanged}; got != want {
		t.Errorf("matched, changed, keeps_own, keeps_group, unchanged = %v, want %v", got, want)
	}
}

func TestApplyAndUndoRestoreExactly(t *testing.T) {
	offices(t, func(o *office) {
		fresh, has, same := o.client("Ann Fresh", care.GroupID{}), o.client("Bo Has", o.group), o.client("Cy Same", care.GroupID{})
		o.set(has, change(map[preference.Channel]care.Setting{preference.Email: care.On, preference.Push: care.Off}))
		o.set(same, emailOff)

		wantCounts(t, o.preview(own(emailOff)), 3, 1, 2, 0, 0) // who has an own value keeps it
		all := own(emailOff)
		all.IncludeOwn = true
		p := o.preview(all)
		wantCounts(t, p, 3, 2, 0, 0, 1)
		if len(p.Sample) != 3 || p.Sample[0].Outcome != preference.Changed || p.Sample[0].Name == "" {
			t.Errorf("sample %+v", p.Sample)
		}
		made := o.apply(all)
		if made.State != preference.Applied || made.Total != 2 || made.Done != 2 || made.Changed != 2 || made.Matched != 3 || !made.CanUndo || made.Finished.IsZero() {
			t.Errorf("applied: %+v", made)
		}
		for _, id := range []care.UserID{fresh, has, same} {
			o.wantOwn(id, preference.Email, care.Off)
		}
		o.wantOwn(has, preference.Push, care.Off)
		if o.load(fresh)[fresh].Wants(preference.Direct, preference.Email) {
			t.Error("the change does not count")
		}
		if made = o.undo(made.ID); made.State != preference.Undone || made.Restored != 2 || made.Kept != 0 || made.CanUndo || made.UndoneBy.ID != o.owner.User {
			t.Errorf("undone: %+v", made)
		}
		o.wantOwn(fresh, preference.Email, care.Unset)
		o.wantOwn(has, preference.Email, care.On)
		o.wantOwn(has, preference.Push, care.Off)
		o.wantOwn(same, preference.Email, care.Off)
		organization := care.UserID(o.owner.Org)
		if o.recorded("notifications.bulk_changed", organization) != 1 || o.recorded("notifications.bulk_undone", organization) != 1 {
			t.Error("not recorded once each")
		}
		_, err := o.svc.Undo(t.Context(), o.owner, made.ID)
		wantCode(t, "a second undo", err, care.CodeVersionConflict)
		for _, table := range []string{"notification_change_rows", "notification_change_parts"} {
			if n := o.number(`SELECT COUNT(*) FROM ` + table); n != 0 {
				t.Errorf("%d rows stay in %s", n, table)
			}
		}
	})
}

func TestUndoLeavesWhomSomebodyChangedSince(t *testing.T) {
	offices(t, func(o *office) {
		ann, bo, cy := o.client("Ann Example", care.GroupID{}), o.client("Bo Example", care.GroupID{}), o.client("Cy Example", care.GroupID{})
		made := o.apply(own(emailOff))
		o.set(ann, change(map[preference.Channel]care.Setting{preference.Email: care.On}))
		o.set(bo, change(map[preference.Channel]care.Setting{preference.Push: care.Off})) // another cell
		made = o.undo(made.ID)
		if made.Restored != 2 || made.Kept != 1 || len(made.Left) != 1 || made.Left[0].Client != ann || made.Left[0].Name != "Ann Example" {
			t.Errorf("undone: %+v", made)
		}
		o.wantOwn(ann, preference.Email, care.On)
		o.wantOwn(bo, preference.Email, care.Unset)
		o.wantOwn(bo, preference.Push, care.Off)
		o.wantOwn(cy, preference.Email, care.Unset)
	})
}

// The default when added is written also where another place decides, who then does not count
// as changed.
func TestApplyingTheDefaultToExistingClients(t *testing.T) {
	offices(t, func(o *office) {
		free, has, grouped := o.client("Ann Free", care.GroupID{}), o.client("Bo Has", care.GroupID{}), o.client("Cy Grouped", o.group)
		o.set(has, emailOff)
		g, err := o.svc.Group(t.Context(), o.owner, o.group)
		if err == nil {
			_, err = o.svc.SetGroup(t.Context(), o.owner, o.group, preference.Edit{Version: g.Version, Change: emailOff})
		}
		if err != nil {
			t.Fatal(err)
		}
		r := own(emailOff)
		r.Place = preference.PlaceDefault
		wantCounts(t, o.preview(r), 3, 1, 1, 1, 0)
		made := o.apply(r)
		if made.Changed != 1 || made.Total != 3 || made.Done != 3 {
			t.Errorf("applied: %+v", made)
		}
		for _, id := range []care.UserID{free, has, grouped} {
			if o.look(id).Ladder.Default.Has(preference.Direct, preference.Email) {
				t.Error("the default is not written")
			}
		}
		o.wantOwn(free, preference.Email, care.Unset)
		if made = o.undo(made.ID); made.Restored != 3 {
			t.Errorf("undone: %+v", made)
		}
		for _, id := range []care.UserID{free, has, grouped} {
			if o.look(id).Ladder.Default != preference.ClientCells {
				t.Error("the default is not restored")
			}
		}
		o.wantOwn(has, preference.Email, care.Off)
	})
}

func TestAPreviewThatDoesNotHold(t *testing.T) {
	offices(t, func(o *office) {
		ann := o.client("Ann Example", care.GroupID{})
		apply := func(actor care.Actor, token string) error {
			_, err := o.svc.Apply(t.Context(), actor, token)
			return err
		}
		p := o.preview(own(emailOff))
		wantCode(t, "an unknown token", apply(o.owner, "nonsense"), care.CodeNotFound)
		wantCode(t, "another person's", apply(o.staff("Ida Admin", care.RoleAdmin), p.Token), care.CodeNotFound)
		o.set(ann, emailOff)
		wantCode(t, "something changed", apply(o.owner, p.Token), care.CodeVersionConflict)
		wantCode(t, "used up", apply(o.owner, p.Token), care.CodeVersionConflict)
		p = o.preview(own(change(map[preference.Channel]care.Setting{preference.Push: care.Off})))
		o.clock.Advance(preference.PreviewFor)
		wantCode(t, "too old", apply(o.owner, p.Token), care.CodeVersionConflict)
		p = o.preview(own(change(map[preference.Channel]care.Setting{preference.Push: care.Off})))
		if err := apply(o.owner, p.Token); err != nil {
			t.Fatal(err)
		}
		wantCode(t, "twice", apply(o.owner, p.Token), care.CodeVersionConflict)
		o.work()
		o.wantOwn(ann, preference.Push, care.Off)
		// Nothing to write is applied at once.
		if made, err := o.svc.Apply(t.Context(), o.owner, o.preview(own(emailOff)).Token); err != nil || made.State != preference.Applied || made.Total != 0 {
			t.Errorf("nothing to do: %+v, %v", made, err)
		}
	})
}

func TestBadRequestsForMany(t *testing.T) {
	offices(t, func(o *office) {
		ann := o.client("Ann Example", care.GroupID{})
		preview := func(change func(*preference.Request)) error {
			r := own(emailOff)
			change(&r)
			_, err := o.svc.Preview(t.Context(), o.owner, r)
			return err
		}
		wantField(t, "no cell", preview(func(r *preference.Request) { r.Change = preference.Change{} }), "set", "required")
		wantField(t, "a cell of staff", preview(func(r *preference.Request) { r.Change.Name(preference.Team, preference.Email, care.Off) }), "set", "unknown")
		wantField(t, "another place", preview(func(r *preference.Request) { r.Place = "group" }), "place", "unknown")
		wantField(t, "no default", preview(func(r *preference.Request) {
			r.Place, r.Change = preference.PlaceDefault, change(map[preference.Channel]care.Setting{preference.Email: care.Unset})
		}), "set", "place")
		wantField(t, "own of the default", preview(func(r *preference.Request) { r.Place, r.IncludeOwn = preference.PlaceDefault, true }), "include_own", "place")
		wantField(t, "nobody said", preview(func(r *preference.Request) { r.Filter = chataccess.Filter{} }), "filter", "required")
		stranger := care.NewID[care.UserID](time.Now())
		wantField(t, "a stranger", preview(func(r *preference.Request) { r.Filter = chataccess.Filter{Clients: []care.UserID{ann, stranger}} }), "filter.client_ids[1]", "unknown")
	})
}

func TestWhoMayChangeMany(t *testing.T) {
	offices(t, func(o *office) {
		theirs := o.client("Ann Theirs", care.GroupID{})
		other := o.provider
		o.provider = o.staff("Pat Other", care.RoleProvider)
		o.client("Bo Others", care.GroupID{})
		preview := func(actor care.Actor) (preference.Preview, error) {
			return o.svc.Preview(t.Context(), actor, own(emailOff))
		}
		// A provider reaches their care team, and sees and undoes their own changes.
		p, err := preview(other)
		if err != nil || p.Matched != 1 || p.Sample[0].Client != theirs {
			t.Fatalf("%+v, %v", p, err)
		}
		made, err := o.svc.Apply(t.Context(), other, p.Token)
		if err != nil {
			t.Fatal(err)
		}
		o.work()
		_, err = o.svc.Change(t.Context(), o.provider, made.ID)
		wantCode(t, "another provider's change", err, care.CodeNotFound)
		_, err = o.svc.Undo(t.Context(), o.provider, made.ID)
		wantCode(t, "undoing it", err, care.CodeForbidden)
		for actor, want := range map[care.UserID]int{o.provider.User: 0, other.User: 1, o.owner.User: 1} {
			who := map[care.UserID]care.Actor{o.provider.User: o.provider, other.User: other, o.owner.User: o.owner}[actor]
			if list, _, err := o.svc.Changes(t.Context(), who, preference.Page{Limit: 10}); err != nil || len(list) != want {
				t.Errorf("%s sees %d changes, want %d (%v)", who.Name, len(list), want, err)
			}
		}
		// Off the care team since, the client is left as they are.
		o.exec(`DELETE FROM care_team WHERE client_id = $1`, theirs)
		if _, err := o.svc.Undo(t.Context(), other, made.ID); err != nil {
			t.Fatal(err)
		}
		o.work()
		if got := o.change(made.ID); got.Restored != 0 || got.Kept != 1 {
			t.Errorf("undone: %+v", got)
		}
		support := o.staff("Sam Support", care.RoleSupport)
		_, err = preview(support)
		wantCode(t, "support", err, care.CodeForbidden)
		_, err = preview(o.asClient(theirs))
		wantCode(t, "a client", err, care.CodeForbidden)
		_, _, err = o.svc.Changes(t.Context(), support, preference.Page{Limit: 10})
		wantCode(t, "support and the list", err, care.CodeForbidden)
		_, err = o.svc.Undo(t.Context(), o.asClient(theirs), made.ID)
		wantCode(t, "a client and the undo", err, care.CodeForbidden)
	})
}

// A change that is undone while it is written gives back what it wrote so far, and is not
// written further; an undo of yesterday comes too late.
func TestUndoWhileItIsWritten(t *testing.T) {
	offices(t, func(o *office) {
		var clients []care.UserID
		for range 40 {
			clients = append(clients, o.client("Ann Example", care.GroupID{}))
		}
		made, err := o.svc.Apply(t.Context(), o.owner, o.preview(own(emailOff)).Token)
		if err != nil {
			t.Fatal(err)
		}
		if more, err := o.svc.Step(t.Context(), made.ID); err != nil || !more {
			t.Fatal(more, err)
		}
		if c := o.change(made.ID); c.State != preference.Applying || c.Done != 32 || c.Changed != 32 {
			t.Errorf("under way: %+v", c)
		}
		if c := o.undo(made.ID); c.State != preference.Undone || c.Restored != 32 || c.Kept != 0 || c.Changed != 32 {
			t.Errorf("undone: %+v", c)
		}
		for _, id := range clients {
			o.wantOwn(id, preference.Email, care.Unset)
		}
		made = o.apply(own(emailOff))
		if made.Changed != 40 {
			t.Errorf("applied: %+v", made)
		}
		o.clock.Advance(preference.UndoFor)
		_, err = o.svc.Undo(t.Context(), o.owner, made.ID)
		wantCode(t, "too late", err, care.CodeVersionConflict)
		if o.change(made.ID).CanUndo {
			t.Error("says that it can be undone")
		}
	})
}

// What was claimed and left by a program that stopped is gone on with, and nothing is done
// twice.
func TestAChangeGoesOnWhereItStopped(t *testing.T) {
	offices(t, func(o *office) {
		for range 70 {
			o.client("Ann Example", care.GroupID{})
		}
		made, err := o.svc.Apply(t.Context(), o.owner, o.preview(own(emailOff)).Token)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := o.svc.Step(t.Context(), made.ID); err != nil {
				t.Fatal(err)
			}
		}
		// Another node, after the first one's lease ran out.
		other := preference.New(o.d, o.clock.Now, func() {}, o.bus)
		runner := jobs.New(o.d, o.clock.Now, jobs.Config{})
		other.Register(runner)
		if _, err := runner.Work(t.Context()); err != nil {
			t.Fatal(err)
		}
		if c := o.change(made.ID); c.State != preference.Applied || c.Done != 70 || c.Changed != 70 {
			t.Errorf("applied: %+v", c)
		}
		if n := o.number(`SELECT COUNT(*) FROM notification_clients WHERE version = 2`); n != 70 {
			t.Errorf("%d clients were written once, want 70", n)
		}
		if n := o.number(`SELECT COUNT(*) FROM notification_change_rows`); n != 70 {
			t.Errorf("%d rows of what was, want 70", n)
		}
		if more, err := o.svc.Step(t.Context(), made.ID); err != nil || more {
			t.Error("there is more to do", err)
		}
	})
}

// Somebody who saves while a change is written is not overwritten: with an own value now, they
// keep it.
func TestWhoSavesMeanwhileKeepsIt(t *testing.T) {
	offices(t, func(o *office) {
		ann := o.client("Ann Example", care.GroupID{})
		made, err := o.svc.Apply(t.Context(), o.owner, o.preview(own(emailOff)).Token)
		if err != nil {
			t.Fatal(err)
		}
		o.set(ann, change(map[preference.Channel]care.Setting{preference.Email: care.On}))
		o.work()
		if c := o.change(made.ID); c.State != preference.Applied || c.Done != 1 || c.Changed != 0 {
			t.Errorf("applied: %+v", c)
		}
		o.wantOwn(ann, preference.Email, care.On)
	})
}

func TestChangesArePaged(t *testing.T) {
	offices(t, func(o *office) {
		o.client("Ann Example", care.GroupID{})
		var made []preference.ChangeID
		for _, s := range []care.Setting{care.Off, care.On, care.Off} {
			r := own(change(map[preference.Channel]care.Setting{preference.Email: s}))
			r.IncludeOwn = true
			made = append(made, o.apply(r).ID)
			o.clock.Advance(time.Second)
		}
		o.preview(own(emailOff)) // is no change
		first, next, err := o.svc.Changes(t.Context(), o.owner, preference.Page{Limit: 2})
		if err != nil || len(first) != 2 || next == "" || first[0].ID != made[2] || first[1].ID != made[1] {
			t.Fatalf("%+v, %q, %v", first, next, err)
		}
		second, next, err := o.svc.Changes(t.Context(), o.owner, preference.Page{Limit: 2, Cursor: next})
		if err != nil || len(second) != 1 || next != "" || second[0].ID != made[0] {
			t.Fatalf("%+v, %q, %v", second, next, err)
		}
		for _, cursor := range []string{"!", "AAAA", "AAAAAAAAAAAAAAAAAAAAAQ"} {
			_, _, err := o.svc.Changes(t.Context(), o.owner, preference.Page{Limit: 2, Cursor: cursor})
			wantField(t, "cursor "+cursor, err, "cursor", "malformed")
		}
		_, err = o.svc.Change(t.Context(), o.owner, preference.ChangeID{1})
		wantCode(t, "an unknown change", err, care.CodeNotFound)
	})
}

func TestSweepRemovesWhatNobodyCanUndo(t *testing.T) {
	offices(t, func(o *office) {
		for range 40 {
			o.client("Ann Example", care.GroupID{})
		}
		made := o.apply(own(emailOff))
		o.preview(own(emailOff))
		sweep := func() {
			t.Helper()
			if err := o.svc.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		sweep()
		if n := o.number(`SELECT COUNT(*) FROM notification_change_rows`); n != 40 {
			t.Errorf("%d rows, want 40", n)
		}
		o.clock.Advance(31 * time.Hour)
		sweep()
		if n := o.number(`SELECT COUNT(*) FROM notification_change_rows`); n != 0 {
			t.Errorf("%d rows stay", n)
		}
		if n := o.number(`SELECT COUNT(*) FROM notification_changes`); n != 1 || o.change(made.ID).Changed != 40 {
			t.Errorf("%d changes, want the one that was made", n)
		}
	})
}
