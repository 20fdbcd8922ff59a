// Package webui serves the built web app: its files as they are, compressed by the build,
// and index.html for every address inside the app, so that a reload works anywhere.
//
// Files below assets/ carry a hash in their names and may be kept for ever; everything
// else is asked for again each time and answered with 304 while it has not changed. An
// asset that does not exist is 404, never index.html, so that a page from before an update
// fails clearly. The service worker, /sw.js, is asked for again each time as well, so that
// a new version is seen at once; a build without it answers 404, on which devices drop the
// one they have. When the app was not built, every address answers 503 with how to build it.
package webui
