package policy

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Reach returns which of catalog.Bucket and catalog.Object the Resource patterns of a bucket policy can match.
// It never misses one: whatever is not plainly a bucket's or an object's ARN counts as both.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html
func Reach(resources []*iam.Value) catalog.Resources {
	var out catalog.Resources
	for _, r := range resources {
		out |= reach(r.Text)
	}
	return out
}

// Applies reports whether a request for the action can name what a Reach covers: not s3:ListBucket for objects, and not
// s3:GetObject for the bucket. True for an action that is neither of buckets nor of objects.
func Applies(a catalog.Action, reach catalog.Resources) bool {
	types := a.Resources() & (catalog.Bucket | catalog.Object)
	return types == 0 || types&reach != 0
}

func reach(pattern string) catalog.Resources {
	const either = catalog.Bucket | catalog.Object
	rest, ok := strings.CutPrefix(pattern, "arn:")
	if !ok {
		return either
	}
	partition, rest, ok := strings.Cut(rest, ":s3:::")
	if !ok || strings.ContainsAny(partition, "*?$:") {
		return either
	}
	before, _, variable := strings.Cut(rest, "${") // whose value may hold a slash
	var out catalog.Resources
	if !strings.Contains(before, "/") && (variable || !strings.Contains(rest, "/")) {
		out |= catalog.Bucket
	}
	if variable || strings.ContainsAny(rest, "/*?") { // a wildcard may stand for the slash
		out |= catalog.Object
	}
	return out
}

// BucketNames returns the buckets that resources are of, each once. all is false when some of them may be of others: a pattern,
// a variable, what is no ARN of a bucket or an object.
func BucketNames(resources []*iam.Value) (names []string, all bool) {
	all = true
	for _, r := range resources {
		_, rest, ok := strings.Cut(strings.TrimPrefix(r.Text, "arn:"), ":s3:::")
		name, _, _ := strings.Cut(rest, "/")
		if !ok || name == "" || strings.ContainsAny(name, "*?$") {
			all = false
		} else if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, all
}
