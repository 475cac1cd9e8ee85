package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/aclplan"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// planInput is one bucket and what the files say about it.
type planInput struct {
	name string // as people know it
	in   aclplan.Input
}

// withACLs returns the buckets that have an ACL, or whose Object Ownership leaves ACLs on, in the order of the files.
func (in *inputs) withACLs() []*planInput {
	var all []*planInput
	byName := map[string]*planInput{}
	logged := map[string][]string{} // the buckets that log to one
	for _, f := range in.files {
		for _, item := range f.Items {
			if item.Object == nil {
				if b := in.bareInput(item); b != nil {
					all = append(all, b)
				}
				continue
			}
			r, _, err := source.Read(item.Object)
			if err != nil {
				in.fail(&manifest.Error{File: f.Name, Line: item.Line, Reason: err.Error()})
				continue
			}
			if r.Source.OnAccessPoint() || len(r.Source.Bucket) == 0 {
				continue
			}
			known := in.index.Bucket(item.Object, r)
			key := inventory.KeyOf(item.Object).String()
			name := known.Name.Value
			if name == "" {
				name = key
			}
			if byName[name] == nil {
				byName[name] = &planInput{name: name, in: aclplan.Input{Bucket: known}}
				all = append(all, byName[name])
			}
			byName[name].learn(in, key, r, known)
			if log := known.Features.AccessLog.Value; log != "" {
				logged[log] = append(logged[log], known.Name.Value)
			}
		}
	}
	for _, b := range all {
		b.in.Sources = slices.Clone(logged[b.name])
	}
	return slices.DeleteFunc(all, func(b *planInput) bool {
		facts := b.in.Bucket
		return !facts.ACL.Known() && facts.ACL.From == "" && !ownership.Needed(facts.Ownership.Value, ownership.OtherAccount)
	})
}

// bareInput is a policy document, for the bucket of --bucket-context.
func (in *inputs) bareInput(item *manifest.Item) *planInput {
	doc, err := iam.Parse(item.Document)
	if err != nil {
		in.fail(&manifest.Error{File: item.File.Name, Line: item.Line, Reason: err.Error()})
		return nil
	}
	if len(doc.Statements) > 0 && doc.IsIdentityPolicy() {
		return nil
	}
	place := fmt.Sprintf("%s:%d", item.File.Name, item.Line)
	b := &planInput{name: in.bucket.Name.Value, in: aclplan.Input{Bucket: in.bucket, Document: doc, Places: aclplan.Places{Policy: place}}}
	if b.name == "" {
		b.name = place
	}
	return b
}

// learn adds what one object says.
func (b *planInput) learn(in *inputs, key string, r source.Reading, known policy.Bucket) {
	facts := &b.in.Bucket
	facts.ACL = together(facts.ACL, known.ACL)
	facts.Ownership = together(facts.Ownership, known.Ownership)
	facts.Owner = together(facts.Owner, known.Owner)
	facts.Partition = together(facts.Partition, known.Partition)
	places := &b.in.Places
	add := func(pointer string) {
		place := key + " " + source.FieldPath(pointer)
		if i := strings.LastIndexByte(place, '['); strings.HasSuffix(place, "]") {
			place = place[:i] // the list, not each of its grants
		}
		if !slices.Contains(places.ACL, place) {
			places.ACL = append(places.ACL, place)
		}
	}
	for _, s := range r.ACL.Canned {
		add(s.Pointer)
	}
	for _, g := range r.ACL.Grants {
		add(g.Pointer)
	}
	if len(r.Ownership) > 0 {
		places.Ownership = key + " " + source.FieldPath(r.Ownership[0].Pointer)
	}
	for _, d := range r.Documents {
		if d.Shadowed || d.Err != nil {
			continue
		}
		doc, err := iam.Parse(d.Raw)
		switch {
		case err != nil:
			in.fail(fmt.Errorf("%s %s: %w", key, d.Field, err))
		case b.in.Document != nil:
			in.notes = append(in.notes, fmt.Sprintf("%s has two policies; %s is skipped", b.name, key))
		default:
			b.in.Document, places.Policy = doc, key+" "+d.Field
		}
	}
}

// together is what two views of one bucket say: nothing where one of them is a contradiction, or they contradict each other.
func together[T any](a, b policy.Fact[T]) policy.Fact[T] {
	switch {
	case !a.Known() && a.From != "", !b.Known() && b.From == "":
		return a
	case !a.Known() || !b.Known() || reflect.DeepEqual(a.Value, b.Value):
		return b
	}
	return policy.Fact[T]{From: a.From + " contradicts " + b.From}
}
