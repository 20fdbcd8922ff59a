package httpapi

import (
	"errors"

	"hearth/internal/care"
)

// withCurrent shows the current state that a version_conflict carries in the shape of the
// API.
func withCurrent[T, W any](err error, show func(T) W) error {
	var refusal *care.Error
	if !errors.As(err, &refusal) {
		return err
	}
	if current, is := refusal.Current.(T); is {
		shown := *refusal
		shown.Current = show(current)
		return &shown
	}
	return err
}
