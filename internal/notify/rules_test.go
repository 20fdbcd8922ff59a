package notify

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/mail"
	"hearth/internal/outbox"
	"hearth/internal/preference"
	"hearth/internal/push"
)

// told is how many pushes and mails went out since the last look.
func (w *world) told() (pushes, mails int) { return len(w.radio.take()), len(w.post.take()) }

func (w *world) wantTold(pushes, mails int, when string) {
	w.t.Helper()
	if p, m := w.told(); p != pushes || m != mails {
		w.t.Errorf("%s: %d pushes and %d mails, want %d and %d; history %q", when, p, m, pushes, mails, w.history(w.maya))
	}
}

func TestNothingToWhoReadsOrLooks(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		w.device(w.maya, "phone")
		w.say(w.noor, in, "Hello")
		w.hear()
		w.read(w.maya, in) // within the grace
		w.pass(5*time.Minute, time.Second)
		w.wantTold(0, 0, "read at once")

		w.look(w.maya, in, true)
		w.say(w.noor, in, "Hello")
		w.hear()
		if n := len(w.takeLive(care.EventNoticeCreated)); n != 1 {
			w.t.Errorf("%d notices were shown live, want only the first", n)
		}
		w.pass(30*time.Second, time.Second)
		w.wantTold(0, 0, "looking")
		w.look(w.maya, in, false) // without having read it
		w.pass(30*time.Second, time.Second)
		w.wantTold(1, 0, "no longer looking")
		w.look(w.maya, in, true)
		w.pass(10*time.Minute, 10*time.Second)
		w.wantTold(0, 0, "looking again when the mail is due")
		want := []string{"email dropped looking", "email dropped read", "in_app sent", "in_app sent", "push dropped read", "push sent"}
		if got := w.history(w.maya); !slices.Equal(got, want) {
			w.t.Errorf("history %q", got)
		}
	})
}

func TestReadingOneMessageDoesNotHideTheNext(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		w.device(w.maya, "phone")
		first := w.say(w.noor, in, "One")
		w.hear()
		w.say(w.noor, in, "Two")
		w.hear()
		// The mark of the first comes late, when the second is there already.
		_, err := w.chat.MarkRead(w.ctx(), w.maya, in, first.Seq)
		w.must(err)
		w.must(w.notify.CloseRead(w.ctx()))
		w.pass(4*time.Minute, time.Second)
		w.wantTold(1, 1, "the second is unread")
		if _, unread := w.bell(w.maya); unread != 1 {
			w.t.Errorf("%d unread", unread)
		}
	})
}

func TestMutedWins(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Community, w.noor, w.maya, w.leilani)
		w.device(w.maya, "phone")
		w.exec(`UPDATE conversation_members SET muted_until = $3 WHERE conversation_id = $1 AND user_id = $2`, in, w.maya.User, w.clock.Now().Add(time.Hour).UnixMilli())
		w.say(w.noor, in, "For "+care.Mention(w.maya.User))
		w.hear()
		w.pass(5*time.Minute, 10*time.Second)
		w.wantTold(0, 1, "only leilani is told")
		if list, _ := w.bell(w.maya); len(list) != 0 {
			w.t.Errorf("muted and told %+v", list)
		}
		w.clock.Advance(time.Hour)
		w.say(w.noor, in, "Later")
		w.hear()
		w.pass(5*time.Minute, 10*time.Second)
		w.wantTold(1, 1, "the muting is over")
		// Muted between the writing and the sending.
		w.read(w.maya, in)
		w.say(w.noor, in, "Again")
		w.hear()
		w.exec(`UPDATE conversation_members SET muted_until = $3 WHERE conversation_id = $1 AND user_id = $2`, in, w.maya.User, w.clock.Now().Add(time.Hour).UnixMilli())
		w.pass(5*time.Minute, 10*time.Second)
		w.wantTold(0, 0, "muted before it went out")
	})
}

