package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// S3 answers "Policy has invalid action". Directory buckets have a table of their own (s3express), and of that only
// unknown names are judged: AWS does not say which of them a directory bucket's policy refuses.
var unknownAction = &policy.Rule{
	ID:      "BW107",
	Name:    "unknown-action",
	Summary: "the action does not exist in S3, or a bucket policy cannot grant it",
	Why: "S3 refuses a policy with an unknown action. The name of an API call is often not the name of its action: " +
		"HeadObject needs s3:GetObject. An account-level action, such as s3:ListAllMyBuckets, concerns no bucket, and " +
		"only the identity policy of a user or role can grant it.",
	Sources: []string{
		s3Actions,
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{
		"INVALID_ACTION", "INVALID_SERVICE_IN_ACTION", "INVALID_SERVICE", "UNSUPPORTED_ACTION_IN_POLICY",
	}},
	Severity: policy.SeverityError,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Identities: true, Neighbours: true,
	Check: checkUnknownAction,
}

func checkUnknownAction(in policy.Input) []policy.Finding {
	if in.Kind == policy.NeighbourPolicy {
		return unknownToNeighbour(in)
	}
	var out []policy.Finding
	for s := range statements(in) {
		for _, a := range slices.Concat(s.Action, s.NotAction) {
			if wrong := wrongAction(in, a.Text); wrong != "" && unrendered(a.Text, a.Text) == "" {
				out = append(out, about(s, a.Path(), "%s %s", value(a.Text), wrong))
			}
		}
		for _, a := range s.Action {
			if f := useless(s, a); f != nil && in.Kind == policy.BucketPolicy {
				out = append(out, *f)
			}
		}
	}
	return keptByIAM(in, out)
}

// unknownToNeighbour finds actions that the service does not have. No page of AWS says that it refuses them.
func unknownToNeighbour(in policy.Input) []policy.Finding {
	var out []policy.Finding
	for s := range statements(in) {
		for _, a := range slices.Concat(s.Action, s.NotAction) {
			if wrong := wrongForNeighbour(in, a.Text); wrong != "" {
				f := about(s, a.Path(), "%s %s", value(a.Text), wrong)
				f.Certainty, f.Ceiling = policy.Undecided, policy.Warn
				out = append(out, f)
			}
		}
	}
	return out
}

// wrongAction returns why a name or pattern is no action of S3, "" when it is one. A pattern counts
// as one where the budget does not allow for a look.
func wrongAction(in policy.Input, name string) string {
	prefix, _, ok := strings.Cut(name, ":")
	prefix = strings.ToLower(prefix)
	switch {
	case name == "*":
		return ""
	case !ok:
		return `is not an action; actions look like "s3:GetObject"`
	case in.Kind == policy.IdentityPolicy && prefix != "s3" && prefix != "s3express":
		return ""
	case in.Kind == policy.AccessPointPolicy && (prefix == "s3-object-lambda" || prefix == "s3-outposts"):
		return "" // access points of those kinds have actions of their own
	case prefix != "s3" && prefix != "s3express" && !strings.ContainsAny(prefix, "*?"):
		return "is an action of another service, and S3 refuses it; only s3: actions belong in a bucket policy"
	case strings.ContainsAny(name, "*?"):
		if !in.Budget.Take(costOfName) || actionNames.matches(name) {
			return ""
		}
		return "matches no S3 action"
	}
	if _, known := catalog.LookupAction(name); known {
		return ""
	}
	if hint := actionOfCall(name); hint != "" {
		return "is an API call, not an action; it needs " + hint
	}
	return "is not an S3 action" + actionNames.nearest(in.Budget, name)
}

// useless is the finding about a known action that no bucket policy can grant. Of s3:CreateBucket, which is about a
// bucket, no page of AWS says that S3 refuses it, so there a warning is the most.
func useless(s *iam.Statement, v *iam.Value) *policy.Finding {
	a, known := catalog.LookupAction(v.Text)
	if !known || a.InBucketPolicy() || strings.HasPrefix(a.Name(), "s3express:") {
		return nil
	}
	f := about(s, v.Path(), "%s does not concern a bucket with a policy, so a bucket policy cannot grant it; grant it to the user "+
		"or role", value(v.Text))
	if a.Resources()&catalog.Bucket != 0 {
		f.Ceiling = policy.Warn
	}
	return &f
}

// actionOfCall returns the action that an API call needs where the two have different names.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
func actionOfCall(name string) string {
	switch strings.TrimPrefix(strings.ToLower(name), "s3:") {
	case "headobject", "selectobjectcontent":
		return "s3:GetObject"
	case "headbucket", "listobjects", "listobjectsv2":
		return "s3:ListBucket"
	case "listobjectversions":
		return "s3:ListBucketVersions"
	case "listbuckets":
		return "s3:ListAllMyBuckets, in an identity policy"
	case "listmultipartuploads":
		return "s3:ListBucketMultipartUploads"
	case "listparts":
		return "s3:ListMultipartUploadParts"
	case "deleteobjects":
		return "s3:DeleteObject"
	case "copyobject", "uploadpartcopy":
		return "s3:GetObject and s3:PutObject"
	case "createmultipartupload", "uploadpart", "completemultipartupload", "postobject":
		return "s3:PutObject"
	case "getbucketencryption":
		return "s3:GetEncryptionConfiguration"
	case "putbucketencryption", "deletebucketencryption":
		return "s3:PutEncryptionConfiguration"
	case "getbucketlifecycle", "getbucketlifecycleconfiguration":
		return "s3:GetLifecycleConfiguration"
	case "putbucketlifecycle", "putbucketlifecycleconfiguration", "deletebucketlifecycle":
		return "s3:PutLifecycleConfiguration"
	case "getbucketreplication":
		return "s3:GetReplicationConfiguration"
	case "putbucketreplication", "deletebucketreplication":
		return "s3:PutReplicationConfiguration"
	case "getpublicaccessblock":
		return "s3:GetBucketPublicAccessBlock"
	case "putpublicaccessblock", "deletepublicaccessblock":
		return "s3:PutBucketPublicAccessBlock"
	case "deletebucketownershipcontrols":
		return "s3:PutBucketOwnershipControls"
	}
	return ""
}
