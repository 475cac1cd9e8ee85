package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
	"github.com/bucketwarden/bucketwarden/webhook/settings"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// inputs is everything that the paths of one command hold.
type inputs struct {
	files  []*manifest.File
	notes  []string // for the person who reads the result
	errs   []error  // what could not be read
	index  inventory.Index
	bucket policy.Bucket // of bare documents

	settings *settings.Store
}

// judged is one item and what was found in it.
type judged struct {
	item *manifest.Item
	review.Review
}

// readInputs reads all files before anything is judged, so that what they say about a bucket is known as in a cluster.
func readInputs(stdin io.Reader, stderr io.Writer, paths []string) *inputs {
	in := newInputs()
	names, err := manifest.Find(paths)
	in.fail(err)
	progress := newProgress(stderr, len(names), "files")
	for i, name := range names {
		progress.show(i)
		file, err := manifest.Open(name, stdin)
		in.fail(err)
		in.files = append(in.files, file)
	}
	progress.end()
	in.fill()
	return in
}

// inputsOf makes the objects of files known to each other.
func inputsOf(files ...*manifest.File) *inputs {
	in := newInputs(files...)
	in.fill()
	return in
}

func newInputs(files ...*manifest.File) *inputs {
	return &inputs{files: files, settings: settings.NewStore(rules.All)}
}

func (in *inputs) fail(err error) {
	if err != nil {
		in.errs = append(in.errs, err)
	}
}

// fill makes the objects known to each other. What two files call by one name and declare differently, as in overlays
// for two environments, says nothing about either.
func (in *inputs) fill() {
	declared := map[inventory.Key][]*manifest.Item{}
	var keys []inventory.Key
	for _, f := range in.files {
		in.fail(in.configure(f))
		for _, item := range f.Items {
			key := inventory.KeyOf(item.Object)
			if item.Object == nil || key.Name == "" {
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
		if !slices.ContainsFunc(all, func(item *manifest.Item) bool { return !same(item) }) {
			in.index.Set(all[0].Object)
			continue
		}
		in.notes = append(in.notes, fmt.Sprintf("%s is declared more than once with different content, so no declaration is used for other objects: %s",
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

// judge reviews every item.
func (in *inputs) judge(ctx context.Context, r review.Reviewer) []judged {
	r.Settings = in.settings.Set()
	var out []judged
	var identities []*manifest.Item
	for _, f := range in.files {
		for _, item := range f.Items {
			v, err := in.review(ctx, r, item)
			if err != nil {
				in.fail(&manifest.Error{File: f.Name, Line: item.Line, Reason: err.Error()})
				continue
			}
			if item.Object == nil && v.OnIdentity() {
				identities = append(identities, item)
			}
			out = append(out, judged{item, v})
		}
	}
	if len(identities) > 0 {
		in.notes = append(in.notes, "no statement names a Principal, so these are judged as policies of users or roles: "+places(identities))
	}
	return out
}

// review judges one item as the webhook would, were it created now.
func (in *inputs) review(ctx context.Context, r review.Reviewer, item *manifest.Item) (review.Review, error) {
	if item.Object == nil {
		return r.Document(ctx, item.Document, in.bucket, &in.index), nil
	}
	v, _, err := r.Object(ctx, item.Object, &in.index)
	if !v.Sends() {
		v.Relax()
	}
	return v, err
}

// finish prints the notes, and returns what could not be read.
func (in *inputs) finish(stderr io.Writer) error {
	for _, note := range in.notes {
		fmt.Fprintln(stderr, "note:", plain.Line(note))
	}
	return errors.Join(in.errs...)
}
