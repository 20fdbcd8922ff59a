package outward

import (
	"net/netip"
	"slices"
)

// Addresses of these networks are not public. The first list is of IPv4; of IPv6 only
// what is in global, and not in local6, is.
var (
	local4 = prefixes(
		"0.0.0.0/8",        // "this" network: 0.0.0.0 is this machine
		"10.0.0.0/8",       // private
		"100.64.0.0/10",    // shared by customers of a provider (CGNAT); metadata of Alibaba
		"127.0.0.0/8",      // loopback
		"168.63.129.16/32", // the host of a machine at Azure, though public by its number
		"169.254.0.0/16",   // link-local; metadata of most clouds
		"172.16.0.0/12",    // private
		"192.0.0.0/24",     // protocol assignments; metadata of Oracle
		"192.0.2.0/24",     // documentation
		"192.88.99.0/24",   // relays of 6to4, given up
		"192.168.0.0/16",   // private
		"198.18.0.0/15",    // benchmarks
		"198.51.100.0/24",  // documentation
		"203.0.113.0/24",   // documentation
		"224.0.0.0/4",      // multicast
		"240.0.0.0/4",      // reserved, and broadcast
	)
	local6 = prefixes(
		"2001::/23",     // protocol assignments, with Teredo, which carries IPv4
		"2001:db8::/32", // documentation
		"2002::/16",     // 6to4, which carries IPv4
		"3fff::/20",     // documentation
	)
	global = netip.MustParsePrefix("2000::/3")
	// nat64 carries an IPv4 address in its last four bytes, and is how networks that have
	// IPv6 alone reach the others: what counts is the address it carries.
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
)

func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		list[i] = netip.MustParsePrefix(text)
	}
	return list
}

// judge decides on the address, with its port, that a connection is about to be made to.
func (c *Client) judge(address string, plain bool) error {
	target, err := netip.ParseAddrPort(address)
	switch {
	case err != nil:
		return ErrPrivate // nothing that was resolved to an address
	case c.allows(target.Addr()):
		return nil
	case !public(target.Addr()):
		return ErrPrivate
	case plain:
		return ErrPlain
	}
	return nil
}

// allows reports whether the operator allowed the network of an address.
func (c *Client) allows(a netip.Addr) bool {
	return within(c.allowed, carried(a)) || within(c.allowed, a)
}

// public reports whether an address can be reached from anywhere.
func public(a netip.Addr) bool {
	a = carried(a)
	if a.Is4() {
		return !within(local4, a)
	}
	return global.Contains(a) && !within(local6, a)
}

// carried is the IPv4 address within one that is written as IPv6, or the address itself.
func carried(a netip.Addr) netip.Addr {
	a = a.WithZone("").Unmap()
	if !nat64.Contains(a) {
		return a
	}
	bytes := a.As16()
	return netip.AddrFrom4([4]byte(bytes[12:]))
}

func within(list []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(a) })
}

// unmapped writes networks of IPv4 that are given in the form of IPv6 as what they are.
func unmapped(list []netip.Prefix) []netip.Prefix {
	plain := make([]netip.Prefix, len(list))
	for i, p := range list {
		if p.Addr().Is4In6() && p.Bits() >= 96 {
			p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
		}
		plain[i] = p.Masked()
	}
	return plain
}
