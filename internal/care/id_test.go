package care

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestIDsKeepTheirForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var id UserID
		copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		again, err := ParseID[userKind](id.String())
		if err != nil || again != id {
			t.Fatalf("%s: %v %v", id, again, err)
		}
		upper, err := ParseID[userKind](string(bytes.ToUpper([]byte(id.String()))))
		if err != nil || upper != id {
			t.Fatalf("in capitals: %v %v", upper, err)
		}
	})
}

func TestWrongIDsAreRefused(t *testing.T) {
	for _, text := range []string{
		"", "x", "0190b0c4-0000-7000-8000-00000000000", "0190b0c4-0000-7000-8000-0000000000000",
		"0190b0c4x0000-7000-8000-000000000000", "0190b0c4-0000-7000-8000-00000000000g", "{190b0c4-0000-7000-8000-000000000000}",
	} {
		if _, err := ParseID[userKind](text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

func TestNewIDsSortByTime(t *testing.T) {
	at := time.UnixMilli(1_700_000_000_000)
	early, late := NewID[UserID](at), NewID[UserID](at.Add(time.Millisecond))
	if bytes.Compare(early[:], late[:]) >= 0 || early[6]>>4 != 7 || early[8]>>6 != 2 {
		t.Errorf("%s, %s", early, late)
	}
}

func TestOrderedIDs(t *testing.T) {
	at := time.UnixMilli(1_700_000_000_000)
	last := NewOrderedID[UserID](at)
	for i := range 1000 {
		next := NewOrderedID[UserID](at.Add(-time.Duration(i) * time.Millisecond))
		if bytes.Compare(last[:], next[:]) >= 0 || next[6]>>4 != 7 || next[8]>>6 != 2 {
			t.Fatalf("%s does not come after %s", next, last)
		}
		last = next
	}
}

func TestZeroIDIsNull(t *testing.T) {
	if v, err := (UserID{}).Value(); v != nil || err != nil {
		t.Errorf("%v %v", v, err)
	}
	id := NewID[UserID](time.Now())
	if err := id.Scan(nil); err != nil || !id.IsZero() {
		t.Errorf("%v %v", id, err)
	}
	if err := id.Scan(12); err == nil {
		t.Error("a number was taken for an id")
	}
}
