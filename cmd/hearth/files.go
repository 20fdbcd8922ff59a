package main

import (
	"errors"

	"hearth/internal/blob"
	"hearth/internal/server"
)

// files is where files are kept and what they may be.
type files struct {
	BlobURL       string `name:"blob-url" placeholder:"URL" env:"HEARTH_BLOB_URL" help:"Where files are kept: a folder, or a bucket as s3://KEY:SECRET@HOST/BUCKET. Without it, a folder in the data folder."`
	BlobKeyFile   string `name:"blob-key-file" placeholder:"FILE" env:"HEARTH_BLOB_KEY_FILE" help:"The key that files are encrypted with. Without it, a file in the data folder, made on the first start."`
	LimitMB       int    `name:"attachment-limit" placeholder:"MB" default:"25" env:"HEARTH_ATTACHMENT_LIMIT" help:"How large one file may be (${default} MB)."`
	MaxPerMessage int    `name:"attachments-per-message" placeholder:"N" default:"10" env:"HEARTH_ATTACHMENTS_PER_MESSAGE" help:"How many files a message may have (${default})."`
}

const (
	mostMB         = 1024
	mostPerMessage = 100
)

func (f files) check() error {
	switch {
	case f.LimitMB < 1 || f.LimitMB > mostMB:
		return errors.New("--attachment-limit must be 1 to 1024 (MB)")
	case f.MaxPerMessage < 1 || f.MaxPerMessage > mostPerMessage:
		return errors.New("--attachments-per-message must be 1 to 100")
	}
	return blob.Check(f.BlobURL)
}

func (f files) config() server.Files {
	return server.Files{URL: f.BlobURL, KeyFile: f.BlobKeyFile, LimitBytes: int64(f.LimitMB) << 20, PerMessage: f.MaxPerMessage}
}
