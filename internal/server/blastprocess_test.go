package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program builds hearth as it is used, once for all tests: the test itself may run with the
// race detector, in whose time little would happen between two kills.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "hearth-program-")
	if err != nil {
		return "", err
	}
	programDir = dir
	path := filepath.Join(dir, "hearth")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, "hearth/cmd/hearth")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building hearth: %w\n%s", err, out)
	}
	return path, nil
})

var programDir string

func TestMain(m *testing.M) {
	code := m.Run()
	if programDir != "" {
		_ = os.RemoveAll(programDir)
	}
	os.Exit(code)
}

// process is a real hearth that serves a store. It keeps its address over kills, as one
// that a supervisor starts again would.
type process struct {
	t       *testing.T
	program string
	args    []string
	address string
	log     *output

	command *exec.Cmd
	ended   chan struct{} // closed when the process is gone
}

// newProcess names a node; store are the flags that name its database.
func newProcess(t *testing.T, store ...string) *process {
	t.Helper()
	built, err := program()
	if err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, program: built, address: free.Addr().String(), log: &output{}}
	_ = free.Close()
	p.args = append([]string{"serve", "--addr", p.address, "--rate-limits", "off"}, store...)
	t.Cleanup(p.kill)
	return p
}

// begin starts the program without waiting for it.
func (p *process) begin() {
	p.t.Helper()
	p.command = exec.Command(p.program, p.args...)
	p.command.Dir = p.t.TempDir()
	p.command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TMPDIR=" + os.TempDir()}
	p.command.Stdout, p.command.Stderr = p.log, p.log
	p.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // it must not outlive the test
	if err := p.command.Start(); err != nil {
		p.t.Fatal(err)
	}
	command, ended := p.command, make(chan struct{})
	p.ended = ended
	go func() {
		_ = command.Wait()
		close(ended)
	}()
}

// ready waits until the node answers.
func (p *process) ready() {
	p.t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		select {
		case <-p.ended:
			p.t.Fatalf("hearth ended by itself:\n%s", p.log)
		default:
		}
		if status, _, err := p.call("", "GET", "/readyz", nil); err == nil && status == http.StatusOK {
			return
		}
	}
	p.t.Fatalf("hearth does not get ready:\n%s", p.log)
}

// kill is SIGKILL: there is no chance to tidy up. It returns when the process is gone.
func (p *process) kill() {
	if p.command == nil {
		return
	}
	_ = p.command.Process.Kill() // it may have ended, which ready tells
	<-p.ended
}

// callers keep no connections, which a kill would break under another call.
var callers = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}

// call makes one call; an error means that nobody knows what became of it.
func (p *process) call(token, method, path string, body any) (status int, answer object, err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return 0, nil, err
	}
	request, err := http.NewRequest(method, "http://"+p.address+path, bytes.NewReader(text))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := callers.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	text, err = io.ReadAll(response.Body)
	if err == nil && bytes.HasPrefix(text, []byte("{")) {
		err = json.Unmarshal(text, &answer)
	}
	if response.StatusCode >= 500 && response.StatusCode != http.StatusServiceUnavailable {
		err = fmt.Errorf("%s %s: %d %s", method, path, response.StatusCode, text)
	}
	return response.StatusCode, answer, err
}
