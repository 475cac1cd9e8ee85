package rules

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
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

// denials returns the document with its Denies alone. An incomplete document is left to BW102: ok is false.
func denials(in policy.Input) (doc *iam.Document, ok bool) {
	return only(in.Document, func(s *iam.Statement) bool { return s.Effect == iam.Deny }), len(checkMissingElement(in)) == 0
}

// allowing returns a document with one more statement, an Allow.
func allowing(doc *iam.Document, principal, action string, resources []string, condition string) *iam.Document {
	more, err := iam.Parse(`{"Statement": {"Effect": "Allow", "Principal": ` + principal + `, "Action": ` + iam.NewString(action).Compact() +
		`, "Resource": ` + iam.NewStrings(resources...).Compact() + `, "Condition": ` + condition + `}}`)
	if err != nil {
		panic(err) // every text of a document is a string again
	}
	out := *doc
	out.Statements = slices.Concat(doc.Statements, more.Statements)
	return &out
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

// sent is a request as it usually arrives, with the keys that every request has.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func sent(principal, action, arn, secure string) authz.Request {
	return authz.Request{
		Principal: principal, Action: action, Resource: instance(arn),
		Context: authz.Context{
			"aws:SecureTransport": {secure}, "aws:SourceIp": {"198.51.100.7"}, "aws:CurrentTime": {"2026-01-01T00:00:00Z"},
			"aws:EpochTime": {"1767225600"}, "aws:RequestedRegion": {"us-east-1"}, "aws:UserAgent": {"example"},
			"aws:ViaAWSService": {"false"},
		},
	}
}
