package outward

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// MaxAddress is how many bytes an address may have.
const MaxAddress = 2048

// Reason says to who entered an address why it cannot be used, and what would be right. It
// is a whole sentence and does not repeat the address.
type Reason string

// Error is the sentence.
func (r Reason) Error() string { return string(r) }

// Why an address cannot be used.
const (
	ReasonForm    Reason = "This is not a web address such as https://example.org/hook."
	ReasonLong    Reason = "A web address has 2048 letters at most."
	ReasonTLS     Reason = "The address must begin with https://."
	ReasonUser    Reason = "The address must not hold a user name or password."
	ReasonPart    Reason = "The address must not have a part behind #."
	ReasonPrivate Reason = "The address is in a private network, which Hearth does not call unless its operator allows that network."
)

// Check tells a [Reason] why an address that somebody enters cannot be used, and nil if it
// can as far as its text shows: no name is looked up here, and [Client.Do] judges where it
// leads each time.
func (c *Client) Check(address string) error {
	if len(address) > MaxAddress {
		return ReasonLong
	}
	u, err := url.Parse(address)
	switch {
	case err != nil, u.Opaque != "", u.Hostname() == "", !validPort(u), strings.ContainsAny(u.Host, "%"):
		return ReasonForm
	case u.Scheme != "https" && u.Scheme != "http":
		return ReasonTLS
	case u.User != nil:
		return ReasonUser
	case strings.Contains(address, "#"):
		return ReasonPart
	}
	return c.checkHost(u.Hostname(), u.Scheme == "http")
}

// checkHost judges a host that is an address. Whether a name leads to an allowed network
// shows when it is called.
func (c *Client) checkHost(host string, plain bool) error {
	ip, err := netip.ParseAddr(host)
	switch {
	case err == nil && c.allows(ip):
		return nil
	case err == nil && !public(ip):
		return ReasonPrivate
	case err == nil && plain, plain && len(c.allowed) == 0:
		return ReasonTLS
	case err == nil:
		return nil
	case numeric(host):
		return ReasonForm
	case loopbackName(host) && !c.allows(netip.AddrFrom4([4]byte{127, 0, 0, 1})) && !c.allows(netip.IPv6Loopback()):
		return ReasonPrivate
	}
	return nil
}

func validPort(u *url.URL) bool {
	if u.Port() == "" {
		return !strings.HasSuffix(u.Host, ":")
	}
	n, err := strconv.Atoi(u.Port())
	return err == nil && n >= 1 && n <= 65535
}

// numeric reports whether a host is one of the other ways to write an address that some
// resolvers know: 127.1, 0x7f.0.0.1, 2130706433. No name ends in a number.
func numeric(host string) bool {
	last := strings.TrimSuffix(host, ".")
	last = last[strings.LastIndexByte(last, '.')+1:]
	_, err := strconv.ParseUint(last, 0, 64)
	return err == nil || strings.Trim(last, "0123456789") == ""
}

func loopbackName(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
