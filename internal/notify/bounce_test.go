package notify

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/mail"
)

// returning is a world whose mails come back to it.
func returning(t *testing.T, test func(w *world)) {
	t.Helper()
	engines(t, func(w *world) {
		w.notify.cfg.Bounces = "bounces@practice.example"
		test(w)
	})
}

// mailTo has one mail sent to somebody, who has read what came before, and gives the address
// to which reports about it go. It is empty when none went out.
func (w *world) mailTo(who care.Actor, in care.ConversationID) string {
	w.t.Helper()
	w.read(who, in)
	w.say(w.noor, in, "Hello")
	w.hear()
	w.pass(4*time.Minute, time.Minute)
	mails := w.post.take()
	if len(mails) == 0 {
		return ""
	}
	if len(mails) != 1 || !strings.HasPrefix(mails[0].Bounces, "bounces+") {
		w.t.Fatalf("%d mails, reports go to %q", len(mails), mails[0].Bounces)
	}
	return mails[0].Bounces
}

// report is what a mail server sends to an address.
func report(to, action, status string) string {
	return "To: <" + to + ">\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/plain\r\n\r\ncanaryword\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" +
		"Reporting-MTA: dns; canaryword.example\r\n\r\nFinal-Recipient: rfc822; canaryword@client.example\r\nAction: " + action +
		"\r\nStatus: " + status + "\r\nDiagnostic-Code: smtp; 550 canaryword\r\n\r\n--b--\r\n"
}

func (w *world) reports(to, action, status string) {
	w.t.Helper()
	w.must(w.notify.Returned(w.ctx(), strings.NewReader(report(to, action, status))))
}

func (w *world) wantReach(who care.Actor, why Why) {
	w.t.Helper()
	r, err := w.notify.Reach(w.ctx(), who, who.User)
	w.must(err)
	if r.Why != why || r.Stopped != (why != "") || r.Since.IsZero() == r.Stopped {
		w.t.Errorf("reach %+v, want %q", r, why)
	}
}

// mails gives the lines of somebody's history that are about mail, the oldest first.
func (w *world) mails(who care.Actor) (lines []string) {
	w.t.Helper()
	list, _, err := w.notify.History(w.ctx(), who, who.User, care.DeliveryID{}, 100)
	w.must(err)
	for _, d := range slices.Backward(list) {
		if d.Channel == "email" {
			lines = append(lines, strings.TrimSpace(string(d.State)+" "+string(d.Why)))
		}
	}
	return lines
}

func (w *world) recorded(action string) int {
	return w.count(`SELECT COUNT(*) FROM audit_log WHERE action = $1`, action)
}

func TestAReportCountsOnce(t *testing.T) {
	returning(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		to := w.mailTo(w.maya, in)
		for range 2 {
			w.reports(strings.ToUpper(to), "failed", "5.2.2")
		}
		w.reports(to, "failed", "5.1.1") // of a mail that came back already
		if got := w.mails(w.maya); !slices.Equal(got, []string{"bounced returned"}) {
			w.t.Errorf("history %q", got)
		}
		if n := w.counted["email bounced returned"]; n != 1 {
			w.t.Errorf("counted %d times", n)
		}
		w.wantReach(w.maya, "")
		for _, column := range []string{"why", "returned"} {
			if w.count(`SELECT COUNT(*) FROM deliveries WHERE `+column+` LIKE '%canary%'`) != 0 {
				w.t.Error("words of the report are stored")
			}
		}
	})
}

func TestAnAddressThatDoesNotExistIsNotTriedAgain(t *testing.T) {
	returning(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		w.device(w.maya, "phone")
		w.reports(w.mailTo(w.maya, in), "failed", "5.1.1")
		w.wantReach(w.maya, WhyNoMailbox)
		w.radio.take()
		if to := w.mailTo(w.maya, in); to != "" {
			w.t.Errorf("one more was sent, %s", to)
		}
		if n := len(w.radio.take()); n != 1 {
			w.t.Errorf("%d pushes: mail and push are apart", n)
		}
		if got := w.mails(w.maya); !slices.Equal(got, []string{"bounced returned", "dropped unreachable"}) {
			w.t.Errorf("history %q", got)
		}
		if w.recorded("mail.stopped") != 1 {
			w.t.Error("it is not in the audit log, or more than once")
		}
		// Another address: it begins anew, and so does what the old one's mails say.
		w.exec(`UPDATE people SET email = 'new@example.org' WHERE id = $1`, w.maya.User)
		w.wantReach(w.maya, "")
		if w.mailTo(w.maya, in) == "" {
			w.t.Error("none was sent to the new address")
		}
	})
}