func TestMentionsOnly(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Community, w.noor, w.maya, w.leilani)
		w.device(w.maya, "phone")
		w.narrow(w.maya, `mentions = $2`, int64(preference.Cell(preference.Community, preference.Email)))
		w.say(w.noor, in, "For everybody")
		w.hear()
		w.pass(5*time.Minute, 10*time.Second)
		w.wantTold(0, 1, "no mention: leilani's mail")
		w.say(w.noor, in, "For "+care.Mention(w.maya.User))
		w.hear()
		w.pass(5*time.Minute, 10*time.Second)
		w.wantTold(1, 1, "a mention")
		list, _ := w.bell(w.maya)
		if len(list) != 1 || list[0].Kind != "mention" {
			w.t.Errorf("the bell shows %+v", list)
		}
	})
}

func TestAMentionIsShownInANoticeThatIsOpenAlready(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Community, w.noor, w.maya, w.leilani)
		w.device(w.maya, "phone")
		w.say(w.noor, in, "For everybody")
		w.hear()
		w.pass(5*time.Minute, 10*time.Second)
		w.wantTold(1, 2, "the first")
		w.say(w.noor, in, "For "+care.Mention(w.maya.User))
		w.hear()
		w.pass(5*time.Minute, 10*time.Second)
		w.wantTold(0, 0, "the mention: one push until it is read")
		if list, _ := w.bell(w.maya); len(list) != 1 || list[0].Kind != "mention" {
			w.t.Errorf("the bell shows %+v", list)
		}
	})
}

func TestNothingOfWhatIsWithheldOrRefused(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Community, w.noor, w.maya, w.leilani)
		direct := w.open(care.Direct, w.noor, w.maya)
		w.device(w.maya, "phone")
		// Off before it is written.
		w.exec(`UPDATE clients SET own_community = FALSE WHERE user_id = $1`, w.maya.User)
		w.exec(`UPDATE conversation_members SET (withheld_after_seq, withheld_countable, withheld_activity_at) = (SELECT last_seq, countable, last_activity_at FROM conversations WHERE id = conversation_id) WHERE user_id = $1 AND conversation_id = $2`, w.maya.User, in)
		w.say(w.noor, in, "Withheld "+care.Mention(w.leilani.User))
		w.hear()
		w.pass(5*time.Minute, 10*time.Second)
		w.wantTold(0, 1, "withheld from maya: leilani's mail")
		if list, unread := w.bell(w.maya); len(list) != 0 || unread != 0 {
			w.t.Errorf("withheld and told %+v", list)
		}
		// On again: no notifications of what was withheld (SEMANTICS 9).
		w.exec(`UPDATE clients SET own_community = NULL WHERE user_id = $1`, w.maya.User)
		w.exec(`UPDATE conversation_members SET withheld_after_seq = NULL, withheld_countable = NULL, withheld_activity_at = NULL WHERE user_id = $1`, w.maya.User)
		w.hear()
		w.pass(5*time.Minute, 10*time.Second)
		w.wantTold(0, 0, "on again")
		// Off between writing and sending, in both kinds.
		w.say(w.noor, in, "Here")
		w.say(w.noor, direct, "There")
		w.hear()
		w.exec(`UPDATE clients SET own_community = FALSE, own_direct = FALSE WHERE user_id = $1`, w.maya.User)
		w.pass(5*time.Minute, 10*time.Second)
		w.wantTold(0, 0, "turned off before it went out")
		if got := w.history(w.maya); !slices.Contains(got, "push dropped chat_off") || !slices.Contains(got, "email dropped chat_off") {
			w.t.Errorf("history %q", got)
		}
	})
}

func TestWhoLeftOrWasDeactivatedIsNotTold(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Internal, w.noor, w.sam)
		w.device(w.sam, "desk")
		w.say(w.noor, in, "Hello")
		w.hear()
		w.exec(`UPDATE conversation_members SET left_at = 1 WHERE conversation_id = $1 AND user_id = $2`, in, w.sam.User)
		w.pass(5*time.Minute, 10*time.Second)
		w.wantTold(0, 0, "no longer a member")
		if list, _ := w.bell(w.sam); len(list) != 0 {
			w.t.Errorf("the bell of who left shows %+v", list)
		}
		w.exec(`UPDATE conversation_members SET left_at = NULL WHERE conversation_id = $1 AND user_id = $2`, in, w.sam.User)
		w.exec(`UPDATE staff SET active = FALSE WHERE user_id = $1`, w.sam.User)
		w.read(w.noor, in)
		w.say(w.noor, in, "Hello again")
		w.hear()
		w.pass(5*time.Minute, 10*time.Second)
		w.wantTold(0, 0, "no longer active")
	})
}

