package rules

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// awsOwned are accounts that belong to AWS itself and act for its customers: those from which load balancers write their
// access logs, by region, in regions opened before August 2022, and the one of CloudFront's origin access identities. No
// condition can say for whom they act.
//
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html#attach-bucket-policy
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
var awsOwned = []string{
	"127311923021", "033677994240", "027434742980", "797873946194", // us-east-1, us-east-2, us-west-1, us-west-2
	"098369216593", "754344448648", "589379963580", "718504428378", // af-south-1, ap-east-1, ap-southeast-3, ap-south-1
	"383597477331", "600734575887", "114774131450", "783225319266", // ap-northeast-3, ap-northeast-2, ap-southeast-1, ap-southeast-2
	"582318560864", "985666609251", "054676820928", "156460612806", // ap-northeast-1, ca-central-1, eu-central-1, eu-west-1
	"652711504416", "635631232127", "009996457667", "897822967062", // eu-west-2, eu-south-1, eu-west-3, eu-north-1
	"076674570225", "507241528517", "048591011584", "190560391635", // me-south-1, sa-east-1, us-gov-west-1, us-gov-east-1
	"638102146993", "037604701340", // cn-north-1, cn-northwest-1
	"cloudfront",
}

// awsOwnedIn returns those of them that a document names as principals.
func awsOwnedIn(doc *iam.Document) []string {
	var out []string
	for _, s := range doc.Statements {
		if s.Principal == nil {
			continue
		}
		for _, e := range s.Principal.Entries {
			if account := accountOf(e.ID.Text); e.Type == "AWS" && slices.Contains(awsOwned, account) {
				out = append(out, account)
			}
		}
	}
	return out
}
