package demo

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"hearth/internal/care"
)

func TestKindsAreWhatTheirPeopleMake(t *testing.T) {
	p := Build(moments[0])
	staff, clients := p.staffIDs(), p.clientsByID()
	for i, c := range p.Conversations {
		var nStaff, nClients int
		seen := map[care.UserID]bool{}
		for _, m := range c.Members {
			if seen[m.Person] {
				t.Errorf("conversation %d has a member twice", i)
			}
			seen[m.Person] = true
			if staff[m.Person] {
				nStaff++
			} else if _, ok := clients[m.Person]; ok {
				nClients++
			} else {
				t.Errorf("conversation %d has a member nobody knows", i)
			}
		}
		ok := map[care.ConversationKind]bool{
			care.Direct:    nClients == 1 && nStaff >= 1 && c.Subject == "",
			care.Community: nClients >= 4 && nClients <= 14 && nStaff >= 1 && c.Subject != "",
			care.Internal:  nClients == 0 && nStaff >= 2,
		}[c.Kind]
		if !ok {
			t.Errorf("conversation %d is %q with %d staff and %d clients", i, c.Kind, nStaff, nClients)
		}
	}
}

func TestMessagesAreWrittenByMembersOrForThem(t *testing.T) {
	p := Build(moments[0])
	staff := p.staffIDs()
	behalf := 0
	for i, c := range p.Conversations {
		joined := map[care.UserID]time.Time{}
		for _, m := range c.Members {
			joined[m.Person] = m.JoinedAt
		}
		for n, m := range c.Messages {
			who := m.Author
			if !m.OnBehalfOf.IsZero() {
				behalf++
				who = m.OnBehalfOf
				if !staff[m.Author] || !staff[who] {
					t.Errorf("conversation %d, message %d: only staff answer for staff", i, n+1)
				}
			}
			if at, ok := joined[who]; !ok || m.At.Before(at) {
				t.Errorf("conversation %d, message %d: the author is not a member then", i, n+1)
			}
		}
	}
	if behalf == 0 {
		t.Error("nobody answers for a colleague")
	}
}

func TestMembersJoinAfterTheyCameToThePractice(t *testing.T) {
	each(t, func(t *testing.T, p Practice, now time.Time) {
		clients := p.clientsByID()
		late := 0
		for i, c := range p.Conversations {
			began := c.Messages[0].At
			for _, m := range c.Members {
				if m.JoinedAt.Before(clients[m.Person].AddedAt) || m.JoinedAt.Before(began) || m.JoinedAt.After(now) {
					t.Errorf("conversation %d: %s joined at %s", i, clients[m.Person].Key, m.JoinedAt)
				}
				if m.JoinedAt.After(began) {
					late++
					if c.Kind != care.Community {
						t.Errorf("conversation %d: %s wrote before being added", i, clients[m.Person].Key)
					}
				}
			}
		}
		if late == 0 {
			t.Error("nobody joined a community chat that was under way")
		}
	})
}

func TestTimesAscendAndReachUntilNow(t *testing.T) {
	each(t, func(t *testing.T, p Practice, now time.Time) {
		newest, oldest := time.Time{}, now
		today := 0
		for i, c := range p.Conversations {
			for n, m := range c.Messages {
				if m.At.After(now) || (n > 0 && !m.At.After(c.Messages[n-1].At)) {
					t.Errorf("conversation %d, message %d: %s is not between the one before and now", i, n+1, m.At)
				}
			}
			last := c.Messages[len(c.Messages)-1].At
			if now.Sub(last) < 12*time.Hour {
				today++
			}
			if last.After(newest) {
				newest = last
			}
			if first := c.Messages[0].At; first.Before(oldest) {
				oldest = first
			}
		}
		if now.Sub(newest) > 30*time.Minute || today < 20 {
			t.Errorf("newest message %s old, %d conversations of the last hours", now.Sub(newest), today)
		}
		if weeks := now.Sub(oldest).Hours() / 24 / 7; weeks < 7.5 || weeks > 9 {
			t.Errorf("the oldest message is %.1f weeks old, want about eight", weeks)
		}
	})
}

