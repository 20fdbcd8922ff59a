package chataccess_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

func (p *practice) importing(actor care.Actor, skipBad bool, lines ...string) chataccess.Import {
	p.t.Helper()
	found, err := p.svc.PreviewImport(p.t.Context(), actor, strings.Join(lines, "\n")+"\n", skipBad)
	if err != nil {
		p.t.Fatal(err)
	}
	return found
}

func (p *practice) address(name string) string {
	return strings.ReplaceAll(name, " ", ".") + p.owner.Org.String() + "@example.org"
}

func TestImportNamesBadLines(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p, other := newPractice(t, d, "Fernleigh"), newPractice(t, d, "Marlowe")
		p.client("ann", p.provider, care.GroupID{})
		p.client("ben", p.owner, care.GroupID{})
		other.client("theirs", other.owner, care.GroupID{})
		ann, ben, theirs := p.people["ann"].String(), p.people["ben"].String(), other.people["theirs"].String()
		file := []string{
			"\ufeffClient_ID, email ,DIRECT,community,reason",
			ann + ",,off,,",
			",,on,,",
			"x,,on,,",
			"x,,maybe,maybe,",
			theirs + ",,on,,",
			"," + p.address("ben") + ",Off,,",
			"," + strings.ToUpper(p.address("ben")) + ",on,,",
			ann + ",,on,,",
			ben + ",on",
			ben + ",,on,,\"a\"b",
			",nobody@example.org,on,,",
			ben + ",,,,",
			ann + ",,perhaps,on,",
			ann + ",,on,perhaps,",
			ann + ",,on,," + strings.Repeat("ä", chataccess.MaxReason+1),
		}
		found := p.importing(p.owner, false, file...)
		var got []string
		for _, b := range found.Bad {
			got = append(got, fmt.Sprint(b.Line, " ", b.Problem))
		}
		want := []string{
			"3 The line names no client.", "4 The client_id is not an id.", "5 The client_id is not an id.", "6 There is no such client.",
			"8 The file names this client on an earlier line.", "9 The file names this client on an earlier line.",
			"10 The line has not as many columns as the first line.", "11 The quotation marks do not match.", "12 There is no such client.",
			"13 The file names this client on an earlier line.", "14 The column direct must be on, off, unset or empty.",
			"15 The column community must be on, off, unset or empty.", "16 The reason is longer than 500 characters.",
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("bad lines:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if found.Lines != 15 || found.Preview != nil {
			t.Errorf("%d lines, %+v", found.Lines, found.Preview)
		}
		found = p.importing(p.owner, true, file...)
		if found.Preview == nil || found.Preview.Matched != 2 || found.Preview.Counts[chataccess.Changed] != 2 {
			t.Fatalf("%+v", found.Preview)
		}
		if _, err := p.svc.Apply(t.Context(), p.owner, found.Preview.Token, "by file"); err != nil {
			t.Fatal(err)
		}
		if p.look("ann").Direct.Own != care.Off || p.look("ben").Direct.Own != care.Off || p.look("ann").Community.Own != care.Unset {
			t.Error("the good lines were not applied")
		}
		// A file without one good line is nothing to apply.
		if found := p.importing(p.owner, true, "client_id,direct", "x,on"); found.Preview != nil || len(found.Bad) != 1 {
			t.Errorf("%+v", found)
		}
		if found := p.importing(p.owner, false, "client_id,direct"); found.Preview != nil || len(found.Bad) != 0 {
			t.Errorf("%+v", found)
		}
		if found := p.importing(p.provider, false, "client_id,direct", ann+",on", ben+",on"); len(found.Bad) != 1 || found.Bad[0].Line != 3 {
			t.Errorf("beyond the care team: %+v", found.Bad)
		}
		seesAll := p.provider
		seesAll.Permissions = care.DefaultPermissions(care.RoleOwner)
		if found := p.importing(seesAll, false, "client_id,direct", ben+",on"); len(found.Bad) != 1 || !strings.Contains(found.Bad[0].Problem, "care team") {
			t.Errorf("a provider who sees all: %+v", found.Bad)
		}
	})
}

func TestImportRefusesWhatIsNoFile(t *testing.T) {
	p := newPractice(t, testkit.SQLite(t), "Fernleigh")
	p.client("ann", p.provider, care.GroupID{})
	for _, file := range []string{"", "name,direct\n", "client_id,reason\n", "email\n"} {
		_, err := p.svc.PreviewImport(t.Context(), p.owner, file, false)
		wantField(t, file, err, "csv", "columns")
	}
	for _, header := range []string{"client_id,direct", "email,community", "client_id,email,direct,community"} {
		if _, err := p.svc.PreviewImport(t.Context(), p.owner, header+"\n", false); err != nil {
			t.Errorf("%s: %v", header, err)
		}
	}
	full := "client_id,direct\n" + p.people["ann"].String() + ",off\n"
	full += strings.Repeat("\n", chataccess.MaxFile-len(full))
	if found, err := p.svc.PreviewImport(t.Context(), p.owner, full, false); err != nil || found.Preview == nil {
		t.Errorf("as large as a file may be: %v", err)
	}
	_, err := p.svc.PreviewImport(t.Context(), p.owner, full+"\n", false)
	wantCode(t, "larger", err, care.CodeTooLarge)
}

