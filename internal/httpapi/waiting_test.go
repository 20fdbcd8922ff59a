package httpapi

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/outbox"
)

// count has waiting times counted up to now.
func (c *clinic) count() {
	c.Helper()
	told := outbox.New(c.deps.DB, c.clock.Now, c.deps.Waiting)
	for range 50 {
		heard, err := told.Work(c.Context())
		if err != nil {
			c.Fatal(err)
		}
		worked, err := c.deps.Waiting.Work(c.Context())
		if err != nil {
			c.Fatal(err)
		}
		if !heard && !worked {
			return
		}
	}
	c.Fatal("there is always work")
}

// always is open around the clock, so that the time of the day does not matter.
func always() (hours []keys) {
	for _, day := range []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"} {
		hours = append(hours, keys{"day": day, "from": "00:00", "to": "24:00"})
	}
	return hours
}

// badge is how a conversation waits, in every answer that gives it.
func (c *clinic) badge(who *caller, conversation string) string {
	c.Helper()
	of := func(answer map[string]any) string {
		return fmt.Sprintf("%v %v", answer["unanswered_since"], answer["overdue"])
	}
	one := of(who.want("GET", "/conversations/"+conversation, nil, 200, ""))
	for _, item := range who.want("GET", "/conversations", nil, 200, "")["items"].([]any) {
		if found := item.(map[string]any); found["id"] == conversation && of(found) != one {
			c.Errorf("in the inbox %s, alone %s", of(found), one)
		}
	}
	return one
}

func (c *clinic) waits(who *caller) (n int) {
	c.Helper()
	return len(who.want("GET", "/conversations?unanswered=true", nil, 200, "")["items"].([]any))
}

func TestUnanswered(t *testing.T) {
	clinics(t, func(c *clinic) {
		on := keys{"version": 0, "on": true, "hours": 2, "queue_after_hours": 3, "opening": keys{"weekly": always()}}
		saved := c.olga.want("PUT", "/organization/unanswered", on, 200, "")
		if dig(saved, "opening.time_zone") != "UTC" || saved["hours"] != 2.0 || saved["version"] != 1.0 || len(dig(saved, "opening.weekly").([]any)) != 7 {
			t.Errorf("saved %v", saved)
		}
		at := c.clock.Now().UTC().Format("2006-01-02T15:04:05.000Z")
		c.write(c.leilani, c.direct, "Can I eat this?")
		c.count()
		for range 2 { // the second time it is remembered
			if got := c.badge(c.noor, c.direct); got != at+" false" {
				t.Errorf("waits %s, want %s", got, at)
			}
		}
		if got := c.badge(c.leilani, c.direct); got != "<nil> false" {
			t.Errorf("a client is told %s", got)
		}
		if noor, elias := c.waits(c.noor), c.waits(c.elias); noor != 1 || elias != 0 {
			t.Errorf("the filter gives %d and %d", noor, elias)
		}
		c.leilani.want("GET", "/conversations?unanswered=true", nil, 403, care.CodeForbidden)
		c.clock.Advance(2 * time.Hour)
		c.count()
		if got := c.badge(c.noor, c.direct); got != at+" true" {
			t.Errorf("after two hours %s", got)
		}
		c.write(c.noor, c.direct, "Yes.")
		c.count()
		if got := c.badge(c.noor, c.direct); got != "<nil> false" || c.waits(c.noor) != 0 {
			t.Errorf("answered, and waits %s", got)
		}
	})
}

