package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

const readersAtOnce = 16

// readings are what is read over HTTP, each by so many at once.
func (s *server) readings(r reader) []reading {
	return []reading{
		{"the newest 50 of 10,000 messages", "/api/v1/conversations/" + r.long + "/messages"},
		{"the first page of an inbox of 500", "/api/v1/conversations"},
	}
}

type reading struct{ name, path string }

// measureReading measures every reading, and one post to a crowd, round by round.
func (s *server) measureReading(ctx context.Context, cfg Config, e engine, at place, r reader) ([]cell, error) {
	var cells []cell
	list := s.readings(r)
	for _, one := range list {
		cells = append(cells, cell{transport: one.name, senders: readersAtOnce})
	}
	cells = append(cells, cell{transport: fmt.Sprintf("one post to %d who are connected", crowd), senders: 1})
	crowded, err := s.connectCrowd(r)
	defer crowded.leave()
	if err != nil {
		return nil, err
	}
	length := time.Duration(cfg.Seconds / rounds * float64(time.Second))
	for round := range rounds {
		fmt.Fprintf(cfg.Progress, "%s: reading, round %d of %d\n", e.name, round+1, rounds)
		for i := range cells {
			clients := []client{crowded}
			if i < len(list) {
				clients = s.pageReaders(list[i].path, r.token)
			}
			one, err := s.metered(ctx, at, clients, length)
			if err != nil {
				return nil, fmt.Errorf("%s: %w\n%s", cells[i].transport, err, s.lastWords())
			}
			cells[i].rounds = append(cells[i].rounds, one)
		}
	}
	return cells, nil
}

// pageReader asks for the same page again and again.
type pageReader struct {
	http    *http.Client
	request *http.Request
}

func (s *server) pageReaders(path, token string) []client {
	transport := &http.Transport{MaxIdleConnsPerHost: readersAtOnce, DisableCompression: true}
	var all []client
	for range readersAtOnce {
		request, _ := http.NewRequest(http.MethodGet, "http://"+s.address+path, nil) // the address is ours and well formed
		request.Header.Set("Authorization", "Bearer "+token)
		all = append(all, &pageReader{&http.Client{Transport: transport, Timeout: frameTime}, request})
	}
	return all
}

func (p *pageReader) send() error {
	response, err := p.http.Do(p.request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the server answered %s", response.Status)
	}
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

func (p *pageReader) close() { p.http.CloseIdleConnections() }

// crowdClient posts to the community chat and waits until every member has it.
type crowdClient struct {
	poster  *liveClient
	members []*liveClient
}

func (s *server) connectCrowd(r reader) (*crowdClient, error) {
	c := &crowdClient{}
	for _, token := range r.members {
		member, err := s.connect(sender{token: token, conversation: r.community})
		if err != nil {
			return c, err
		}
		c.members = append(c.members, member)
	}
	var err error
	c.poster, err = s.connect(sender{token: r.poster, conversation: r.community})
	return c, err
}

func (s *server) connect(as sender) (*liveClient, error) {
	one, err := dialLive(s.address, as)
	if err != nil {
		return nil, err
	}
	c := one.(*liveClient)
	c.in = bufio.NewReaderSize(c.conn, 2048)
	return c, nil
}

func (c *crowdClient) send() error {
	if err := c.poster.send(); err != nil {
		return err
	}
	failures := make([]error, len(c.members))
	var all sync.WaitGroup
	for i, m := range c.members {
		all.Go(func() { failures[i] = m.receive() })
	}
	all.Wait()
	return errors.Join(failures...)
}

// close leaves the connections open: the crowd serves every round.
func (c *crowdClient) close() {}

func (c *crowdClient) leave() {
	if c.poster != nil {
		c.poster.close()
	}
	for _, m := range c.members {
		m.close()
	}
}

// receive waits for one message.
func (c *liveClient) receive() error {
	if err := c.conn.SetReadDeadline(time.Now().Add(frameTime)); err != nil {
		return err
	}
	for {
		if err := c.read(); err != nil || isMessage(c.text) {
			return err
		}
	}
}
