package manifest

import (
	"regexp"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// neighbours are the kinds of policy that are not a bucket's and have a name that people know, by the prefix of their
// actions. A policy of a service that is not here is called by the prefix.
var neighbours = map[string]string{
	"apigateway": "API Gateway", "backup": "AWS Backup", "bedrock": "Bedrock", "codeartifact": "CodeArtifact",
	"codebuild": "CodeBuild", "dynamodb": "DynamoDB", "ec2": "EC2", "ecr": "ECR", "ecr-public": "ECR Public", "ecs": "ECS",
	"eks": "EKS", "elasticfilesystem": "EFS", "es": "OpenSearch", "events": "EventBridge", "execute-api": "API Gateway",
	"glacier": "S3 Glacier", "glue": "Glue", "iam": "IAM", "iot": "AWS IoT", "kinesis": "Kinesis", "kafka": "MSK", "kms": "KMS",
	"lambda": "Lambda", "lex": "Lex", "logs": "CloudWatch Logs", "mediastore": "MediaStore", "ram": "RAM",
	"rekognition": "Rekognition", "s3-object-lambda": "S3 Object Lambda", "s3-outposts": "S3 on Outposts",
	"s3tables": "S3 Tables", "s3vectors": "S3 Vectors", "schemas": "EventBridge Schemas", "secretsmanager": "Secrets Manager",
	"ses": "SES", "sns": "SNS", "sqs": "SQS", "ssm": "Systems Manager", "states": "Step Functions", "sts": "STS",
	"vpc-lattice": "VPC Lattice", "vpc-lattice-svcs": "VPC Lattice",
}

// bare is what a policy document says about whose policy it is.
type bare struct {
	services   map[string]bool // prefixes of its actions, lower case
	everything bool            // some action is "*"
	unclear    bool            // some action has no prefix, or one that may be a misspelt s3
	principals bool
	denies     bool // all statements deny everyone something on everything
	resources  []string
}

// accessGrants is an instance of S3 Access Grants, which has a policy of its own.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-cross-accounts.html
var accessGrants = regexp.MustCompile(`^arn:aws[a-z-]*:s3:[a-z0-9-]*:[0-9]*:access-grants/`)

// neighbour returns whose policy a document is when all of its actions belong to services other than S3: "a policy of SQS".
// It is "" for a policy that may be a bucket's, an access point's or an identity's with access to buckets; so it is
// whenever an action or a resource leaves room for S3, because skipping a bucket's policy is the worse mistake.
func neighbour(root *node) string {
	b := readBare(root)
	if b.denies && (b.services["s3"] || b.everything) {
		return "a resource control policy"
	}
	if len(b.resources) > 0 && !slices.ContainsFunc(b.resources, func(r string) bool { return !accessGrants.MatchString(r) }) {
		return "a policy of S3 Access Grants"
	}
	if b.unclear || b.services["s3"] || b.services["s3express"] || slices.ContainsFunc(b.resources, ofS3) {
		return ""
	}
	if b.everything {
		for _, r := range b.resources {
			service := serviceOf(r)
			if service == "" {
				return ""
			}
			b.services[service] = true
		}
	}
	if len(b.services) == 0 {
		return ""
	}
	if b.services["sts"] && len(b.services) == 1 && b.principals {
		return "the trust policy of a role"
	}
	var names []string
	for prefix := range b.services {
		name := neighbours[prefix]
		if name == "" {
			name = prefix
		}
		names = append(names, name)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	const most = 3
	if len(names) > most {
		names = append(names[:most], "others")
	}
	return "a policy of " + strings.Join(names, ", ")
}

// readBare reads what a JSON object that looks like a policy says, whatever else is wrong with it.
func readBare(root *node) bare {
	b := bare{services: map[string]bool{}}
	statements := root.member("Statement")
	b.denies = statements != nil && (statements.kind != sequence || len(statements.entries) > 0)
	for statement := range statements.elements() {
		principals := statement.member("Principal") != nil || statement.member("NotPrincipal") != nil
		b.principals = b.principals || principals
		b.denies = b.denies && deniesEverywhere(statement)
		actions := statement.member("Action")
		if actions == nil && principals { // in a policy of a resource, all the others of its service
			actions = statement.member("NotAction")
		}
		if actions == nil { // all the others, of whatever service
			b.unclear = true
		}
		for action := range actions.elements() {
			b.action(strings.ToLower(action.text()))
		}
		for resource := range statement.member("Resource").elements() {
			b.resources = append(b.resources, resource.text())
		}
	}
	return b
}

// deniesEverywhere reports whether a statement denies everyone something on every resource, as those of resource control policies
// do. S3 takes no such Resource, and nobody gets access by a Deny.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
func deniesEverywhere(statement *node) bool {
	principal, resource := statement.member("Principal"), statement.member("Resource")
	return statement.member("Effect").text() == "Deny" && (principal.text() == "*" || principal.member("AWS").text() == "*") &&
		(resource.text() == "*" || resource != nil && resource.kind == sequence && len(resource.entries) == 1 && resource.entries[0].value.text() == "*")
}

func (b *bare) action(action string) {
	prefix, _, found := strings.Cut(action, ":")
	switch {
	case action == "*" || action == "*:*":
		b.everything = true
	case !found || prefix == "" || strings.Trim(prefix, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || nearS3(prefix):
		b.unclear = true
	default:
		b.services[prefix] = true
	}
}

// nearS3 reports whether a prefix is one edit from s3: a slip, as no service has such a name.
func nearS3(prefix string) bool {
	return prefix != "s3" && len(prefix) <= 3 && levenshtein.Distance(prefix, "s3", nil) == 1
}

// ofS3 reports whether a Resource is a bucket, an object or an access point, or may be meant for one.
func ofS3(resource string) bool {
	service := serviceOf(resource)
	return service == "s3" || service == "s3express"
}

// serviceOf returns the service of an ARN, "" for what is no ARN of one service.
func serviceOf(arn string) string {
	parts := strings.SplitN(arn, ":", 4)
	if len(parts) < 4 || parts[0] != "arn" || strings.ContainsAny(parts[2], "*?$%{}") {
		return ""
	}
	return strings.ToLower(parts[2])
}
