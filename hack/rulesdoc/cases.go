package main

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
)

// cases are the test cases of one rule by file name.
type cases map[string]*txtar.Archive

func read(testdata fs.FS, rule string) (cases, error) {
	names, err := fs.Glob(testdata, rule+"/*.txtar")
	if err != nil {
		return nil, err
	}
	out := cases{}
	for _, name := range names {
		text, err := fs.ReadFile(testdata, name)
		if err != nil {
			return nil, err
		}
		out[path.Base(name)] = txtar.Parse(text)
	}
	for _, kind := range []string{"bad", "ok"} {
		if out.example(kind) == nil {
			return nil, fmt.Errorf("rule %s has no %s- case", rule, kind)
		}
	}
	return out, nil
}

// fix names the class of the fixes that the rule offers in its cases, "-" when it offers none.
func (c cases) fix() string {
	for _, class := range []string{"Equivalent", "Narrowing"} {
		for _, a := range c {
			if strings.Contains(string(section(a, "findings")), "\tfix: "+class) {
				return class
			}
		}
	}
	return "-"
}

// example returns the case that its author calls the example of its kind, else the first by name; nil without any.
func (c cases) example(kind string) *txtar.Archive {
	if a := c[kind+"-example.txtar"]; a != nil {
		return a
	}
	for _, name := range slices.Sorted(maps.Keys(c)) {
		if strings.HasPrefix(name, kind+"-") {
			return c[name]
		}
	}
	return nil
}

func section(a *txtar.Archive, name string) []byte {
	for _, f := range a.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}