// An import counts only if its clients are as they were, and still the actor's to change.
func TestImportThatHoldsNoMore(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.provider, care.GroupID{})
		p.client("ben", p.provider, care.GroupID{})
		line := p.people["ann"].String() + ",off,"
		apply := func(actor care.Actor, between func()) error {
			t.Helper()
			found := p.importing(actor, false, "client_id,direct,reason", line)
			between()
			_, err := p.svc.Apply(t.Context(), actor, found.Preview.Token, "")
			return err
		}
		err := apply(p.owner, func() { p.edit("ann", chataccess.Edit{Direct: on()}) })
		wantCode(t, "another value", err, care.CodeVersionConflict)
		until := p.clock.Now().Add(time.Hour)
		err = apply(p.owner, func() { p.edit("ann", chataccess.Edit{Until: &until}) })
		wantCode(t, "another end", err, care.CodeVersionConflict)
		if err := apply(p.provider, func() { p.edit("ben", chataccess.Edit{Direct: on()}) }); err != nil {
			t.Errorf("another client: %v", err)
		}
		line = p.people["ann"].String() + ",unset,"
		err = apply(p.provider, func() {
			p.exec(`DELETE FROM care_team WHERE client_id = $1 AND staff_id = $2`, p.people["ann"], p.provider.User)
		})
		wantCode(t, "the care team", err, care.CodeVersionConflict)
		if a := p.look("ann"); a.Direct.Own != care.Off {
			t.Errorf("ann %s", a.Direct.Own)
		}
		if err := apply(p.owner, func() {}); err != nil {
			t.Errorf("who changes all clients: %v", err)
		}
	})
}

func TestImportLeavesWhatIsSoAlready(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.provider, care.GroupID{})
		until := p.clock.Now().Add(time.Hour)
		p.edit("ann", chataccess.Edit{Direct: off(), Community: off(), Until: &until})
		id := p.people["ann"].String()
		found := p.importing(p.owner, false, "client_id,direct,community", id+",off,")
		if found.Preview.Counts[chataccess.Unchanged] != 1 || found.Preview.Counts[chataccess.Changed] != 0 {
			t.Errorf("%+v", found.Preview.Counts)
		}
		found = p.importing(p.owner, false, "client_id,direct,community", id+",off,on")
		if found.Preview.Counts[chataccess.Changed] != 1 || len(found.Preview.Sample) != 1 {
			t.Errorf("%+v", found.Preview)
		}
		if _, err := p.svc.Apply(t.Context(), p.owner, found.Preview.Token, ""); err != nil {
			t.Fatal(err)
		}
		p.written()
		if a := p.look("ann"); !a.Direct.Mark.Until.Equal(until) || a.Community.Own != care.On || !a.Community.Mark.Until.IsZero() {
			t.Errorf("%+v %+v", a.Direct.Mark, a.Community.Mark)
		}
		if got := p.past("ann", 10); len(got) != 3 || got[0] != "import client community off>on" {
			t.Errorf("%q", got)
		}
		undone, err := p.svc.Undo(t.Context(), p.owner, p.lastChange())
		if err != nil || undone.Restored != 1 {
			t.Errorf("%+v %v", undone, err)
		}
		if a := p.look("ann"); a.Community.Own != care.Off || !a.Community.Mark.Until.Equal(until) {
			t.Errorf("restored %+v", a.Community)
		}
	})
}

func (p *practice) lastChange() chataccess.ChangeID {
	p.t.Helper()
	list, _, err := p.svc.Changes(p.t.Context(), p.owner, chataccess.Page{Limit: 1})
	if err != nil || len(list) != 1 {
		p.t.Fatal(len(list), err)
	}
	return list[0].ID
}

// More clients than the export reads at a time.
func TestExportOfManyAndFormulas(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		owner, _ := crowd(t, d, 1100)
		p := &practice{t: t, d: d, owner: owner, events: &events{}}
		p.svc = chataccess.New(d, time.Now, nil, p.events)
		p.exec(`UPDATE people SET name = '=1+1', email = NULL WHERE id = $1`, care.UserID{0: 1, 3: 5, 8: 155})
		write, err := p.svc.Export(t.Context(), owner, chataccess.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if err := write(t.Context(), &file); err != nil {
			t.Fatal(err)
		}
		active := p.number(`SELECT COUNT(*) FROM clients WHERE state = 'active'`)
		if n := strings.Count(file.String(), "\n"); n != active+1 || p.details("chat_access.exported")["clients"] != float64(active) {
			t.Errorf("%d lines of %d clients, %v", n, active, p.details("chat_access.exported"))
		}
		if !strings.Contains(file.String(), ",'=1+1,,") {
			t.Error("a name that is a formula, or no address")
		}
		if err := write(t.Context(), failing{}); !errors.Is(err, errFull) {
			t.Errorf("a writer that fails: %v", err)
		}
	})
}

var errFull = errors.New("full")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFull }

func TestExportSaysWhatCountsAndUntilWhen(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.provider, p.group)
		until := p.clock.Now().Add(time.Hour)
		p.edit("ann", chataccess.Edit{Direct: off(), Community: on(), OfDirect: chataccess.Terms{Until: &until}})
		line := func() string {
			t.Helper()
			write, err := p.svc.Export(t.Context(), p.owner, chataccess.Filter{})
			var file strings.Builder
			if err == nil {
				err = write(t.Context(), &file)
			}
			if err != nil {
				t.Fatal(err)
			}
			_, after, _ := strings.Cut(file.String(), p.provider.Name+",")
			return strings.TrimSpace(after)
		}
		if got, want := line(), "off,on,off,client,"+until.UTC().Format(time.RFC3339)+",on,client,"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if _, err := p.svc.SetGroup(t.Context(), p.owner, p.group, chataccess.Edit{Version: 1, Direct: on(), Until: &until}, nil); err != nil {
			t.Fatal(err)
		}
		p.edit("ann", chataccess.Edit{Direct: unset(), Community: unset()})
		if got, want := line(), "unset,unset,on,group,,on,default,"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}
