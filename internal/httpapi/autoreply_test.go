package httpapi

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/jobs"
)

// leave makes somebody away for two days.
func (c *clinic) leave(who *caller, id, text string) {
	c.Helper()
	path := "/staff/" + id + "/away"
	version := who.want("GET", path, nil, 200, "")["version"]
	who.want("PUT", path, keys{"version": version, "once": keys{"from": c.in(-time.Hour), "until": c.in(46 * time.Hour), "text": text}}, 200, "")
}

func (c *clinic) write(who *caller, conversation, body string) {
	c.Helper()
	who.want("POST", "/conversations/"+conversation+"/messages", keys{"body": body}, 201, "")
}

// waiting counts the jobs of a kind that are to be done.
func (o *office) waiting(kind string) (n int) {
	o.Helper()
	err := o.deps.DB.Read(o.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(o.Context(), `SELECT COUNT(*) FROM jobs WHERE state = 'ready' AND kind = $1`, kind).Scan(&n)
	})
	if err != nil {
		o.Fatal(err)
	}
	return n
}

func (c *clinic) unread(who *caller, conversation string) any {
	c.Helper()
	return who.want("GET", "/conversations/"+conversation, nil, 200, "")["unread"]
}

// automatic counts the automatic replies in a conversation.
func automatic(lines []string) (n int) {
	for _, line := range lines {
		if strings.HasPrefix(line, "auto_reply ") {
			n++
		}
	}
	return n
}

func TestAwayReply(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.write(c.leilani, c.direct, "Before the leave")
		c.hear()
		if n := c.waiting("away.answer"); n != 0 {
			t.Errorf("%d jobs where nobody is away", n)
		}
		c.write(c.noor, c.direct, "Read")
		c.clock.Advance(2 * time.Hour)
		c.leave(c.noor, c.noorID, "I am on leave until Monday.")
		c.write(c.leilani, c.direct, "Are you there?")
		c.hear()
		if n := c.waiting("away.answer"); n != 1 {
			t.Errorf("%d jobs for the message, want 1", n)
		}
		c.work()
		c.work()
		sameLines(t, "the thread", c.noor.thread(c.direct),
			"text Leilani Kahale: Before the leave", "text Noor Haddad: Read",
			"text Leilani Kahale: Are you there?", "auto_reply Noor Haddad: I am on leave until Monday.")
		if noor, leilani := c.unread(c.noor, c.direct), c.unread(c.leilani, c.direct); noor != 1.0 || leilani != 1.0 {
			t.Errorf("unread: %v to Noor, %v to Leilani, want 1 and 1", noor, leilani)
		}
		// Whoever reads what the client wrote has nothing left, though the reply stands behind it.
		if got := c.noor.want("PUT", "/conversations/"+c.direct+"/read", keys{"seq": 3}, 200, "")["unread"]; got != 0.0 {
			t.Errorf("after reading: %v unread", got)
		}
		if got := c.unread(c.noor, c.direct); got != 0.0 {
			t.Errorf("after reading, asked again: %v unread", got)
		}
		// At most one in twelve hours.
		c.clock.Advance(12*time.Hour - time.Second)
		c.write(c.leilani, c.direct, "Hello?")
		if n := c.waiting("away.answer"); n != 0 {
			t.Errorf("%d jobs for a client who was answered", n)
		}
		c.work()
		if n := automatic(c.noor.thread(c.direct)); n != 1 {
			t.Errorf("%d replies within twelve hours", n)
		}
		c.clock.Advance(time.Second)
		c.write(c.leilani, c.direct, "Anybody?")
		c.work()
		if n := automatic(c.noor.thread(c.direct)); n != 2 {
			t.Errorf("%d replies after twelve hours", n)
		}
		// A person's reply ends them, and twelve hours after it they may come again.
		c.clock.Advance(time.Hour)
		c.write(c.noor, c.direct, "I looked in after all.")
		c.clock.Advance(12*time.Hour - time.Minute)
		c.write(c.leilani, c.direct, "Thank you")
		c.work()
		if n := automatic(c.noor.thread(c.direct)); n != 2 {
			t.Errorf("%d replies after a person replied", n)
		}
		c.clock.Advance(2 * time.Minute)
		c.write(c.leilani, c.direct, "One more thing")
		c.work()
		if n := automatic(c.noor.thread(c.direct)); n != 3 {
			t.Errorf("%d replies twelve hours after a person replied", n)
		}
		c.clock.Advance(48 * time.Hour)
		c.write(c.leilani, c.direct, "Welcome back")
		c.work()
		if n := automatic(c.noor.thread(c.direct)); n != 3 {
			t.Errorf("%d replies after the leave", n)
		}
	})
}

