package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"strings"
	"syscall"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// timeout bounds a whole conversation with the SMTP server.
const timeout = 30 * time.Second

var (
	errHeader    = errors.New("a line break in a header")
	errPermanent = errors.New("not accepted")
)

// SMTP sends mail through one server. It is safe for concurrent use; every call has a
// connection of its own.
type SMTP struct {
	settings Settings
	tls      *tls.Config
}

// NewSMTP makes a sender. trust is the configuration for encrypted connections; nil
// checks the server's certificate against the system's authorities.
func NewSMTP(settings Settings, trust *tls.Config) *SMTP {
	if trust == nil {
		trust = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	trust = trust.Clone()
	if trust.ServerName == "" {
		trust.ServerName = settings.Host
	}
	return &SMTP{settings: settings, tls: trust}
}

// Send hands the message to the server and returns when it was accepted there. It may
// have been accepted although an error is returned, when the connection broke in the end.
func (s *SMTP) Send(ctx context.Context, m Message) (err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	s.SendAll(ctx, []Message{m}, func(_ int, failed error) { err = failed })
	return err
}

// SendAll hands over messages one after the other, with one connection as long as that
// holds, and calls told with the number of each and what became of it, as [SMTP.Send] would
// say it. Where the server cannot be reached, or ctx has ended, the rest fails without being tried.
func (s *SMTP) SendAll(ctx context.Context, messages []Message, told func(i int, err error)) {
	var line *gomail.Client
	hangUp := func() {
		if line != nil {
			_ = line.Close() // the server has answered already
			line = nil
		}
	}
	defer hangUp()
	var down error
	for i, m := range messages {
		if ctx.Err() != nil && down == nil {
			down = fmt.Errorf("mail: %w", ctx.Err())
		}
		built, err := s.build(m)
		if err == nil && line == nil && down == nil {
			line, down = s.dial(ctx)
		}
		switch {
		case err != nil:
		case down != nil:
			err = down
		default:
			var broken bool
			if err, broken = explain(line.Send(built)); broken {
				hangUp()
			}
		}
		told(i, err)
	}
}

// dial opens a connection.
func (s *SMTP) dial(ctx context.Context) (*gomail.Client, error) {
	client, err := gomail.NewClient(s.settings.Host, s.options()...)
	if err != nil {
		return nil, fmt.Errorf("mail: %w: the settings of the server", errPermanent)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := client.DialWithContext(ctx); err != nil {
		return nil, fmt.Errorf("mail: no connection to the server: %w", redact(err))
	}
	return client, nil
}

func (s *SMTP) build(m Message) (*gomail.Msg, error) {
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("mail: %w: %w", errPermanent, err)
	}
	built := gomail.NewMsg()
	if err := built.FromFormat(m.SenderName, s.settings.From); err != nil {
		return nil, fmt.Errorf("mail: %w: the sender", errPermanent)
	}
	if err := built.To(m.To); err != nil {
		return nil, fmt.Errorf("mail: %w: the recipient", errPermanent)
	}
	if m.Bounces != "" {
		if err := built.EnvelopeFrom(m.Bounces); err != nil {
			return nil, fmt.Errorf("mail: %w: the address of reports", errPermanent)
		}
	}
	built.Subject(m.Subject)
	built.SetDate()
	if built.SetMessageID(); m.ID != "" {
		built.SetMessageIDWithValue(m.ID + "@" + s.settings.From[strings.LastIndexByte(s.settings.From, '@')+1:])
	}
	built.SetUserAgent("Hearth")
	built.SetGenHeader("Auto-Submitted", "auto-generated")
	if m.Unsubscribe != "" { // RFC 8058
		built.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+m.Unsubscribe+">")
		built.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	built.SetBodyString(gomail.TypeTextPlain, m.Text)
	built.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return built, nil
}

func (s *SMTP) options() []gomail.Option {
	options := []gomail.Option{gomail.WithTLSConfig(s.tls), gomail.WithTimeout(timeout)}
	switch s.settings.Encryption {
	case TLS:
		options = append(options, gomail.WithSSL())
	case Plain:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.settings.User != "" {
		auth := gomail.SMTPAuthAutoDiscover
		if s.settings.Encryption == Plain {
			auth = gomail.SMTPAuthPlainNoEnc
		}
		options = append(options, gomail.WithSMTPAuth(auth),
			gomail.WithUsername(s.settings.User), gomail.WithPassword(s.settings.Password))
	}
	return append(options, gomail.WithPort(s.settings.Port))
}

// Permanent reports whether sending the same mail again is of no use.
func Permanent(err error) bool { return errors.Is(err, errPermanent) }

// explain keeps of the server's answer its number only: the words may repeat addresses.
// broken says that nothing more can be sent over the connection.
func explain(err error) (explained error, broken bool) {
	var failed *gomail.SendError
	switch {
	case err == nil:
		return nil, false
	case errors.As(err, &failed) && failed.ErrorCode() >= 500:
		return fmt.Errorf("mail: %w by the server, which answered %d", errPermanent, failed.ErrorCode()), false
	case errors.As(err, &failed) && failed.ErrorCode() > 0:
		return fmt.Errorf("mail: the server answered %d", failed.ErrorCode()), failed.ErrorCode() == 421
	default:
		return fmt.Errorf("mail: sending broke off: %w", redact(err)), true
	}
}

// redact keeps the class of a failure; its text may name hosts and accounts.
func redact(err error) error {
	var answer *textproto.Error
	var untrusted *tls.CertificateVerificationError
	var errno syscall.Errno
	var lookup *net.DNSError
	switch {
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return context.DeadlineExceeded
	case errors.As(err, &answer):
		return fmt.Errorf("the server answered %d", answer.Code)
	case errors.As(err, &untrusted):
		return errors.New("the server's certificate is not trusted")
	case errors.As(err, &lookup):
		return errors.New("the server's name cannot be resolved")
	case errors.As(err, &errno):
		return errno
	}
	return errors.New("the server does not speak as expected, or not with this kind of encryption")
}
