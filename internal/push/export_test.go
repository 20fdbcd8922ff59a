package push

import (
	"context"
	"io"
	"net/http"
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
