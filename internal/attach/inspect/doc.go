// Package inspect tells what a file is from its bytes, refuses what is not accepted with a
// reason its sender can act on, and makes pictures anew.
//
// Accepted are pictures (JPEG, PNG, GIF, WebP), PDF, recordings (WebM, Ogg, MP4, MP3, WAV,
// without video), documents of the Office Open XML and OpenDocument kinds without macros,
// and plain text. Everything else is refused: programs, archives, markup such as HTML and
// SVG, and files that are two things at once.
//
// Nothing here trusts a number that a file states before it is checked: pictures are
// measured before they are decoded, and packed documents are unpacked only as far as an
// honest one would go. Pictures are decoded and encoded again, so that nothing but their
// pixels is left: no place, camera, comment or hidden file.
//
// Refusals are *care.Error of kind Invalid with the field "file". Other errors come from
// the reader that gives the bytes. Everything is pure, and safe for concurrent use.
package inspect
