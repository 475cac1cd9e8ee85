package rules

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// home is the ARN of the bucket that a document belongs to: as it is known, else as the document names it, else a pattern
// for any. It is "" where there is no such bucket, or only a directory bucket.
func home(in policy.Input) string {
	if in.Document == nil || in.Kind != policy.BucketPolicy {
		return ""
	}
	part, name := cmp.Or(partitionOf(in.Bucket), "aws"), "*"
	for s := range statements(in) {
		for _, r := range slices.Concat(s.Resource, s.NotResource) {
			p, n, ok := bucketOf(r.Text)
			if ok && (name == "*" || strings.ContainsAny(name, "*?") && !strings.ContainsAny(n, "*?")) {
				part, name = p, n
			} else if strings.Contains(r.Text, ":s3express:") {
				return ""
			}
		}
		if !strings.ContainsAny(name, "*?") {
			break
		}
	}
	if len(name) > 1 {
		name = strings.TrimRight(name, "*")
	}
	if in.Bucket.Name.Known() {
		name = in.Bucket.Name.Value
	}
	if strings.HasSuffix(name, "--x-s3") {
		return ""
	}
	return "arn:" + part + ":s3:::" + name
}

// bucketOf is the partition of an ARN and the bucket that it names, perhaps with wildcards but without variables.
func bucketOf(arn string) (partition, name string, ok bool) {
	arn, ok = strings.CutPrefix(arn, "arn:")
	partition, name, found := strings.Cut(arn, ":s3:::")
	name, _, _ = strings.Cut(name, "/")
	return partition, name, ok && found && name != "" && !strings.ContainsAny(partition, "*?$:") && !strings.Contains(name, "$")
}

// instance is an ARN that a pattern matches.
func instance(arn string) string {
	return strings.Map(func(r rune) rune {
		if r == '*' || r == '?' {
			return 'x'
		}
		return r
	}, arn)
}

// partitionOf returns the bucket's partition, or that of its region; "" when neither is written down.
func partitionOf(b policy.Bucket) string {
	region := b.Region.Value
	switch {
	case b.Partition.Explicit():
		return b.Partition.Value
	case !b.Region.Explicit():
		return ""
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	case plainRegion.MatchString(region):
		return "aws"
	}
	return ""
}

var plainRegion = regexp.MustCompile(`^[a-z]{2}-[a-z]+-[0-9]+$`)

// ownershipOf is the ownership of the bucket that a statement is about. Of those that the policy of a role names it is the same
// for all, and written down; else nothing is said of it: ok is false.
func ownershipOf(in policy.Input, s *iam.Statement) (setting policy.Fact[policy.Ownership], ok bool) {
	if in.Kind != policy.IdentityPolicy {
		return in.Bucket.Ownership, true
	}
	names, all := policy.BucketNames(s.Resource)
	for i, name := range names {
		next := in.Buckets[name].Ownership
		if !next.Explicit() || i > 0 && next.Value != setting.Value {
			return setting, false
		}
		setting = next
	}
	return setting, all && len(names) > 0
}