func TestAReportAboutAnOldAddressStopsNothing(t *testing.T) {
	returning(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		to := w.mailTo(w.maya, in)
		w.exec(`UPDATE people SET email = 'new@example.org' WHERE id = $1`, w.maya.User)
		w.reports(to, "failed", "5.1.1")
		w.wantReach(w.maya, "")
		if got := w.mails(w.maya); !slices.Equal(got, []string{"bounced returned"}) {
			w.t.Errorf("history %q", got)
		}
	})
}

func TestThreeInARow(t *testing.T) {
	returning(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		back := func(status string) { w.reports(w.mailTo(w.maya, in), "failed", status) }
		back("5.2.2")
		back("5.2.2")
		w.mailTo(w.maya, in) // this one arrives
		w.clock.Advance(arrivedAfter)
		back("5.2.2")
		back("5.7.1")
		w.wantReach(w.maya, "")
		back("4.4.7") // given up: neither
		w.wantReach(w.maya, "")
		w.mailTo(w.maya, in) // too early to say
		back("5.2.2")
		w.wantReach(w.maya, WhyReturned)
		if got := w.mails(w.maya); !slices.Equal(got, []string{"bounced returned", "bounced returned", "sent", "bounced returned", "bounced returned", "bounced given_up", "sent", "bounced returned"}) {
			w.t.Errorf("history %q", got)
		}
		w.must(w.notify.TryAgain(w.ctx(), w.maya, w.maya.User))
		w.must(w.notify.TryAgain(w.ctx(), w.maya, w.maya.User))
		w.wantReach(w.maya, "")
		back("5.2.2")
		back("5.2.2")
		w.wantReach(w.maya, "")
		back("5.2.2")
		w.wantReach(w.maya, WhyReturned)
		if stopped, retried := w.recorded("mail.stopped"), w.recorded("mail.retried"); stopped != 2 || retried != 1 {
			w.t.Errorf("recorded %d and %d", stopped, retried)
		}
	})
}

func TestReportsAtTheSameTimeSeeEachOther(t *testing.T) {
	returning(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		var all sync.WaitGroup
		for range bouncesMost {
			to := w.mailTo(w.maya, in)
			for range 2 {
				all.Go(func() {
					if err := w.notify.Returned(w.ctx(), strings.NewReader(report(to, "failed", "5.2.2"))); err != nil {
						w.t.Error(err)
					}
				})
			}
		}
		all.Wait()
		w.wantReach(w.maya, WhyReturned)
		if w.recorded("mail.stopped") != 1 {
			w.t.Error("it is not in the audit log, or more than once")
		}
	})
}

func TestWhatIsDelayedIsOnlyNoted(t *testing.T) {
	returning(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		to := w.mailTo(w.maya, in)
		w.reports(to, "delayed", "4.4.1")
		if got := w.mails(w.maya); !slices.Equal(got, []string{"sent delayed"}) {
			w.t.Errorf("history %q", got)
		}
		w.reports(to, "relayed", "2.0.0")
		w.reports(to, "failed", "5.1.1")
		w.reports(to, "delayed", "4.4.1")
		if got := w.mails(w.maya); !slices.Equal(got, []string{"bounced returned"}) {
			w.t.Errorf("history %q", got)
		}
	})
}

