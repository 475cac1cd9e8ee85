package main

import (
	"fmt"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
)

// fixed is one file and its text with all fixes made.
type fixed struct {
	file *manifest.File
	text string
}

// fix makes the fixes of all items in their files. A file that they cannot be made in is left out.
func (in *inputs) fix(all []judged) []fixed {
	changes := changesOf(all)
	var out []fixed
	for _, f := range in.files {
		text, err := f.Apply(changes[f])
		if err != nil {
			in.fail(fmt.Errorf("%w; nothing in this file was changed", err))
			continue
		}
		out = append(out, fixed{f, text})
	}
	return out
}

// changesOf returns what there is to change in each file.
func changesOf(all []judged) map[*manifest.File][]manifest.Change {
	out := map[*manifest.File][]manifest.Change{}
	for _, j := range all {
		change := manifest.Change{Item: j.item, Patch: j.Patch}
		if j.item.Object == nil && len(j.Fixed) > 0 {
			change.Document = j.Fixed[0].New
		}
		if len(change.Patch) > 0 || change.Document != "" {
			out[j.item.File] = append(out[j.item.File], change)
		}
	}
	return out
}
