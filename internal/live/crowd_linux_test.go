package live

import (
	"net"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// BenchmarkCrowd tells what writing one frame to 500 connections of this machine costs the
// thread that does it, in CPU-ms: for a loop of system calls and nothing else, which no
// server can go below, and through the hub's sockets. On one machine the sender's thread
// also does what the system does to receive.
func BenchmarkCrowd(b *testing.B) {
	const crowd = 500
	frame := make([]byte, 760)
	sockets, arrived := openCrowd(b, crowd, len(frame))
	for _, one := range []struct {
		name  string
		write func(s *socket)
	}{
		{"bare", func(s *socket) { sendNow(s.fd, frame) }},
		{"socket", func(s *socket) { s.tryWrite(frame) }},
	} {
		b.Run(one.name, func(b *testing.B) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			var spent []time.Duration
			for b.Loop() {
				before := threadTime()
				for _, s := range sockets {
					one.write(s)
				}
				spent = append(spent, threadTime()-before)
				for range crowd {
					<-arrived
				}
			}
			slices.Sort(spent)
			b.ReportMetric(float64(spent[len(spent)/2].Microseconds())/1000, "cpu-ms/crowd")
		})
	}
}

// openCrowd opens connections whose other ends tell when they have read a frame whole.
func openCrowd(b *testing.B, crowd, size int) (sockets []*socket, arrived chan struct{}) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer listener.Close()
	arrived = make(chan struct{}, crowd)
	for range crowd {
		there, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			b.Fatal(err)
		}
		here, err := listener.Accept()
		if err != nil {
			b.Fatal(err)
		}
		sockets = append(sockets, &socket{Conn: here, clock: time.Now, fd: descriptor(here)})
		b.Cleanup(func() { _, _ = here.Close(), there.Close() })
		go readFrames(there, make([]byte, size), arrived)
	}
	return sockets, arrived
}

func readFrames(conn net.Conn, frame []byte, arrived chan<- struct{}) {
	for got := 0; ; {
		n, err := conn.Read(frame[got:])
		if err != nil {
			return
		}
		if got += n; got == len(frame) {
			got = 0
			arrived <- struct{}{}
		}
	}
}

// threadTime is the processor time of the calling thread, to the nanosecond.
func threadTime() time.Duration {
	const clockOfThread = 3 // CLOCK_THREAD_CPUTIME_ID
	var t syscall.Timespec
	_, _, _ = syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clockOfThread, uintptr(unsafe.Pointer(&t)), 0)
	return time.Duration(t.Nano())
}
