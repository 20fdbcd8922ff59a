package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// explained adds to kong's words about an unknown flag or command what would be right.
func explained(err error, root *kong.Node) error {
	var parse *kong.ParseError
	node := root
	if errors.As(err, &parse) && parse.Context.Selected() != nil {
		node = parse.Context.Selected()
	}
	words, _, _ := strings.Cut(err.Error(), ", did you mean")
	if flag, found := strings.CutPrefix(words, "unknown flag --"); found {
		return fmt.Errorf("%s%s", words, hint(flag, flagsOf(node)))
	}
	if word, found := strings.CutPrefix(words, "unexpected argument "); found {
		return fmt.Errorf("there is no command or argument %q here%s", word, hint(word, commandsOf(root)))
	}
	return err
}

// flagsOf lists the flags that a command takes, its parents' included.
func flagsOf(node *kong.Node) []string {
	var names []string
	for ; node != nil; node = node.Parent {
		for _, flag := range node.Flags {
			names = append(names, flag.Name)
		}
	}
	slices.Sort(names)
	return names
}

func commandsOf(root *kong.Node) []string {
	var names []string
	for _, child := range root.Children {
		names = append(names, child.Name)
	}
	return names
}

// envsOf lists every environment variable that a flag reads.
func envsOf(node *kong.Node) []string {
	var names []string
	for _, flag := range node.Flags {
		names = append(names, flag.Envs...)
	}
	for _, child := range node.Children {
		names = append(names, envsOf(child)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
