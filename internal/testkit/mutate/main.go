// Command mutate checks that the tests hold the rules: it turns one condition of a package
// into its opposite, runs the tests that are to hold it, and does so for every condition.
// A turned condition that no test notices is printed, and the exit code is 1.
//
//	go run ./internal/testkit/mutate ./internal/access -- ./internal/access
//	go run ./internal/testkit/mutate -run /sqlite ./internal/chataccess -- ./internal/chataccess ./internal/httpapi
//
// A condition is what an if, a case without a tag, or an operand of && and || asks.
// Whether an error is nil is not asked about a rule and is left alone. The tests are built
// once, with every condition asked by its number; which one is turned says the environment.
// The working tree is not touched: the compiler is given the changed files by an overlay.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	only := flag.String("only", "", "a regular expression that the place, file:line, must match")
	limit := flag.String("timeout", "180s", "how long one run of the tests may take")
	run := flag.String("run", "", "which tests run, as go test -run has it: /sqlite leaves the other engine away")
	flag.Parse()
	args := flag.Args()
	at := slices.Index(args, "--")
	if at != 1 || len(args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: mutate [-only RE] [-run RE] FOLDER -- PACKAGES…")
		os.Exit(2)
	}
	os.Exit(mutate(args[0], args[2:], regexp.MustCompile(*only), []string{"-test.failfast", "-test.timeout", *limit, "-test.run", *run}))
}

// mutate turns the conditions of a folder one by one, says of each that nobody noticed, and
// gives the exit code.
func mutate(folder string, packages []string, only *regexp.Regexp, flags []string) int {
	dir, err := os.MkdirTemp("", "hearth-mutate-")
	if err != nil {
		return failed(err)
	}
	defer os.RemoveAll(dir)
	places, overlay, err := prepare(folder, dir)
	if err != nil {
		return failed(err)
	}
	tests, err := build(packages, overlay, dir, flags)
	if err != nil {
		return failed(err)
	}
	if out, noticed := tests.notice(0); noticed {
		return failed(fmt.Errorf("the tests fail before anything is turned:\n%s", out))
	}
	turned, survivors := 0, 0
	for i, place := range places {
		if !only.MatchString(place) {
			continue
		}
		turned++
		if _, noticed := tests.notice(i + 1); !noticed {
			survivors++
			fmt.Printf("not noticed: %s\n", place)
		}
	}
	fmt.Printf("%d conditions turned, %d noticed, %d not\n", turned, turned-survivors, survivors)
	return min(survivors, 1)
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 2
}

// prepare writes the changed files of a folder into dir, with the list that the compiler
// takes, and gives the place and text of each condition, by number from 1 on.
func prepare(folder, dir string) (places []string, overlay string, err error) {
	full, err := filepath.Abs(folder)
	if err != nil {
		return nil, "", err
	}
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, "", err
	}
	replace := map[string]string{}
	put := func(name, text string) error {
		changed := filepath.Join(dir, name)
		replace[filepath.Join(full, name)] = changed
		return os.WriteFile(changed, []byte(text), 0o600)
	}
	name := ""
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return nil, "", err
		}
		files := token.NewFileSet()
		parsed, err := parser.ParseFile(files, path, source, 0)
		if err != nil {
			return nil, "", err
		}
		name = parsed.Name.Name
		all := conditions(files, parsed, source)
		if err := put(filepath.Base(path), asked(source, all, len(places)+1)); err != nil {
			return nil, "", err
		}
		for _, c := range all {
			places = append(places, fmt.Sprintf("%s:%d: %s", path, c.line, source[c.start:c.end]))
		}
	}
	if err := put("mutate_is.go", answering(name)); err != nil {
		return nil, "", err
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, "", err
	}
	overlay = filepath.Join(dir, "overlay.json")
	return places, overlay, os.WriteFile(overlay, list, 0o600)
}

// suites are the tests of some packages, built.
type suites struct {
	flags   []string
	folders []string // of the packages, where their tests run
	files   []string
}

func build(packages []string, overlay, dir string, flags []string) (suites, error) {
	s := suites{flags: flags}
	for i, folder := range packages {
		file := filepath.Join(dir, fmt.Sprint(i, ".test"))
		if out, err := exec.Command("go", "test", "-c", "-overlay", overlay, "-o", file, folder).CombinedOutput(); err != nil {
			return s, fmt.Errorf("building the tests of %s: %w\n%s", folder, err, out)
		}
		s.folders, s.files = append(s.folders, folder), append(s.files, file)
	}
	return s, nil
}

// notice runs the tests with one condition turned and reports whether one fails.
func (s suites) notice(turned int) (out []byte, noticed bool) {
	for i, file := range s.files {
		run := exec.Command(file, s.flags...)
		run.Dir = s.folders[i]
		run.Env = append(os.Environ(), fmt.Sprintf("%s=%d", variable, turned))
		if out, err := run.CombinedOutput(); err != nil {
			return out, true
		}
	}
	return nil, false
}
