package outward

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"syscall"
)

// What may go wrong with a call. None of them, nor what is wrapped around them, names an
// address. The first three stay as they are when the call is made again.
var (
	ErrAddress = errors.New("outward: not an address that can be called")
	ErrPrivate = errors.New("outward: the address is in a network that is not allowed")
	ErrPlain   = errors.New("outward: the address is not in a network that may be called without TLS")
	ErrName    = errors.New("outward: the name of the host cannot be resolved")
	ErrConnect = errors.New("outward: no connection")
	ErrTLS     = errors.New("outward: no trusted connection")
	ErrTimeout = errors.New("outward: no answer in time")
	ErrAnswer  = errors.New("outward: the answer broke off or is not HTTP")
)

// redact keeps the class of a failure: its text names the address.
func redact(ctx context.Context, err error) error {
	for _, own := range []error{ErrPrivate, ErrPlain} {
		if errors.Is(err, own) {
			return own
		}
	}
	var slow net.Error
	var lookup *net.DNSError
	var untrusted *tls.CertificateVerificationError
	var errno syscall.Errno
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &lookup) && !lookup.IsTimeout:
		return ErrName
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return ErrTimeout
	case errors.As(err, &untrusted), speaksNoTLS(err):
		return ErrTLS
	case errors.As(err, &errno) && dialing(err):
		return fmt.Errorf("%w: %w", ErrConnect, errno)
	case dialing(err):
		return ErrConnect
	}
	return ErrAnswer
}

// speaksNoTLS reports whether the two sides found no way to speak TLS.
func speaksNoTLS(err error) bool {
	var record tls.RecordHeaderError
	return errors.As(err, &record) || errors.Is(err, http.ErrSchemeMismatch) || failedAt(err, "remote error", "local error")
}

func dialing(err error) bool { return failedAt(err, "dial") }

func failedAt(err error, ops ...string) bool {
	var op *net.OpError
	return errors.As(err, &op) && slices.Contains(ops, op.Op)
}
