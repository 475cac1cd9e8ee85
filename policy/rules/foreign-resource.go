package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// ForeignResource is BW109, which other packages name.
//
// S3 answers "Policy has invalid resource". A pattern is judged by whether it can match the bucket or an object in it
// at all, and only a name that is written down for the bucket is held against it.
var ForeignResource = &policy.Rule{
	ID:      "BW109",
	Name:    "foreign-resource",
	Summary: "the Resource is not this bucket, cannot exist in its region, or is not an ARN",
	Why: "A bucket policy may name only its own bucket and the objects in it. S3 refuses a policy that names another " +
		"bucket, everything (\"*\"), or an ARN of another partition, which often happens when a policy is copied. The policy " +
		"of a user, role or group may name any bucket, but IAM refuses a Resource that is neither an ARN nor \"*\".",
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{
		"UNSUPPORTED_RESOURCE_ARN_IN_POLICY", "INVALID_ARN_PREFIX", "MISSING_ARN_FIELD",
		"INVALID_PARTITION", "ARN_REGION_NOT_ALLOWED", "ARN_ACCOUNT_NOT_ALLOWED", "INVALID_ARN_RESOURCE",
	}},
	Severity: policy.SeverityError,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Identities: true, Neighbours: true,
	Check: checkForeignResource,
}

func checkForeignResource(in policy.Input) []policy.Finding {
	if in.Kind == policy.IdentityPolicy {
		return resourcesWithoutARN(in)
	}
	var out []policy.Finding
	for s := range statements(in) {
		for _, r := range s.Resource {
			if in.Document.HasVariables() && misplacedVariable(r.Text) || unrenderedResource(r.Text) != "" {
				continue // BW112's
			}
			if in.Kind == policy.NeighbourPolicy {
				out = append(out, ofAnother(in, s, r)...)
				continue
			}
			wrong := wrongForBucket(r.Text, in.Bucket)
			if in.Kind == policy.AccessPointPolicy {
				wrong = wrongForAccessPoint(r.Text)
			}
			if wrong == "" {
				wrong = wrongPartition(r.Text, in.Bucket)
			}
			if wrong != "" {
				out = append(out, about(s, r.Path(), "resource %s %s", value(r.Text), wrong))
			}
		}
	}
	return out
}

// ofAnother is the finding about a Resource of another service. No page of AWS says that the service refuses it.
func ofAnother(in policy.Input, s *iam.Statement, r *iam.Value) []policy.Finding {
	wrong := resourceOfAnother(in, r.Text)
	if wrong == "" {
		return nil
	}
	f := about(s, r.Path(), "resource %s %s", value(r.Text), wrong)
	f.Certainty, f.Ceiling = policy.Undecided, policy.Warn
	return []policy.Finding{f}
}

// resourcesWithoutARN finds what IAM refuses as "must be in ARN format or \"*\"". A wildcard in the first five parts may stand for more
// than one, so such patterns are left alone.
func resourcesWithoutARN(in policy.Input) []policy.Finding {
	var out []policy.Finding
	for s := range statements(in) {
		for _, r := range slices.Concat(s.Resource, s.NotResource) {
			parts := strings.SplitN(r.Text, ":", 6)
			head := strings.Join(parts[:min(len(parts), 5)], ":")
			if r.Text == "" || len(parts) == 6 && parts[0] == "arn" || strings.HasPrefix(r.Text, "*") || misplacedVariable(r.Text) ||
				parts[0] == "arn" && strings.Contains(head, "*") {
				continue
			}
			out = append(out, about(s, r.Path(), `resource %s is not an ARN, so IAM refuses the policy; write arn:aws:s3:::BUCKET/KEY or "*"`,
				quoted(r.Text, 40)))
		}
	}
	return out
}

var (
	variableText = regexp.MustCompile(`\$\{[^}]*\}`)
	bucketARN    = regexp.MustCompile(`^arn:[^:*?$]*:s3:::([^/]*)`)
	// namePattern is what can stand for a bucket's name; buckets from before 2018 may have capitals and underscores.
	namePattern = regexp.MustCompile(`^[\w.*?-]*$`)
)

// wrongForBucket returns why a Resource is neither the bucket nor objects in it, "" when it can be.
func wrongForBucket(resource string, bucket policy.Bucket) string {
	if plainlyOf(resource, bucket.Name) {
		return ""
	}
	resource = variableText.ReplaceAllString(resource, "*")
	name := bucketARN.FindStringSubmatch(resource)
	switch {
	case resource != "" && strings.Trim(resource, "*") == "":
		return "means everything; a bucket policy may name only its own bucket, " + arnOf(bucket)
	case !matchesBucket(resource, "?*"):
		return "is neither a bucket nor an object; write " + arnOf(bucket)
	case bucket.Name.Explicit() && !matchesBucket(resource, bucket.Name.Value):
		return "is not this bucket; S3 refuses the policy, so write " + arnOf(bucket)
	case name != nil && !namePattern.MatchString(name[1]):
		return "has an impossible bucket name; is it a placeholder?"
	}
	return ""
}

// plainlyOf tells at a glance that a Resource is the bucket, or objects in it, as nearly all are written.
func plainlyOf(resource string, bucket policy.Fact[string]) bool {
	rest, ok := strings.CutPrefix(resource, "arn:aws:s3:::")
	name, _, _ := strings.Cut(rest, "/")
	return ok && name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") == "" &&
		(!bucket.Explicit() || name == bucket.Value)
}

// matchesBucket reports whether a Resource can match a bucket of that name, a directory bucket too, or objects in it.
func matchesBucket(resource, name string) bool {
	partition := "*" // which may stand for more than a partition, and then counts as a match
	if rest, ok := strings.CutPrefix(resource, "arn:"); ok {
		partition, _, _ = strings.Cut(rest, ":")
	}
	pattern := glob.Compile(resource)
	for _, arn := range [...]string{":s3:::", ":s3express:*:*:bucket/"} {
		arn = "arn:" + partition + arn + name
		if pattern.Overlaps(glob.Compile(arn)) || pattern.Overlaps(glob.Compile(arn+"/*")) {
			return true
		}
	}
	return false
}

// wrongForAccessPoint returns why a Resource cannot be an access point. What is not plainly a bucket may be one.
func wrongForAccessPoint(resource string) string {
	if !bucketARN.MatchString(resource) {
		return ""
	}
	return "is a bucket's ARN; an access point's policy must name arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME"
}

// wrongPartition returns why a Resource cannot be in the bucket's region.
func wrongPartition(resource string, bucket policy.Bucket) string {
	want := partitionOf(bucket)
	rest, ok := strings.CutPrefix(resource, "arn:")
	got, _, _ := strings.Cut(rest, ":")
	if want == "" || !ok || glob.Match(got, want) {
		return ""
	}
	return "is in partition " + value(got) + ", but the bucket is in " + want
}

// arnOf returns the bucket's ARN as far as it is known, for a person to copy.
func arnOf(b policy.Bucket) string {
	partition, name := partitionOf(b), "BUCKET"
	if partition == "" {
		partition = "aws"
	}
	if b.Name.Explicit() {
		name = b.Name.Value
	}
	if strings.HasSuffix(name, "--x-s3") { // a directory bucket
		return "arn:" + partition + ":s3express:REGION:ACCOUNT:bucket/" + name
	}
	return "arn:" + partition + ":s3:::" + name
}
