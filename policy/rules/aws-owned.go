package rules

import (
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// awsOwned tells whether an account belongs to AWS itself and acts for its customers: those from which load balancers write
// their access logs, and the one of CloudFront's origin access identities. No condition can say for whom they act.
//
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
func awsOwned(account string) bool {
	return account == "cloudfront" || catalog.IsLoadBalancerAccount(account)
}

// awsOwnedIn returns those of them that a document names as principals.
func awsOwnedIn(doc *iam.Document) []string {
	var out []string
	for _, s := range doc.Statements {
		if s.Principal == nil {
			continue
		}
		for _, e := range s.Principal.Entries {
			if account := accountOf(e.ID.Text); e.Type == "AWS" && awsOwned(account) {
				out = append(out, account)
			}
		}
	}
	return out
}
