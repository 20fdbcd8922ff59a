package main

import "net/netip"

// outgoing is what Hearth may call of itself.
type outgoing struct {
	AllowPrivate []string `name:"allow-private-targets" placeholder:"NETWORKS" sep:"," env:"HEARTH_ALLOW_PRIVATE_TARGETS" help:"Private networks that push notifications and webhooks may reach, such as 10.1.0.0/16; also without TLS. None otherwise."`
}

// allowed are the networks.
func (o outgoing) allowed() ([]netip.Prefix, error) {
	return networks("allow-private-targets", o.AllowPrivate)
}
