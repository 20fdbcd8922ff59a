package server

import (
	"context"
	"fmt"
	"path/filepath"

	"hearth/internal/attach"
	"hearth/internal/blob"
	"hearth/internal/transcript"
)

// Files says where files are kept and what they may be. The zero value of a field means
// its default.
type Files struct {
	URL        string // a folder or a bucket, as package blob reads it; in the data folder
	KeyFile    string // in the data folder
	LimitBytes int64  // of one file
	PerMessage int    // files of one message
}

// The names within the data folder.
const (
	filesName   = "hearth.files"
	fileKeyName = "hearth.files.key"
)

func (c Config) blob() blob.Config {
	place := blob.Config{URL: c.Files.URL, KeyFile: c.Files.KeyFile, Clock: c.clock(), Logger: c.Logger}
	if place.URL == "" {
		place.URL = filepath.Join(c.Data, filesName)
	}
	if place.KeyFile == "" {
		place.KeyFile = filepath.Join(c.Data, fileKeyName)
	}
	return place
}

// openFiles opens the store of files and what keeps them tidy.
func (n *node) openFiles(ctx context.Context) error {
	if n.cfg.DatabaseURL != "" && n.cfg.Files.URL == "" {
		n.cfg.Logger.Info("Files are kept in the data folder of this machine. Several nodes need a place they share: name it with --blob-url, and give each the same key with --blob-key-file.")
	}
	files, err := blob.Open(ctx, n.cfg.blob())
	if err != nil {
		return fmt.Errorf("files cannot be kept: %w", err)
	}
	n.attach = attach.New(n.db, n.cfg.clock(), files, attach.Limits{Bytes: n.cfg.Files.LimitBytes, PerMessage: n.cfg.Files.PerMessage})
	n.attach.Register(n.runner)
	n.chat.LimitFiles(n.attach.Limits().PerMessage)
	n.transcript = transcript.New(n.db, n.cfg.clock(), n.chat, n.directory, n.attach, files, n.runner.Wake)
	n.transcript.Register(n.runner)
	return nil
}
