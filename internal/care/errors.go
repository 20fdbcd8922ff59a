package care

import (
	"cmp"
	"strings"
)

// Kind is the class of a failure. It is itself an error, so that
// errors.Is(err, care.NotFound) asks for the class of a wrapped [Error].
type Kind string

// The classes of failure. What a caller may not see is NotFound; what it may see but
// not do is Forbidden.
const (
	Malformed       Kind = "malformed"
	Unauthenticated Kind = "unauthenticated"
	Forbidden       Kind = "forbidden"
	NotFound        Kind = "not_found"
	Conflict        Kind = "conflict"
	Invalid         Kind = "invalid"
	TooLarge        Kind = "too_large"
	RateLimited     Kind = "rate_limited"
	Unavailable     Kind = "unavailable"
)

// Error makes a Kind an error.
func (k Kind) Error() string { return string(k) }

// Code is the stable word that callers of the API act on.
type Code string

// The codes of the API.
const (
	CodeMalformed             Code = "malformed"
	CodeUnsupportedMediaType  Code = "unsupported_media_type"
	CodeMethodNotAllowed      Code = "method_not_allowed"
	CodeUnauthenticated       Code = "unauthenticated"
	CodeMFARequired           Code = "mfa_required"
	CodeForbidden             Code = "forbidden"
	CodeNotFound              Code = "not_found"
	CodeChatUnavailable       Code = "chat_unavailable"
	CodeClientArchived        Code = "client_archived"
	CodeConversationClosed    Code = "conversation_closed"
	CodeConversationFull      Code = "conversation_full"
	CodeConversationLocked    Code = "conversation_locked"
	CodeVersionConflict       Code = "version_conflict"
	CodeIDReused              Code = "id_reused"
	CodeNoReachableRecipients Code = "no_reachable_recipients"
	CodeInvalid               Code = "invalid"
	CodeTooLarge              Code = "too_large"
	CodeRateLimited           Code = "rate_limited"
	CodeUnavailable           Code = "unavailable"
)

// FieldError says what is wrong with one field of a request. Detail never repeats the
// value that was sent.
type FieldError struct {
	Field  string `json:"field" doc:"Where: the name of the field, with dots and indexes for nested ones"`
	Code   string `json:"code" doc:"What is wrong, as a stable word"`
	Detail string `json:"detail" doc:"What is wrong and what would be right, for people"`
}

// UnavailableClient names a client whose chat is off, to staff.
type UnavailableClient struct {
	ClientID UserID `json:"client_id"`
	Name     string `json:"name"`
	Kind     string `json:"kind" enum:"direct,community"`
}

// Notice is the calm text that a client reads where they cannot write.
type Notice struct {
	Title     string `json:"title"`
	Body      string `json:"body"`
	Phone     string `json:"phone" doc:"How to reach the practice; empty for none"`
	Hours     string `json:"hours" doc:"When somebody answers there"`
	Emergency string `json:"emergency" doc:"What to call in an emergency"`
}

// Or fills the parts that are empty from another notice.
func (n Notice) Or(other Notice) Notice {
	return Notice{
		Title: cmp.Or(n.Title, other.Title), Body: cmp.Or(n.Body, other.Body), Phone: cmp.Or(n.Phone, other.Phone),
		Hours: cmp.Or(n.Hours, other.Hours), Emergency: cmp.Or(n.Emergency, other.Emergency),
	}
}

// Error is a failure that its reader may be told about: Message says what is true and
// what to do, and never carries what somebody wrote. Any other error that reaches the
// edge is a fault of the program.
type Error struct {
	Kind        Kind
	Code        Code
	Message     string
	Fields      []FieldError
	Unavailable []UnavailableClient // with CodeChatUnavailable, to staff
	Notice      *Notice             // with CodeChatUnavailable, to the client
	Current     any                 // with CodeVersionConflict: the state as it is
	RetryAfter  int                 // seconds, with CodeRateLimited and CodeUnavailable
}

// Error gives the code and, for Invalid, the fields, but no text of people.
func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return string(e.Code)
	}
	names := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		names[i] = f.Field + " " + f.Code
	}
	return string(e.Code) + ": " + strings.Join(names, ", ")
}

// Unwrap gives the Kind.
func (e *Error) Unwrap() error { return e.Kind }

// Fail makes an Error of a kind, with its code and a message for its reader.
func Fail(kind Kind, code Code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

// Missing is the answer for what does not exist and for what the caller may not see:
// the two cannot be told apart. What is the thing in words, such as "conversation".
func Missing(what string) *Error {
	return Fail(NotFound, CodeNotFound, "There is no such "+what+".")
}

// Refused is the answer for what the caller may see but not do.
func Refused(message string) *Error { return Fail(Forbidden, CodeForbidden, message) }

// BadField is the answer for one wrong field; more can be appended to Fields.
func BadField(field, code, detail string) *Error {
	return &Error{
		Kind: Invalid, Code: CodeInvalid, Message: "Some of what was sent cannot be used.",
		Fields: []FieldError{{Field: field, Code: code, Detail: detail}},
	}
}
