package db

import (
	"sync"
	"sync/atomic"

	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
	"github.com/ncruces/go-sqlite3/vfs/adiantum"
)

// vfsName is the file layer of every connection: writes to the log are gathered, then
// encrypted by adiantum, then go to the disk.
const vfsName = "hearth"

func init() { vfs.Register(vfsName, gathering{adiantum.Wrap(disk{vfs.Find("")}, nil)}) }

// gathering is the encrypting file layer with one thing changed: what SQLite writes to
// its write-ahead log is kept in memory until it is synced, and then encrypted and
// written in one go.
//
// SQLite writes a page to the log as 24 bytes and 4,096 bytes, so none of it lies on the
// cipher's blocks of 4,096 bytes. Written through, every page costs three blocks to read
// back, decrypt, encrypt and write; gathered, one.
//
// It is as durable as before: with synchronous=FULL a commit is told only after Sync, and
// other connections look at a frame of the log only after the commit. To guard a commit
// from a torn block, SQLite ends it with frames that repeat its last page, and syncs at
// the first boundary of a block within them; the rest of that frame comes after the Sync
// and is written through, because nothing else would write it.
//
// The next commit begins in the block where the last one ended and encrypts its bytes
// anew; a lock per log keeps readers of this process from seeing that half done.
type gathering struct{ vfs.VFS }

// OpenFilename is how SQLite opens a file by this layer.
func (g gathering) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := vfsutil.WrapOpenFilename(g.VFS, name, flags)
	if err != nil || flags&vfs.OPEN_WAL == 0 {
		return file, flags, err
	}
	below, ok := vfsutil.UnwrapFile[*diskFile](file)
	if !ok {
		return file, flags, nil
	}
	path := name.String()
	return &logFile{File: file, disk: below, path: path, lock: holdLock(path)}, flags, nil
}

// logLocks has a lock for every log that is open in this process.
var logLocks = struct {
	sync.Mutex
	byPath map[string]*logLock
}{byPath: map[string]*logLock{}}

type logLock struct {
	sync.RWMutex
	holders int
	end     atomic.Int64 // of what was written last, in bytes
}

// logEnd gives where the last write to a log that is open ended, in bytes.
func logEnd(path string) int64 {
	logLocks.Lock()
	defer logLocks.Unlock()
	if l := logLocks.byPath[path]; l != nil {
		return l.end.Load()
	}
	return 0
}

func holdLock(path string) *logLock {
	logLocks.Lock()
	defer logLocks.Unlock()
	l := logLocks.byPath[path]
	if l == nil {
		l = &logLock{}
		logLocks.byPath[path] = l
	}
	l.holders++
	return l
}

func dropLock(path string) {
	logLocks.Lock()
	defer logLocks.Unlock()
	if l := logLocks.byPath[path]; l != nil {
		if l.holders--; l.holders == 0 {
			delete(logLocks.byPath, path)
		}
	}
}

const (
	// maxGathered bounds what waits in memory, in bytes; a larger transaction is written
	// in parts.
	maxGathered = 4 << 20

	// The log is a header and then frames of a small header and a page each
	// (https://sqlite.org/fileformat2.html#walformat). Pages have SQLite's default size.
	logHeader = 32
	frameSize = 24 + 4096
)

// logFile is the write-ahead log of one connection.
type logFile struct {
	vfs.File
	disk *diskFile // below the cipher
	path string
	lock *logLock

	waiting []byte
	at      int64 // where waiting belongs in the file
	synced  int64 // where the last Sync ended
	through int64 // writes from synced to here are not kept

	lost   error // why bytes at lostAt could not be written
	lostAt int64
}

// Unwrap gives the file below.
func (f *logFile) Unwrap() vfs.File { return f.File }

// WriteAt keeps what continues the bytes that wait, and writes those first otherwise.
func (f *logFile) WriteAt(p []byte, off int64) (int, error) {
	if f.lost != nil && off > f.lostAt {
		return 0, f.lost
	}
	f.lost = nil
	if f.synced <= off && off < f.through {
		return len(p), f.put(p, off)
	}
	continues := off == f.at+int64(len(f.waiting))
	if len(f.waiting) > 0 && (!continues || len(f.waiting)+len(p) > maxGathered) {
		if err := f.flush(); err != nil {
			return 0, err
		}
	}
	if len(f.waiting) == 0 {
		f.at, f.through = off, 0
	}
	f.waiting = append(f.waiting, p...)
	return len(p), nil
}

// flush writes what waits. When that fails the transaction is lost with its bytes: until
// SQLite starts again at the same place or before, nothing more is taken.
func (f *logFile) flush() error {
	if len(f.waiting) == 0 {
		return nil
	}
	err := f.put(f.waiting, f.at)
	f.at += int64(len(f.waiting))
	if f.waiting = f.waiting[:0]; cap(f.waiting) > maxGathered {
		f.waiting = nil
	}
	return err
}

// put writes to the file below, all in one write.
func (f *logFile) put(p []byte, off int64) error {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.disk.join()
	_, err := f.File.WriteAt(p, off)
	if ended := f.disk.end(); err == nil {
		err = ended
	}
	if err != nil {
		f.lost, f.lostAt = err, off
	}
	f.lock.end.Store(off + int64(len(p)))
	return err
}

// ReadAt sees what this connection wrote.
func (f *logFile) ReadAt(p []byte, off int64) (int, error) {
	if off < f.at+int64(len(f.waiting)) && off+int64(len(p)) > f.at {
		if err := f.flush(); err != nil {
			return 0, err
		}
	}
	f.lock.RLock()
	defer f.lock.RUnlock()
	return f.File.ReadAt(p, off)
}

// Sync makes everything written durable. What still comes of the frame in which it ends
// is written through.
func (f *logFile) Sync(flags vfs.SyncFlag) error {
	if err := f.flush(); err != nil {
		return err
	}
	if f.lost != nil {
		return f.lost
	}
	f.synced, f.through = f.at, endOfFrame(f.at)
	return f.File.Sync(flags)
}

// endOfFrame gives the end of the frame that off lies within; off itself between frames.
func endOfFrame(off int64) int64 {
	within := (off - logHeader) % frameSize
	if off <= logHeader || within == 0 {
		return off
	}
	return off - within + frameSize
}

// Size counts what waits.
func (f *logFile) Size() (int64, error) {
	if err := f.flush(); err != nil {
		return 0, err
	}
	return f.File.Size()
}

// Truncate cuts the file after what waits is in it.
func (f *logFile) Truncate(size int64) error {
	if err := f.flush(); err != nil {
		return err
	}
	return f.File.Truncate(size)
}

// Close writes what waits and closes the file.
func (f *logFile) Close() error {
	err := f.flush()
	dropLock(f.path)
	if closing := f.File.Close(); err == nil {
		err = closing
	}
	return err
}
