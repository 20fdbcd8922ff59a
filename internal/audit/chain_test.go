package audit

import (
	"encoding/hex"
	"testing"

	"hearth/internal/care"
)

// The expected value was computed by another program from doc.go alone.
func TestHashIsTheDocumentedOne(t *testing.T) {
	var org care.OrgID
	var id care.AuditID
	var subject care.UserID
	for i := range byte(16) {
		org[i], id[i], subject[i] = i, 16+i, 32+i
	}
	row := record{
		N: 1, ID: id, At: 1700000000123, Kind: care.KindSystem, Action: "staff.created",
		Subject: Subject{Kind: "staff", ID: subject}, Details: `{"role":"provider"}`,
	}
	const want = "229d9a23397a62c7999f68f7d7fab7b4f45d770fa8b0e121f56e301df31aed3a"
	if got := hex.EncodeToString(row.sum(org, start())); got != want {
		t.Errorf("hash %s, want %s", got, want)
	}
}

// Every field must count, and bytes must not be able to wander from one field to the next.
func TestEveryFieldCounts(t *testing.T) {
	base := record{
		N: 2, ID: care.AuditID{1}, At: 3, Actor: care.UserID{4}, Kind: care.KindStaff, Action: "client.changed",
		Subject: Subject{Kind: "client", ID: care.UserID{5}}, Details: "{}",
	}
	org, previous := care.OrgID{6}, make([]byte, 32)
	sums := map[string]string{string(base.sum(org, previous)): "the row itself"}
	add := func(what string, sum []byte) {
		if before, ok := sums[string(sum)]; ok {
			t.Errorf("%s has the same hash as %s", what, before)
		}
		sums[string(sum)] = what
	}
	for what, change := range map[string]func(*record){
		"n":             func(r *record) { r.N++ },
		"id":            func(r *record) { r.ID[15]++ },
		"at":            func(r *record) { r.At++ },
		"actor":         func(r *record) { r.Actor[0]++ },
		"no actor":      func(r *record) { r.Actor = care.UserID{} },
		"kind":          func(r *record) { r.Kind = care.KindClient },
		"action":        func(r *record) { r.Action = "client.archived" },
		"subject kind":  func(r *record) { r.Subject.Kind = "group" },
		"subject":       func(r *record) { r.Subject.ID[0]++ },
		"details":       func(r *record) { r.Details = `{"a":1}` },
		"a moved bound": func(r *record) { r.Action, r.Subject.Kind = "client.changedc", "lient" },
	} {
		changed := base
		change(&changed)
		add(what, changed.sum(org, previous))
	}
	add("another organization", base.sum(care.OrgID{7}, previous))
	add("another row before", base.sum(org, append(make([]byte, 31), 1)))
}
