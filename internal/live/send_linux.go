//go:build amd64 || arm64

package live

import (
	"syscall"
	"unsafe"
)

// sendNow gives bytes to the system if it takes them at once, and tells how many it took.
//
// The call cannot wait (MSG_DONTWAIT), so Go's scheduler is not told of it. Telling makes
// the scheduler look every few microseconds whether a call has become long, and take the
// processor away from whoever writes to hundreds of connections in a row.
func sendNow(fd int, p []byte) int {
	n, _, failed := syscall.RawSyscall6(syscall.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))),
		uintptr(len(p)), syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL, 0, 0)
	if failed != 0 {
		return 0
	}
	return int(n)
}
