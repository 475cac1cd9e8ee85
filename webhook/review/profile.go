package review

import (
	"cmp"
	"fmt"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/profiles"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// profileOf returns the workload that the object's annotations say its bucket is for, nil when they say nothing.
func profileOf(reading source.Reading, bucket policy.Bucket) *policy.Profile {
	field := source.FieldPath(cmp.Or(reading.Profile.Pointer, reading.Parameters.Pointer))
	out := profiles.Asked(reading.Profile.Value, reading.Parameters.Value, field, bucket)
	if out != nil && len(reading.Source.Policies) == 0 {
		out.Err = fmt.Errorf("a %s has no policy; put the annotation on the object that has it", reading.Source.Kind)
	}
	return out
}
