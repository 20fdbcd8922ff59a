package push_test

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/outward"
	"hearth/internal/push"
	"hearth/internal/push/pushtest"
	"hearth/internal/testkit"
)

const contact = "https://chat.maplecourt.example"

// world is a sender and a push service.
type world struct {
	clock   *testkit.Clock
	service *pushtest.Server
	sender  *push.Sender
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{clock: testkit.NewClock(time.Time{})}
	w.service = pushtest.Start(t, w.clock.Now)
	w.sender = openSender(t, w.clock.Now, client(t, w.service))
	return w
}

func client(t testing.TB, service *pushtest.Server) *outward.Client {
	t.Helper()
	c := outward.NewTrusting([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, service.Roots)
	t.Cleanup(c.Close)
	return c
}

func openSender(t testing.TB, clock care.Clock, c *outward.Client) *push.Sender {
	t.Helper()
	s, err := push.Open(t.Context(), testkit.SQLite(t), clock, c, contact)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func subscription(d *pushtest.Device) push.Subscription {
	return push.Subscription{Endpoint: d.Endpoint, P256dh: d.P256dh, Auth: d.Auth}
}

func (w *world) subscribe() *pushtest.Device { return w.service.Subscribe(w.sender.PublicKey()) }

func (w *world) send(t testing.TB, d *pushtest.Device, o push.Options) error {
	t.Helper()
	return w.sendIn(t.Context(), d, o)
}

func (w *world) sendIn(ctx context.Context, d *pushtest.Device, o push.Options) error {
	return w.sender.Send(ctx, subscription(d), []byte("You have a new message"), o)
}
