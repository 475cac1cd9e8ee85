package files

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/walk"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// Policy is one policy of the inputs, and where it stands.
type Policy struct {
	Item     *manifest.Item
	Identity bool          // it is that of a user, a role or a group, by the kind of its object
	Field    string        // of the object, as people write it: "spec.forProvider.policy"; "" of a bare document
	Bucket   policy.Bucket // what is known about its bucket; of a policy of something else, nothing
	Document *iam.Document
}

// ReadPolicies reads paths as Read does, for a question about policies of whatever service: a bare policy that is not a bucket's
// is one of them.
func ReadPolicies(stdin io.Reader, stderr io.Writer, paths []string, excludes ...walk.Exclude) *Inputs {
	in := open(stdin, stderr, paths, excludes)
	for _, f := range in.Files {
		for _, n := range f.Neighbours {
			f.Items = append(f.Items, n.Item)
		}
		f.Neighbours = nil
	}
	in.fill()
	return in
}

// Policies returns the policies that take effect, in the order of the files. What cannot be read is an error of the Inputs, and so
// is it when there is no policy at all.
func (in *Inputs) Policies() []Policy {
	var out []Policy
	for item := range in.items() {
		if item.Object == nil {
			in.add(&out, Policy{Item: item, Bucket: in.Bucket}, item.Document, nil)
			continue
		}
		reading, _, err := source.Read(item.Object)
		if err != nil {
			in.Fail(&manifest.Error{File: item.File.Name, Line: item.Line, Reason: err.Error()})
			continue
		}
		for _, d := range reading.Documents {
			if why := unanswerable(item, d); why != "" {
				in.Notes = append(in.Notes, fmt.Sprintf("%s:%d: skipped: %s, because %s", item.File.Name, item.Line, d.Field, why))
				continue
			}
			p := Policy{Item: item, Field: d.Field, Identity: reading.Source.OnIdentity()}
			if !p.Identity {
				p.Bucket = in.index.Bucket(item.Object, reading)
			}
			in.add(&out, p, d.Raw, d.Err)
		}
	}
	if len(out) == 0 && len(in.Errs) == 0 {
		in.Fail(in.noPolicy())
	}
	return out
}

// unanswerable says why no question about a policy of an object has an answer, "" where it may.
func unanswerable(item *manifest.Item, d source.Embedded) string {
	switch {
	case d.Shadowed:
		return "another field of the object counts before it"
	case slices.ContainsFunc(item.Filled.Policies, func(p manifest.FilledPolicy) bool { return p.Pointer == d.Pointer }):
		return "a part of it is filled in later"
	}
	return ""
}

// Resources leaves out the policies of users, roles and groups, and says so: they name nobody, and are for those who hold them.
func (in *Inputs) Resources(all []Policy) []Policy {
	var out []Policy
	var identities []*manifest.Item
	for _, p := range all {
		if p.Identity {
			identities = append(identities, p.Item)
		} else {
			out = append(out, p)
		}
	}
	if len(identities) > 0 {
		in.Notes = append(in.Notes, "skipped: policies of users, roles or groups: "+places(identities))
	}
	return out
}

// add reads the document of a policy.
func (in *Inputs) add(all *[]Policy, p Policy, text string, err error) {
	if err == nil {
		p.Document, err = iam.Parse(text)
	}
	if err == nil {
		*all = append(*all, p)
		return
	}
	place := p.Item.File.Name
	if p.Item.Object != nil {
		place = fmt.Sprintf("%s:%d: %s", place, p.Item.Line, inventory.KeyOf(p.Item.Object))
	}
	if field := (*source.FieldError)(nil); p.Field != "" && !errors.As(err, &field) { // which names its field
		place += " " + p.Field
	}
	in.Fail(fmt.Errorf("%s: %w", place, err))
}

// noPolicy is the error of inputs that hold no policy at all.
func (in *Inputs) noPolicy() error {
	skipped := 0
	var where []string
	for _, f := range in.Files {
		skipped += f.PassedOver
		where = append(where, f.Name)
	}
	if len(where) != 1 {
		where = []string{counted(len(where), "file")}
	}
	if len(in.Files) == 0 {
		where[0] = "what is named: " + without(in.found)
	}
	if skipped > 0 {
		where = append(where, counted(skipped, "other document"))
	}
	return fmt.Errorf("no policy in %s; looked for a policy document, and for objects that hold one", strings.Join(where, ", "))
}

// OnlyPolicy returns the policy of what has just one. The error names what there is instead.
func (in *Inputs) OnlyPolicy() (*iam.Document, error) {
	all := in.Policies()
	if err := errors.Join(in.Errs...); err != nil {
		return nil, err
	}
	if len(all) != 1 {
		var items []*manifest.Item
		for _, p := range all {
			items = append(items, p.Item)
		}
		return nil, fmt.Errorf("there are %d policies, and one is needed: %s", len(all), places(items))
	}
	return all[0].Document, nil
}
