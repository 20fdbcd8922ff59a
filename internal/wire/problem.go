package wire

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"hearth/internal/care"
)

// Problem is a failure as callers get it (RFC 9457). Code is what programs act on.
type Problem struct {
	Type   string            `json:"type" doc:"Where the code is explained"`
	Title  string            `json:"title" doc:"The same for every problem with this code"`
	Status int               `json:"status" doc:"The HTTP status"`
	Detail string            `json:"detail" doc:"What is true here, for people"`
	Code   care.Code         `json:"code" doc:"A stable word to act on"`
	Errors []care.FieldError `json:"errors,omitempty" doc:"The fields that cannot be used"`

	Unavailable []care.UnavailableClient `json:"unavailable,omitempty" doc:"With chat_unavailable, for staff: whose chat is off"`
	Notice      *care.Notice             `json:"notice,omitempty" doc:"With chat_unavailable, for the client: what to show in the place of the composer"`
	Current     any                      `json:"current,omitempty" doc:"With version_conflict: the state as it is now"`
	RetryAfter  int                      `json:"retry_after,omitempty" doc:"With rate_limited and unavailable: seconds to wait, as in the header Retry-After"`
	RequestID   string                   `json:"request_id,omitempty" doc:"With internal: what to look for in the server's log"`

	// Headers go with the answer: Retry-After, Allow, WWW-Authenticate.
	Headers http.Header `json:"-"`
}

// CodeInternal is a fault of the program. It is no care.Code, as nobody can act on it.
const CodeInternal care.Code = "internal"

// ProblemOf makes a problem from any error. known is false when the error is a fault of
// the program, which the caller must log: the problem tells nothing of it.
func ProblemOf(err error) (p *Problem, known bool) {
	var failure *care.Error
	switch {
	case errors.As(err, &p):
		return p, true
	case errors.As(err, &failure):
		return problemOfFailure(failure), true
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return NewProblem(care.CodeUnavailable, "The request took too long or was given up. Try again."), true
	}
	var kind care.Kind
	if errors.As(err, &kind) {
		return problemOfFailure(care.Fail(kind, codeOfKind(kind), "")), true
	}
	return NewProblem(CodeInternal, "Something went wrong on our side. It was recorded; trying again may help."), false
}

// NewProblem makes a problem of a code.
func NewProblem(code care.Code, detail string) *Problem {
	fact, found := codes[code]
	if !found {
		fact = codes[CodeInternal]
	}
	if detail == "" {
		detail = fact.title + "."
	}
	return &Problem{
		Type: "/api/docs#problem-" + string(code), Title: fact.title,
		Status: fact.status, Detail: detail, Code: code,
	}
}

// Error gives the code alone: details may name people.
func (p *Problem) Error() string { return string(p.Code) }

// GetStatus is for huma.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders is for huma.
func (p *Problem) GetHeaders() http.Header { return p.Headers }

// ContentType is for huma.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// With adds a header that goes with the answer.
func (p *Problem) With(header, value string) *Problem {
	if p.Headers == nil {
		p.Headers = http.Header{}
	}
	p.Headers.Set(header, value)
	return p
}

func problemOfFailure(e *care.Error) *Problem {
	code := e.Code
	if code == "" {
		code = codeOfKind(e.Kind)
	}
	p := NewProblem(code, e.Message)
	if _, listed := codes[code]; !listed {
		p.Title, p.Status = "Refused", statusOfKind(e.Kind)
	}
	p.Errors, p.Unavailable, p.Notice, p.Current = e.Fields, e.Unavailable, e.Notice, e.Current
	if e.RetryAfter > 0 {
		p.RetryAfter = e.RetryAfter
		p.With("Retry-After", strconv.Itoa(e.RetryAfter))
	}
	if p.Status == http.StatusUnauthorized {
		p.With("WWW-Authenticate", `Bearer realm="hearth"`)
	}
	return p
}

func codeOfKind(kind care.Kind) care.Code {
	if kind == care.Conflict {
		return care.CodeVersionConflict
	}
	return care.Code(kind)
}

func statusOfKind(kind care.Kind) int {
	if fact, found := codes[codeOfKind(kind)]; found {
		return fact.status
	}
	return http.StatusInternalServerError
}

type codeFact struct {
	status int
	title  string
}

var codes = map[care.Code]codeFact{
	care.CodeMalformed:             {http.StatusBadRequest, "The request cannot be read"},
	care.CodeUnauthenticated:       {http.StatusUnauthorized, "Sign in first"},
	care.CodeMFARequired:           {http.StatusUnauthorized, "A second factor is needed"},
	care.CodeForbidden:             {http.StatusForbidden, "Not allowed"},
	care.CodeChatUnavailable:       {http.StatusForbidden, "Chat is unavailable"},
	care.CodeNotFound:              {http.StatusNotFound, "Not found"},
	care.CodeMethodNotAllowed:      {http.StatusMethodNotAllowed, "Method not allowed"},
	care.CodeConversationLocked:    {http.StatusForbidden, "Only staff can post here"},
	care.CodeClientArchived:        {http.StatusConflict, "The client is archived"},
	care.CodeConversationClosed:    {http.StatusConflict, "The conversation is closed"},
	care.CodeConversationFull:      {http.StatusConflict, "The conversation is full"},
	care.CodeVersionConflict:       {http.StatusConflict, "Someone else changed it first"},
	care.CodeIDReused:              {http.StatusConflict, "The id is taken by something else"},
	care.CodeTooLarge:              {http.StatusRequestEntityTooLarge, "Too large"},
	care.CodeUnsupportedMediaType:  {http.StatusUnsupportedMediaType, "Unsupported media type"},
	care.CodeInvalid:               {http.StatusUnprocessableEntity, "Some fields cannot be used"},
	care.CodeNoReachableRecipients: {http.StatusUnprocessableEntity, "Nobody can be reached"},
	care.CodeRateLimited:           {http.StatusTooManyRequests, "Too many requests"},
	care.CodeUnavailable:           {http.StatusServiceUnavailable, "Unavailable for now"},
	CodeInternal:                   {http.StatusInternalServerError, "Internal error"},
}

// CodeInfo is what one code of a problem means.
type CodeInfo struct {
	Code   care.Code
	Status int
	Title  string
}

// Codes lists every code in the order of their status.
func Codes() []CodeInfo {
	list := make([]CodeInfo, 0, len(codes))
	for code, fact := range codes {
		list = append(list, CodeInfo{code, fact.status, fact.title})
	}
	slices.SortFunc(list, func(a, b CodeInfo) int {
		return cmp.Or(cmp.Compare(a.Status, b.Status), cmp.Compare(a.Code, b.Code))
	})
	return list
}
