package main

import "testing"

func TestRunGivesTheCommandACluster(t *testing.T) {
	for want, command := range map[int]string{
		0: `case $HEARTH_TEST_POSTGRES in postgres://*) exit 0;; esac; exit 9`,
		7: `exit 7`,
		1: `kill -KILL $$`,
	} {
		code, err := run(false, []string{"sh", "-c", command})
		if code != want || err != nil {
			t.Errorf("%q: code %d, %v; want %d", command, code, err, want)
		}
	}
	if code, err := run(true, []string{"/no/such/program"}); code != 1 || err == nil {
		t.Errorf("a missing program: code %d, %v", code, err)
	}
}
