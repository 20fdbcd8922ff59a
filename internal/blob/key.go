package blob

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
)

// openKey reads the key of the files, and makes one where there are no files yet.
func openKey(ctx context.Context, cfg Config, p place) (*age.X25519Identity, error) {
	key, err := readKey(cfg.KeyFile)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if err := refuseFiles(ctx, cfg, p); err != nil {
		return nil, err
	}
	if key, err = makeKey(cfg.KeyFile); errors.Is(err, fs.ErrExist) {
		return readKey(cfg.KeyFile) // another process made it in this moment
	} else if err != nil {
		return nil, &OpenError{Problem: "The key file " + cfg.KeyFile + " cannot be written.", Err: err,
			Remedy: "Give the user who runs Hearth the right to write there, or name another file with --blob-key-file."}
	}
	cfg.Logger.Warn("A new encryption key for files was made. Keep a copy of it in a safe place away from this machine and from the backups: without it nobody can ever read the files again.", "file", cfg.KeyFile)
	return key, nil
}

// refuseFiles keeps a new key from being made where an old one is missing.
func refuseFiles(ctx context.Context, cfg Config, p place) error {
	found := errors.New("found")
	err := p.list(ctx, func(path string) error {
		if nameAt(path) == "" {
			return nil
		}
		return found
	})
	if !errors.Is(err, found) {
		return err
	}
	return &OpenError{
		Problem: "There are stored files, but their key " + cfg.KeyFile + " is missing.",
		Remedy:  "Put your copy of the key file back (mode 0600), or name it with --blob-key-file. Without the key nobody can read the files.",
	}
}

func readKey(path string) (*age.X25519Identity, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, &OpenError{
			Problem: "The key file " + path + " can be read by other users of this machine.",
			Remedy:  "Run: chmod 600 " + path,
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	for line := range bytes.Lines(text) {
		if key, err := age.ParseX25519Identity(strings.TrimSpace(string(line))); err == nil {
			return key, nil
		}
	}
	return nil, &OpenError{
		Problem: "The key file " + path + " does not hold a key, which is a line that begins with AGE-SECRET-KEY-1.",
		Remedy:  "Put your copy of the key file back.",
	}
}

// makeKey writes a new key. The file appears under its name only when it is whole and on
// the disk, and never replaces another.
func makeKey(path string) (*age.X25519Identity, error) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(temp.Name())
	_, errWrite := temp.WriteString("# The key of Hearth's stored files.\n" + key.String() + "\n")
	if err := errors.Join(errWrite, temp.Sync(), temp.Close(), os.Link(temp.Name(), path)); err != nil {
		return nil, err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	return key, errors.Join(dir.Sync(), dir.Close())
}
