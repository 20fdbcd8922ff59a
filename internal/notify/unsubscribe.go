package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/preference"
)

// kindSet is a set of kinds, as a bit mask in the order of preference.Kinds.
type kindSet byte

func kindBit(k preference.Kind) kindSet {
	for i, one := range preference.Kinds {
		if one == k {
			return 1 << i
		}
	}
	return 0
}

// The link that ends mails is a person, kinds and a signature: it can do nothing else, needs
// no row, and is the same in each mail.
const (
	idLength   = 16
	signLength = 16
)

func sign(key []byte, user care.UserID, kinds kindSet) string {
	token := append(append(make([]byte, 0, idLength+1+signLength), user[:]...), byte(kinds))
	return base64.RawURLEncoding.EncodeToString(append(token, signature(key, token)...))
}

func signature(key, token []byte) []byte {
	sum := hmac.New(sha256.New, key)
	sum.Write([]byte("hearth unsubscribe"))
	sum.Write(token)
	return sum.Sum(nil)[:signLength]
}

func verify(key []byte, text string) (user care.UserID, kinds kindSet, ok bool) {
	token, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(token) != idLength+1+signLength {
		return user, 0, false
	}
	if !hmac.Equal(signature(key, token[:idLength+1]), token[idLength+1:]) {
		return user, 0, false
	}
	copy(user[:], token)
	return user, kindSet(token[idLength]), true
}

func base64ID(id care.NoticeID) string { return base64.RawURLEncoding.EncodeToString(id[:]) }

// KnownUnsubscribe reports whether a token ends mails of somebody.
func (s *Service) KnownUnsubscribe(ctx context.Context, token string) (bool, error) {
	key, err := s.key(ctx)
	if err != nil {
		return false, err
	}
	_, _, ok := verify(key, token)
	return ok, nil
}

// Unsubscribe ends the mails that a token names. It is recorded as the person's own act, and
// doing it again changes nothing. It fails with not_found for a token that is none.
func (s *Service) Unsubscribe(ctx context.Context, token string) error {
	key, err := s.key(ctx)
	if err != nil {
		return err
	}
	user, kinds, ok := verify(key, token)
	if !ok {
		return care.Missing("link")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		org, found, err := db.One(ctx, tx, scanID[care.OrgID], `SELECT org_id FROM people WHERE id = $1`, user)
		if err != nil {
			return err
		}
		if !found {
			return care.Missing("link")
		}
		for _, k := range preference.Kinds {
			if kinds&kindBit(k) == 0 {
				continue
			}
			if _, err := preference.Narrow(ctx, tx, s.clock(), org, user, k, preference.Email); err != nil {
				return err
			}
		}
		return nil
	})
}
