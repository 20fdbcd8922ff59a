package blast

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/fields"
)

// Bounds of a blast.
const (
	MaxTitle = 120 // characters
	MaxStaff = 5   // colleagues who get the replies too
	MaxGrace = time.Minute
	furthest = 366 * 24 * time.Hour
)

// Fields are what a blast's text can have filled for each recipient.
var Fields = []fields.Field{fields.FirstName, fields.Provider, fields.Practice}

// Request is a blast that somebody wants to send.
type Request struct {
	ID         care.BlastID // makes it safe to repeat; made here when zero
	Title      string       // the first words of the body when empty
	Body       string
	Recipients Recipients
	Files      []care.AttachmentID
	OnBehalfOf care.UserID
	Staff      []care.UserID // who gets the replies beside the sender
	SendAt     time.Time     // zero for at once
	Grace      time.Duration // in which it can be taken back whole
	Token      string        // of the preview, when there was one
}

func (n *Request) check(s *Service) *care.Error {
	n.Title = strings.Join(strings.Fields(n.Title), " ")
	if refusal := checkText(n.Title, n.Body, len(n.Files) > 0); refusal != nil {
		return refusal
	}
	switch {
	case n.Grace < 0 || n.Grace > MaxGrace:
		return care.BadField("grace_seconds", "out_of_range", "Must be between 0 and 60.")
	case len(n.Staff) > MaxStaff:
		return care.BadField("staff_ids", "too_many", "Must be at most five colleagues.")
	}
	return s.checkFiles(n.Files)
}

func (s *Service) checkFiles(ids []care.AttachmentID) *care.Error {
	if most := s.attach.Limits().PerMessage; len(ids) > most {
		return care.BadField("attachment_ids", "too_many", fmt.Sprintf("Must be at most %d files.", most))
	}
	return nil
}

func checkText(title, body string, files bool) *care.Error {
	if refusal := care.CheckText("title", title, 0, MaxTitle); refusal != nil {
		return refusal
	}
	least := 1
	if files {
		least = 0
	}
	if refusal := care.CheckText("body", body, least, care.MaxMessage); refusal != nil {
		return refusal
	}
	if len(care.MentionsIn(body)) > 0 {
		return care.BadField("body", "mention", "Must not mention anybody: each client reads it alone.")
	}
	return fields.Check(body, Fields...)
}

func checkTime(now, sendAt time.Time) *care.Error {
	switch {
	case sendAt.IsZero():
		return nil
	case !sendAt.After(now):
		return care.BadField("send_at", "past", "Must be a time that is still to come.")
	case sendAt.Sub(now) > furthest:
		return care.BadField("send_at", "too_far", "Must be within a year.")
	}
	return nil
}

// titleOf gives the title, or the first words of the text.
func titleOf(title, body string) string {
	if title != "" {
		return title
	}
	var out []rune
	for _, word := range strings.Fields(fields.Blank(body, "…")) {
		if len(out)+len([]rune(word)) > 60 {
			break
		}
		if len(out) > 0 {
			out = append(out, ' ')
		}
		out = append(out, []rune(word)...)
	}
	if len(out) == 0 {
		return "Message blast"
	}
	return string(out)
}

// begins is when the first message goes out, at the earliest: not while the blast can be
// taken back whole.
func (n *Request) begins(now time.Time) time.Time {
	if held := now.Add(n.Grace); n.SendAt.Before(held) {
		return held
	}
	return n.SendAt
}

// hash tells a repeated request from another one with the same id.
func (n *Request) hash(sender care.UserID) []byte {
	h := sha256.New()
	h.Write(sender[:])
	text, _ := json.Marshal([]any{ // ids, times and texts, which can always be written
		n.Title, n.Body, n.Recipients, n.Files, n.OnBehalfOf, n.Staff, db.Millis(n.SendAt), n.Grace,
	})
	h.Write(text)
	return h.Sum(nil)[:16]
}

