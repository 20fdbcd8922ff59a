package push

import (
	"context"
	"io"
	"net/http"

	"hearth/internal/outward"
)

// Request makes what Send would send.
func Request(s *Sender, to Subscription, message []byte) ([]byte, http.Header, error) {
	r, err := s.request(context.Background(), to, message, Options{})
	if err != nil {
		return nil, nil, err
	}
	body, err := io.ReadAll(r.Body)
	return body, r.Header, err
}

// WithClient is a sender that reaches push services by another client.
func WithClient(s *Sender, c *outward.Client) *Sender {
	return &Sender{client: c, clock: s.clock, tokens: s.tokens}
}
