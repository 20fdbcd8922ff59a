package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// server is the program under test, as a child process.
type server struct {
	address string
	command *exec.Cmd
	log     *os.File
	ended   chan error
	pid     int
}

const (
	ownerEmail = "owner@bench.example"
	password   = "a password for measuring"
	startTime  = 30 * time.Second
	stopTime   = 30 * time.Second
)

// setUp makes the organization.
func setUp(ctx context.Context, program string, at place) error {
	setup := exec.CommandContext(ctx, program, append([]string{"setup", "--organization", "Bench", "--owner-name", "Olive Owner",
		"--owner-email", ownerEmail, "--owner-password-file", "-"}, at.flags...)...)
	setup.Stdin, setup.Env = strings.NewReader(password), environment()
	if out, err := setup.CombinedOutput(); err != nil {
		return fmt.Errorf("hearth setup: %w\n%s", err, out)
	}
	return nil
}

// startServer serves what was set up.
func startServer(ctx context.Context, program, dir string, at place) (*server, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s := &server{address: address, ended: make(chan error, 1)}
	if s.log, err = os.Create(filepath.Join(dir, "log")); err != nil {
		return nil, err
	}
	s.command = exec.Command(program, append([]string{"serve", "--addr", address, "--rate-limits", "off"}, at.flags...)...)
	s.command.Env, s.command.Stdout, s.command.Stderr = environment(), s.log, s.log
	s.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // it must not outlive the measuring
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	s.pid = s.command.Process.Pid
	go func() { s.ended <- s.command.Wait() }()
	return s, s.waitReady(ctx)
}

// environment keeps settings of the surroundings from changing what is measured.
func environment() []string {
	kept := []string{}
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "HEARTH_") {
			kept = append(kept, entry)
		}
	}
	return kept
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

func (s *server) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		select {
		case err := <-s.ended:
			s.ended <- err
			return errors.Join(errors.New("the server ended at once: "+s.lastWords()), s.stop())
		case <-ctx.Done():
			return errors.Join(errors.New("the server does not get ready: "+s.lastWords()), s.stop())
		case <-time.After(20 * time.Millisecond):
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.address+"/readyz", nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			continue
		}
		_ = response.Body.Close()
		if response.StatusCode == http.StatusOK {
			return nil
		}
	}
}

func (s *server) lastWords() string {
	text, _ := os.ReadFile(s.log.Name()) // it is an explanation, no more
	return strings.TrimSpace(string(text[max(0, len(text)-2000):]))
}

// stop ends the server as an operator would, and cuts it off when it does not.
func (s *server) stop() error {
	defer s.log.Close()
	_ = s.command.Process.Signal(syscall.SIGTERM) // it may have ended already
	select {
	case err := <-s.ended:
		return err
	case <-time.After(stopTime):
		_ = s.command.Process.Kill()
		<-s.ended
		return errors.New("the server did not end by itself")
	}
}

// sender is a client who is signed in, and their conversation.
type sender struct{ token, conversation string }

// furnish makes the clients, each with a direct conversation, and signs them in.
func (s *server) furnish(ctx context.Context) ([]sender, error) {
	token, owner, err := s.signIn(ctx, ownerEmail)
	if err != nil {
		return nil, err
	}
	senders := make([]sender, people)
	failures := make([]error, people)
	var all sync.WaitGroup
	turns := make(chan struct{}, 4) // hashing passwords is what takes the time
	for i := range senders {
		all.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			senders[i], failures[i] = s.newSender(ctx, token, owner, i)
		})
	}
	all.Wait()
	return senders, errors.Join(failures...)
}

func (s *server) newSender(ctx context.Context, token, owner string, i int) (one sender, err error) {
	email := fmt.Sprintf("client%d@bench.example", i)
	var client struct {
		Conversation string `json:"direct_conversation_id"`
	}
	err = s.call(ctx, token, "/api/v1/clients", map[string]any{
		"name": fmt.Sprintf("Client %d", i), "email": email, "primary_provider_id": owner, "password": password,
	}, &client)
	if err != nil {
		return one, err
	}
	one.conversation = client.Conversation
	one.token, _, err = s.signIn(ctx, email)
	return one, err
}

func (s *server) signIn(ctx context.Context, email string) (token, id string, err error) {
	var answer struct {
		Token string `json:"token"`
		User  struct {
			ID string `json:"id"`
		} `json:"user"`
	}
	err = s.call(ctx, "", "/api/v1/sessions", map[string]any{"email": email, "password": password, "bearer": true}, &answer)
	return answer.Token, answer.User.ID, err
}

// call makes one call of the API, which must succeed.
func (s *server) call(ctx context.Context, token, path string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.address+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusCreated {
		return fmt.Errorf("POST %s: %s: %s", path, response.Status, answer)
	}
	return json.Unmarshal(answer, into)
}
