package httpapi

import "hearth/internal/care"

// PageQuery are the parameters of every list; embed it in the input. It is exported as
// huma looks into exported fields only.
type PageQuery struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most"`
	Cursor string `query:"cursor" maxLength:"500" doc:"next_cursor of the page before"`
}

func badCursor() *care.Error {
	return care.BadField("cursor", "unknown", "Must be the next_cursor of a page, or left away.")
}