func TestNoAwayReply(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.leave(c.noor, c.noorID, "Away")
		c.write(c.noor, c.direct, "Staff")
		c.write(c.leilani, c.community, "In a community chat")
		if n := c.waiting("away.answer"); n != 0 {
			t.Errorf("%d jobs", n)
		}
		// Judged when it is sent (S17): D went off, the conversation was closed, somebody wrote.
		c.write(c.leilani, c.direct, "Hello")
		c.set(c.leilaniID, keys{"direct": "off"})
		c.work()
		c.set(c.leilaniID, keys{"direct": "on"})
		c.write(c.leilani, c.direct, "Hello")
		c.noor.want("POST", "/conversations/"+c.direct+"/close", nil, 200, "")
		c.work()
		c.noor.want("POST", "/conversations/"+c.direct+"/reopen", nil, 200, "")
		c.write(c.leilani, c.direct, "Hello")
		c.write(c.noor, c.direct, "I am here")
		c.work()
		for _, conversation := range []string{c.direct, c.community} {
			if n := automatic(c.noor.thread(conversation)); n != 0 {
				t.Errorf("%d automatic replies in %v", n, c.noor.thread(conversation))
			}
		}
		// What somebody had scheduled does not say that they are there.
		c.clock.Advance(13 * time.Hour)
		c.leave(c.noor, c.noorID, "Away")
		c.noor.want("POST", "/conversations/"+c.direct+"/messages", keys{"body": "Later", "send_at": c.in(time.Minute)}, 201, "")
		c.clock.Advance(time.Minute)
		c.work()
		// None of the refused ones used up the client's place.
		c.write(c.leilani, c.direct, "Hello")
		c.work()
		if n := automatic(c.noor.thread(c.direct)); n != 1 {
			t.Errorf("%d automatic replies, want 1", n)
		}
	})
}

// Whose words count: everybody's who could answer must be away; else the practice's.
func TestWhoseAwayReply(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.noor.want("PUT", "/conversations/"+c.direct+"/members/"+c.eliasID, nil, 200, "")
		c.leave(c.noor, c.noorID, "Noor is away.")
		ask := func(want ...string) {
			c.Helper()
			before := len(c.noor.thread(c.direct))
			c.write(c.leilani, c.direct, "Hello")
			c.work()
			sameLines(c.T, "answered", c.noor.thread(c.direct)[before+1:], want...)
			c.clock.Advance(12 * time.Hour)
		}
		ask() // Elias may answer
		closed := keys{"version": 0, "weekly": keys{"enabled": true, "hours": []keys{}, "text": "We are closed."}}
		c.olga.want("PUT", "/organization/away", closed, 200, "")
		ask("auto_reply Hearth: We are closed.")
		c.leave(c.elias, c.eliasID, "Elias is away.")
		ask("auto_reply Noor Haddad: Noor is away.") // the primary provider's
		c.noor.want("PUT", "/staff/"+c.noorID+"/away", keys{"version": 1, "once": nil}, 200, "")
		ask("auto_reply Hearth: We are closed.")
		// Who is not active any more answers nobody and is not waited for.
		c.leave(c.elias, c.eliasID, "Elias is away.")
		ask("auto_reply Hearth: We are closed.")
		c.olga.want("PATCH", "/staff/"+c.noorID, keys{"active": false}, 200, "")
		before := len(c.elias.thread(c.direct))
		c.write(c.leilani, c.direct, "Hello")
		c.work()
		sameLines(t, "answered", c.elias.thread(c.direct)[before+1:], "auto_reply Elias Brandt: Elias is away.")
	})
}

