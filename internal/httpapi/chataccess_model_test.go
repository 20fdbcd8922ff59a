package httpapi

import (
	"flag"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"hearth/internal/care"
)

// model is what the rules say, written another way than the program: three clients of one
// provider, two groups, one community chat with all three.
type model struct {
	*rapid.T
	c         *clinic
	clients   [3]modelClient
	groups    [2]modelGroup
	community string
	posts     int // in the community chat
}

type modelClient struct {
	id     string
	who    *caller
	direct string // the conversation with the provider
	said   int    // in it
	own    [2]string
	group  int // -1 none
	held   int // where the community chat stops for them while C is off
	off    bool
}

type modelGroup struct {
	id  string
	set [2]string
}

var switchNames = [2]string{"direct", "community"}

// effective follows the places in their order.
func (m *model) effective(i, s int) (on bool, source string) {
	c := m.clients[i]
	if c.own[s] != "unset" {
		return c.own[s] == "on", "client"
	}
	if c.group >= 0 && m.groups[c.group].set[s] != "unset" {
		return m.groups[c.group].set[s] == "on", "group"
	}
	return true, "default"
}

// settle notes for whom participation went off or on just now.
func (m *model) settle() {
	for i := range m.clients {
		on, _ := m.effective(i, 1)
		c := &m.clients[i]
		if !on && !c.off {
			c.held = m.posts
		}
		c.off = !on
	}
}

func newModel(t *rapid.T, c *clinic, run int) *model {
	m := &model{T: t, c: c}
	for g := range m.groups {
		id := c.olga.want("POST", "/groups", keys{"name": fmt.Sprint("Group ", run, g)}, 201, "")["id"].(string)
		m.groups[g] = modelGroup{id, [2]string{"unset", "unset"}}
	}
	var ids []string
	for i := range m.clients {
		id, who := c.olga.addClient(fmt.Sprint("Client ", run, "x", i), c.noorID)
		direct := c.noor.want("POST", "/conversations", keys{"kind": "direct", "member_ids": []string{id}}, 200, "")["id"].(string)
		m.clients[i] = modelClient{id: id, who: who, direct: direct, own: [2]string{"unset", "unset"}, group: -1}
		ids = append(ids, id)
	}
	m.community = c.noor.want("POST", "/conversations", keys{"kind": "community", "member_ids": ids}, 201, "")["id"].(string)
	return m
}

func (m *model) anyone() int { return rapid.IntRange(0, 2).Draw(m.T, "client") }

func (m *model) setting() (s int, value string) {
	return rapid.IntRange(0, 1).Draw(m.T, "switch"), rapid.SampledFrom([]string{"on", "off", "unset"}).Draw(m.T, "value")
}

func (m *model) setOwn(t *rapid.T) {
	i := m.anyone()
	s, value := m.setting()
	m.c.set(m.clients[i].id, keys{switchNames[s]: value})
	m.clients[i].own[s] = value
	m.settle()
}

func (m *model) setGroup(t *rapid.T) {
	g := rapid.IntRange(0, 1).Draw(t, "group")
	s, value := m.setting()
	path := "/groups/" + m.groups[g].id + "/chat-access"
	version := m.c.olga.want("GET", path, nil, 200, "")["version"]
	m.c.olga.want("PUT", path, keys{"version": version, switchNames[s]: value}, 200, "")
	m.groups[g].set[s] = value
	m.settle()
}

func (m *model) move(t *rapid.T) {
	i, g := m.anyone(), rapid.IntRange(-1, 1).Draw(t, "group")
	var group any
	if g >= 0 {
		group = m.groups[g].id
	}
	m.c.join(m.clients[i].id, group)
	m.clients[i].group = g
	m.settle()
}

