package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"syscall"

	"filippo.io/age"
)

// ErrMissing means that there is no file of that name.
var ErrMissing = errors.New("blob: there is no such file")

// errChanged means that what lies in the place is not what was put there.
var errChanged = errors.New("blob: a stored file was changed or stands under another's name")

// unavailable marks a failure of the place itself, which may pass.
type unavailable struct{ error }

// Unwrap gives the cause.
func (u unavailable) Unwrap() error { return u.error }

// IsUnavailable reports whether the place could not be reached, or has no room.
func IsUnavailable(err error) bool {
	var u unavailable
	return errors.As(err, &u) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// place is where encrypted files lie, under paths that [Name.path] makes.
type place interface {
	// put stores what r gives until its end, durably and whole, or nothing. A file that is
	// there already is replaced.
	put(ctx context.Context, path string, r io.Reader) error
	// open gives a file; ErrMissing when there is none. The context covers all its reads.
	open(ctx context.Context, path string) (source, error)
	// remove forgets a file; one that is not there is no error.
	remove(ctx context.Context, path string) error
	// list calls fn with the path of every file, in no order, until it returns an error.
	list(ctx context.Context, fn func(path string) error) error
	// check fails when files cannot be stored, with words for the operator.
	check(ctx context.Context) error
}

// source is an encrypted file.
type source interface {
	io.ReaderAt
	io.Closer
	size() int64
}

// Store keeps files, encrypted. Make it with [Open].
type Store struct {
	place place
	key   *age.X25519Identity
}

// File is a stored file that is being read. It is not for concurrent use, but for ReadAt.
type File struct {
	*io.SectionReader
	source io.Closer
}

// Close lets go of the file.
func (f *File) Close() error { return f.source.Close() }

// The name's hash stands before the content, so that a file is only ever read under the
// name it was put under, whoever moves files about in the place.
const bindBytes = sha256.Size

func bind(name Name) []byte {
	sum := sha256.Sum256([]byte("hearth file " + name))
	return sum[:]
}

// Put stores what r gives until its end and tells its size; it returns when the file is
// durable. When r fails, or ctx ends, nothing is kept. A file of that name is replaced.
func (s *Store) Put(ctx context.Context, name Name, r io.Reader) (size int64, err error) {
	path, err := name.path()
	if err != nil {
		return 0, err
	}
	counted := &counter{r: r}
	sealed, err := age.EncryptReader(io.MultiReader(bytes.NewReader(bind(name)), counted), s.key.Recipient())
	if err != nil {
		return 0, err
	}
	if err := s.place.put(ctx, path, sealed); err != nil {
		if counted.failed != nil {
			return 0, counted.failed
		}
		return 0, fmt.Errorf("blob: storing a file: %w", err)
	}
	return counted.n, nil
}

// counter counts what is read, and keeps the error of who gives it apart from those of
// the place.
type counter struct {
	r      io.Reader
	n      int64
	failed error
}

// Read reads and counts.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil && err != io.EOF {
		c.failed = err
	}
	return n, err
}

// Open gives a stored file, ErrMissing when there is none. Close it. ctx must last as
// long as the file is read.
func (s *Store) Open(ctx context.Context, name Name) (*File, error) {
	path, err := name.path()
	if err != nil {
		return nil, err
	}
	src, err := s.place.open(ctx, path)
	if errors.Is(err, ErrMissing) {
		return nil, ErrMissing
	} else if err != nil {
		return nil, fmt.Errorf("blob: opening a file: %w", err)
	}
	section, err := s.unseal(name, src)
	if err != nil {
		return nil, errors.Join(err, src.Close())
	}
	return &File{section, src}, nil
}

func (s *Store) unseal(name Name, src source) (*io.SectionReader, error) {
	plain, size, err := age.DecryptReaderAt(src, src.size(), s.key)
	if IsUnavailable(err) {
		return nil, err
	}
	head := make([]byte, bindBytes)
	if err != nil || size < bindBytes {
		return nil, errors.Join(errChanged, err)
	}
	if _, err := plain.ReadAt(head, 0); err != nil && err != io.EOF || !bytes.Equal(head, bind(name)) {
		return nil, errChanged
	}
	return io.NewSectionReader(plain, bindBytes, size-bindBytes), nil
}

// Remove forgets a file; one that is not there is no error.
func (s *Store) Remove(ctx context.Context, name Name) error {
	path, err := name.path()
	if err != nil {
		return err
	}
	if err := s.place.remove(ctx, path); err != nil {
		return fmt.Errorf("blob: removing a file: %w", err)
	}
	return nil
}

// List calls fn with the name of every file, in no order, until it returns an error.
func (s *Store) List(ctx context.Context, fn func(Name) error) error {
	return s.place.list(ctx, func(path string) error {
		name := nameAt(path)
		if name == "" || name == mark {
			return nil
		}
		return fn(name)
	})
}
