package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
)

// ACLsEnabled is BW305, which other packages name.
//
// Only the object that declares the ownership is told. A stated reason is an Exemption. There is no fix: the field would have
// to be set, and what the ACLs grant be moved before.
var ACLsEnabled = &policy.Rule{
	ID:      "BW305",
	Name:    "acls-enabled",
	Summary: "Object Ownership leaves ACLs on",
	Why: "With ACLs on, whoever may set one can open an object with a header, and no policy shows it. Objects that others " +
		"upload may belong to them, out of reach of your policies. AWS recommends BucketOwnerEnforced, except for buckets " +
		"that need access control for each object. First move what the bucket's ACL grants to its policy, or S3 answers " +
		"InvalidBucketAclWithObjectOwnership.",
	Sources: []string{
		objectOwnership,
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-migrating-acls-prerequisites.html",
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/ensure-object-ownership.html",
	},
	Controls: policy.Controls{
		SecurityHub: []string{"S3.12"}, Config: []string{"s3-bucket-acl-prohibited"},
	},
	Severity: policy.Medium,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Check: checkACLsEnabled,
}

func checkACLsEnabled(in policy.Input) []policy.Finding {
	setting := in.Bucket.Ownership
	if !setting.Here() || !ownership.Needed(setting.Value, ownership.OtherAccount) {
		return nil
	}
	first := "declare BucketOwnerEnforced"
	if move := toMove(in.Bucket.ACL); move != "" {
		first = "move " + move + " to the policy, then declare BucketOwnerEnforced"
	}
	return []policy.Finding{{
		Field:   setting.From,
		Message: fmt.Sprintf("%s leaves ACLs on; %s, or write an Exemption that says why ACLs are needed", setting.Value, first),
	}}
}

// mostMoved is how many grants a message lists.
const mostMoved = 4

// toMove lists what an ACL grants to others than the owner, each by its permission and to whom.
func toMove(acl policy.Fact[policy.ACL]) string {
	if !acl.Explicit() {
		return ""
	}
	canned, known := ownership.BucketGrants(ownership.ACL(acl.Value.Canned))
	var out []string
	if !known && acl.Value.Canned != "" {
		out = append(out, "ACL "+value(acl.Value.Canned))
	}
	add := func(permission, to string) {
		if one := permission + " of " + to; !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	for _, g := range canned {
		add(g.Permission, group(g.Group))
	}
	for _, g := range acl.Value.Grants {
		switch {
		case g.URI != "":
			add(quotedUnless(g.Permission), group(strings.TrimPrefix(g.URI, ownership.Groups)))
		case g.ID != "":
			add(quotedUnless(g.Permission), "canonical user "+quoted(g.ID, 8))
		default:
			add(quotedUnless(g.Permission), value(g.Email))
		}
	}
	if more := len(out) - mostMoved; more > 0 {
		out = append(out[:mostMoved], fmt.Sprintf("%d more", more))
	}
	return strings.Join(out, ", ")
}

// group is a group of grantees in words, and for log delivery by the service that takes its place.
func group(name string) string {
	switch name {
	case ownership.AllUsers:
		return "anyone"
	case ownership.AuthenticatedUsers:
		return "every AWS account"
	case ownership.LogDelivery:
		return "log delivery (logging.s3.amazonaws.com)"
	}
	return value(name)
}

// quotedUnless quotes what is no permission that there is.
func quotedUnless(permission string) string {
	if slices.Contains(permissions[:], permission) {
		return permission
	}
	return value(permission)
}
