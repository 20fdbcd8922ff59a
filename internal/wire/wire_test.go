package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"hearth/internal/care"
)

func TestTimesAreUTCWithMilliseconds(t *testing.T) {
	berlin := time.FixedZone("", 3600)
	for want, at := range map[string]time.Time{
		`"2026-03-02T09:30:00.000Z"`: time.Date(2026, 3, 2, 10, 30, 0, 0, berlin),
		`"2026-03-02T09:30:00.123Z"`: time.Date(2026, 3, 2, 9, 30, 0, 123_999_999, time.UTC),
		`"0099-01-01T00:00:00.000Z"`: time.Date(99, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		if got, err := json.Marshal(TimeOf(at)); err != nil || string(got) != want {
			t.Errorf("%s %v, want %s", got, err, want)
		}
	}
	if TimeOrNull(time.Time{}) != nil {
		t.Error("the zero time is not null")
	}
}

func TestTimesAreReadInEveryOffset(t *testing.T) {
	for text, want := range map[string]string{
		`"2026-03-02T10:30:00+01:00"`: "2026-03-02T09:30:00.000Z", `"2026-03-02T09:30:00.1239Z"`: "2026-03-02T09:30:00.123Z",
		`"tomorrow"`: "", `"2026-03-02"`: "", `12`: "",
	} {
		var read Time
		err := json.Unmarshal([]byte(text), &read)
		if (err == nil) != (want != "") {
			t.Errorf("%s: %v", text, err)
		}
		if err == nil && read.Format(timeLayout) != want {
			t.Errorf("%s is %s", text, read.Format(timeLayout))
		}
	}
}

func TestKeysKnowWhetherTheyWereSent(t *testing.T) {
	type change struct {
		Group Opt[string]   `json:"group"`
		Name  Maybe[string] `json:"name"`
	}
	for text, want := range map[string]change{
		`{}`:                       {},
		`{"group":null}`:           {Group: Opt[string]{Set: true, Null: true}},
		`{"group":"a","name":"b"}`: {Group: Opt[string]{Set: true, Value: "a"}, Name: Maybe[string]{Set: true, Value: "b"}},
		`{"group":"","name":""}`:   {Group: Opt[string]{Set: true}, Name: Maybe[string]{Set: true}},
	} {
		var got change
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s: %+v %v", text, got, err)
		}
	}
	if (Opt[int]{Set: true, Null: true}).Pointer() != nil || (Maybe[int]{}).Pointer() != nil || *(Opt[int]{Set: true, Value: 3}).Pointer() != 3 {
		t.Error("Pointer is nil for a value, or not for none")
	}
}

func TestPersonOfTheProgramHasNoID(t *testing.T) {
	if got, _ := json.Marshal(PersonOf(care.System)); string(got) != `{"id":null,"name":"Hearth","kind":"system"}` {
		t.Errorf("%s", got)
	}
}

// TestEveryCodeHasItsStatus is the list of the contract.
func TestEveryCodeHasItsStatus(t *testing.T) {
	want := map[care.Code]int{
		"malformed": 400, "unsupported_media_type": 415, "method_not_allowed": 405, "unauthenticated": 401, "mfa_required": 401,
		"forbidden": 403, "not_found": 404, "chat_unavailable": 403, "client_archived": 409, "conversation_closed": 409,
		"conversation_full": 409, "conversation_locked": 403, "version_conflict": 409, "id_reused": 409, "no_reachable_recipients": 422, "invalid": 422,
		"too_large": 413, "rate_limited": 429, "unavailable": 503, "internal": 500,
	}
	for _, info := range Codes() {
		if want[info.Code] != info.Status || info.Title == "" {
			t.Errorf("%s is %d %q", info.Code, info.Status, info.Title)
		}
		delete(want, info.Code)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
}

func TestProblemsOfErrors(t *testing.T) {
	limited := care.Fail(care.RateLimited, care.CodeRateLimited, "Wait.")
	limited.RetryAfter = 3
	for name, c := range map[string]struct {
		err    error
		status int
		code   care.Code
		known  bool
	}{
		"a failure":        {care.Missing("thing"), 404, care.CodeNotFound, true},
		"wrapped":          {fmt.Errorf("reading: %w", care.Refused("No.")), 403, care.CodeForbidden, true},
		"a bare kind":      {fmt.Errorf("reading: %w", care.Unavailable), 503, care.CodeUnavailable, true},
		"another conflict": {care.Fail(care.Conflict, "not_listed", "No."), 409, "not_listed", true},
		"a limit":          {limited, 429, care.CodeRateLimited, true},
		"given up":         {context.Canceled, 503, care.CodeUnavailable, true},
		"a problem":        {NewProblem(care.CodeTooLarge, ""), 413, care.CodeTooLarge, true},
		"a fault":          {errors.New("a name in it"), 500, CodeInternal, false},
	} {
		p, known := ProblemOf(c.err)
		if p.Status != c.status || p.Code != c.code || known != c.known || p.Detail == "" || p.Title == "" {
			t.Errorf("%s: %+v %v", name, p, known)
		}
	}
	if p, _ := ProblemOf(limited); p.Headers.Get("Retry-After") != "3" {
		t.Errorf("%v", p.Headers)
	}
}