func (m *model) writeDirect(t *rapid.T) {
	i := m.anyone()
	who := m.c.noor
	if rapid.Bool().Draw(t, "by the client") {
		who = m.clients[i].who
	}
	if on, _ := m.effective(i, 0); !on {
		m.c.say(who, m.clients[i].direct, 403, care.CodeChatUnavailable)
		return
	}
	m.clients[i].said++
	m.seq(m.c.say(who, m.clients[i].direct, 201, ""), m.clients[i].said)
}

func (m *model) postByStaff(*rapid.T) {
	m.posts++
	m.seq(m.c.say(m.c.noor, m.community, 201, ""), m.posts)
}

func (m *model) postByClient(*rapid.T) {
	i := m.anyone()
	if on, _ := m.effective(i, 1); !on {
		m.c.say(m.clients[i].who, m.community, 403, care.CodeChatUnavailable)
		return
	}
	m.posts++
	m.seq(m.c.say(m.clients[i].who, m.community, 201, ""), m.posts)
}

func (m *model) seq(message map[string]any, want int) {
	if fmt.Sprint(message["seq"]) != fmt.Sprint(want) {
		m.Fatalf("seq %v, want %d", message["seq"], want)
	}
}

// check compares all that a client and staff are told with the model.
func (m *model) check(t *rapid.T) {
	for i, c := range m.clients {
		answer := m.c.access(c.id)
		for s, name := range switchNames {
			on, source := m.effective(i, s)
			if got := fmt.Sprint(dig(answer, name+".effective"), " ", dig(answer, name+".source")); got != fmt.Sprint(on, " ", source) {
				t.Fatalf("client %d, %s: %s, want %v %s", i, name, got, on, source)
			}
		}
		direct, _ := m.effective(i, 0)
		community, _ := m.effective(i, 1)
		visible := m.posts
		if !community {
			visible = c.held
		}
		theirs := c.who.want("GET", "/conversations/"+m.community, nil, 200, "")
		m.equal(t, "last_seq", theirs["last_seq"], visible)
		m.equal(t, "can_send", theirs["can_send"], community)
		page := c.who.want("GET", "/conversations/"+m.community+"/messages?after_seq=0&limit=200", nil, 200, "")
		m.equal(t, "posts that can be read", len(page["items"].([]any)), visible)
		m.equal(t, "can_send directly", c.who.want("GET", "/conversations/"+c.direct, nil, 200, "")["can_send"], direct)
	}
	m.equal(t, "last_seq to staff", m.c.noor.want("GET", "/conversations/"+m.community, nil, 200, "")["last_seq"], m.posts)
}

func (m *model) equal(t *rapid.T, what string, got, want any) {
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("%s is %v, want %v", what, got, want)
	}
}

// Random acts against the real API give what the rules say, once with a seed that stays
// and once with another each time.
func TestChatAccessAgainstAModel(t *testing.T) {
	clinics(t, func(c *clinic) {
		run := 0
		for _, seed := range []string{"1", "0"} { // 0 is a new one each time
			setFlags(c.T, map[string]string{"rapid.seed": seed, "rapid.checks": "6", "rapid.steps": "25", "rapid.nofailfile": "true"})
			rapid.Check(c.T, func(t *rapid.T) {
				run++
				// What follows the change of a group is written with it, or after it.
				c.deps.ChatAccess.LargeGroups(rapid.SampledFrom([]int{0, 256}).Draw(t, "small groups"))
				m := newModel(t, c, run)
				t.Repeat(map[string]func(*rapid.T){
					"":             m.check,
					"setOwn":       m.setOwn,
					"setGroup":     m.setGroup,
					"move":         m.move,
					"writeDirect":  m.writeDirect,
					"postByStaff":  m.postByStaff,
					"postByClient": m.postByClient,
				})
			})
		}
	})
}

// setFlags sets flags of rapid for one test.
func setFlags(t *testing.T, flags map[string]string) {
	t.Helper()
	for name, value := range flags {
		f := flag.Lookup(name)
		before := f.Value.String()
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = flag.Set(name, before) })
	}
}
