package mail

import (
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
)

// Encryption is how the connection to the SMTP server is protected.
type Encryption string

// The ways of protecting the connection. Without one said, StartTLS is used, and a server
// that does not offer it is refused.
const (
	Plain    Encryption = "none"
	StartTLS Encryption = "starttls"
	TLS      Encryption = "tls"
)

// Settings say which server sends the mail and from which address.
type Settings struct {
	Host       string
	Port       int
	User       string
	Password   string
	Encryption Encryption
	From       string // the bare address
	// Bounces is the bare address to which mail servers report what did not arrive: see
	// ParseBounces. Empty where nobody reads reports.
	Bounces string
}

// Parse reads the operator's two settings: smtp://user:password@host:port?tls=none|starttls|tls
// and the sender's address. Left out, tls is starttls, or tls on port 465; the port is 587,
// 465 with tls, 25 with none. An error names the setting and what would be right, and never
// repeats what was given, which may hold a password.
func Parse(smtpURL, from string) (Settings, error) {
	settings, err := parseURL(smtpURL)
	if err != nil {
		return Settings{}, fmt.Errorf("HEARTH_SMTP_URL: %w; it looks like smtp://user:password@mail.example.org:587?tls=starttls", err)
	}
	address, err := bareAddress(from)
	if err != nil {
		return Settings{}, errors.New("HEARTH_MAIL_FROM: must be the one e-mail address that mail is sent from, such as hearth@example.org")
	}
	settings.From = address
	return settings, nil
}

func parseURL(text string) (Settings, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return Settings{}, errors.New("is not a URL (special characters in user or password are written as %XX)")
	case u.Scheme != "smtp":
		return Settings{}, errors.New("must begin with smtp://")
	case u.Hostname() == "":
		return Settings{}, errors.New("names no server")
	case strings.Trim(u.Path, "/") != "" || u.Fragment != "":
		return Settings{}, errors.New("has something after the server that does not belong there")
	}
	settings := Settings{Host: u.Hostname(), User: u.User.Username()}
	settings.Password, _ = u.User.Password()
	if (settings.User == "") != (settings.Password == "") {
		return Settings{}, errors.New("has a user without a password, or a password without a user")
	}
	if settings.Encryption, err = encryption(u); err != nil {
		return Settings{}, err
	}
	settings.Port, err = port(u.Port(), settings.Encryption)
	if err == nil && settings.Password != "" && settings.Encryption == Plain && !loopback(settings.Host) {
		err = errors.New("would send the password unprotected: tls=none with a password is for a server on this machine only")
	}
	return settings, err
}

func encryption(u *url.URL) (Encryption, error) {
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "", errors.New("has options that cannot be read")
	}
	for key := range query {
		if key != "tls" {
			return "", errors.New("has an option other than tls")
		}
	}
	switch chosen := Encryption(query.Get("tls")); chosen {
	case Plain, StartTLS, TLS:
		return chosen, nil
	case "":
		if u.Port() == "465" {
			return TLS, nil
		}
		return StartTLS, nil
	default:
		return "", errors.New("has an unknown tls: none, starttls or tls")
	}
}

func port(text string, e Encryption) (int, error) {
	if text == "" {
		return map[Encryption]int{Plain: 25, StartTLS: 587, TLS: 465}[e], nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 65535 {
		return 0, errors.New("has a port that is not 1 to 65535")
	}
	return n, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// bareAddress reads exactly one address without a display name.
func bareAddress(text string) (string, error) {
	parsed, err := netmail.ParseAddress(text)
	if err != nil || parsed.Name != "" || strings.ContainsAny(text, "\r\n<>") {
		return "", errAddress
	}
	return parsed.Address, nil
}

var errAddress = errors.New("not one e-mail address")
