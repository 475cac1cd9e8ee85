package files

import (
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// DeclareFrom has the kinds read that the Rulesets in the files of --ruleset declare. It is to be called before anything is read.
func DeclareFrom(names []string) error {
	in := newInputs()
	err := in.ConfigureFrom(names)
	source.Declare(in.settings.Set().Declared())
	return err
}

// declare has the kinds read that Rulesets among files declare, in addition to those that are declared already. It reports whether
// there are any. What is wrong with a Ruleset is said when it is taken over.
func declare(files []*manifest.File) bool {
	in := newInputs()
	for _, f := range files {
		_ = in.configure(f) // fill says so
	}
	more := in.settings.Set().Declared()
	if len(more) > 0 {
		source.Declare(append(source.Declared(), more...))
	}
	return len(more) > 0
}