func TestPreferencesDecideAlsoWhereTheyChangeMeanwhile(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		w.device(w.maya, "phone")
		cell := func(c preference.Channel) int64 { return int64(preference.Cell(preference.Direct, c)) }
		w.narrow(w.maya, `off = $2`, cell(preference.Push)+cell(preference.InApp))
		w.say(w.noor, in, "Hello")
		w.hear()
		w.pass(5*time.Minute, 10*time.Second)
		w.wantTold(0, 1, "mail only")
		if list, _ := w.bell(w.maya); len(list) != 0 || len(w.takeLive(care.EventNoticeCreated)) != 0 {
			w.t.Errorf("not in the app, and told %+v", list)
		}
		w.read(w.maya, in)
		w.narrow(w.maya, `off = 0`)
		w.say(w.noor, in, "Hello")
		w.hear()
		w.narrow(w.maya, `off = $2`, cell(preference.Email))
		w.pass(5*time.Minute, 10*time.Second)
		w.wantTold(1, 0, "mails turned off before they went out")
	})
}

func TestQuietHoursPutOffOverTheChangeOfTheClock(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		w.device(w.maya, "phone")
		w.narrow(w.maya, `quiet = TRUE, quiet_from = 1320, quiet_to = 420`)
		for _, night := range []struct{ wrote, end time.Time }{
			// Berlin goes to summer time on 29 March 2026 and back on 25 October.
			{time.Date(2026, 3, 28, 22, 30, 0, 0, time.UTC), time.Date(2026, 3, 29, 5, 0, 0, 0, time.UTC)},
			{time.Date(2026, 10, 24, 21, 30, 0, 0, time.UTC), time.Date(2026, 10, 25, 6, 0, 0, 0, time.UTC)},
		} {
			w.clock.Set(night.wrote)
			w.say(w.noor, in, "Good night")
			w.hear()
			w.pass(night.end.Sub(w.clock.Now())-time.Second, 20*time.Minute)
			w.wantTold(0, 0, "a second before the end of the night")
			w.pass(3*time.Second, time.Second)
			w.wantTold(1, 1, "in the morning")
			w.read(w.maya, in)
		}
		w.clock.Set(time.Date(2026, 11, 3, 23, 0, 0, 0, time.UTC))
		w.say(w.noor, in, "Read in the night")
		w.hear()
		w.clock.Advance(time.Hour)
		w.read(w.maya, in)
		w.pass(12*time.Hour, 20*time.Minute)
		w.wantTold(0, 0, "read meanwhile")
	})
}

func TestADigestIsOneMail(t *testing.T) {
	engines(t, func(w *world) {
		w.narrow(w.maya, `digest = 'hourly'`)
		for range 5 {
			w.say(w.noor, w.open(care.Direct, w.noor, w.maya), "Hello")
			w.hear()
			w.pass(4*time.Minute, time.Minute)
		}
		w.wantTold(0, 0, "before the full hour")
		w.clock.Set(time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC))
		w.work()
		mails := w.post.take()
		if len(mails) != 1 || mails[0].Subject != "You have new messages" {
			w.t.Errorf("%d mails", len(mails))
		}
		w.pass(3*time.Hour, 10*time.Minute)
		w.wantTold(0, 0, "and none again")
	})
}