func TestNeedsNoAnswer(t *testing.T) {
	clinics(t, func(c *clinic) {
		no, yes := "/conversations/"+c.direct+"/needs-no-answer", "/conversations/"+c.direct+"/needs-answer"
		at := c.clock.Now().UTC().Format("2006-01-02T15:04:05.000Z")
		c.write(c.leilani, c.direct, "Thank you!")
		c.count()
		seen := c.noor.want("GET", "/conversations/"+c.direct, nil, 200, "")["last_seq"]
		for range 2 {
			answer := c.noor.want("POST", no, keys{"seq": seen}, 200, "")
			if answer["id"] != c.direct || answer["unanswered_since"] != nil || c.badge(c.noor, c.direct) != "<nil> false" {
				t.Errorf("needs no answer, and waits since %v", answer["unanswered_since"])
			}
		}
		if answer := c.sam.want("POST", yes, nil, 200, ""); answer["unanswered_since"] != at {
			t.Errorf("taken back, it waits since %v, want %s", answer["unanswered_since"], at)
		}
		c.noor.want("POST", no, nil, 200, "")
		c.write(c.leilani, c.direct, "One more thing")
		c.count()
		if c.waits(c.noor) != 1 {
			t.Error("the next message of the client waits for nobody")
		}
		acts := c.olga.want("GET", "/audit?action=conversation.needs_no_answer", nil, 200, "")["items"].([]any)
		if len(acts) != 2 || dig(acts[0].(map[string]any), "subject.id") != c.direct {
			t.Errorf("recorded %v", acts)
		}
		for _, path := range []string{no, yes} {
			c.elias.want("POST", path, nil, 404, care.CodeNotFound)
			c.leilani.want("POST", path, nil, 403, care.CodeForbidden)
		}
		c.noor.want("POST", no, keys{"seq": 0}, 422, care.CodeInvalid)
		c.noor.want("POST", no, keys{"seq": "all"}, 422, care.CodeInvalid)
		c.noor.want("POST", no, keys{"until": 1}, 422, care.CodeInvalid)
	})
}

func TestOpeningTimes(t *testing.T) {
	clinics(t, func(c *clinic) {
		if open := c.noor.want("GET", "/organization/opening", nil, 200, ""); open["by_clock"] != true || len(open["spans"].([]any)) != 0 {
			t.Errorf("while nobody has said: %v", open)
		}
		saved := c.olga.want("PUT", "/organization/unanswered", keys{"version": 0, "on": true, "opening": keys{"weekly": always()}}, 200, "")
		if saved["on_since"] == nil || saved["overdue_before"] != 0.0 {
			t.Errorf("switched on: %v", saved)
		}
		open := c.noor.want("GET", "/organization/opening", nil, 200, "")
		spans := open["spans"].([]any)
		if first := spans[0].(map[string]any); open["by_clock"] != false || len(spans) < 28 || first["from"].(string) > open["from"].(string) {
			t.Errorf("open around the clock: %d spans from %v, %v", len(spans), spans[0], open["from"])
		}
		c.leilani.want("GET", "/organization/opening", nil, 403, care.CodeForbidden)
	})
}

func TestUnansweredSettingsAreChecked(t *testing.T) {
	clinics(t, func(c *clinic) {
		initial := c.noor.want("GET", "/organization/unanswered", nil, 200, "")
		if initial["on"] != false || initial["version"] != 0.0 || len(dig(initial, "opening.weekly").([]any)) != 5 {
			t.Errorf("initially %v", initial)
		}
		c.leilani.want("GET", "/organization/unanswered", nil, 403, care.CodeForbidden)
		c.noor.want("PUT", "/organization/unanswered", keys{"version": 0, "on": true}, 403, care.CodeForbidden)
		for want, body := range map[string]keys{
			"hours":                  {"hours": 0},
			"queue_after_hours":      {"queue_after_hours": 241},
			"opening.time_zone":      {"opening": keys{"time_zone": "Moon/Sea"}},
			"opening.weekly[0].to":   {"opening": keys{"weekly": []keys{{"day": "monday", "from": "10:00", "to": "09:00"}}}},
			"opening.weekly[0].from": {"opening": keys{"weekly": []keys{{"day": "monday", "from": "ten", "to": "11:00"}}}},
			"opening.holidays[0]":    {"opening": keys{"holidays": []string{"Christmas"}}},
			"opening.weekly":         {"on": true, "opening": keys{"weekly": []keys{}}},
		} {
			body["version"] = 0
			problem := c.olga.want("PUT", "/organization/unanswered", body, 422, care.CodeInvalid)
			if errors, _ := problem["errors"].([]any); len(errors) != 1 || errors[0].(map[string]any)["field"] != want {
				t.Errorf("%v: %v, want the field %s", body, problem["errors"], want)
			}
		}
		c.olga.want("PUT", "/organization/unanswered", keys{"version": 0, "hours": "four"}, 422, care.CodeInvalid)
		c.olga.want("PUT", "/organization/unanswered", keys{"version": 0, "minutes": 4}, 422, care.CodeInvalid)
		c.olga.want("PUT", "/organization/unanswered", keys{"version": 0, "hours": 6}, 200, "")
		stale := c.olga.want("PUT", "/organization/unanswered", keys{"version": 0, "hours": 7}, 409, care.CodeVersionConflict)
		if dig(stale, "current.hours") != 6.0 || dig(stale, "current.opening.time_zone") != "UTC" {
			t.Errorf("the conflict carries %v", stale["current"])
		}
	})
}

