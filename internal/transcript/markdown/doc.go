// Package markdown reads the light Markdown of messages: bold, italic, lists, links and
// code. It understands what the web app understands (web/src/lib/markdown.ts) and nothing
// more, so that an export shows a message as the thread does. Whatever does not fit is
// text as it was written; there is no HTML, and there are no pictures.
//
// Reading takes time in proportion to the length, whatever the text, and never fails.
package markdown
