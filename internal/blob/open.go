package blob

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"hearth/internal/care"
)

// Config says where files are kept.
type Config struct {
	// URL is a folder, as a path or file://, or a bucket:
	// s3://KEY:SECRET@HOST/BUCKET/PREFIX?region=…&tls=off&style=path. Credentials that are
	// left out come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
	URL string
	// KeyFile is the file of the key that files are encrypted with. It is made where there
	// are no files yet.
	KeyFile string
	Clock   care.Clock
	Logger  *slog.Logger
}

// OpenError says why files cannot be kept, for the person who starts Hearth. Neither text
// carries a key or a password.
type OpenError struct {
	Problem string // a sentence: what is wrong
	Remedy  string // a sentence: what to do
	Err     error  // the cause, if there is one; not for readers
}

// Error gives both sentences.
func (e *OpenError) Error() string { return e.Problem + " " + e.Remedy }

// Unwrap gives the cause.
func (e *OpenError) Unwrap() error { return e.Err }

// Open finds the place and the key, and checks that files can be stored.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	p, err := openPlace(cfg)
	if err != nil {
		return nil, err
	}
	if err := p.check(ctx); err != nil {
		return nil, err
	}
	key, err := openKey(ctx, cfg, p)
	if err != nil {
		return nil, err
	}
	s := &Store{place: p, key: key}
	return s, s.recognize(ctx, cfg)
}

// mark is a file that only the right key reads.
const mark = Name("key/00000000-0000-8000-8000-000000000000")

// recognize refuses a key that is not the one the files were encrypted with: two nodes
// that were started with keys of their own, or a file put back from another installation.
func (s *Store) recognize(ctx context.Context, cfg Config) error {
	file, err := s.Open(ctx, mark)
	switch {
	case err == nil:
		return file.Close()
	case errors.Is(err, ErrMissing):
		_, err = s.Put(ctx, mark, strings.NewReader("Files here are encrypted with this key.\n"))
		return err
	case errors.Is(err, errChanged):
		return &OpenError{
			Problem: "The key file " + cfg.KeyFile + " is not the key that the stored files were encrypted with.",
			Remedy:  "Put the right key file there; every node of one installation needs the same one.", Err: err,
		}
	}
	return err
}

// Check says whether a URL can be understood, without trying it.
func Check(text string) error {
	if isFolder(text) {
		return nil
	}
	_, err := parseBucket(text)
	return err
}

func isFolder(text string) bool {
	return !strings.Contains(text, "://") || strings.HasPrefix(text, "file://")
}

func openPlace(cfg Config) (place, error) {
	text := cfg.URL
	if isFolder(text) {
		dir, err := filepath.Abs(strings.TrimPrefix(text, "file://"))
		if err != nil {
			return nil, folderError(text, err)
		}
		return openFolder(dir, cfg.Clock)
	}
	b, err := parseBucket(text)
	if err != nil {
		return nil, err
	}
	return b, nil
}

var errBlobURL = errors.New("--blob-url (HEARTH_BLOB_URL) must be a folder such as /var/lib/hearth/files, or a bucket such as " +
	"s3://KEY:SECRET@s3.example.org/BUCKET?region=eu-central-1, with special characters percent-encoded")

// s3Retries is how often a request is tried; a caller waits meanwhile.
const s3Retries = 4

func parseBucket(text string) (*bucket, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "s3" || u.Host == "" || u.Fragment != "" {
		return nil, errBlobURL
	}
	name, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	options, err := bucketOptions(u)
	if err != nil || name == "" {
		return nil, errBlobURL
	}
	core, err := minio.NewCore(u.Host, options)
	if err != nil {
		return nil, errBlobURL
	}
	if prefix != "" {
		prefix += "/"
	}
	return &bucket{core: *core, name: name, prefix: prefix}, nil
}

func bucketOptions(u *url.URL) (*minio.Options, error) {
	options := &minio.Options{Creds: credentials.NewEnvAWS(), Secure: true, MaxRetries: s3Retries}
	if u.User != nil {
		secret, _ := u.User.Password()
		options.Creds = credentials.NewStaticV4(u.User.Username(), secret, "")
	}
	for name, values := range u.Query() {
		switch value := values[0]; name + "=" + value {
		case "tls=on", "style=auto":
		case "tls=off":
			options.Secure = false
		case "style=path":
			options.BucketLookup = minio.BucketLookupPath
		case "style=host":
			options.BucketLookup = minio.BucketLookupDNS
		default:
			if name != "region" {
				return nil, errBlobURL
			}
			options.Region = value
		}
	}
	return options, nil
}
