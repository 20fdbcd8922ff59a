package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"hearth/internal/httpapi"
	"hearth/internal/mail"
)

// bouncedTime bounds handing one message in.
const bouncedTime = 30 * time.Second

type bouncedCmd struct {
	Server string `default:"http://127.0.0.1:8080" placeholder:"URL" env:"HEARTH_SERVER" help:"Where the serving Hearth is reached (${default})."`
}

// Validate checks the values before anything is done.
func (c *bouncedCmd) Validate() error {
	u, err := url.Parse(c.Server)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return errors.New("--server (HEARTH_SERVER) must be scheme and host alone, such as http://127.0.0.1:8080")
	}
	return nil
}

// laterError is a failure that may go better later: mail servers keep the message.
type laterError struct{ error }

// Run reads one message from standard input and hands it to the server, which alone has the
// database open. Of a long message only the beginning is handed in: what says what became of a
// mail stands before the copy of it.
func (c *bouncedCmd) Run(p *program, _ *logging) error {
	message, err := io.ReadAll(io.LimitReader(p.in, mail.MaxReport))
	if err != nil {
		return laterError{errors.New("the message could not be read from standard input")}
	}
	_, _ = io.Copy(io.Discard, p.in) // who writes it must not be stopped
	ctx, cancel := context.WithTimeout(p.ctx, bouncedTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(c.Server, "/")+httpapi.BouncesPath, bytes.NewReader(message))
	if err != nil {
		return usageError{err}
	}
	request.Header.Set("Content-Type", "message/rfc822")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return laterError{fmt.Errorf("no Hearth answers at %s; name where it serves with --server", c.Server)}
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusAccepted {
		return laterError{fmt.Errorf("the server at %s answered %d; it must be a Hearth that serves with --smtp-bounces", c.Server, response.StatusCode)}
	}
	return nil
}
