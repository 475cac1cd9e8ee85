package files

import (
	"fmt"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
)

// Fixed is one file and its text with all fixes made.
type Fixed struct {
	File *manifest.File
	Text string
}

// Fix makes the fixes of all items in their files. A file that they cannot be made in is left out.
func (in *Inputs) Fix(all []Judged) []Fixed {
	changes := Changes(all)
	var out []Fixed
	for _, f := range in.Files {
		text, err := f.Apply(changes[f])
		if err != nil {
			in.Fail(fmt.Errorf("%w; nothing in this file was changed", err))
			continue
		}
		out = append(out, Fixed{f, text})
	}
	return out
}

// Changes returns what there is to change in each file.
func Changes(all []Judged) map[*manifest.File][]manifest.Change {
	out := map[*manifest.File][]manifest.Change{}
	for _, j := range all {
		change := manifest.Change{Item: j.Item, Patch: j.Patch}
		if j.Item.Object == nil && len(j.Fixed) > 0 {
			change.Document = j.Fixed[0].New
		}
		if len(change.Patch) > 0 || change.Document != "" {
			out[j.Item.File] = append(out[j.Item.File], change)
		}
	}
	return out
}