func TestStaffMostlyWriteInOpeningHours(t *testing.T) {
	p := Build(moments[1])
	staff := p.staffIDs()
	var all, outside int
	for _, c := range p.Conversations {
		for _, m := range c.Messages {
			if !staff[m.Author] || moments[1].Sub(m.At) < 24*time.Hour {
				continue
			}
			all++
			at := m.At.In(newCalendar(moments[1]).local)
			if !isWorkday(at) || at.Hour() < 7 || at.Hour() >= 19 {
				outside++
			}
		}
	}
	if outside*50 > all {
		t.Errorf("%d of %d staff messages are outside opening hours", outside, all)
	}
}

var (
	unfilled = regexp.MustCompile(`[{}\[\]]|\|\||==|\\n`)
	phone    = regexp.MustCompile(`\d{3}[-.) ]+\d{3}[-.]\d{4}`)
	safe     = regexp.MustCompile(`555-01\d\d`)
)

func TestBodiesAreTextWithoutLeftoversOrRealNumbers(t *testing.T) {
	for i, c := range Build(moments[0]).Conversations {
		for n, m := range c.Messages {
			if length := utf8.RuneCountInString(m.Body); length < 1 || length > 20000 || strings.TrimSpace(m.Body) != m.Body {
				t.Errorf("conversation %d, message %d has %d characters, or space around them", i, n+1, length)
			}
			if found := unfilled.FindString(m.Body); found != "" {
				t.Errorf("conversation %d, message %d contains %q", i, n+1, found)
			}
			if number := phone.FindString(m.Body); number != "" && !safe.MatchString(number) {
				t.Errorf("conversation %d, message %d has a telephone number that may be somebody's", i, n+1)
			}
			if strings.ContainsAny(m.Body, "@") || strings.Contains(m.Body, "http") {
				t.Errorf("conversation %d, message %d has an address", i, n+1)
			}
		}
	}
}

func TestNothingIsSaidTwiceOutsideTheDailyLog(t *testing.T) {
	seen := map[string]bool{}
	for i, c := range Build(moments[0]).Conversations {
		if len(c.Messages) == 400 {
			continue
		}
		for n, m := range c.Messages {
			if seen[m.Body] && len(m.Body) > 12 {
				t.Errorf("conversation %d, message %d repeats %q", i, n+1, m.Body)
			}
			seen[m.Body] = true
		}
	}
}

func TestReadStateLeavesRealUnreads(t *testing.T) {
	unread := map[care.UserID]int{}
	p := Build(moments[0])
	for i, c := range p.Conversations {
		for _, member := range c.Members {
			last := int64(len(c.Messages))
			if member.ReadSeq < 0 || member.ReadSeq > last {
				t.Fatalf("conversation %d: somebody read up to %d of %d", i, member.ReadSeq, last)
			}
			for _, m := range c.Messages[member.ReadSeq:] {
				if m.Author == member.Person {
					t.Errorf("conversation %d: somebody has not read what they wrote", i)
				}
			}
			if member.ReadSeq < last {
				unread[member.Person]++
			}
		}
	}
	for _, s := range p.SignIns {
		for _, person := range p.Staff {
			if person.Email == s.Email && (person.Role == care.RoleProvider && unread[person.ID] < 3) {
				t.Errorf("%s has %d unread conversations, want a lively inbox", person.Name, unread[person.ID])
			}
		}
	}
}

func TestDraftsPinsAndAClosedConversationAreThere(t *testing.T) {
	var drafts, pins, closed int
	for i, c := range Build(moments[0]).Conversations {
		for _, m := range c.Members {
			if m.Draft != "" {
				drafts++
			}
			if m.Pinned {
				pins++
			}
			if m.Person == c.ClosedBy {
				closed++
			}
		}
		if c.Kind == care.Direct && c.Members[1].JoinedAt != c.Messages[0].At {
			t.Errorf("conversation %d: the first of the staff was not there from the beginning", i)
		}
	}
	if drafts == 0 || pins == 0 || closed == 0 {
		t.Errorf("%d drafts, %d pins, %d closed", drafts, pins, closed)
	}
}

func TestTheFirstTwoOfADirectConversationAreTheClientAndTheirPrimaryProvider(t *testing.T) {
	p := Build(moments[0])
	clients := p.clientsByID()
	for i, c := range p.Conversations {
		if c.Kind == care.Direct && c.Members[1].Person != clients[c.Members[0].Person].CareTeam[0] {
			t.Errorf("conversation %d of %s does not begin with them and their primary provider", i, clients[c.Members[0].Person].Name)
		}
	}
}
