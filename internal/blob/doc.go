// Package blob keeps files: attachments, exports, pictures.
//
// It promises that what Put has acknowledged is durable and comes back byte for byte or not at all, that content
// is encrypted before it reaches the place of storage, and that every place (a folder, S3) passes one and the
// same conformance test. It owns no table: what a file is called, who may read it and how long it stays is known
// to the package that asks for it.
//
// The room is reserved and still empty: no file is kept anywhere yet.
package blob
