// Package files reads what paths or a cluster hold, makes the objects known to each other, and judges them.
package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/walk"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
	"github.com/bucketwarden/bucketwarden/webhook/settings"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// Inputs is everything that the paths of one command hold.
type Inputs struct {
	Files  []*manifest.File
	Notes  []string // for the person who reads the result
	Errs   []error  // what could not be read
	index  inventory.Index
	Bucket policy.Bucket // of bare documents

	found walk.Found // what the paths stand for

	settings *settings.Store
	used     map[string]bool // Exemptions that accept something, by name
}

// Judged is one item and what was found in it.
type Judged struct {
	Item *manifest.Item
	review.Review
}

// Read reads all files before anything is judged, so that what they say about a bucket is known as in a cluster.
// What excludes name is not.
func Read(stdin io.Reader, stderr io.Writer, paths []string, excludes ...walk.Exclude) *Inputs {
	in := open(stdin, stderr, paths, excludes)
	in.fill()
	return in
}

// open reads files, which know nothing of each other yet.
func open(stdin io.Reader, stderr io.Writer, paths []string, excludes []walk.Exclude) *Inputs {
	in := newInputs()
	found, err := walk.Find(paths, excludes...)
	in.Fail(err)
	in.found = found
	in.noteFound()
	progress := newProgress(stderr, len(found.Names), "files")
	errs := make([]error, len(found.Names))
	for i, name := range found.Names {
		progress.show(i)
		var file *manifest.File
		file, errs[i] = manifest.Open(name, stdin)
		in.Files = append(in.Files, file)
	}
	progress.end()
	if declare(in.Files) {
		for i, f := range in.Files {
			if f.PassedOver > 0 { // by somebody who did not know those kinds
				in.Files[i], errs[i] = f.Again()
			}
		}
	}
	in.Fail(errors.Join(errs...))
	in.notePatches()
	return in
}

// Of makes the objects of files known to each other.
func Of(files ...*manifest.File) *Inputs {
	in := newInputs(files...)
	in.fill()
	return in
}

func newInputs(files ...*manifest.File) *Inputs {
	return &Inputs{Files: files, settings: settings.NewStore(rules.All), used: map[string]bool{}}
}

// Fail keeps an error for Finish, if it is one.
func (in *Inputs) Fail(err error) {
	if err != nil {
		in.Errs = append(in.Errs, err)
	}
}

// fill makes the objects known to each other. What two files call by one name and declare differently, as in overlays
// for two environments, says nothing about either.
func (in *Inputs) fill() {
	declared := map[inventory.Key][]*manifest.Item{}
	var keys []inventory.Key
	in.noteNeighbours()
	in.noteTemplates()
	for _, f := range in.Files {
		in.Fail(in.configure(f))
		for _, item := range f.Items {
			key := inventory.KeyOf(item.Object)
			if item.Object == nil || key.Name == "" || item.Template {
				continue
			}
			if declared[key] == nil {
				keys = append(keys, key)
			}
			declared[key] = append(declared[key], item)
		}
	}
	for _, key := range keys {
		all := declared[key]
		same := func(item *manifest.Item) bool { return input(item) == input(all[0]) }
		if !slices.ContainsFunc(all[1:], func(item *manifest.Item) bool { return !same(item) }) {
			in.index.Set(all[0].Object)
			continue
		}
		in.Notes = append(in.Notes, fmt.Sprintf("%s is declared more than once with different content, so no declaration is used for other objects: %s",
			key, places(all)))
	}
}

// places lists where items are, the first few of them.
func places(items []*manifest.Item) string {
	const most = 3
	var out []string
	for _, item := range items[:min(len(items), most)] {
		out = append(out, fmt.Sprintf("%s:%d", item.File.Name, item.Line))
	}
	if more := len(items) - most; more > 0 {
		out = append(out, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(out, ", ")
}

func input(item *manifest.Item) string {
	reading, _, _ := source.Read(item.Object) // an unreadable field is reported when the object is judged
	return reading.Input()
}

// Judge yields the review of every item, one at a time: what has been yielded is not kept. Notes and errors are complete when
// all have been. To be run once.
func (in *Inputs) Judge(ctx context.Context, r review.Reviewer) iter.Seq[Judged] {
	r.Settings = in.settings.Set()
	return func(yield func(Judged) bool) {
		var identities []*manifest.Item
		for item := range in.items() {
			v, err := in.review(ctx, r, item)
			if err != nil {
				in.Fail(&manifest.Error{File: item.File.Name, Line: item.Line, Reason: err.Error()})
				continue
			}
			if item.Object == nil && v.OnIdentity() {
				identities = append(identities, item)
			}
			for _, name := range v.Exemptions {
				in.used[name] = true
			}
			if !yield(Judged{item, v}) {
				return
			}
		}
		if len(identities) > 0 {
			in.Notes = append(in.Notes, "no statement names a Principal, so these are judged as policies of users or roles: "+places(identities))
		}
	}
}

// items yields what there is to judge, in the order of the files.
func (in *Inputs) items() iter.Seq[*manifest.Item] {
	return func(yield func(*manifest.Item) bool) {
		for _, f := range in.Files {
			for _, item := range f.Items {
				if !yield(item) {
					return
				}
			}
		}
	}
}

// review judges one item as the webhook would, were it created now.
func (in *Inputs) review(ctx context.Context, r review.Reviewer, item *manifest.Item) (review.Review, error) {
	if item.Object == nil {
		v := r.Document(ctx, item.Document, in.Bucket, &in.index)
		return v, in.settlePlaceholders(&v, func(_ source.Embedded, text string) (review.Review, error) {
			return r.Document(ctx, text, in.Bucket, &in.index), nil
		})
	}
	v, err := in.reviewFilled(ctx, r, item)
	if !v.Sends() {
		v.Relax()
	}
	if item.Filled.Settings || item.Filled.Part {
		keepDocuments(&v, item.Filled.Part)
	}
	return v, err
}

// Finish prints the notes, and returns what could not be read.
func (in *Inputs) Finish(stderr io.Writer) error {
	for _, note := range in.Notes {
		fmt.Fprintln(stderr, "note:", plain.Line(note))
	}
	return errors.Join(in.Errs...)
}
