//go:build !linux || !(amd64 || arm64)

package live

import "syscall"

// sendNow gives bytes to the system if it takes them at once, and tells how many it took.
// The connection is one of package net, which does not wait.
func sendNow(fd int, p []byte) int {
	n, _ := syscall.Write(fd, p)
	return max(n, 0)
}
