package server

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// heard is everything that another program is sent.
type heard struct {
	mu    sync.Mutex
	calls []string
}

func (h *heard) text() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(h.calls, "\n")
}

// listen has a webhook called for everything that happens in the practice; its address is a
// canary for the log.
func (a *aviary) listen() {
	a.Helper()
	a.told = &heard{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		a.told.mu.Lock()
		defer a.told.mu.Unlock()
		a.told.calls = append(a.told.calls, fmt.Sprint(r.Header, string(body)))
	}))
	a.Cleanup(server.Close)
	made := a.owner.must("POST", "/webhooks", object{"url": server.URL + "/canary-address?key=canary-key", "events": []string{
		"message.created", "conversation.created", "conversation.closed", "chat_access.changed", "blast.finished",
	}})
	a.secret = made["secret"].(string)
	a.ids = append(a.ids, made["webhook"].(object)["id"].(string))
}

// called looks through what the webhook was sent: every kind of event, and nothing that
// people wrote or are called.
func (a *aviary) called() {
	a.Helper()
	a.noor.must("POST", "/conversations/"+a.team+"/close", nil)
	for _, kind := range []string{"message.created", "conversation.created", "conversation.closed", "chat_access.changed", "blast.finished"} {
		for deadline := time.Now().Add(20 * time.Second); !strings.Contains(a.told.text(), `"type":"`+kind+`"`); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				a.Fatalf("the webhook is never told of %s", kind)
			}
		}
	}
	text := strings.ToLower(a.told.text())
	for _, word := range []string{"canary", "leilani", "maya", "noor", "elias", "sam whitehorse", "alder", "good morning", "hello", "@", strings.ToLower(a.secret)} {
		if strings.Contains(text, word) {
			a.Errorf("the webhook is told %q", word)
		}
	}
}
