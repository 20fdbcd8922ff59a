package cluster

import (
	"bufio"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// childVariable makes this test binary a process that starts a cluster and then does
// nothing.
const childVariable = "HEARTH_CLUSTER_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) == "" {
		os.Exit(m.Run())
	}
	c, err := Start(false)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(c.dir)
	select {}
}

func TestStopRemovesEverything(t *testing.T) {
	for _, durable := range []bool{false, true} {
		c, err := Start(durable)
		if err != nil {
			t.Fatal(err)
		}
		if got := setting(t, c, "fsync"); (got == "on") != durable {
			t.Errorf("durable %v: fsync is %q", durable, got)
		}
		if err := c.Stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
		if _, err := os.Stat(c.dir); !os.IsNotExist(err) {
			t.Errorf("the folder is still there: %v", err)
		}
	}
}

func setting(t *testing.T, c *Cluster, name string) string {
	t.Helper()
	conn, err := sql.Open("pgx", c.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var value string
	if err := conn.QueryRow("SELECT current_setting($1)", name).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestAKilledProcessLeavesNothing(t *testing.T) {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childVariable+"=1")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	dir := strings.TrimSpace(line)
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("the child has no cluster: %s", line)
	}
	_ = child.Process.Kill()
	_ = child.Wait()
	for range 200 {
		if _, err := os.Stat(dir); os.IsNotExist(err) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%s is still there", dir)
}

func TestFoldersOfTheDeadAreRemovedAndThoseOfTheLivingKept(t *testing.T) {
	parent := t.TempDir()
	dead, err := os.MkdirTemp(parent, folderPattern)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", parent)
	living, err := makeFolder(nil, true)
	if err != nil {
		t.Fatal(err)
	}
	removeStale(parent)
	if _, err := os.Stat(dead); !os.IsNotExist(err) {
		t.Errorf("the folder of nobody is still there: %v", err)
	}
	if _, err := os.Stat(living); err != nil {
		t.Errorf("a folder in use is gone: %v", err)
	}
}

func TestAMissingPostgresSaysHowToInstallIt(t *testing.T) {
	_, err := newestOf(nil)
	if err == nil || !strings.Contains(err.Error(), "apt-get install postgresql") {
		t.Errorf("error %v", err)
	}
}
