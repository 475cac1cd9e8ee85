package files

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
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// ACLInput is one bucket and what the files say about it.
type ACLInput struct {
	Name string // as people know it
	In   aclplan.Input
}

// WithACLs returns the buckets that have an ACL, or whose Object Ownership leaves ACLs on, in the order of the files.
func (in *Inputs) WithACLs() []*ACLInput {
	var all []*ACLInput
	byName := map[string]*ACLInput{}
	logged := map[string][]string{} // the buckets that log to one
	granted := acls{}               // of server access logs in one
	objects := acls{}               // of objects in one
	for _, f := range in.Files {
		for _, item := range f.Items {
			if item.Object == nil {
				if b := in.bareInput(item); b != nil {
					all = append(all, b)
				}
				continue
			}
			r, _, err := source.Read(item.Object)
			if err != nil {
				in.Fail(&manifest.Error{File: f.Name, Line: item.Line, Reason: err.Error()})
				continue
			}
			if r.Source.OnAccessPoint() || len(r.Source.Bucket) == 0 {
				continue
			}
			known := in.index.Bucket(item.Object, r)
			key := inventory.KeyOf(item.Object).String()
			if r.Source.OnObject() {
				if known.ObjectACL.Known() && known.ObjectACL.Value.Canned != string(ownership.BucketOwnerFullControl) {
					objects.add(known, key)
				}
				continue
			}
			name := known.Name.Value
			if name == "" {
				name = key
			}
			if byName[name] == nil {
				byName[name] = &ACLInput{Name: name, In: aclplan.Input{Bucket: known}}
				all = append(all, byName[name])
			}
			byName[name].learn(in, key, r, known)
			if log := known.Features.AccessLog.Value; log != "" {
				logged[log] = append(logged[log], known.Name.Value)
			}
			if logs, ok := in.index.LogBucket(item.Object, r); ok {
				granted.add(logs, key)
			}
		}
	}
	for _, b := range all {
		places := &b.In.Places
		b.In.Sources = slices.Clone(logged[b.Name])
		places.TargetGrants, places.Objects = granted[b.Name].all, objects[b.Name].all
		places.Public = slices.Concat(granted[b.Name].public, objects[b.Name].public)
	}
	return slices.DeleteFunc(all, func(b *ACLInput) bool {
		facts := b.In.Bucket
		return facts.ACL.Origin == policy.Unknown && !ownership.Needed(facts.Ownership.Value, ownership.OtherAccount)
	})
}

// acls are where something in a bucket gets an ACL, by the bucket's name.
type acls map[string]struct{ all, public []string }

// add takes in the ACL that an object gives to what is in a bucket.
func (a acls) add(bucket policy.Bucket, key string) {
	places, place := a[bucket.Name.Value], key+" "+listed(bucket.ObjectACL.From)
	places.all = append(places.all, place)
	open := policy.Input{Kind: policy.Settings, Bucket: policy.Bucket{ObjectACL: bucket.ObjectACL}}
	if len(open.Findings(rules.PublicACL)) > 0 {
		places.public = append(places.public, place)
	}
	a[bucket.Name.Value] = places
}

// bareInput is a policy document, for the bucket of --bucket-context.
func (in *Inputs) bareInput(item *manifest.Item) *ACLInput {
	doc, err := iam.Parse(item.Document)
	if err != nil {
		in.Fail(&manifest.Error{File: item.File.Name, Line: item.Line, Reason: err.Error()})
		return nil
	}
	if len(doc.Statements) > 0 && doc.IsIdentityPolicy() {
		return nil
	}
	place := fmt.Sprintf("%s:%d", item.File.Name, item.Line)
	b := &ACLInput{Name: in.Bucket.Name.Value, In: aclplan.Input{Bucket: in.Bucket, Document: doc, Places: aclplan.Places{Policy: place}}}
	if b.Name == "" {
		b.Name = place
	}
	return b
}

// learn adds what one object says.
func (b *ACLInput) learn(in *Inputs, key string, r source.Reading, known policy.Bucket) {
	facts := &b.In.Bucket
	facts.ACL = together(facts.ACL, known.ACL)
	facts.Ownership = together(facts.Ownership, known.Ownership)
	facts.Owner = together(facts.Owner, known.Owner)
	facts.Partition = together(facts.Partition, known.Partition)
	facts.Made = together(facts.Made, known.Made)
	places := &b.In.Places
	add := func(pointer string) {
		place := key + " " + listed(source.FieldPath(pointer))
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
			in.Fail(fmt.Errorf("%s %s: %w", key, d.Field, err))
		case b.In.Document != nil:
			in.Notes = append(in.Notes, fmt.Sprintf("%s has two policies; %s is skipped", b.Name, key))
		default:
			b.In.Document, places.Policy = doc, key+" "+d.Field
		}
	}
}

// listed returns a field, of a grant the list that it is in.
func listed(field string) string {
	if i := strings.LastIndexByte(field, '['); strings.HasSuffix(field, "]") {
		return field[:i]
	}
	return field
}

// together is what two views of one bucket say: nothing where one of them is a contradiction, or they contradict each other.
func together[T any](a, b policy.Fact[T]) policy.Fact[T] {
	switch {
	case a.Origin == policy.Contradicted, b.Origin == policy.Unknown:
		return a
	case !a.Known() || !b.Known() || reflect.DeepEqual(a.Value, b.Value):
		return b
	}
	return policy.Fact[T]{Origin: policy.Contradicted, From: a.From + " contradicts " + b.From}
}
