package server

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"hearth/internal/demo"
)

// TestLiveConnectionsAreToldThatItEnds holds that a page learns of a restart at once and
// comes back by itself.
func TestLiveConnectionsAreToldThatItEnds(t *testing.T) {
	r := start(t, func(c *Config) { c.Demo = true })
	token := signIn(t, r, "noor@hearth.example", demo.Password)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	socket, response, err := websocket.Dial(ctx, r.url+"/api/v1/live", &websocket.DialOptions{
		Subprotocols: []string{"hearth.v1", "bearer." + token},
	})
	if err != nil {
		t.Fatal(err, response)
	}
	defer socket.CloseNow()
	if _, hello, err := socket.Read(ctx); err != nil || !strings.Contains(string(hello), `"hello"`) {
		t.Fatalf("%s %v", hello, err)
	}
	ended := make(chan error, 1)
	go func() {
		for {
			if _, _, err := socket.Read(ctx); err != nil {
				ended <- err
				return
			}
		}
	}()
	if err := r.end(t); err != nil {
		t.Errorf("Run returned %v", err)
	}
	if err := <-ended; websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("the connection ended with %v, want 1001", err)
	}
}

func signIn(t *testing.T, r *running, email, password string) string {
	t.Helper()
	response, err := http.Post(r.url+"/api/v1/sessions", "application/json",
		strings.NewReader(`{"email":"`+email+`","password":"`+password+`","bearer":true}`))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var session struct{ Token string }
	if err := json.NewDecoder(response.Body).Decode(&session); err != nil || session.Token == "" {
		t.Fatalf("signing in: %d %v", response.StatusCode, err)
	}
	return session.Token
}
