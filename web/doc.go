// Package web carries Hearth's web app, a React program built by Vite into
// dist, as an embedded file system. It promises only the files: internal/webui
// decides how they are served. Every larger text asset has a .br and a .gz
// sibling made by the build, so that serving never compresses. When the app
// was not built, Dist has no dist/index.html and the server says so.
package web
