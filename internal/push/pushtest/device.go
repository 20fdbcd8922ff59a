package pushtest

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
)

// Device is a browser that subscribed.
type Device struct {
	Endpoint string
	P256dh   string // its public key as base64url
	Auth     string // its secret as base64url

	private *ecdh.PrivateKey
	secret  []byte
	sender  string // the key that it takes messages of
	server  *Server
	refuse  refusals
}

// Subscribe is what pushManager.subscribe does in a browser: the device takes messages of
// who holds the key alone.
func (s *Server) Subscribe(applicationServerKey string) *Device {
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		panic(err) // no randomness: nothing goes on
	}
	d := &Device{private: private, secret: make([]byte, 16), sender: applicationServerKey, server: s}
	_, _ = rand.Read(d.secret) // never fails
	path := "/push/" + rand.Text()
	d.Endpoint, d.P256dh, d.Auth = s.URL+path, encode(private.PublicKey().Bytes()), encode(d.secret)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.devices[path] = d
	return d
}

// Refuse has the next pushes to this device answered with a; times 0 takes it back.
func (d *Device) Refuse(times int, a Answer) {
	d.server.mu.Lock()
	defer d.server.mu.Unlock()
	d.refuse = refusals{times, a}
}

// Messages gives what the device got, oldest first.
func (d *Device) Messages() []Message {
	var mine []Message
	for _, m := range d.server.Messages() {
		if m.Device == d {
			mine = append(mine, m)
		}
	}
	return mine
}

// MarshalJSON writes a device as PushSubscription.toJSON() does.
func (d *Device) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{
		"endpoint": d.Endpoint, "expirationTime": nil,
		"keys": map[string]string{"p256dh": d.P256dh, "auth": d.Auth},
	})
}

func encode(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }
