package outward_test

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"hearth/internal/outward"
)

func TestAddressesAreCheckedWhenEntered(t *testing.T) {
	strict := outward.New(nil)
	some := outward.New([]netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("127.0.0.1/32")})
	const form, tls, private = outward.ReasonForm, outward.ReasonTLS, outward.ReasonPrivate
	for address, want := range map[string][2]outward.Reason{
		"https://hooks.example.org/a?b=c":   {},
		"https://hooks.example.org:8443/":   {},
		"https://93.184.216.34/":            {},
		"https://[2606:4700::1111]:443/":    {},
		"HTTPS://Hooks.Example.org":         {},
		"http://hooks.example.org/":         {tls, ""}, // whether it leads to an allowed network shows later
		"http://93.184.216.34/":             {tls, tls},
		"http://10.1.2.3/":                  {private, ""},
		"https://10.1.2.3/":                 {private, ""},
		"http://[::ffff:10.1.2.3]/":         {private, ""},
		"https://10.2.2.3/":                 {private, private},
		"https://localhost/":                {private, ""},
		"https://LOCALHOST.:8443/":          {private, ""},
		"https://a.localhost/":              {private, ""},
		"https://127.0.0.1/":                {private, ""},
		"https://[::1]/":                    {private, private},
		"https://169.254.169.254/latest":    {private, private},
		"https://[fe80::1%25eth0]/":         {form, form},
		"https://127.1/":                    {form, form},
		"https://2130706433/":               {form, form},
		"https://0x7f.0.0.0x1/":             {form, form},
		"https://0177.0.0.01/":              {form, form},
		"https://a.99999999999999999999/":   {form, form},
		"":                                  {form, form},
		"hooks.example.org":                 {form, form},
		"https://":                          {form, form},
		"https:///path":                     {form, form},
		"https:hooks.example.org":           {form, form},
		"https://hooks.example.org:0/":      {form, form},
		"https://hooks.example.org:/":       {form, form},
		"https://hooks.example.org:99999/":  {form, form},
		"https://hooks.example.org/\r\nX: ": {form, form},
		"ftp://hooks.example.org/":          {tls, tls},
		"javascript:alert(1)":               {form, form},
		"file://server/etc/passwd":          {tls, tls},
		"https://me@hooks.example.org/":     {outward.ReasonUser, outward.ReasonUser},
		"https://me:pw@hooks.example.org/":  {outward.ReasonUser, outward.ReasonUser},
		"https://hooks.example.org/#part":   {outward.ReasonPart, outward.ReasonPart},
		"https://x.example/" + strings.Repeat("a", outward.MaxAddress): {outward.ReasonLong, outward.ReasonLong},
	} {
		for i, c := range []*outward.Client{strict, some} {
			err := c.Check(address)
			if reason, _ := errors.AsType[outward.Reason](err); reason != want[i] {
				t.Errorf("%q with client %d: %v, want %q", address, i, err, want[i])
			}
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, seed := range []string{"https://hooks.example.org/a?b=c", "https://[::1]:443/", "http://127.1", "https://a@b/", "https://0x7f.1:1/#"} {
		f.Add(seed)
	}
	c := outward.New(nil)
	f.Fuzz(func(t *testing.T, address string) {
		if c.Check(address) != nil {
			return
		}
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "https" || u.User != nil || u.Fragment != "" || u.Hostname() == "" || len(address) > outward.MaxAddress {
			t.Fatalf("%q passes: %v", address, err)
		}
		if ip, err := netip.ParseAddr(u.Hostname()); err == nil && (ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified()) {
			t.Fatalf("%q passes", address)
		}
	})
}
