package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"hearth/internal/care"
)

// folder keeps files in a folder of this machine. A file appears under its path only when
// it is whole and on the disk.
type folder struct {
	root *os.Root
	now  care.Clock
}

const (
	partMark = ".part-"
	// partAge is when what is left of a Put that the end of a process cut short is thrown
	// away: longer than any Put takes.
	partAge = 24 * time.Hour
)

func openFolder(dir string, now care.Clock) (*folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, folderError(dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, folderError(dir, err)
	}
	return &folder{root, now}, nil
}

func folderError(dir string, err error) error {
	return &OpenError{
		Problem: fmt.Sprintf("The folder for files, %s, cannot be used.", dir),
		Remedy:  "Give the user who runs Hearth the right to read and write there, or name another folder with --blob-url.",
		Err:     err,
	}
}

func (f *folder) put(ctx context.Context, name string, r io.Reader) error {
	dir := path.Dir(name)
	if err := f.root.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	part := dir + "/" + partMark + rand.Text()
	if err := f.write(ctx, part, r); err != nil {
		return errors.Join(err, f.remove(ctx, part))
	}
	if err := f.root.Rename(part, name); err != nil {
		return errors.Join(err, f.remove(ctx, part))
	}
	// The folders above may be new too.
	return errors.Join(f.sync(dir), f.sync(path.Dir(dir)), f.sync("."))
}

func (f *folder) write(ctx context.Context, part string, r io.Reader) error {
	file, err := f.root.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, &untilDone{ctx, r}); err != nil {
		return errors.Join(err, file.Close())
	}
	return errors.Join(file.Sync(), file.Close())
}

// untilDone stops reading when a context ends.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

// Read reads while the context lasts.
func (u *untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}

// sync makes the names in a folder durable.
func (f *folder) sync(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

type folderFile struct {
	*os.File
	bytes int64
}

func (f folderFile) size() int64 { return f.bytes }

func (f *folder) open(_ context.Context, name string) (source, error) {
	file, err := f.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrMissing
	} else if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return folderFile{file, info.Size()}, nil
}

func (f *folder) remove(_ context.Context, name string) error {
	err := f.root.Remove(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (f *folder) list(ctx context.Context, fn func(string) error) error {
	return f.walk(ctx, func(name string, entry fs.DirEntry) error {
		if strings.HasPrefix(entry.Name(), partMark) {
			return nil
		}
		return fn(name)
	})
}

func (f *folder) walk(ctx context.Context, fn func(name string, entry fs.DirEntry) error) error {
	return fs.WalkDir(f.root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist): // removed meanwhile
			return nil
		case err != nil || entry.IsDir():
			return errors.Join(err, ctx.Err())
		}
		return fn(name, entry)
	})
}

// check writes a file and removes it, and throws old parts away.
func (f *folder) check(ctx context.Context) error {
	probe := partMark + rand.Text()
	if err := f.write(ctx, probe, strings.NewReader("probe")); err != nil {
		return folderError(f.root.Name(), err)
	}
	return errors.Join(f.remove(ctx, probe), f.walk(ctx, func(name string, entry fs.DirEntry) error {
		info, err := entry.Info()
		if err != nil || !strings.HasPrefix(entry.Name(), partMark) || f.now().Sub(info.ModTime()) < partAge {
			return nil
		}
		return f.remove(ctx, name)
	}))
}
