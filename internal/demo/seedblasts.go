package demo

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"hearth/internal/blast"
	"hearth/internal/care"
	"hearth/internal/chat"
)

// announcement is a message blast of the invented practice.
type announcement struct {
	by, title, body string
	to              blast.Recipients
	groups          []string // by name, beside those of to
	staff           []string // who gets the replies too
	at              moment   // when it was made
	sendAt          moment   // zero for at once
	stopped         bool     // after the first of them
	readers         int      // of a hundred recipients
	replies         []reply
}

// moment is an hour and minute of the so manieth workday before today, or after it.
type moment struct{ ago, in, hour, minute int }

func (m moment) zero() bool { return m == moment{} }

func (m moment) of(c calendar) time.Time {
	if m.in == 0 {
		return c.at(m.ago, m.hour, m.minute)
	}
	year, month, date := c.workdayIn(m.in).Date()
	return time.Date(year, month, date, m.hour, m.minute, 0, 0, c.local)
}

// workdayIn gives midnight of the n-th workday after today.
func (c calendar) workdayIn(n int) time.Time {
	at := c.workday(0)
	for n > 0 {
		if at = at.AddDate(0, 0, 1); isWorkday(at) {
			n--
		}
	}
	return at
}

// reply is what a client answered, and what they were told, so long after the blast.
type reply struct {
	who, body string
	after     time.Duration
	answer    string
}

// All are Noor's, whose list of blasts is the one to look at; who may read the organization's
// inbox sees them too.
var announcements = []announcement{
	{
		by: "noor", title: "Parking on Alder Street", at: moment{ago: 25, hour: 16, minute: 5}, stopped: true, readers: 80,
		to:   blast.Recipients{All: blast.OrganizationActive},
		body: "Hi {{first_name}}, Alder Street is being dug up from Monday on. Please park behind the library: it’s three minutes on foot, and free for two hours.",
	},
	{
		by: "noor", title: "Lab results have a new look", at: moment{ago: 6, hour: 10, minute: 2}, readers: 64,
		groups: []string{"Diabetes Prevention", "Maintenance"},
		body: "Hi {{first_name}}, your lab results have a new look: each value stands beside the range that we aim for *with you*, and says in one sentence what it means.\n\n" +
			"Nothing else changes. If a number worries you, write to me here before you look it up.",
		replies: []reply{
			{"mateus", "Much better, now even my mother understands them. Is the green bar for me or for everybody?", 50 * time.Minute, "For you: it is the range that we agreed on at your last visit."},
			{"zeynep", "Thank you! I can finally read it without my glasses", 5 * time.Hour, ""},
		},
	},
	{
		by: "noor", title: "Blood pressure day is Saturday", at: moment{ago: 3, hour: 9, minute: 10}, readers: 71,
		to: blast.Recipients{All: blast.OrganizationActive},
		body: "Hi {{first_name}}, this Saturday from 9 to noon anybody can have their blood pressure taken at {{practice}}, without an appointment. " +
			"Bring your own device if you have one, and we’ll compare the two.\n\nTell me here if you come, so that there are enough chairs.",
		replies: []reply{
			{"tobias", "I’ll be there at ten, with the device that always says I’m dead", 12 * time.Minute, "Then we start with you!"},
			{"beatriz", "Can I bring my husband? He says he has no blood pressure", 40 * time.Minute, "Please do. Everybody has some."},
			{"wei-ling", "Coming, around 11", 3 * time.Hour, ""},
			{"kiri", "Working on Saturday, sorry. Next time!", 6 * time.Hour, ""},
		},
	},
	{
		by: "noor", title: "Eating out, gently", at: moment{ago: 1, hour: 15, minute: 20}, sendAt: moment{in: 3, hour: 9}, staff: []string{"sam"},
		to: blast.Recipients{All: blast.MyActive},
		body: "Hi {{first_name}}, eating out can feel loud. Three small things that help: look at the menu at home, begin with what you really want, and share what is too much.\n\n" +
			"If you’d like to plan an evening together, answer here.",
	},
	{
		by: "noor", title: "Cooking evenings: who wants a place?", at: moment{ago: 2, hour: 11, minute: 45}, sendAt: moment{in: 8, hour: 8},
		groups: []string{"New Parents", "Maintenance"},
		body:   "Hi {{first_name}}, we cook together again, on four Thursday evenings. There are twelve places, and nobody has to be good at it. Answer here if you want one.\n\n{{provider}}, {{practice}}",
	},
}

