package files

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

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

// NoteSkipped says what is not judged, by what it is.
func (in *Inputs) NoteSkipped() {
	skipped := in.Skipped()
	for _, kind := range slices.Sorted(maps.Keys(skipped)) {
		in.Notes = append(in.Notes, fmt.Sprintf("skipped %d of: %s", skipped[kind], kind))
	}
}

// Nothing is the error of inputs that hold nothing to review, nil for others: who mistypes a path should not take silence for
// approval. What is known, and skipped with a note of its own, is something.
func (in *Inputs) Nothing() error {
	if len(in.Errs) > 0 { // says it already
		return nil
	}
	skipped, empty := 0, true
	for _, f := range in.Files {
		if len(f.Items)+len(f.Configuration)+len(f.Neighbours)+len(f.Notes) > 0 {
			return nil
		}
		skipped += f.PassedOver
		empty = empty && strings.TrimSpace(f.Text) == ""
	}
	const wanted = "looked for bucket policies, and objects of ACK, Upbound and Crossplane about buckets; --allow-empty accepts this"
	switch {
	case len(in.Files) == 0:
		return errors.New("nothing to review: no .yaml, .yml or .json file; " + wanted)
	case empty:
		return errors.New("nothing to review: the input is empty; " + wanted)
	}
	return fmt.Errorf("nothing to review: %s (-v lists them); "+wanted, others(skipped))
}

func others(n int) string {
	if n == 1 {
		return "1 other document"
	}
	return fmt.Sprintf("%d other documents", n)
}
