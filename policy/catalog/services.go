package catalog

import (
	"slices"
	"strings"
)

// Service is an AWS service that acts on buckets as itself, by its service principal, and not through a role.
type Service struct {
	Principal string // without Region: "logs.amazonaws.com"
	Region    string // of the principal that was looked up: "eu-west-1"; "" when it names none
	Purpose   string // what it needs the bucket for; completes "the service ..."
	Source    string // AWS's page with the statement to write
}

// LookupService finds a service by its principal, exactly as IAM compares them, in any of its forms: "logs.amazonaws.com",
// "logs.eu-west-1.amazonaws.com", and with ".cn" at the end. The form matters to IAM: each names another principal.
// A principal that is not found is not invalid: the list holds the services for which AWS documents a bucket policy.
func LookupService(principal string) (Service, bool) {
	name, region, ok := serviceName(principal)
	if !ok {
		return Service{}, false
	}
	i, ok := slices.BinarySearchFunc(serviceTable[:], name, func(s service, name string) int {
		return strings.Compare(s.name, name)
	})
	if !ok {
		return Service{}, false
	}
	s := serviceTable[i]
	return Service{s.name + ".amazonaws.com", region, s.purpose, "https://docs.aws.amazon.com/" + s.page}, true
}

// serviceName returns the name in a service's principal, and its Region where it has one.
func serviceName(principal string) (name, region string, ok bool) {
	name, ok = strings.CutSuffix(strings.TrimSuffix(principal, ".cn"), ".amazonaws.com")
	if i := strings.LastIndexByte(name, '.'); i >= 0 && isRegion(name[i+1:]) {
		name, region = name[:i], name[i+1:]
	}
	return name, region, ok
}

// isRegion reports whether s has the form of a Region: "eu-west-1", "us-gov-east-1", "eusc-de-east-1".
func isRegion(s string) bool {
	parts := strings.Split(s, "-")
	if len(parts) < 3 || len(parts) > 4 {
		return false
	}
	last := len(parts) - 1
	for _, p := range parts[:last] {
		if p == "" || strings.Trim(p, "abcdefghijklmnopqrstuvwxyz") != "" {
			return false
		}
	}
	return len(parts[last]) == 1 && parts[last] >= "1" && parts[last] <= "9"
}

type service struct{ name, purpose, page string }

// In the order of their names. VPC flow logs, Network Load Balancers, Route 53 Resolver, AWS WAF, Network Firewall and other
// sources of vended logs all come as delivery.logs. Services that write with a role of the customer are not here.
var serviceTable = [...]service{
	{"appflow", "reads and writes the objects of a flow", "appflow/latest/userguide/s3-policies-management.html"},
	{"bcm-data-exports", "writes billing data exports", "cur/latest/userguide/dataexports-s3-bucket.html"},
	{"bedrock", "writes model invocation logs", "bedrock/latest/userguide/model-invocation-logging.html"},
	{"billingreports", "writes cost and usage reports", "cur/latest/userguide/cur-s3.html"},
	{"cloudfront", "reads the objects of a distribution", "AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html"},
	{"cloudtrail", "writes trails", "awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html"},
	{"compute-optimizer", "writes exported recommendations", "compute-optimizer/latest/ug/create-s3-bucket-policy-for-compute-optimizer.html"},
	{"config", "writes configuration history and snapshots", "config/latest/developerguide/s3-bucket-policy.html"},
	{"delivery.logs", "writes vended logs", "AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html"},
	{"guardduty", "writes exported findings", "guardduty/latest/ug/guardduty_exportfindings.html"},
	{"inspector2", "writes findings reports", "inspector/latest/user/findings-managing-exporting-reports.html"},
	{"logdelivery.elasticloadbalancing", "writes load balancer logs", "elasticloadbalancing/latest/application/enable-access-logging.html"},
	{"logdelivery.elb", "writes load balancer logs from Outposts", "elasticloadbalancing/latest/application/enable-access-logging.html"},
	{"logging.s3", "writes server access logs", "AmazonS3/latest/userguide/enable-server-access-logging.html"},
	{"logs", "writes exported log groups", "AmazonCloudWatch/latest/logs/S3ExportTasks.html"},
	{"macie", "writes discovery results", "macie/latest/user/discovery-results-repository-s3.html"},
	{"personalize", "reads training data and writes recommendations", "personalize/latest/dg/granting-personalize-s3-access.html"},
	{"redshift", "writes audit logs", "redshift/latest/mgmt/db-auditing.html"},
	{"s3", "writes inventories and analytics exports", "AmazonS3/latest/userguide/configure-inventory.html"},
	{"serverlessrepo", "reads application packages", "serverlessrepo/latest/devguide/serverlessrepo-how-to-publish.html"},
	{"ses", "writes received mail", "ses/latest/dg/receiving-email-permissions.html"},
	{"ssm", "writes inventory by resource data sync", "systems-manager/latest/userguide/inventory-create-resource-data-sync.html"},
	{"storage-lens.s3", "writes Storage Lens metrics", "AmazonS3/latest/userguide/example-bucket-policies.html"},
}
