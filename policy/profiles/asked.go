package profiles

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
)

// Asked returns the workload that somebody says a bucket is for: by the name of a profile, and by parameters such as
// "trail=main organization=o-a1b2c3d4e5 delete". What is known about the bucket need not be said. It is nil where nothing is
// said, and has Err where no document comes of it. field is where it is said.
func Asked(name, parameters, field string, bucket policy.Bucket) *policy.Profile {
	if name == "" && parameters == "" {
		return nil
	}
	out := &policy.Profile{Name: name, Field: field}
	p, err := Find(name)
	if err != nil {
		out.Err = err
		return out
	}
	out.Spare, out.Ownership = p.Spare, p.Ownership
	values := p.known(bucket)
	for _, word := range strings.Fields(parameters) {
		key, value, ok := strings.Cut(word, "=")
		if !ok {
			value = "true"
		}
		values[key] = value
	}
	out.Grants, out.Err = p.Grants(values)
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
