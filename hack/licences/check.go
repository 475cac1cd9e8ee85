package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// allowed are the licences that ask for nothing but their own text.
var allowed = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"}

// exception lets a module in although a licence of it is not allowed.
type exception struct {
	licences string // those that are not allowed, with a space between
	run      bool   // holds only for programs that we run as they are, and what they link: nothing of ours may
	why      string
}

const (
	linter = "part of golangci-lint, which reads the code and is never passed on"
	byFile = "copyleft file by file, in a program that is run and never passed on"
	plots  = "draws hack/bench's plots; "
)

// exceptions are by module. None is for what the binary links.
var exceptions = map[string]exception{
	"codeberg.org/go-fonts/liberation":           {"OFL-1.1", false, plots + "the licence is permissive, and of fonts"},
	"github.com/OpenPeeDeeP/depguard/v2":         {"GPL-3.0 GPL-3.0-or-later", true, linter},
	"github.com/ajstarks/svgo":                   {"CC-BY-4.0", false, plots + "only the author has to be named"},
	"github.com/alecthomas/chroma/v2":            {"OFL-1.1", true, linter},
	"github.com/alecthomas/go-check-sumtype":     {"Unlicense", true, "or MIT at choice; " + linter},
	"github.com/cyphar/filepath-securejoin":      {"MPL-2.0", true, byFile},
	"github.com/denis-tingaikin/go-header":       {"GPL-3.0", true, linter},
	"github.com/firefart/nonamedreturns":         {"GPL-3.0", true, linter},
	"github.com/golang/freetype":                 {"FTL", false, plots + "its makers have to be named"},
	"github.com/golangci/golangci-lint/v2":       {"GPL-3.0", true, linter},
	"github.com/hashicorp/errwrap":               {"MPL-2.0", true, byFile},
	"github.com/hashicorp/go-immutable-radix/v2": {"MPL-2.0", true, byFile},
	"github.com/hashicorp/go-multierror":         {"MPL-2.0", true, byFile},
	"github.com/hashicorp/go-version":            {"MPL-2.0", true, byFile},
	"github.com/hashicorp/golang-lru/v2":         {"MPL-2.0", true, byFile},
	"github.com/hashicorp/hcl":                   {"MPL-2.0", true, byFile},
	"github.com/hhatto/gorst":                    {"GPL-2.0-or-later", true, "LICENSE offers MIT"},
	"github.com/ldez/structtags":                 {"GPL-3.0", true, linter},
	"github.com/leonklingele/grouper":            {"GPL-3.0", true, linter},
	"github.com/norwoodj/helm-docs":              {"GPL-3.0 GPL-3.0-or-later", true, "writes the chart's README and is never passed on"},
	"github.com/opencontainers/go-digest":        {"CC-BY-SA-4.0", false, "for its documentation; the code is Apache-2.0"},
	"github.com/openreports/reports-api":         {"unknown", true, "a test reads its CRDs; its sources say Apache-2.0, and it has no LICENSE"},
	"github.com/xen0n/gosmopolitan":              {"GPL-3.0 GPL-3.0-or-later", true, linter},
	"go-simpler.org/musttag":                     {"MPL-2.0", true, byFile},
	"go-simpler.org/sloglint":                    {"MPL-2.0", true, byFile},
}

// check says what is wrong with the licences of the modules, a line for each. An exception that no module needs is wrong
// too.
func check(all modules, exceptions map[string]exception) ([]string, error) {
	var wrong []string
	needed := map[string]bool{}
	for _, m := range all.sorted() {
		found, err := m.licences()
		if err != nil {
			return nil, err
		}
		maps.DeleteFunc(found, func(id, _ string) bool { return slices.Contains(allowed, id) })
		if len(found) == 0 {
			continue
		}
		bad, where := strings.Join(slices.Sorted(maps.Keys(found)), " "), strings.Join(slices.Compact(slices.Sorted(maps.Values(found))), " ")
		e, excepted := exceptions[m.Path]
		needed[m.Path] = excepted
		switch {
		case !excepted || e.licences != bad:
			wrong = append(wrong, fmt.Sprintf("%s %s: the licence %s is not allowed (%s)", m.Path, m.Version, bad, where))
		case e.run && m.linked:
			wrong = append(wrong, fmt.Sprintf("%s %s: %s is allowed in tools alone, and code of ours links it (%s)",
				m.Path, m.Version, bad, where))
		}
	}
	for path := range exceptions {
		if !needed[path] {
			wrong = append(wrong, path+": the exception is not needed")
		}
	}
	slices.Sort(wrong)
	return wrong, nil
}
