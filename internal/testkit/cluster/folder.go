package cluster

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// credential is the user that the server runs as; PostgreSQL refuses to run as root.
type credential struct{ uid, gid uint32 }

// serverUser picks the user; nil means oneself.
func serverUser() (*credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := lookUp(name)
		if err == nil {
			return u, nil
		}
	}
	return nil, errors.New("PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody")
}

func lookUp(name string) (*credential, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return nil, err
	}
	uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
	gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
	return &credential{uint32(uid), uint32(gid)}, errors.Join(errUID, errGID)
}

func (c *credential) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	if c != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: c.uid, Gid: c.gid}
	}
	return cmd
}

const folderPattern = "hearth-pg-"

// held keeps the locks of this process's folders open until it ends.
var held []*os.File

// makeFolder makes the folder of a cluster, and first removes those whose process ended
// without its shell, as when both were killed. A lock on the folder says that its
// process lives; a server whose folder is gone ends by itself.
func makeFolder(owner *credential, durable bool) (string, error) {
	parent := parentFolder(owner, durable)
	removeStale(parent)
	dir, err := os.MkdirTemp(parent, folderPattern)
	if err != nil {
		return "", err
	}
	lock, err := os.Open(dir)
	if err != nil {
		return "", err
	}
	held = append(held, lock)
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return "", fmt.Errorf("locking %s: %w", dir, err)
	}
	if owner != nil {
		err = os.Chown(dir, int(owner.uid), int(owner.gid))
	}
	return dir, err
}

// Making a database copies some thousand files, five times faster in memory.
const (
	memory       = "/dev/shm"
	memoryNeeded = 2 << 30
)

// parentFolder picks a place that the server's user can reach; its path must be short,
// for it becomes part of a socket's.
func parentFolder(owner *credential, durable bool) string {
	var space syscall.Statfs_t
	if !durable && syscall.Statfs(memory, &space) == nil && space.Bavail*uint64(space.Bsize) >= memoryNeeded {
		return memory
	}
	if owner != nil {
		return "/tmp"
	}
	return os.TempDir()
}

func removeStale(parent string) {
	dirs, _ := filepath.Glob(filepath.Join(parent, folderPattern+"*"))
	for _, dir := range dirs {
		lock, err := os.Open(dir)
		if err != nil {
			continue
		}
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			_ = os.RemoveAll(dir)
		}
		_ = lock.Close()
	}
}
