package rules

import (
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// originAccess stands where the account does in the ARN of a CloudFront origin access identity. Anybody can make one, and
// whose distribution it belongs to the ARN does not say.
//
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
const originAccess = "cloudfront"

// awsOwnedIn returns the accounts that a document names as principals, and that belong to AWS itself and act for its
// customers: those from which load balancers write their access logs. No condition can say for whom they act.
func awsOwnedIn(doc *iam.Document) []string {
	var out []string
	for _, s := range doc.Statements {
		if s.Principal == nil {
			continue
		}
		for _, e := range s.Principal.Entries {
			if account := accountOf(e.ID.Text); e.Type == "AWS" && catalog.IsLoadBalancerAccount(account) {
				out = append(out, account)
			}
		}
	}
	return out
}

// accountOf is the account of a principal: the id itself, or the one in an ARN. A wildcard is no part of either.
func accountOf(principal string) string {
	rest, account := principal, ""
	for range 5 { // arn, partition, service, region, account
		var ok bool
		if account, rest, ok = strings.Cut(rest, ":"); !ok {
			return principal
		}
	}
	if strings.ContainsAny(principal, "*?") {
		return principal
	}
	return account
}
