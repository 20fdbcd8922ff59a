package notify

import (
	"bytes"
	"context"
	"slices"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/mail"
	"hearth/internal/preference"
)

const (
	// mailBatch is how many people get their mails with one connection: few, because who reads
	// after it was judged gets the mail all the same.
	mailBatch = 10
	// mailTimeout bounds that; what is left is tried again.
	mailTimeout = 2 * time.Minute
	// mailPatience is how long a mail is tried.
	mailPatience = 48 * time.Hour
)

// letter is one mail to one person: all that is due for them.
type letter struct {
	user   care.UserID
	claims []*claim
}

// WorkMail sends the mails that are due, to one batch of people, and tells how many
// deliveries were claimed.
func (s *Service) WorkMail(ctx context.Context) (n int, err error) {
	if s.cfg.Mail == nil {
		return 0, nil
	}
	claims, err := s.claimMails(ctx)
	if err != nil || len(claims) == 0 {
		return 0, err
	}
	send, rules, err := s.judge(ctx, claims)
	if err != nil {
		return len(claims), err
	}
	if len(send) > 0 {
		if err := s.mailAll(ctx, send, rules); err != nil {
			return len(claims), err
		}
	}
	if ctx.Err() != nil {
		ctx = context.WithoutCancel(ctx) // what was handed over is noted, also while the program ends
	}
	return len(claims), s.settle(ctx, claims)
}

// claimMails takes all that is due for some people. Who comes first is found without a
// lock; then the first row of each stands for the person: the node that gets it takes the
// others too, so that one moment makes one mail.
func (s *Service) claimMails(ctx context.Context) (claims []*claim, err error) {
	now := db.Millis(s.clock())
	var firsts []any
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		firsts, err = s.firstMails(ctx, tx, now)
		return err
	})
	if err != nil || len(firsts) == 0 {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		claims = nil
		people, err := db.Many(ctx, tx, scanID[care.UserID], `SELECT user_id FROM deliveries
			WHERE state = 'waiting' AND channel = 'email' AND due_at <= $1 AND id IN (`+tx.In(2, len(firsts))+`)`+tx.SkipLocked(), append([]any{now}, firsts...)...)
		if err != nil || len(people) == 0 {
			return err
		}
		claims, err = s.take(ctx, tx, `state = 'waiting' AND channel = 'email' AND due_at <= $2 AND user_id IN (`+tx.In(3, len(people))+`)`, args(people, now)...)
		return err
	})
	return claims, err
}

// firstMails gives the first due row of some people: of those among the rows due longest.
func (s *Service) firstMails(ctx context.Context, tx *db.Tx, now int64) ([]any, error) {
	type row struct {
		id   care.DeliveryID
		user care.UserID
	}
	scan := func(r db.Scanner) (one row, err error) { return one, r.Scan(&one.id, &one.user) }
	due, err := db.Many(ctx, tx, scan, `SELECT id, user_id FROM deliveries
		WHERE state = 'waiting' AND channel = 'email' AND due_at <= $1 ORDER BY due_at, id LIMIT 200`, now)
	if err != nil || len(due) == 0 {
		return nil, err
	}
	people := map[care.UserID]bool{}
	var ids []care.UserID
	for _, one := range due {
		if !people[one.user] && len(ids) < mailBatch {
			people[one.user] = true
			ids = append(ids, one.user)
		}
	}
	all, err := db.Many(ctx, tx, scan, `SELECT id, user_id FROM deliveries
		WHERE state = 'waiting' AND channel = 'email' AND due_at <= $1 AND user_id IN (`+tx.In(2, len(ids))+`) ORDER BY id`, args(ids, now)...)
	var firsts []any
	for _, one := range all {
		if people[one.user] {
			people[one.user] = false
			firsts = append(firsts, one.id)
		}
	}
	return firsts, err
}

// mailAll writes one mail for each person and hands all over.
func (s *Service) mailAll(ctx context.Context, claims []*claim, rules map[care.UserID]preference.Preferences) error {
	key, err := s.key(ctx)
	if err != nil {
		return err
	}
	heads, err := s.letterheads(ctx, claims)
	if err != nil {
		return err
	}
	letters := lettersOf(claims)
	mails := make([]mail.Message, len(letters))
	for i, l := range letters {
		if mails[i], err = mail.Notification(s.note(l, rules[l.user], heads[l.claims[0].org], key)); err != nil {
			return err
		}
	}
	if err := s.handOver(ctx, letters); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	s.cfg.Mail.SendAll(ctx, mails, func(i int, err error) { letters[i].settle(s.clock(), err) })
	return nil
}

// lettersOf puts claims together by their people. The oldest comes first: the mail is named
// after it, also when it is sent again because nobody noted that it had been taken.
func lettersOf(claims []*claim) (letters []*letter) {
	slices.SortFunc(claims, func(a, b *claim) int { return bytes.Compare(a.id[:], b.id[:]) })
	byUser := map[care.UserID]*letter{}
	for _, c := range claims {
		l := byUser[c.user]
		if l == nil {
			l = &letter{user: c.user}
			byUser[c.user] = l
			letters = append(letters, l)
		}
		l.claims = append(l.claims, c)
	}
	return letters
}

// settle notes what became of a letter.
func (l *letter) settle(now time.Time, err error) {
	for _, c := range l.claims {
		switch {
		case err == nil:
			c.outcome = outcome{state: Sent}
		case mail.Permanent(err):
			c.outcome = outcome{state: Bounced, why: WhyRefused}
		default:
			c.outcome = c.failed(now, mailPatience, 0)
		}
	}
}

// note is what a letter says: that there is something, and where.
func (s *Service) note(l *letter, p preference.Preferences, own letterhead, key []byte) mail.Note {
	first := l.claims[0]
	kinds, waiting, clients := kindSet(0), true, false
	for _, c := range l.claims {
		kinds |= kindBit(c.kind)
		waiting = waiting && c.reminder
		clients = clients || c.kind != preference.Team
	}
	n := mail.Note{
		To: first.email, ID: first.id.String(), Several: len(l.claims) > 1, Waiting: waiting,
		Link: s.cfg.PublicURL + "/", Settings: s.cfg.PublicURL + "/settings/notifications",
		Unsubscribe: s.cfg.PublicURL + "/unsubscribe/" + sign(key, l.user, kinds),
	}
	if s.cfg.Bounces != "" {
		n.Bounces = mail.Tagged(s.cfg.Bounces, tagOf(key, first.id))
	}
	forStaff := first.person == care.KindStaff && p.Names.ForStaff
	if p.Names.Practice || forStaff {
		n.Practice, n.Colour = own.name, own.colour
	}
	if forStaff && !waiting {
		if n.From = "A colleague wrote."; clients {
			n.From = "A conversation with clients has something new."
		}
	}
	return n
}

// letterhead is how an organization shows itself in mails.
type letterhead struct{ name, colour string }

// letterheads gives those of the organizations of claims.
func (s *Service) letterheads(ctx context.Context, claims []*claim) (map[care.OrgID]letterhead, error) {
	found := map[care.OrgID]letterhead{}
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		for _, c := range claims {
			if _, known := found[c.org]; known {
				continue
			}
			var p letterhead
			if err := tx.QueryRow(ctx, `SELECT COALESCE(name_in_mail, name), COALESCE(colour, '') FROM organizations WHERE id = $1`, c.org).Scan(&p.name, &p.colour); err != nil {
				return err
			}
			found[c.org] = p
		}
		return nil
	})
	return found, err
}