// blasts adds the message blasts to the history.
func (s *seeder) blasts(now time.Time) {
	service := blast.New(s.db, s.history.clock.now, s.chat, s.attach, nobody{})
	days := newCalendar(now)
	for i := range announcements {
		a := &announcements[i]
		w := &written{seeder: s, service: service, announcement: a, threads: map[care.UserID]care.ConversationID{}}
		at := a.at.of(days)
		w.id = newID[care.BlastID](at, "blast "+a.title)
		s.history.then(at, func(ctx context.Context) error { return w.send(ctx, days) })
		w.reading(at, now)
		w.replying(at)
	}
}

// written is an announcement on its way into the database.
type written struct {
	*seeder
	*announcement
	service *blast.Service
	id      care.BlastID
	threads map[care.UserID]care.ConversationID // of those who were reached
}

func (w *written) sender() care.Actor { return w.staffNamed(w.by) }

// send makes the blast and, unless it is for later, sends it.
func (w *written) send(ctx context.Context, days calendar) error {
	request := blast.Request{ID: w.id, Title: w.title, Body: w.body, Recipients: w.to}
	for _, g := range w.practice.Groups {
		for _, name := range w.groups {
			if g.Name == name {
				request.Recipients.Groups = append(request.Recipients.Groups, g.ID)
			}
		}
	}
	for _, key := range w.staff {
		request.Staff = append(request.Staff, w.staffNamed(key).User)
	}
	if !w.sendAt.zero() {
		request.SendAt = w.sendAt.of(days)
	}
	if _, _, err := w.service.Create(ctx, w.sender(), request); err != nil || !request.SendAt.IsZero() {
		return err
	}
	if err := w.work(ctx); err != nil {
		return err
	}
	list, _, err := w.service.Recipients(ctx, w.sender(), w.id, blast.OutcomeFilter{State: "sent"}, 0, 200)
	for _, one := range list {
		w.threads[one.Client] = one.Conversation
	}
	return err
}

// work sends, all of it, or the first of those who were to be stopped.
func (w *written) work(ctx context.Context) error {
	for {
		worked, err := w.service.Work(ctx)
		if err != nil || !worked {
			return err
		}
		if w.stopped {
			_, err := w.service.Cancel(ctx, w.sender(), w.id)
			return err
		}
	}
}

// reading has clients look at it, in the hours and days after it; those on the sign-in
// sheet have.
func (w *written) reading(at, now time.Time) {
	chance := seeded("reading " + w.title)
	for _, c := range w.practice.Clients {
		read := at.Add(later(chance))
		if (chance.IntN(100) < w.readers || w.onSheet(c.Email)) && c.InvitedAt.IsZero() && read.Before(now) {
			w.history.then(read, func(ctx context.Context) error { return w.look(ctx, c.ID) })
		}
	}
}

// later is some time: minutes more often than days.
func later(chance *rand.Rand) time.Duration {
	minutes := 2 + chance.ExpFloat64()*240
	return time.Duration(min(minutes, 2*24*60) * float64(time.Minute)).Truncate(time.Second)
}

func (w *written) onSheet(email string) bool {
	for _, one := range w.practice.SignIns {
		if one.Email == email {
			return true
		}
	}
	return false
}

func (w *written) look(ctx context.Context, client care.UserID) error {
	thread, reached := w.threads[client]
	if !reached {
		return nil
	}
	_, err := w.chat.MarkRead(ctx, w.actor(client), thread, 1)
	return err
}

// replying has clients answer, and the sender read that and say something.
func (w *written) replying(at time.Time) {
	for _, r := range w.replies {
		client, _ := w.clientNamed(r.who)
		w.history.then(at.Add(r.after), func(ctx context.Context) error { return w.say(ctx, w.actor(client), client, r.body) })
		w.history.then(at.Add(r.after+9*time.Minute), func(ctx context.Context) error {
			if r.answer != "" {
				return w.say(ctx, w.sender(), client, r.answer)
			}
			_, err := w.chat.MarkRead(ctx, w.sender(), w.threads[client], 2)
			return err
		})
	}
}

func (w *written) say(ctx context.Context, who care.Actor, client care.UserID, body string) error {
	thread, reached := w.threads[client]
	if !reached {
		return errors.New("somebody answers a message blast that did not reach them")
	}
	_, _, err := w.chat.Send(ctx, who, chat.Draft{Conversation: thread, Body: body})
	return err
}
