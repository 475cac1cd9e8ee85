package files

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/walk"
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

// noteFound says which folders are not read, as a person may think that they are.
func (in *Inputs) noteFound() {
	for _, chart := range in.found.Charts {
		in.Notes = append(in.Notes, fmt.Sprintf("%s: Helm chart skipped; render it: helm template %s | bucketwarden review -", chart, shellWord(chart)))
	}
	for _, name := range in.found.Named {
		in.Notes = append(in.Notes, name+": excluded, although it is named")
	}
}

var shellSafe = regexp.MustCompile(`^[A-Za-z0-9_./][A-Za-z0-9_./:@%+=,-]*$`)

// shellWord writes a name so that a shell reads it as one word, and a program as no flag.
func shellWord(name string) string {
	if shellSafe.MatchString(name) {
		return name
	}
	if strings.HasPrefix(name, "-") {
		name = "./" + name
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
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
	const most = 10
	names := in.found.Excluded
	for _, name := range names[:min(len(names), most)] {
		in.Notes = append(in.Notes, "excluded: "+name)
	}
	if more := len(names) - most; more > 0 {
		in.Notes = append(in.Notes, fmt.Sprintf("excluded: %d more", more))
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
		return errors.New("nothing to review: " + without(in.found) + "; " + wanted)
	case empty:
		return errors.New("nothing to review: the input is empty; " + wanted)
	}
	return fmt.Errorf("nothing to review: %s (-v lists them); "+wanted, counted(skipped, "other document"))
}

// without says what a search without a file has met.
func without(found walk.Found) string {
	var out []string
	if n := len(found.Charts); n > 0 {
		out = append(out, counted(n, "Helm chart")+" skipped")
	}
	if n := len(found.Excluded); n > 0 {
		out = append(out, counted(n, "path")+" excluded (-v lists them)")
	}
	if len(out) == 0 {
		return "no .yaml, .yml or .json file"
	}
	return strings.Join(out, ", ")
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
