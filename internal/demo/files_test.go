package demo

import (
	"bytes"
	"path"
	"testing"
)

// Every file of the scripts can be made, is the same at every start, and is let in.
func TestFilesOfTheScripts(t *testing.T) {
	kinds := map[string]int{}
	for _, c := range Build(seedAt).Conversations {
		for _, m := range c.Messages {
			for _, name := range m.Files {
				first, err := fileOf(name)
				if err != nil {
					t.Fatal(err)
				}
				if again, _ := fileOf(name); !bytes.Equal(first, again) {
					t.Errorf("%s differs from start to start", name)
				}
				kinds[path.Ext(name)]++
			}
		}
	}
	for _, kind := range []string{".jpg", ".pdf", ".csv", ".wav"} {
		if kinds[kind] == 0 {
			t.Errorf("no %s in the practice", kind)
		}
	}
	if _, err := fileOf("a.exe"); err == nil {
		t.Error("a file of no known kind was made")
	}
}
