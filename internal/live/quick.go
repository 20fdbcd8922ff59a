package live

// Nearly every frame is a plain object of plain texts. Such a frame is read here in a
// tenth of the time that encoding/json takes; whatever has anything unusual about it, an
// escape as much as a mistake, is left to that. A fuzz test holds the two together.

// quickly reads a frame; false means that it needs a closer look.
func quickly(text []byte) (in inbound, ok bool) {
	s := scanner{text}
	ok = s.object(func(key string) bool {
		switch {
		case key == "type" && in.Type == "":
			return s.text(&in.Type)
		case key == "ref" && in.Ref == nil:
			before := s.rest
			var value string
			if !s.text(&value) {
				return false
			}
			in.Ref = before[:len(before)-len(s.rest)]
			return true
		case key == "conversation_id" && in.Conversation == nil:
			return s.newText(&in.Conversation)
		case key == "message" && in.Message == nil:
			in.Message = &newMessage{}
			return s.message(in.Message)
		case key == "seq" && in.Seq == nil:
			return s.number(&in.Seq)
		default:
			return false
		}
	})
	s.space()
	return in, ok && len(s.rest) == 0
}

func (s *scanner) message(m *newMessage) bool {
	return s.object(func(key string) bool {
		var into **string
		switch key {
		case "id":
			into = &m.ID
		case "body":
			into = &m.Body
		case "reply_to":
			into = &m.ReplyTo
		case "on_behalf_of":
			into = &m.OnBehalfOf
		default:
			return false
		}
		return *into == nil && s.newText(into)
	})
}

// scanner reads from the front of rest. Its methods answer false where they do not find
// what they look for, and the frame is given up then.
type scanner struct{ rest []byte }

func (s *scanner) space() {
	for len(s.rest) > 0 && (s.rest[0] == ' ' || s.rest[0] == '\n' || s.rest[0] == '\r' || s.rest[0] == '\t') {
		s.rest = s.rest[1:]
	}
}

func (s *scanner) eat(c byte) bool {
	s.space()
	if len(s.rest) == 0 || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

// object calls field for every key, to read its value.
func (s *scanner) object(field func(key string) bool) bool {
	if !s.eat('{') {
		return false
	}
	if s.eat('}') {
		return true
	}
	for {
		var key string
		if s.space(); !s.text(&key) || !s.eat(':') {
			return false
		}
		if s.space(); !field(key) {
			return false
		}
		if !s.eat(',') {
			return s.eat('}')
		}
	}
}

// text reads a text without escapes.
func (s *scanner) text(into *string) bool {
	if len(s.rest) == 0 || s.rest[0] != '"' {
		return false
	}
	for i := 1; i < len(s.rest); i++ {
		switch c := s.rest[i]; {
		case c == '"':
			*into = string(s.rest[1:i])
			s.rest = s.rest[i+1:]
			return true
		case c == '\\' || c < ' ':
			return false
		}
	}
	return false
}

func (s *scanner) newText(into **string) bool {
	*into = new(string)
	return s.text(*into)
}

// number reads a count of at most eighteen digits.
func (s *scanner) number(into **int64) bool {
	n, digits := int64(0), 0
	for digits < len(s.rest) && s.rest[digits] >= '0' && s.rest[digits] <= '9' {
		n = 10*n + int64(s.rest[digits]-'0')
		digits++
	}
	if digits == 0 || digits > 18 || digits > 1 && s.rest[0] == '0' {
		return false
	}
	s.rest = s.rest[digits:]
	*into = &n
	return true
}
