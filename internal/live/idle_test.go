package live

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

// BenchmarkIdleConnections measures what a thousand connections cost that say nothing:
// bytes of this process per connection, both its heap and its stacks. The other end is a
// bare TCP connection of the same process and costs about 1 KiB of that.
func BenchmarkIdleConnections(b *testing.B) {
	const connections = 1000
	for b.Loop() {
		r := newRig(b, func(c *Config) { c.MaxPerPerson = connections })
		r.person("noor")
		before := inUse()
		open := make([]net.Conn, connections)
		for i := range open {
			open[i] = bareConnection(b, r)
		}
		eventually(b, "all are open", func() bool { return r.hub.Stats().Connections == connections })
		b.ReportMetric(float64(inUse()-before)/connections/1024, "KiB/conn")
		for _, conn := range open {
			_ = conn.Close()
		}
		eventually(b, "all are gone", func() bool { return r.hub.Stats().Connections == 0 })
	}
}

// bareConnection shakes hands and keeps nothing but the socket.
func bareConnection(b *testing.B, r *rig) net.Conn {
	b.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.server.URL, "http://"))
	if err != nil {
		b.Fatal(err)
	}
	_, _ = fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer noor\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	response, err := http.ReadResponse(bufio.NewReaderSize(conn, 512), nil)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		b.Fatal(response, err)
	}
	return conn
}

func inUse() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}

// BenchmarkBroadcast measures one event to two hundred connections that read it.
func BenchmarkBroadcast(b *testing.B) {
	const connections = 200
	r := newRig(b, func(c *Config) { c.MaxPerPerson = connections })
	noor := r.person("noor")
	read := make(chan struct{}, connections)
	for range connections {
		d := r.connect("noor")
		go func() {
			for {
				if _, _, err := d.ws.Read(b.Context()); err != nil {
					return
				}
				read <- struct{}{}
			}
		}()
	}
	seq := int64(0)
	for b.Loop() {
		seq++
		r.bus.Publish(posted(seq, "How were the oats this morning?", noor))
		for range connections {
			<-read
		}
	}
	b.ReportMetric(float64(b.N*connections)/b.Elapsed().Seconds(), "deliveries/s")
}
