package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/onboard"
)

// What an operator sees of a blast: numbers by outcome, and no name of anybody.
func TestMetricsCountRecipientsOfBlasts(t *testing.T) {
	token := strings.Repeat("k", 20)
	var cfg Config
	r := start(t, func(c *Config) { c.MetricsToken = token; cfg = *c })
	store := cfg.Store()
	store.Shared = true
	d, err := db.Open(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	made, err := SetUp(t.Context(), d, time.Now, onboard.NewPractice{
		Organization: "Maple Court", OwnerName: "Ada Quill", OwnerEmail: "ada@maplecourt.example",
	}, blastPassword)
	if err != nil {
		t.Fatal(err)
	}
	ada := &person{t: t, url: r.url}
	ada.token, _ = ada.must("POST", "/sessions", object{"email": "ada@maplecourt.example", "password": blastPassword, "bearer": true})["token"].(string)
	for i := range 3 {
		client := ada.must("POST", "/clients", object{
			"name": fmt.Sprintf("Juniper Vale %d", i), "email": fmt.Sprintf("juniper%d@mail.example", i), "primary_provider_id": made.Owner.ID,
		})
		if i == 0 {
			access := ada.must("GET", "/clients/"+client["id"].(string)+"/chat-access", nil)
			ada.must("PUT", "/clients/"+client["id"].(string)+"/chat-access", object{"version": access["version"], "direct": "off"})
		}
	}
	read := func() string {
		response, text := r.get(t, "/metrics", "Authorization: Bearer "+token)
		if response.StatusCode != http.StatusOK {
			t.Fatalf("metrics: %d", response.StatusCode)
		}
		return text
	}
	before := `hearth_blast_recipients_total{state="sent",why=""} 0`
	if text := read(); !strings.Contains(text, before) {
		t.Errorf("before the first blast %s is missing", before)
	}
	id := care.NewID[care.BlastID](time.Now())
	ada.must("POST", "/blasts", object{"id": id, "body": "We moved.", "recipients": object{"all": "my_active"}})
	for end := time.Now().Add(20 * time.Second); ada.must("GET", "/blasts/"+id.String(), nil)["state"] != "sent"; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the blast does not end")
		}
	}
	text := read()
	for _, want := range []string{
		`hearth_blast_recipients_total{state="sent",why=""} 2`,
		`hearth_blast_recipients_total{state="skipped",why="direct_off"} 1`,
		"hearth_blasts_behind_seconds 0\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing in\n%s", want, text)
		}
	}
	if strings.Contains(text, "Juniper") || strings.Contains(text, "juniper") {
		t.Error("the metrics name people")
	}
}