func TestFirstResponseReport(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.count()
		year, week := c.clock.Now().ISOWeek()
		name, monday := fmt.Sprintf("%d-W%02d", year, week), c.clock.Now().AddDate(0, 0, -(int(c.clock.Now().Weekday())+6)%7).Format(time.DateOnly)
		c.olga.want("PUT", "/organization/unanswered", keys{"version": 0, "on": true, "hours": 2, "opening": keys{"weekly": always()}}, 200, "")
		for _, minutes := range []int{10, 30, 60, 180} {
			c.write(c.leilani, c.direct, "A question")
			c.clock.Advance(time.Duration(minutes) * time.Minute)
			c.write(c.noor, c.direct, "An answer")
		}
		c.write(c.leilani, c.direct, "Thank you")
		c.noor.want("POST", "/conversations/"+c.direct+"/needs-no-answer", nil, 200, "")
		c.write(c.leilani, c.direct, "One more")
		c.count()
		report := c.sam.want("GET", "/reports/first-response?weeks=2", nil, 200, "")
		weeks := report["weeks"].([]any)
		if len(weeks) != 2 || report["goal_hours"] != 2.0 {
			t.Fatalf("report %v", report)
		}
		want := map[string]any{"week": name, "from": monday, "answered": 4.0, "open": 1.0, "needs_no_answer": 1.0, "median_minutes": 30.0, "p90_minutes": 180.0, "within_goal": 0.75}
		if got := fmt.Sprint(weeks[1]); got != fmt.Sprint(want) {
			t.Errorf("this week %s, want %v", got, want)
		}
		if got := weeks[0].(map[string]any); got["answered"] != 0.0 || got["median_minutes"] != nil || got["within_goal"] != nil {
			t.Errorf("a week without questions: %v", got)
		}
		c.clock.Advance(3 * time.Hour)
		late := c.noor.want("GET", "/reports/first-response?weeks=1&provider_id="+c.noorID, nil, 200, "")["weeks"].([]any)[0].(map[string]any)
		if late["within_goal"] != 0.6 {
			t.Errorf("with one that is open for longer than the goal: %v", late)
		}
		other := c.sam.want("GET", "/reports/first-response?weeks=1&provider_id="+c.eliasID, nil, 200, "")["weeks"].([]any)[0].(map[string]any)
		if other["answered"] != 0.0 {
			t.Errorf("of somebody else's clients: %v", other)
		}
		csv, header := c.sam.text("/reports/first-response.csv?weeks=2")
		lines := strings.Split(strings.TrimSpace(csv), "\n")
		if len(lines) != 3 || lines[2] != name+","+monday+",4,1,1,30,180,0.600,2" || !strings.HasSuffix(lines[1], ",0,0,0,,,,2") || header.Get("Content-Type") != "text/csv; charset=utf-8" {
			t.Errorf("as a table: %q %v", csv, header)
		}
		for _, path := range []string{"/reports/first-response", "/reports/first-response.csv"} {
			c.noor.want("GET", path, nil, 403, care.CodeForbidden)
			c.noor.want("GET", path+"?provider_id="+c.eliasID, nil, 403, care.CodeForbidden)
			c.leilani.want("GET", path, nil, 403, care.CodeForbidden)
			c.sam.want("GET", path+"?weeks=54", nil, 422, care.CodeInvalid)
			c.sam.want("GET", path+"?weeks=many", nil, 422, care.CodeInvalid)
			c.sam.want("GET", path+"?provider_id=me", nil, 422, care.CodeInvalid)
		}
	})
}
