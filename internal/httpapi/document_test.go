package httpapi

import (
	"bytes"
	"testing"
)

func TestDocumentIsTheSameAtEveryCall(t *testing.T) {
	first, err := Document("test")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if again, _ := Document("test"); !bytes.Equal(first, again) {
			t.Fatal("the document changes from call to call")
		}
	}
}
