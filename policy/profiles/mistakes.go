package profiles

import (
	"fmt"
	"strings"

	"github.com/agext/levenshtein"
)

// ParameterError says what is wrong with one parameter, or that it is missing.
type ParameterError struct {
	Name   string // as somebody wrote it
	Reason string
}

// Error begins with the name.
func (e *ParameterError) Error() string { return e.Name + ": " + e.Reason }

// MissingError says which parameters a profile cannot do without, all at once.
type MissingError struct {
	Profile    string
	Parameters []Parameter
}

// Error says of one parameter what it means, and of more their names.
func (e *MissingError) Error() string {
	if q := e.Parameters[0]; len(e.Parameters) == 1 {
		return fmt.Sprintf("%s: profile %s needs %s, such as %s", q.Name, e.Profile, q.Means, q.Like)
	}
	return fmt.Sprintf("profile %s needs %s", e.Profile, e.List(""))
}

// List names the parameters as flags with a prefix: "--bucket, --source-account (or --account) and --trail".
func (e *MissingError) List(prefix string) string {
	var names []string
	for _, q := range e.Parameters {
		name := prefix + q.Name
		if q.Name == sourceAccount {
			name += " (or " + prefix + "account)"
		}
		names = append(names, name)
	}
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// sourceAccount is the bucket's account where it is left out.
const sourceAccount = "source-account"

// mistakes are errors on one line.
type mistakes []error

// Error joins them with semicolons.
func (m mistakes) Error() string {
	var out []string
	for _, err := range m {
		out = append(out, err.Error())
	}
	return strings.Join(out, "; ")
}

// Unwrap returns each of them.
func (m mistakes) Unwrap() []error { return m }

// error is nil for none, and a single one is itself.
func (m mistakes) error() error {
	switch len(m) {
	case 0:
		return nil
	case 1:
		return m[0]
	}
	return m
}

// didYouMean suggests the nearest of some names, "; did you mean trail?", or nothing where none is near.
func didYouMean(name string, among []string) string {
	nearest := Nearest(name, among)
	if nearest == "" {
		return ""
	}
	return "; did you mean " + nearest + "?"
}

// Nearest returns the first of some names that is least edits away from a text, "" where that is more than two and more than a third of it.
func Nearest(text string, among []string) string {
	best, nearest := max(2, len(text)/3)+1, ""
	for _, name := range among {
		if d := levenshtein.Distance(strings.ToLower(clipped(text)), name, nil); d < best && d > 0 {
			best, nearest = d, name
		}
	}
	return nearest
}
