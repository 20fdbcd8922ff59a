package db

import (
	"errors"
	"syscall"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
)

// disk is the file layer beneath the cipher. It tells SQLite when the disk is full, which
// the library's own layer calls an I/O error without a reason, and it can join the
// cipher's blocks into one write.
type disk struct{ vfs.VFS }

// OpenFilename is how SQLite opens a file by this layer.
func (d disk) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := vfsutil.WrapOpenFilename(d.VFS, name, flags)
	if err != nil {
		return nil, flags, orFull(err)
	}
	return &diskFile{File: file}, flags, nil
}

// orFull gives SQLite's word for a full disk, or the error as it is.
func orFull(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return sqlite3.FULL
	}
	return err
}

// cipherBlock is the size of adiantum's blocks in bytes.
const cipherBlock = 4096

// diskFile is a file of the disk layer.
type diskFile struct {
	vfs.File
	joining bool
	joined  []byte
	at      int64 // where joined belongs
}

// WriteAt writes, or joins what continues the bytes joined so far.
func (f *diskFile) WriteAt(p []byte, off int64) (int, error) {
	if !f.joining {
		n, err := f.File.WriteAt(p, off)
		return n, orFull(err)
	}
	if off != f.at+int64(len(f.joined)) {
		if err := f.write(); err != nil {
			return 0, err
		}
		f.at = off
	}
	f.joined = append(f.joined, p...)
	return len(p), nil
}

// join makes WriteAt keep bytes until end. The cipher reads blocks meanwhile, but none
// that it has just written.
func (f *diskFile) join() { f.joining, f.joined = true, f.joined[:0] }

// end writes what was joined.
func (f *diskFile) end() error {
	f.joining = false
	err := f.write()
	if cap(f.joined) > maxGathered {
		f.joined = nil
	}
	return err
}

func (f *diskFile) write() error {
	if len(f.joined) == 0 {
		return nil
	}
	_, err := f.File.WriteAt(f.joined, f.at)
	f.joined = f.joined[:0]
	return orFull(err)
}

// Size counts whole blocks of the cipher. A power cut may leave a part of one at the end,
// which nobody can read and which SQLite would call an error of the disk.
func (f *diskFile) Size() (int64, error) {
	size, err := f.File.Size()
	return size - size%cipherBlock, err
}

// Truncate sets the length.
func (f *diskFile) Truncate(size int64) error { return orFull(f.File.Truncate(size)) }

// Sync makes what was written durable.
func (f *diskFile) Sync(flags vfs.SyncFlag) error { return orFull(f.File.Sync(flags)) }

// Unwrap gives the file below. The methods that follow only pass on what SQLite asks for.
func (f *diskFile) Unwrap() vfs.File { return f.File }

// SizeHint makes room.
func (f *diskFile) SizeHint(size int64) error { return orFull(vfsutil.WrapSizeHint(f.File, size)) }

// SharedMemory is the index of the log.
func (f *diskFile) SharedMemory() vfs.SharedMemory { return vfsutil.WrapSharedMemory(f.File) }

// LockState tells the lock held.
func (f *diskFile) LockState() vfs.LockLevel { return vfsutil.WrapLockState(f.File) }

// HasMoved tells whether the file was renamed or removed.
func (f *diskFile) HasMoved() (bool, error) { return vfsutil.WrapHasMoved(f.File) }
