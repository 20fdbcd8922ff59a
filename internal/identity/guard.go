package identity

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"net/netip"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

const (
	window       = 15 * time.Minute // without a failure an account begins anew; also how long a lock lasts
	freeFailures = 5                // of an account, before it slows down
	lockFailures = 10               // of an account, until it is locked
	addressLimit = 50               // failures of one address in a window

	resetsPerAccount = 3  // without an hour between them; more are answered alike and send nothing
	resetsPerAddress = 20 // a window
)

// subject is what failures are counted for: the SHA-256 of what kind it is and of an
// address or account, so that the table does not list who tried.
type subject []byte

func subjectOf(kind, name string) subject {
	sum := sha256.Sum256([]byte(kind + "\x00" + name))
	return sum[:]
}

// accountSubject counts for an e-mail address, whether or not somebody has it.
func accountSubject(email string) subject { return subjectOf("account", email) }

// addressSubject counts for an IPv4 address or an IPv6 network of 64 bits, which is what
// one connection gets; nil when the address is not known.
func addressSubject(kind, ip string) subject {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return nil
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		network, _ := addr.Prefix(64) // 64 fits every IPv6 address
		addr = network.Addr()
	}
	return subjectOf(kind, addr.String())
}

// short is how the audit log tells apart where failures came from.
func (s subject) short() string { return hex.EncodeToString(s[:min(len(s), 8)]) }

// counter is a row of sign_in_failures.
type counter struct {
	failures int
	last     time.Time
	locked   time.Time
}

// wait is how long the subject must wait, 0 when it need not.
func (c counter) wait(now time.Time) time.Duration { return max(0, c.locked.Sub(now)) }

// accountFailed adds a failure: free ones first, then pauses of 2, 4, 8, 16 and 32
// seconds, then the lock. A window without failures, or the end of a lock, forgets all.
func (c counter) accountFailed(now time.Time) counter {
	if now.Sub(c.last) >= window {
		c.failures = 0
	}
	c.failures++
	c.last, c.locked = now, time.Time{}
	switch {
	case c.failures >= lockFailures:
		c.locked = now.Add(window)
	case c.failures >= freeFailures:
		c.locked = now.Add(2 * time.Second << (c.failures - freeFailures))
	}
	return c
}

// leaked is a failure counted against limit per window, as a bucket that leaks evenly, so
// that a practice behind one address whose people mistype now and then is never shut out.
func (c counter) leaked(now time.Time, limit int) counter {
	drops := float64(now.Sub(c.last)) / float64(window) * float64(limit)
	c.failures = max(0, c.failures-int(math.Min(drops, math.MaxInt32))) + 1
	c.last, c.locked = now, time.Time{}
	if c.failures >= limit {
		c.locked = now.Add(window)
		c.failures = 0
	}
	return c
}

// hourly counts what was asked for within an hour of the one before.
func (c counter) hourly(now time.Time) counter {
	if now.Sub(c.last) >= time.Hour {
		c.failures = 0
	}
	return counter{failures: c.failures + 1, last: now}
}

// tooMany is the answer to everybody who must wait, whether the password is right or not.
func tooMany(wait time.Duration) *care.Error {
	seconds := int(math.Ceil(wait.Seconds()))
	text := fmt.Sprintf("Too many attempts. Try again in %d seconds.", seconds)
	if seconds > 90 {
		text = fmt.Sprintf("Too many attempts. Try again in %d minutes.", (seconds+59)/60)
	}
	refusal := care.Fail(care.RateLimited, care.CodeRateLimited, text)
	refusal.RetryAfter = seconds
	return refusal
}

// mayTry refuses while one of the subjects must wait.
func (s *Service) mayTry(ctx context.Context, tx *db.Tx, subjects ...subject) error {
	if s.cfg.Unlimited {
		return nil
	}
	now := s.clock()
	var wait time.Duration
	for _, sub := range subjects {
		if sub == nil {
			continue
		}
		c, _, err := db.One(ctx, tx, scanCounter, counterOf, []byte(sub))
		if err != nil {
			return err
		}
		wait = max(wait, c.wait(now))
	}
	if wait > 0 {
		return tooMany(wait)
	}
	return nil
}

const counterOf = `SELECT failures, last_at, locked_until FROM sign_in_failures WHERE subject = $1`

func scanCounter(row db.Scanner) (c counter, err error) {
	var last, locked int64
	err = row.Scan(&c.failures, &last, &locked)
	c.last, c.locked = db.FromMillis(last), db.FromMillis(locked)
	return c, err
}

// count changes the counter of a subject and gives what it is now.
func (s *Service) count(ctx context.Context, tx *db.Tx, sub subject, change func(counter) counter) (counter, error) {
	if sub == nil || s.cfg.Unlimited {
		return counter{}, nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO sign_in_failures (subject, failures, last_at, locked_until) VALUES ($1, 0, 0, 0) ON CONFLICT DO NOTHING`, []byte(sub))
	if err != nil {
		return counter{}, err
	}
	c, _, err := db.One(ctx, tx, scanCounter, counterOf+tx.ForUpdate(), []byte(sub))
	if err != nil {
		return counter{}, err
	}
	c = change(c)
	_, err = tx.Exec(ctx, `UPDATE sign_in_failures SET failures = $2, last_at = $3, locked_until = $4 WHERE subject = $1`,
		[]byte(sub), c.failures, db.Millis(c.last), max(0, db.Millis(c.locked)))
	return c, err
}

// forgive forgets the failures of an account.
func forgive(ctx context.Context, tx *db.Tx, email string) error {
	_, err := tx.Exec(ctx, `DELETE FROM sign_in_failures WHERE subject = $1`, []byte(accountSubject(email)))
	return err
}
