package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/ownership"
)

// mostGrants is what S3 takes in one ACL.
const mostGrants = 100

// What S3 refuses in an ACL, told to the object that declares it.
var aclGrantsLimit = &policy.Rule{
	ID:      "BW307",
	Name:    "acl-grants-limit",
	Summary: "S3 refuses the ACL: it has too many grants, an e-mail address, or an unknown permission or group",
	Why: "An ACL holds at most 100 grants of five permissions, to canonical user ids and three groups. S3 no longer " +
		"accepts e-mail addresses as grantees. It refuses the ACL as a whole, so none of its grants takes effect.",
	Sources:  []string{s3ACLs, "https://docs.aws.amazon.com/AmazonS3/latest/API/API_Grantee.html"},
	Severity: policy.SeverityError,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Check: checkGrants,
}

func checkGrants(in policy.Input) []policy.Finding {
	acl := in.Bucket.ACL
	if !acl.Here() {
		return nil
	}
	var out []policy.Finding
	find := func(field, format string, args ...any) {
		out = append(out, policy.Finding{Field: field, Message: fmt.Sprintf(format, args...)})
	}
	if n := len(acl.Value.Grants); n > mostGrants {
		find(acl.From, "the ACL has %d grants, and S3 accepts %d; use a bucket policy", n, mostGrants)
	}
	for _, g := range acl.Value.Grants {
		if g.Email != "" {
			find(g.Field, "grantee %s is an e-mail address, which S3 no longer accepts; write the canonical user id", value(g.Email))
		}
		if !slices.Contains(permissions[:], g.Permission) {
			find(g.Field, "permission %s must be one of %s", value(g.Permission), strings.Join(permissions[:], ", "))
		}
		if group, ok := strings.CutPrefix(g.URI, ownership.Groups); g.URI != "" &&
			!(ok && slices.Contains([]string{ownership.AllUsers, ownership.AuthenticatedUsers, ownership.LogDelivery}, group)) {
			find(g.Field, "group %s is not one of S3's three groups", value(g.URI))
		}
	}
	return out
}