// Create makes a blast, which begins at its time, or at once; existed tells that the same
// request had made it before. The answer means that the blast with all its recipients is
// on the disk. Refusals: forbidden, not_found, invalid, no_reachable_recipients, id_reused,
// version_conflict where a preview's token no longer holds, rate_limited.
func (s *Service) Create(ctx context.Context, actor care.Actor, n Request) (b *Blast, existed bool, err error) {
	if refusal := access.SendBlasts(actor); refusal != nil {
		return nil, false, refusal
	}
	if refusal := n.check(s); refusal != nil {
		return nil, false, refusal
	}
	if n.ID.IsZero() {
		n.ID = care.NewID[care.BlastID](s.clock())
	}
	hash := n.hash(actor.User)
	if existed, err = s.repeated(ctx, n.ID, hash); err != nil || existed {
		return s.answer(ctx, actor, n.ID, existed, err)
	}
	if refusal := checkTime(s.clock(), n.SendAt); refusal != nil { // only now: a repeated request may come later
		return nil, false, refusal
	}
	who, chosen, err := s.survey(ctx, actor, &n)
	if err != nil {
		return nil, false, err
	}
	// What was begun is finished, also when nobody waits for the answer any more.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	list, err := s.begin(ctx, actor, n, hash, chosen)
	if err != nil {
		return nil, false, err
	}
	if err := s.stage(ctx, n.ID, list, who); err != nil {
		return nil, false, err
	}
	if existed, err = s.release(ctx, actor, n, list, who); err == nil {
		err = s.dropOthers(ctx, n.ID, list)
	}
	return s.answer(ctx, actor, n.ID, existed, err)
}

func (s *Service) answer(ctx context.Context, actor care.Actor, id care.BlastID, existed bool, err error) (*Blast, bool, error) {
	if err != nil {
		return nil, false, err
	}
	s.Wake()
	b, err := s.Get(ctx, actor, id)
	return b, existed, err
}

// repeated finds a blast that this very request made before.
func (s *Service) repeated(ctx context.Context, id care.BlastID, hash []byte) (existed bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		existed, err = sameRequest(ctx, tx, id, hash)
		return err
	})
	return existed, err
}

func sameRequest(ctx context.Context, tx *db.Tx, id care.BlastID, hash []byte) (existed bool, err error) {
	type row struct {
		hash  []byte
		state State
	}
	old, found, err := db.One(ctx, tx, func(r db.Scanner) (o row, err error) { return o, r.Scan(&o.hash, &o.state) },
		`SELECT content_hash, state FROM blasts WHERE id = $1`, id)
	switch {
	case err != nil || !found:
		return false, err
	case !bytes.Equal(old.hash, hash):
		return false, idReused()
	}
	return old.state != staging, nil
}

func idReused() error {
	return care.Fail(care.Conflict, care.CodeIDReused, "This id was used for something else before. Send it again with a new id.")
}

// survey finds who is chosen and decides everything that does not need a lock.
func (s *Service) survey(ctx context.Context, actor care.Actor, n *Request) (who *resolved, chosen string, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if who, err = resolve(ctx, tx, actor, n.Recipients); err != nil {
			return err
		}
		if refusal := checkToken(n.Token, actor, n.Recipients, who); refusal != nil {
			return refusal
		}
		if err := s.checkStaff(ctx, tx, actor, n.OnBehalfOf, n.Staff); err != nil {
			return err
		}
		if who.reachable == 0 {
			return nobody(who)
		}
		if chosen, err = inWords(ctx, tx, actor, n.Recipients, who); err != nil {
			return err
		}
		return s.allow(ctx, tx, actor, n.begins(s.clock()), int64(len(who.targets)), 0)
	})
	return who, chosen, err
}

// nobody is the refusal where no recipient can be reached (SEMANTICS 13).
func nobody(who *resolved) *care.Error {
	refusal := care.Fail(care.Invalid, care.CodeNoReachableRecipients, "None of these clients can be written to now.")
	for _, t := range who.targets {
		if t.why == access.WhyDirectOff && len(refusal.Unavailable) < 100 {
			refusal.Unavailable = append(refusal.Unavailable, care.UnavailableClient{ClientID: t.id, Name: t.name, Kind: "direct"})
		}
	}
	return refusal
}

// checkStaff decides for whom the actor writes and who reads the replies too.
func (s *Service) checkStaff(ctx context.Context, tx *db.Tx, actor care.Actor, behalf care.UserID, also []care.UserID) error {
	if !behalf.IsZero() && behalf != actor.User && !actor.Can(care.OrganizationInbox) {
		return care.Refused("Writing on behalf of others needs the permission “organization inbox”.")
	}
	for i, id := range also {
		if id == actor.User || slices.Contains(also[:i], id) {
			return care.BadField("staff_ids", "twice", "Must not name anybody twice, nor the sender.")
		}
	}
	for _, one := range append([]care.UserID{behalf}, also...) {
		if one.IsZero() || one == actor.User {
			continue
		}
		_, found, err := db.One(ctx, tx, scanText, `SELECT p.name FROM people p JOIN staff s ON s.user_id = p.id
			WHERE p.id = $1 AND p.org_id = $2 AND s.active`, one, actor.Org)
		if err != nil {
			return err
		}
		if !found {
			return care.Missing("member of staff")
		}
	}
	return nil
}