func TestReportsThatAreNone(t *testing.T) {
	returning(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		to := w.mailTo(w.maya, in)
		tag := strings.TrimSuffix(strings.TrimPrefix(to, "bounces+"), "@practice.example")
		id, ok := mailOf(w.notify.secret.key, []string{"x", strings.Repeat("a", 42), tag})
		if !ok || len(tag) != mail.MaxTag {
			w.t.Fatalf("the tag %q names no mail", tag)
		}
		other := care.NewID[care.DeliveryID](w.clock.Now())
		for name, wrong := range map[string]string{
			"another letter":              "b" + tag[1:],
			"another signature":           tag[:40] + "aa",
			"another installation":        tagOf([]byte("another key"), id),
			"a delivery that never was":   tagOf(w.notify.secret.key, other),
			"a signature of another kind": strings.ToLower(tagLetters.EncodeToString(append(id[:], signature(w.notify.secret.key, id[:])[:tagSignLength]...))),
			"none":                        "",
		} {
			w.reports("bounces+"+wrong+"@practice.example", "failed", "5.1.1")
			if got := w.mails(w.maya); !slices.Equal(got, []string{"sent"}) {
				w.t.Errorf("%s: history %q", name, got)
			}
		}
		w.must(w.notify.Returned(w.ctx(), strings.NewReader("To: "+to+"\r\nSubject: I am away\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n")))
		w.clock.Advance(reportFor)
		w.reports(to, "failed", "5.1.1") // too late
		if got := w.mails(w.maya); !slices.Equal(got, []string{"sent"}) {
			w.t.Errorf("history %q", got)
		}
		w.wantReach(w.maya, "")
	})
}

// backAtOnce is a mail server that reports before it has answered.
type backAtOnce struct {
	*post
	w      *world
	status string
}

func TestAReportMayComeBeforeTheServerHasAnswered(t *testing.T) {
	returning(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		at := &backAtOnce{post: w.post, w: w, status: "5.2.2"}
		w.notify.cfg.Mail = at
		w.mailTo(w.maya, in)
		at.status = "4.4.1"
		w.mailTo(w.maya, in)
		if got := w.mails(w.maya); !slices.Equal(got, []string{"bounced returned", "bounced given_up"}) {
			w.t.Errorf("history %q", got)
		}
		// It reports, and the line breaks: nothing goes out twice.
		at.status, w.post.fail = "5.2.2", context.DeadlineExceeded
		w.mailTo(w.maya, in)
		w.post.fail = nil
		w.pass(10*time.Minute, time.Minute)
		if n := len(w.post.take()); n != 0 {
			w.t.Errorf("%d mails more", n)
		}
		if got := w.mails(w.maya); len(got) != 3 || got[2] != "bounced returned" {
			w.t.Errorf("history %q", got)
		}
	})
}

func (b *backAtOnce) SendAll(ctx context.Context, mails []mail.Message, told func(int, error)) {
	for _, m := range mails {
		b.w.reports(m.Bounces, "failed", b.status)
	}
	b.post.SendAll(ctx, mails, told)
}

func TestWhoMayHaveMailsTriedAgain(t *testing.T) {
	returning(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		w.reports(w.mailTo(w.maya, in), "failed", "5.1.1")
		for _, who := range []care.Actor{w.leilani, w.mallory, w.other1} {
			if _, err := w.notify.Reach(w.ctx(), who, w.maya.User); err == nil {
				w.t.Errorf("%s may see it", who.Name)
			}
			if err := w.notify.TryAgain(w.ctx(), who, w.maya.User); err == nil {
				w.t.Errorf("%s may have it tried again", who.Name)
			}
		}
		w.wantReach(w.maya, WhyNoMailbox)
		for _, who := range []care.Actor{w.noor, w.sam} {
			if r, err := w.notify.Reach(w.ctx(), who, w.maya.User); err != nil || r.Stopped != (who.User == w.noor.User) {
				w.t.Errorf("%s sees %+v %v", who.Name, r, err)
			}
			w.must(w.notify.TryAgain(w.ctx(), who, w.maya.User))
			w.wantReach(w.maya, "")
		}
	})
}

func TestWithoutAnAddressForReportsNothingIsNoted(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		w.say(w.noor, in, "Hello")
		w.hear()
		w.pass(4*time.Minute, time.Minute)
		if mails := w.post.take(); len(mails) != 1 || mails[0].Bounces != "" || w.count(`SELECT COUNT(*) FROM deliveries WHERE mail_id IS NOT NULL OR address IS NOT NULL`) != 0 {
			w.t.Errorf("%+v", mails)
		}
	})
}
