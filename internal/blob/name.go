package blob

import (
	"errors"
	"fmt"
	"regexp"
)

// Name is what a file is stored as: the word of the room it belongs to, a slash, a UUID,
// and a dot and a word where one id has several files: "attachments/0199….thumbnail".
type Name string

// NameOf makes a name. kind is empty for the only or main file of an id.
func NameOf(room string, id fmt.Stringer, kind string) Name {
	name := Name(room + "/" + id.String())
	if kind != "" {
		name += Name("." + kind)
	}
	return name
}

var (
	validName = regexp.MustCompile(`^([a-z]{1,20})/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.[a-z]{1,20})?)$`)
	errName   = errors.New("blob: a name has the wrong form")
)

// path is where the file lies in a place. The last two digits of the id spread files over
// folders; the first ones are its time and would put a day's files into one.
func (n Name) path() (string, error) {
	parts := validName.FindStringSubmatch(string(n))
	if parts == nil {
		return "", errName
	}
	id := parts[2][:36]
	return parts[1] + "/" + id[34:] + "/" + parts[2], nil
}

var validPath = regexp.MustCompile(`^([a-z]{1,20})/[0-9a-f]{2}/([^/]+)$`)

// nameAt is the name of the file at a path, "" for what is no file of ours.
func nameAt(path string) Name {
	parts := validPath.FindStringSubmatch(path)
	if parts == nil {
		return ""
	}
	name := Name(parts[1] + "/" + parts[2])
	if back, err := name.path(); err != nil || back != path {
		return ""
	}
	return name
}
