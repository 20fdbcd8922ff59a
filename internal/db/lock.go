package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// lockFolder waits until no other program is setting the folder up. Closing the file,
// or the end of the process, gives the lock back.
func lockFolder(ctx context.Context, dir string) (*os.File, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	for {
		err := flock(f)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errors.Join(err, f.Close())
		}
		if !pause(ctx, 20*time.Millisecond) {
			return nil, errors.Join(context.Cause(ctx), f.Close())
		}
	}
}

// lockServing makes sure that one program serves the folder. A shared user needs no
// lock, but opens the file all the same to see that the folder can be written to.
func lockServing(dir string, shared bool) (*os.File, error) {
	path := filepath.Join(dir, lockName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil || shared {
		return f, err
	}
	if err := flock(f); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, inUse(dir, path)
		}
		return nil, err
	}
	// Only a help for the message of whoever comes second.
	_ = f.Truncate(0)
	_, _ = fmt.Fprintln(f, os.Getpid())
	return f, nil
}

func inUse(dir, path string) error {
	who := ""
	if pid, err := os.ReadFile(path); err == nil && len(pid) > 0 {
		who = " (process " + strings.TrimSpace(string(pid)) + ")"
	}
	return &OpenError{
		Problem: "The data folder " + dir + " is in use by another Hearth" + who + ".",
		Remedy:  "Stop that one first, or name another folder with --data.",
	}
}

func flock(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
