package review

import (
	"cmp"
	"fmt"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/profiles"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// profileOf returns the workload that the object's bucket is for: what the Reviewer says, else what the object's annotations say;
// nil where neither does. doc is the object's policy, nil for none that can be read.
func (r Reviewer) profileOf(reading source.Reading, bucket policy.Bucket, doc *iam.Document) *policy.Profile {
	if r.Profile != nil {
		if doc == nil || reading.Source.OnIdentity() || doc.IsIdentityPolicy() {
			return nil
		}
		return r.Profile(bucket, doc)
	}
	field := source.FieldPath(cmp.Or(reading.Profile.Pointer, reading.Parameters.Pointer))
	out := profiles.Asked(reading.Profile.Value, reading.Parameters.Value, field, bucket, doc)
	if out != nil && len(reading.Source.Policies) == 0 {
		out.Err = fmt.Errorf("a %s has no policy; put the annotation on the object that has it", reading.Source.Kind)
	}
	return out
}
