package rules

import (
	"iter"
	"slices"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// costOfName is what it takes to hold a text against a list of names, in steps.
const costOfName = 200

// actionNames are the names of all actions.
var actionNames = namesOf(func(yield func(string) bool) {
	for a := range catalog.Actions() {
		if !yield(a.Name()) {
			return
		}
	}
})

// keyNames are the names of all condition keys.
var keyNames = namesOf(func(yield func(string) bool) {
	for k := range catalog.Keys() {
		if !yield(k.Name) {
			return
		}
	}
})

// names is a list of names that any text can be compared with, made once.
type names []name

// nearest returns the name that s was probably meant to be: "; did you mean s3:GetObject?", or "" when none is near
// or the budget does not allow for a look.
func (l names) nearest(budget space.Budget, s string) string {
	if !budget.Take(costOfName) {
		return ""
	}
	const most = 3 // edits; more is another word
	best, found := most+1, ""
	runes := []rune(strings.ToLower(s))
	for _, n := range l {
		if len(n.runes)-len(runes) > most || len(runes)-len(n.runes) > most {
			continue
		}
		// No maximal cost is given: with one, the distance of v1.2.3 can come out too small.
		if d, _, _ := levenshtein.Calculate(runes, n.runes, 0, 1, 1, 1); d < best {
			best, found = d, n.text
		}
	}
	if found == "" {
		return ""
	}
	return "; did you mean " + found + "?"
}

// matches reports whether a pattern matches one of the names, in any case.
func (l names) matches(pattern string) bool {
	p := glob.Compile(strings.ToLower(pattern))
	return slices.ContainsFunc(l, func(n name) bool { return p.Match(n.lower) })
}

// name is one of them, in the forms that it is compared in.
type name struct {
	text  string
	lower string
	runes []rune // of lower
}

// namesOf makes a list.
func namesOf(texts iter.Seq[string]) names {
	var out names
	for t := range texts {
		lower := strings.ToLower(t)
		out = append(out, name{t, lower, []rune(lower)})
	}
	return out
}
