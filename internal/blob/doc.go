// Package blob keeps files: attachments, their thumbnails, exports.
//
// A [Store] encrypts what it is given with age (X25519) before it reaches the place of
// storage, which is a folder or a bucket of a server that speaks S3. It promises:
//
//   - What Put has acknowledged is durable, and comes back byte for byte or not at all:
//     a file that was changed, cut short, or stands under another file's name is refused
//     when it is read.
//   - A Put that failed leaves nothing behind under its name.
//   - Any stretch of a file can be read without reading what is before it.
//   - Both places pass one and the same conformance test.
//
// It owns no table: what a file is called, who may read it and how long it stays is known
// to the package that asks for it. The place learns the sizes and ages of files and ids
// that mean nothing elsewhere. The key is a file of its own, kept like the key of the
// database; `age --decrypt -i KEY` reads a stored file too, behind its first 32 bytes.
//
// A Store is safe for concurrent use. What one process has put, others that share the
// place can read at once.
package blob
