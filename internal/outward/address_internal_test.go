package outward

import (
	"errors"
	"net/netip"
	"testing"
)

func TestWhichAddressesArePublic(t *testing.T) {
	for text, want := range map[string]bool{
		"93.184.216.34": true, "8.8.8.8": true, "1.1.1.1": true, "100.63.255.255": true, "100.128.0.1": true,
		"172.15.0.1": true, "172.32.0.1": true, "192.0.1.1": true, "223.255.255.255": true,
		"2606:4700::1111": true, "2a00:1450:4001::1": true, "2001:4860:4860::8888": true,
		"::ffff:93.184.216.34": true, "64:ff9b::5db8:d822": true, // 93.184.216.34

		"0.0.0.0": false, "0.1.2.3": false, "10.0.0.1": false, "10.255.255.255": false, "127.0.0.1": false, "127.255.0.1": false,
		"100.64.0.1": false, "100.100.100.200": false, "100.127.255.255": false,
		"169.254.169.254": false, "169.254.170.2": false, "168.63.129.16": false,
		"172.16.0.1": false, "172.31.255.255": false, "192.0.0.192": false, "192.0.2.1": false, "192.88.99.1": false, "192.168.1.1": false,
		"198.18.0.1": false, "198.19.255.255": false, "198.51.100.1": false, "203.0.113.9": false,
		"224.0.0.1": false, "239.255.255.250": false, "240.0.0.1": false, "255.255.255.255": false,

		"::": false, "::1": false, "::7f00:1": false, "fe80::1": false, "fe80::1%eth0": false, "fec0::1": false,
		"fc00::1": false, "fd00:ec2::254": false, "fd20:ce::254": false, "ff02::1": false, "100::1": false,
		"2001::1": false, "2001:db8::1": false, "2002:7f00:1::": false, "2002:5db8:d822::": false, "3fff::1": false, "5f00::1": false,
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:169.254.169.254": false,
		"64:ff9b::7f00:1": false, "64:ff9b::a9fe:a9fe": false, "64:ff9b::a00:1": false, "64:ff9b:1::5db8:d822": false,
	} {
		if got := public(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: public %v, want %v", text, got, want)
		}
	}
}

func TestJudge(t *testing.T) {
	c := New(prefixes("10.1.0.0/16", "fd12::/16", "::ffff:192.168.7.0/120", "8.8.4.4/32"))
	for _, v := range []struct {
		address string
		plain   bool
		want    error
	}{
		{"93.184.216.34:443", false, nil},
		{"93.184.216.34:80", true, ErrPlain},
		{"[2606:4700::1111]:80", true, ErrPlain},
		{"8.8.4.4:80", true, nil},
		{"10.1.2.3:80", true, nil},
		{"10.1.2.3:443", false, nil},
		{"[::ffff:10.1.2.3]:80", true, nil},
		{"[64:ff9b::a01:203]:80", true, nil},
		{"192.168.7.9:80", true, nil},
		{"[fd12::9]:80", true, nil},
		{"10.2.2.3:443", false, ErrPrivate},
		{"10.2.2.3:80", true, ErrPrivate},
		{"192.168.8.9:443", false, ErrPrivate},
		{"127.0.0.1:443", false, ErrPrivate},
		{"[::1]:443", false, ErrPrivate},
		{"[fe80::1%lo]:443", false, ErrPrivate},
		{"/var/run/docker.sock", true, ErrPrivate},
		{"", false, ErrPrivate},
	} {
		if got := c.judge(v.address, v.plain); !errors.Is(got, v.want) {
			t.Errorf("%s, plain %v: %v, want %v", v.address, v.plain, got, v.want)
		}
	}
}

func TestACallThatTakesTooLong(t *testing.T) {
	c, address := loopback(t, hang(t))
	c.plain.Timeout = 1 // a nanosecond is too short for anything
	if _, err := c.Do(get(t, address)); !errors.Is(err, ErrTimeout) {
		t.Errorf("%v", err)
	}
}
