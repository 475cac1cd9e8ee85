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

// Fix makes the fixes of all items in their files, and notes of each finding that stays why it is not fixed. A file that they
// cannot be made in is left out.
func (in *Inputs) Fix(all []Judged) []Fixed {
	changes := Changes{}
	for _, j := range all {
		changes.Add(j)
	}
	var out []Fixed
	uneditable := map[*manifest.File]error{}
	for _, f := range in.Files {
		text, err := f.Apply(changes[f])
		if err != nil {
			in.Fail(fmt.Errorf("%w; nothing in this file was changed", err))
			uneditable[f] = err
			continue
		}
		out = append(out, Fixed{f, text})
	}
	in.noteUnfixed(all, uneditable)
	return out
}

// Changes are what there is to change in each file.
type Changes map[*manifest.File][]manifest.Change

// Add adds what there is to change in one item.
func (c Changes) Add(j Judged) {
	change := manifest.Change{Item: j.Item, Patch: j.Patch}
	if j.Item.Object == nil && len(j.Fixed) > 0 {
		change.Document = j.Fixed[0].New
	}
	if len(change.Patch) > 0 || change.Document != "" {
		c[j.Item.File] = append(c[j.Item.File], change)
	}
}
