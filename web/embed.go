package web

import "embed"

// Dist holds the built web app below "dist". Before the first build it holds
// dist/.gitkeep alone, so that the Go code compiles without Node.
//
//go:embed all:dist
var Dist embed.FS
