package files

import (
	"maps"
	"slices"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
)

// noteNeighbours says which bare policies are not judged, because a person may have meant them to be.
func (in *Inputs) noteNeighbours() {
	byKind := map[string][]*manifest.Item{}
	for _, f := range in.Files {
		for _, n := range f.Neighbours {
			byKind[n.Kind] = append(byKind[n.Kind], n.Item)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(byKind)) {
		in.Notes = append(in.Notes, "skipped: "+kind+", not of a bucket: "+places(byKind[kind]))
	}
}

// Skipped counts what is not judged, by what it is.
func (in *Inputs) Skipped() map[string]int {
	out := map[string]int{}
	for _, f := range in.Files {
		for kind, n := range f.Skipped {
			out[kind] += n
		}
	}
	return out
}
