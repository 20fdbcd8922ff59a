package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/minio/minio-go/v7"
)

// bucket keeps files in a bucket of a server that speaks S3.
type bucket struct {
	core   minio.Core
	name   string
	prefix string // of all keys: "" or with a slash at the end
}

// partBytes is how much of a file is held in memory while it is sent: files up to this
// size go in one request, larger ones in parts of it.
const partBytes = 8 << 20

func (b *bucket) put(ctx context.Context, path string, r io.Reader) error {
	var head bytes.Buffer
	_, err := io.CopyN(&head, r, partBytes)
	if err != nil && err != io.EOF {
		return err
	}
	size, body := int64(head.Len()), io.Reader(bytes.NewReader(head.Bytes()))
	if err == nil { // there may be more
		size, body = -1, io.MultiReader(bytes.NewReader(head.Bytes()), r)
	}
	_, err = b.core.Client.PutObject(ctx, b.name, b.prefix+path, body, size, minio.PutObjectOptions{
		PartSize: partBytes, ContentType: "application/octet-stream",
		// What is sent is authenticated already; MD5 finds what the way there damaged.
		DisableContentSha256: true, SendContentMd5: true,
	})
	return s3Error(err)
}

func (b *bucket) open(ctx context.Context, path string) (source, error) {
	f := &bucketFile{ctx: ctx, bucket: b, key: b.prefix + path, total: -1}
	if _, err := f.window(0); err != nil {
		return nil, err
	}
	return f, nil
}

func (b *bucket) remove(ctx context.Context, path string) error {
	err := s3Error(b.core.Client.RemoveObject(ctx, b.name, b.prefix+path, minio.RemoveObjectOptions{}))
	if errors.Is(err, ErrMissing) {
		return nil
	}
	return err
}

func (b *bucket) list(ctx context.Context, fn func(string) error) error {
	ctx, stop := context.WithCancel(ctx) // ends the listing when fn does
	defer stop()
	for object := range b.core.Client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix, Recursive: true}) {
		if object.Err != nil {
			return s3Error(object.Err)
		}
		if err := fn(strings.TrimPrefix(object.Key, b.prefix)); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (b *bucket) check(ctx context.Context) error {
	there, err := b.core.Client.BucketExists(ctx, b.name)
	if err == nil && there {
		return nil
	}
	problem := fmt.Sprintf("The server for files has no bucket %q that these credentials may use.", b.name)
	if err != nil {
		problem = "The server for files, --blob-url, does not answer as S3 does."
	}
	return &OpenError{Problem: problem, Err: err,
		Remedy: "Correct address, region, bucket and credentials of --blob-url, or make the bucket. It must not be public."}
}

// s3Error tells what is missing and what cannot be reached from other failures.
func s3Error(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	answer := minio.ToErrorResponse(err)
	switch {
	case answer.Code == minio.NoSuchKey || answer.StatusCode == http.StatusNotFound:
		return ErrMissing
	case answer.StatusCode >= 400 && answer.StatusCode < 500 && answer.StatusCode != http.StatusTooManyRequests:
		return fmt.Errorf("S3 answered %d %s", answer.StatusCode, answer.Code) // its message may repeat the key
	}
	return unavailable{fmt.Errorf("S3 cannot be reached: %d %s", answer.StatusCode, answer.Code)}
}

// bucketFile reads a file in windows, of which it keeps the last two: what decrypts it
// asks for 64 KiB at a time, which would be as many requests.
type bucketFile struct {
	ctx    context.Context
	bucket *bucket
	key    string
	total  int64 // -1 until the first answer tells

	mu   sync.Mutex
	kept [2]window // the latest first
}

type window struct {
	number int64
	bytes  []byte
}

const windowBytes = 1 << 20

func (f *bucketFile) size() int64 { return f.total }

// Close has nothing to let go of.
func (f *bucketFile) Close() error { return nil }

// ReadAt reads from the windows that hold the stretch.
func (f *bucketFile) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) && off < f.total {
		bytes, err := f.window(off / windowBytes)
		if err != nil {
			return n, err
		}
		stretch := bytes[min(off%windowBytes, int64(len(bytes))):]
		if len(stretch) == 0 {
			return n, io.ErrUnexpectedEOF
		}
		copied := copy(p[n:], stretch)
		n, off = n+copied, off+int64(copied)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (f *bucketFile) window(number int64) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, w := range f.kept {
		if w.bytes != nil && w.number == number {
			f.kept[0], f.kept[i] = f.kept[i], f.kept[0]
			return w.bytes, nil
		}
	}
	data, err := f.fetch(number * windowBytes)
	if err != nil {
		return nil, err
	}
	f.kept = [2]window{{number, data}, f.kept[0]}
	return data, nil
}

func (f *bucketFile) fetch(from int64) ([]byte, error) {
	var options minio.GetObjectOptions
	if err := options.SetRange(from, from+windowBytes-1); err != nil {
		return nil, err
	}
	body, _, header, err := f.bucket.core.GetObject(f.ctx, f.bucket.name, f.key, options)
	if err != nil {
		return nil, s3Error(err)
	}
	defer body.Close()
	if f.total < 0 {
		if f.total, err = totalOf(header); err != nil {
			return nil, err
		}
	}
	data, err := io.ReadAll(io.LimitReader(body, windowBytes))
	if err != nil {
		return nil, unavailable{errors.New("S3 broke off an answer")}
	}
	return data, nil
}

// totalOf reads the size of the whole file from the answer to a range.
func totalOf(header http.Header) (int64, error) {
	_, total, found := strings.Cut(header.Get("Content-Range"), "/")
	size, err := strconv.ParseInt(total, 10, 64)
	if !found || err != nil {
		return 0, errors.New("the server for files does not answer ranges, which S3 does")
	}
	return size, nil
}
