package profiles

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Asked returns the workload that somebody says a bucket is for: by the name of a profile, and by parameters such as
// "trail=main organization=o-a1b2c3d4e5 delete". What is known about the bucket need not be said, nor who calls where the bucket's
// policy, nil for none, names one role or user. It is nil where nothing is said, and has Err where no document comes of it. field is
// where it is said.
func Asked(name, parameters, field string, bucket policy.Bucket, doc *iam.Document) *policy.Profile {
	if name == "" && parameters == "" {
		return nil
	}
	p, err := Find(name)
	if err != nil {
		return &policy.Profile{Name: name, Field: field, Err: err}
	}
	values := Values{}
	for _, word := range strings.Fields(parameters) {
		key, value, ok := strings.Cut(word, "=")
		if !ok {
			value = "true"
		}
		values[key] = value
	}
	out := p.For(values, bucket, doc)
	out.Field = field
	return out
}

// For returns the profile with values and, where they say nothing, with what is known about the bucket and who its policy, nil for
// none, names.
func (p *Profile) For(v Values, bucket policy.Bucket, doc *iam.Document) *policy.Profile {
	out := &policy.Profile{Name: p.Name, Spare: p.Spare, Ownership: p.Ownership}
	values := p.known(bucket)
	maps.Copy(values, v)
	if slices.Contains(p.Requires, principal) && values[principal] == "" {
		switch found := callers(doc); {
		case len(found) == 1:
			values[principal] = found[0]
		case len(found) > 1:
			out.Err = &ParameterError{principal, fmt.Sprintf("the policy names %d roles and users, such as %s and %s; say which of them the "+
				"profile is for", len(found), clipped(found[0]), clipped(found[1]))}
			return out
		}
	}
	out.Grants, out.Err = p.Grants(values)
	return out
}

const principal = "principal"

// callers returns the roles and users to whom a document allows something, in its order.
func callers(doc *iam.Document) []string {
	if doc == nil {
		return nil
	}
	q, _ := lookup(principal)
	var out []string
	for _, s := range doc.Statements {
		if s.Effect != iam.Allow || s.Principal == nil {
			continue
		}
		for _, e := range s.Principal.Entries {
			if q.form.MatchString(e.ID.Text) && !slices.Contains(out, e.ID.Text) {
				out = append(out, e.ID.Text)
			}
		}
	}
	return out
}

// known returns the values that follow from what is known about the bucket, as far as the profile takes them.
func (p *Profile) known(bucket policy.Bucket) Values {
	out := Values{}
	set := func(name, value string, known bool) {
		if known && (slices.Contains(p.Requires, name) || slices.Contains(p.Takes, name)) {
			out[name] = value
		}
	}
	set("bucket", bucket.Name.Value, bucket.Name.Known())
	set("account", bucket.Owner.Value, bucket.Owner.Known())
	set("region", bucket.Region.Value, bucket.Region.Known())
	set("acls", "true", bucket.Ownership.Explicit() && bucket.Ownership.Value != policy.BucketOwnerEnforced)
	return out
}