func TestRemindersEndWithTheAnswer(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		m := w.say(w.maya, in, "A question")
		w.hear()
		w.read(w.noor, in)
		w.pass(time.Hour, 10*time.Minute)
		w.told()
		w.device(w.noor, "desk")
		w.device(w.sam, "front")
		remind := func(kind outbox.Kind) {
			w.appendEvent(outbox.Event{Org: w.org, Kind: kind, Subject: in, Seq: m.Seq, At: w.clock.Now()})
			w.hear()
		}
		remind(outbox.UnansweredTeam)
		w.pass(time.Minute, 10*time.Second)
		if sent := w.radio.take(); len(sent) != 1 || !strings.HasSuffix(sent[0].endpoint, "desk") {
			w.t.Errorf("reminded %+v", sent)
		}
		remind(outbox.UnansweredQueue)
		w.pass(time.Minute, 10*time.Second)
		if sent := w.radio.take(); len(sent) != 1 || !strings.HasSuffix(sent[0].endpoint, "front") {
			w.t.Errorf("the queue is reminded %+v", sent)
		}
		if list, unread := w.bell(w.sam); unread != 1 || len(list) != 1 || list[0].Kind != "reminder" || list[0].Title != "Maya Lindqvist" {
			w.t.Errorf("the bell of the queue shows %+v", list)
		}
		w.say(w.noor, in, "An answer")
		w.hear()
		w.pass(5*time.Minute, 10*time.Second)
		w.wantTold(0, 1, "answered: no mail of it, and one to the client")
		for _, who := range []care.Actor{w.noor, w.sam} {
			if _, unread := w.bell(who); unread != 0 {
				w.t.Errorf("%d unread after the answer", unread)
			}
		}
		if list, _ := w.bell(w.mallory); len(list) != 0 {
			w.t.Errorf("another practice is reminded: %+v", list)
		}
	})
}

func TestPushesThatFail(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		gone, busy, broken, good := w.device(w.maya, "gone"), w.device(w.maya, "busy"), w.device(w.maya, "broken"), w.device(w.maya, "good")
		never := w.device(w.maya, "never")
		w.radio.fail = map[string]error{
			gone: &push.Error{Failure: push.Gone, Status: 410}, busy: &push.Error{Failure: push.Later, Status: 429, RetryAfter: 10 * time.Minute},
			broken: &push.Error{Failure: push.Later, Status: 500}, never: &push.Error{Failure: push.Permanent, Status: 400},
		}
		w.say(w.noor, in, "Hello")
		w.hear()
		w.pass(5*time.Second, time.Second)
		if sent := w.radio.take(); len(sent) != 1 || sent[0].endpoint != good {
			w.t.Errorf("sent %+v", sent)
		}
		w.radio.fail[busy] = nil
		w.pass(9*time.Minute, 10*time.Second)
		w.wantTold(0, 1, "before the time that the service asks for")
		w.pass(2*time.Minute, 10*time.Second)
		w.wantTold(1, 0, "after it")
		tried := w.radio.tried
		w.pass(8*time.Hour, time.Minute)
		w.wantTold(0, 0, "broken for hours")
		if n := w.radio.tried - tried; n < 5 || n > 20 {
			w.t.Errorf("the broken one was tried %d times more", n)
		}
		want := []string{"email sent", "in_app sent", "push failed given_up", "push failed gone", "push failed refused_by_server", "push sent", "push sent"}
		if got := w.history(w.maya); !slices.Equal(got, want) {
			w.t.Errorf("history %q", got)
		}
		devices, err := w.notify.Subscriptions(w.ctx(), w.maya)
		w.must(err)
		if len(devices) != 4 || devices[0].Device == "gone" {
			w.t.Errorf("devices %+v", devices)
		}
	})
}

func TestMailsAreTriedForHoursAndBounce(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		w.say(w.noor, in, "Hello")
		w.hear()
		w.post.fail = errors.New("mail: no connection to the server")
		w.pass(time.Hour, 10*time.Second)
		if w.post.tried < 5 || w.post.tried > 12 {
			w.t.Errorf("tried %d times in an hour", w.post.tried)
		}
		w.post.fail = nil
		w.pass(time.Hour, 10*time.Second)
		w.wantTold(0, 1, "the server is back")
		w.pass(24*time.Hour, time.Hour)
		w.wantTold(0, 0, "once")
		w.read(w.maya, in)
		w.say(w.noor, in, "Hello")
		w.hear()
		w.post.fail = mail.NewSMTP(mail.Settings{From: "a@example.org"}, nil).Send(w.ctx(), mail.Message{To: "not one"}) // refused for ever
		w.pass(5*time.Minute, 10*time.Second)
		if got := w.history(w.maya); !slices.Contains(got, "email bounced refused_by_server") {
			w.t.Errorf("history %q", got)
		}
		w.read(w.maya, in)
		w.say(w.noor, in, "Hello")
		w.hear()
		w.post.fail = errors.New("mail: no connection to the server")
		w.pass(72*time.Hour, 10*time.Minute)
		if got := w.history(w.maya); !slices.Contains(got, "email failed given_up") {
			w.t.Errorf("history %q", got)
		}
	})
}
