package db

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

const keyBytes = 32

// errKeyText says that a key was refused without repeating it.
var errKeyText = errors.New("db: the key has the wrong form")

// folderKey reads the key of a data folder, and makes it on the first start.
func folderKey(logger *slog.Logger, dir string) ([]byte, error) {
	path := filepath.Join(dir, keyName)
	key, err := readKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if info, err := os.Stat(filepath.Join(dir, fileName)); err == nil && info.Size() > 0 {
		return nil, &OpenError{
			Problem: "The database " + filepath.Join(dir, fileName) + " is there but its key " + path + " is missing.",
			Remedy:  "Put your copy of the key file back (mode 0600). Without the key nobody can read the database.",
		}
	}
	if key, err = makeKey(path); err != nil {
		return nil, err
	}
	logger.Warn("A new encryption key was made. Keep a copy of this file in a safe place away from this machine and from the backups: without it nobody can ever read the database again.", "file", path)
	return key, nil
}

func readKey(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &OpenError{Problem: "The key " + path + " is not a file.", Remedy: "Put the key file of this database there."}
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
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != keyBytes {
		return nil, &OpenError{
			Problem: "The key file " + path + " does not hold a key, which is 64 hexadecimal digits.",
			Remedy:  "Put your copy of the key file back.",
		}
	}
	return key, nil
}

// makeKey writes a new key. The file appears under its name only when it is whole and on
// the disk, and never replaces another.
func makeKey(path string) ([]byte, error) {
	key := make([]byte, keyBytes)
	_, _ = rand.Read(key)                                        // never fails
	temp, err := os.CreateTemp(filepath.Dir(path), keyName+".*") // mode 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(temp.Name())
	_, errWrite := temp.WriteString(hex.EncodeToString(key) + "\n")
	if err := errors.Join(errWrite, temp.Sync(), temp.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(temp.Name(), path); err != nil {
		return nil, err
	}
	return key, syncFolder(filepath.Dir(path))
}

// syncFolder makes the names in a folder durable.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