// A client who writes in two conversations is answered once, also by two nodes at once.
func TestAwayReplyOncePerClient(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.olga.want("PATCH", "/clients/"+c.leilaniID, keys{"care_team_ids": []string{c.noorID, c.eliasID}}, 200, "")
		other := c.elias.want("POST", "/conversations", keys{"kind": "direct", "member_ids": []string{c.leilaniID}}, 201, "")["id"].(string)
		c.leave(c.noor, c.noorID, "Noor is away.")
		c.leave(c.elias, c.eliasID, "Elias is away.")
		for range 5 {
			before := automatic(c.noor.thread(c.direct)) + automatic(c.elias.thread(other))
			c.write(c.leilani, c.direct, "Hello")
			c.write(c.leilani, other, "Hello")
			c.hear()
			var nodes sync.WaitGroup
			for range 2 {
				r := jobs.New(c.deps.DB, c.clock.Now, jobs.Config{})
				c.deps.AutoReply.Register(r)
				nodes.Go(func() {
					if _, err := r.Work(c.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			nodes.Wait()
			if n := automatic(c.noor.thread(c.direct)) + automatic(c.elias.thread(other)); n != before+1 {
				t.Errorf("%d replies more, want one", n-before)
			}
			c.clock.Advance(12 * time.Hour)
			c.leave(c.noor, c.noorID, "Noor is away.")
			c.leave(c.elias, c.eliasID, "Elias is away.")
		}
	})
}

func TestAwaySettings(t *testing.T) {
	clinics(t, func(c *clinic) {
		own := "/staff/" + c.noorID + "/away"
		expect(t, c.noor.want("GET", own, nil, 200, ""), keys{"version": 0, "once": nil, "weekly.enabled": false, "weekly.time_zone": "UTC", "away_now": false})
		once := keys{"from": c.in(-time.Hour), "until": c.in(time.Hour), "text": "Back soon."}
		got := c.noor.want("PUT", own, keys{"version": 0, "once": once, "weekly": keys{"time_zone": "America/Los_Angeles", "holidays": []string{"2026-12-25", "2026-01-01", "2026-12-25"}}}, 200, "")
		expect(t, got, keys{"version": 1, "once.text": "Back soon.", "away_now": true, "weekly.enabled": false, "weekly.time_zone": "America/Los_Angeles", "weekly.holidays": "[2026-01-01 2026-12-25]"})
		expect(t, c.noor.want("PUT", own, keys{"version": 0, "once": nil}, 409, care.CodeVersionConflict), keys{"current.version": 1, "current.once.text": "Back soon."})
		// What a change leaves out stays.
		got = c.noor.want("PUT", own, keys{"version": 1, "weekly": keys{"enabled": true, "text": "Tomorrow.", "hours": []keys{{"day": "monday", "from": "09:00", "to": "17:00"}}}}, 200, "")
		expect(t, got, keys{"version": 2, "once.text": "Back soon.", "weekly.enabled": true, "weekly.time_zone": "America/Los_Angeles", "weekly.holidays": "[2026-01-01 2026-12-25]"})
		expect(t, c.noor.want("PUT", own, keys{"version": 2, "once": nil}, 200, ""), keys{"version": 3, "once": nil, "weekly.enabled": true})
		c.noor.wrong("PUT", own, keys{"version": 3, "weekly": keys{"text": ""}}, "weekly.text:required")
		c.noor.want("PUT", own, keys{"version": 3, "weekly": keys{"hours": []keys{{"day": "someday", "from": "09:00", "to": "17:00"}}}}, 422, care.CodeInvalid)
		c.noor.want("PUT", own, keys{"version": 3, "weekly": keys{"time_zone": "Mars/Olympus"}}, 422, care.CodeInvalid)
		// Oneself, or who manages settings.
		c.elias.want("GET", own, nil, 403, care.CodeForbidden)
		c.elias.want("PUT", own, keys{"version": 3, "once": nil}, 403, care.CodeForbidden)
		c.leilani.want("GET", own, nil, 403, care.CodeForbidden)
		expect(t, c.olga.want("PUT", own, keys{"version": 3, "weekly": keys{"enabled": false}}, 200, ""), keys{"version": 4})
		c.elias.want("GET", "/organization/away", nil, 200, "")
		c.elias.want("PUT", "/organization/away", keys{"version": 0, "once": nil}, 403, care.CodeForbidden)
		// Recorded, without the words.
		rows := list(c.olga.want("GET", "/audit?action=away.changed", nil, 200, ""))
		if len(rows) != 4 || strings.Contains(fmt.Sprint(rows), "Back soon") || strings.Contains(fmt.Sprint(rows), "Tomorrow.") {
			t.Errorf("recorded: %v", rows)
		}
	})
}

func TestWelcome(t *testing.T) {
	clinics(t, func(c *clinic) {
		expect(t, c.elias.want("GET", "/organization/welcome", nil, 200, ""), keys{"version": 0, "enabled": false, "text": ""})
		c.elias.want("PUT", "/organization/welcome", keys{"version": 0, "enabled": true, "text": "x"}, 403, care.CodeForbidden)
		c.olga.wrong("PUT", "/organization/welcome", keys{"version": 0, "enabled": true}, "text:required")
		c.olga.want("PUT", "/organization/welcome", keys{"version": 0, "enabled": true, "text": "Welcome to North."}, 200, "")
		c.olga.want("PUT", "/organization/welcome", keys{"version": 0, "text": "x"}, 409, care.CodeVersionConflict)
		add := func(name string) (string, *caller) {
			id, who := c.olga.addClient(name, c.noorID)
			return c.olga.want("GET", "/clients/"+id, nil, 200, "")["direct_conversation_id"].(string), who
		}
		conversation, ana := add("Ana")
		c.work()
		sameLines(t, "greeted", ana.thread(conversation), "auto_reply Hearth: Welcome to North.")
		if hers, noors := c.unread(ana, conversation), c.unread(c.noor, conversation); hers != 1.0 || noors != 0.0 {
			t.Errorf("unread: %v to her, %v to Noor", hers, noors)
		}
		// To mark it unread and read again leaves nothing that was never unread.
		c.noor.want("POST", "/conversations/"+conversation+"/unread", nil, 204, "")
		if got := c.noor.want("PUT", "/conversations/"+conversation+"/read", keys{"seq": 0}, 200, "")["unread"]; got != 0.0 {
			t.Errorf("after marking: %v unread", got)
		}
		// S17: it obeys D, now and when it goes; skipped is skipped.
		access := c.olga.want("GET", "/organization/chat-access", nil, 200, "")
		c.olga.want("PUT", "/organization/chat-access", keys{"version": access["version"], "direct": "off"}, 200, "")
		off, ben := add("Ben")
		c.work()
		id := c.olga.want("GET", "/clients?q=Ben", nil, 200, "")["items"].([]any)[0].(map[string]any)["id"].(string)
		c.set(id, keys{"direct": "on"})
		c.work()
		sameLines(t, "with D off", ben.thread(off))
		access = c.olga.want("GET", "/organization/chat-access", nil, 200, "")
		c.olga.want("PUT", "/organization/chat-access", keys{"version": access["version"], "direct": "on"}, 200, "")
		// An automatic message is answered by nobody.
		c.leave(c.noor, c.noorID, "Away")
		also, cleo := add("Cleo")
		c.work()
		c.work()
		sameLines(t, "greeted by a practice that is away", cleo.thread(also), "auto_reply Hearth: Welcome to North.")
		// Turned off, nobody is greeted.
		c.olga.want("PUT", "/organization/welcome", keys{"version": 1, "enabled": false}, 200, "")
		last, dan := add("Dan")
		if c.waiting("welcome.send") != 0 {
			t.Error("a job for nothing")
		}
		c.work()
		sameLines(t, "not greeted", dan.thread(last))
	})
}
