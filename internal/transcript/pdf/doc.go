// Package pdf writes documents of flowing text with pictures, page by page.
//
// It promises:
//
//   - A page that is full is written and forgotten: memory does not grow with the length
//     of the document but for a few bytes a page.
//   - Text can be searched, selected and copied as it was given. Its fonts are in the
//     file: Latin letters are set in Atkinson Hyperlegible Next, Greek, Cyrillic and
//     symbols in the Go fonts, code in Go Mono.
//   - A sign that these lack is named in brackets where it is an emoji or symbol, such as
//     "[thumbs up]"; a letter of another script becomes □, and [Document.Missing] counts
//     those. Text is laid out from left to right.
//   - It writes no scripts, forms or outside references; links are to the web, mail and
//     telephones, as they were given.
//
// Not covered: scripts that want shaping or are written from right to left, tagged
// structure for screen readers, hyphenation. The HTML export is the better one to read
// aloud.
//
// A Document belongs to one goroutine. After an error of the writer everything does
// nothing, and Close returns it.
package pdf
