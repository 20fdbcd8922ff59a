package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"
)

// configPath finds the config file before anything else is read, for it holds the values
// of flags.
func configPath(args, environ []string) (path string, named bool) {
	for i, arg := range args {
		if value, found := strings.CutPrefix(arg, "--config="); found {
			return value, true
		}
		if arg == "--config" && i+1 < len(args) {
			return args[i+1], true
		}
	}
	path = lookup(environ, "HEARTH_CONFIG")
	return path, path != ""
}

func lookup(environ []string, name string) string {
	for _, pair := range environ {
		if value, found := strings.CutPrefix(pair, name+"="); found {
			return value
		}
	}
	return ""
}

// configFile is the settings of a TOML file, as a source of flags.
type configFile struct {
	path   string
	values map[string]any
}

func loadConfig(path string) (*configFile, error) {
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("--config: there is no file %s", path)
	case err != nil:
		return nil, fmt.Errorf("--config: %s cannot be read: it must be a file that this user may read", path)
	}
	c := &configFile{path: path}
	var syntax toml.ParseError
	if _, err := toml.Decode(string(text), &c.values); errors.As(err, &syntax) {
		return nil, fmt.Errorf("%s: line %d is not TOML; a setting looks like addr = \"127.0.0.1:8080\"", path, syntax.Position.Line)
	} else if err != nil {
		return nil, fmt.Errorf("%s is not TOML; a setting looks like addr = \"127.0.0.1:8080\"", path)
	}
	return c, nil
}

// Validate names a key that no command knows, and the one that was probably meant.
func (c *configFile) Validate(app *kong.Application) error {
	known := keysOf(app.Node)
	for key := range c.values {
		if !slices.Contains(known, key) {
			return fmt.Errorf("%s: there is no setting %q%s", c.path, key, hint(key, known))
		}
	}
	return nil
}

// Resolve gives the value of a flag unless the environment has one, which comes first.
func (c *configFile) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if slices.ContainsFunc(flag.Envs, func(name string) bool { _, set := os.LookupEnv(name); return set }) {
		return nil, nil
	}
	value, found := c.values[keyOf(flag.Name)]
	if !found {
		return nil, nil
	}
	return c.text(keyOf(flag.Name), value)
}

// text gives a value as one would write it behind the flag.
func (c *configFile) text(key string, value any) (any, error) {
	switch v := value.(type) {
	case string, bool, int64:
		return fmt.Sprint(v), nil
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = fmt.Sprint(v[i])
		}
		return strings.Join(parts, ","), nil
	}
	return nil, fmt.Errorf("%s: %s must be a text, a number, true or false, or a list of texts", c.path, key)
}

func keyOf(flag string) string { return strings.ReplaceAll(flag, "-", "_") }

func keysOf(node *kong.Node) []string {
	var keys []string
	for _, flag := range node.Flags {
		if flag.Name != "help" && flag.Name != "config" {
			keys = append(keys, keyOf(flag.Name))
		}
	}
	for _, child := range node.Children {
		keys = append(keys, keysOf(child)...)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// hint says what was probably meant, or what there is.
func hint(word string, known []string) string {
	if near := nearest(word, known, 3); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return "; there are " + strings.Join(known, ", ")
}

// nearest gives the known word with the fewest changes, at most the number given.
func nearest(word string, known []string, most int) string {
	best, at := "", most+1
	for _, k := range known {
		if d := distance(word, k); d < at {
			best, at = k, d
		}
	}
	return best
}

// distance counts the letters to add, remove or replace (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
