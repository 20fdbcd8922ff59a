package httpapi

// pageQuery are the parameters of every list; embed it in the input.
type pageQuery struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most"`
	Cursor string `query:"cursor" maxLength:"500" doc:"next_cursor of the page before"`
}
