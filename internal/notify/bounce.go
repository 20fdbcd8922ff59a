package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"io"
	"strings"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/mail"
)

// reportFor is how long after a mail a report about it counts. Mail servers give up after
// five days or so.
const reportFor = 30 * 24 * time.Hour

// The tag in the address to which reports about a mail come back is the mail and a
// signature, in letters that mail servers may write large or small.
const tagSignLength = 10

var tagLetters = base32.StdEncoding.WithPadding(base32.NoPadding)

func tagOf(key []byte, id care.DeliveryID) string {
	token := append(append(make([]byte, 0, idLength+tagSignLength), id[:]...), tagSignature(key, id[:])...)
	return strings.ToLower(tagLetters.EncodeToString(token))
}

func tagSignature(key, id []byte) []byte {
	sum := hmac.New(sha256.New, key)
	sum.Write([]byte("hearth bounce"))
	sum.Write(id)
	return sum.Sum(nil)[:tagSignLength]
}

// mailOf gives the mail that the first true one of some tags names.
func mailOf(key []byte, tags []string) (id care.DeliveryID, ok bool) {
	for _, tag := range tags {
		token, err := tagLetters.DecodeString(strings.ToUpper(tag))
		if err == nil && len(token) == idLength+tagSignLength && hmac.Equal(tagSignature(key, token[:idLength]), token[idLength:]) {
			copy(id[:], token)
			return id, true
		}
	}
	return id, false
}

// addressHash is what is stored of an address to know it again.
func addressHash(email string) []byte {
	sum := sha256.Sum256([]byte(email))
	return sum[:]
}

// handOver notes in which mail deliveries go out and to which address, before they do: a
// report may come before the server has answered for all of a batch.
func (s *Service) handOver(ctx context.Context, letters []*letter) error {
	if s.cfg.Bounces == "" {
		return nil
	}
	const columns = 4
	now := db.Millis(s.clock())
	var values []any
	for _, l := range letters {
		for _, c := range l.claims {
			values = append(values, c.id, c.held, l.claims[0].id, addressHash(c.email))
		}
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for start := 0; start < len(values); start += columns * rowsMost {
			part := values[start:min(start+columns*rowsMost, len(values))]
			rows := tx.Values(len(part)/columns, "id", "int", "id", "blob")
			_, err := tx.Exec(ctx, `UPDATE deliveries SET mail_id = v.column3, address = v.column4, handed_at = $`+itoa(len(part)+1)+`
				FROM (VALUES `+rows+`) AS v WHERE id = v.column1 AND state = 'waiting' AND due_at = v.column2`, append(part[:len(part):len(part)], now)...)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Returned takes a mail that came to the address of reports. What is no report about a mail
// of this installation changes nothing, and neither does the same report again: the answer
// does not tell. An error says that it could not be looked at now.
func (s *Service) Returned(ctx context.Context, message io.Reader) error {
	report, ok := mail.ReadReport(message)
	if !ok {
		return nil
	}
	key, err := s.key(ctx)
	if err != nil {
		return err
	}
	id, ok := mailOf(key, report.Tags)
	if !ok {
		return nil
	}
	n := 0
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		n, err = s.takeReport(ctx, tx, id, report)
		return err
	})
	if err == nil && n > 0 {
		s.cfg.Observe("email", Bounced, whyReturned(report.Status), n)
	}
	return err
}

// sentMail is one mail that was handed over.
type sentMail struct {
	org     care.OrgID
	user    care.UserID
	kind    care.PersonKind
	address []byte // hash of the one it went to
	email   string // of the person now
}

// takeReport notes what a report says and tells how many deliveries it was that came back.
func (s *Service) takeReport(ctx context.Context, tx *db.Tx, id care.DeliveryID, report mail.Report) (n int, err error) {
	now := s.clock()
	m, found, err := db.One(ctx, tx, func(row db.Scanner) (m sentMail, err error) {
		return m, row.Scan(&m.org, &m.user, &m.kind, &m.address, &m.email)
	}, `SELECT d.org_id, d.user_id, p.kind, d.address, COALESCE(p.email, '') FROM deliveries d JOIN people p ON p.id = d.user_id
		WHERE d.mail_id = $1 AND d.returned IS NULL AND d.handed_at > $2 LIMIT 1`, id, db.Millis(now.Add(-reportFor)))
	if err != nil || !found {
		return 0, err
	}
	if report.Fate == mail.FateDelayed {
		_, err := tx.Exec(ctx, `UPDATE deliveries SET why = $2 WHERE mail_id = $1 AND state = 'sent' AND why IS NULL`, id, string(WhyDelayed))
		return 0, err
	}
	// The person's row stands for them: of two reports the second sees the first.
	stop, err := lockStop(ctx, tx, m)
	if err != nil {
		return 0, err
	}
	rows, err := tx.Exec(ctx, `UPDATE deliveries SET returned = $2, state = CASE WHEN state = 'sent' THEN 'bounced' ELSE state END,
		why = CASE WHEN state = 'sent' THEN $3 ELSE why END WHERE mail_id = $1 AND returned IS NULL`, id, report.Status, string(whyReturned(report.Status)))
	if err != nil || rows == 0 || !report.Permanent() || stop.since.Valid {
		return int(rows), err
	}
	return int(rows), m.judge(ctx, tx, report, stop.retried.Int64, now)
}

// whyReturned is what the history says of a mail that came back.
func whyReturned(status string) Why {
	if strings.HasPrefix(status, "5.") {
		return WhyReturned
	}
	return WhyGivenUp
}
