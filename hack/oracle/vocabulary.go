package main

import "github.com/bucketwarden/bucketwarden/policy/authz"

// The vocabulary is small, so that what a document says and what a request has meet often.

// caller is a principal and the condition keys of its requests.
type caller struct {
	principal string
	// follows holds the keys that AWS's pages derive from the principal. The peers are told them, Decide has to know:
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties
	follows authz.Context
	// carries holds the keys that do not follow; every evaluator is told them.
	carries authz.Context
}

var callers = []caller{
	{authz.Anonymous, authz.Context{
		"aws:PrincipalAccount": {"anonymous"}, "aws:PrincipalType": {"Anonymous"}, "aws:userid": {"anonymous"},
	}, nil},
	{"cloudtrail.amazonaws.com", serviceKeys("cloudtrail.amazonaws.com"), authz.Context{
		"aws:SourceAccount": {"111122223333"}, "aws:SourceArn": {"arn:aws:cloudtrail:eu-west-1:111122223333:trail/all"},
	}},
	{"logging.s3.amazonaws.com", serviceKeys("logging.s3.amazonaws.com"), authz.Context{
		"aws:SourceAccount": {"444455556666"}, "aws:SourceArn": {"arn:aws:s3:::source"},
	}},
	{"arn:aws:iam::111122223333:root", authz.Context{
		"aws:PrincipalIsAWSService": {"false"}, "aws:PrincipalAccount": {"111122223333"}, "aws:PrincipalType": {"Account"},
		"aws:PrincipalArn": {"arn:aws:iam::111122223333:root"}, "aws:userid": {"111122223333"},
	}, organization},
	{"arn:aws:iam::111122223333:user/alice", authz.Context{
		"aws:PrincipalIsAWSService": {"false"}, "aws:PrincipalAccount": {"111122223333"}, "aws:PrincipalType": {"User"},
		"aws:PrincipalArn": {"arn:aws:iam::111122223333:user/alice"}, "aws:username": {"alice"},
	}, authz.Context{"aws:userid": {"AIDAALICEALICEALICE1"}, "aws:PrincipalOrgID": {"o-aa111bb222"}, "aws:PrincipalTag/team": {"blue"}}},
	{"arn:aws:iam::444455556666:user/team/bob", authz.Context{
		"aws:PrincipalIsAWSService": {"false"}, "aws:PrincipalAccount": {"444455556666"}, "aws:PrincipalType": {"User"},
		"aws:PrincipalArn": {"arn:aws:iam::444455556666:user/team/bob"}, "aws:username": {"bob"},
	}, authz.Context{"aws:userid": {"AIDABOBBOBBOBBOBBOB1"}, "aws:PrincipalTag/team": {"Red*"}}},
	{"arn:aws:sts::111122223333:assumed-role/reader/ci", roleKeys("111122223333", "arn:aws:iam::111122223333:role/reader"),
		authz.Context{
			"aws:userid": {"AROAREADERREADERREA1:ci"}, "aws:PrincipalOrgID": {"o-aa111bb222"}, "aws:PrincipalTag/team": {"blue"},
			"aws:MultiFactorAuthPresent": {"true"}, "aws:TokenIssueTime": {"2026-03-01T08:00:00Z"},
		}},
	// A session's ARN does not show its role's path, so aws:PrincipalArn does not follow from it.
	{"arn:aws:sts::444455556666:assumed-role/writer/s1", authz.Context{
		"aws:PrincipalIsAWSService": {"false"}, "aws:PrincipalAccount": {"444455556666"}, "aws:PrincipalType": {"AssumedRole"},
	}, authz.Context{
		"aws:PrincipalArn": {"arn:aws:iam::444455556666:role/team/writer"}, "aws:userid": {"AROAWRITERWRITERWRI1:s1"},
		"aws:FederatedProvider": {"cognito-identity.amazonaws.com"}, "aws:TokenIssueTime": {"2026-03-01T08:00:00Z"},
	}},
	{"arn:aws:iam::111122223333:role/team/auditor", roleKeys("111122223333", "arn:aws:iam::111122223333:role/team/auditor"), organization},
	{"arn:aws:sts::444455556666:federated-user/alice", authz.Context{
		"aws:PrincipalIsAWSService": {"false"}, "aws:PrincipalAccount": {"444455556666"}, "aws:PrincipalType": {"FederatedUser"},
		"aws:PrincipalArn": {"arn:aws:sts::444455556666:federated-user/alice"}, "aws:userid": {"444455556666:alice"},
	}, nil},
}

var organization = authz.Context{
	"aws:PrincipalOrgID":    {"o-aa111bb222"},
	"aws:PrincipalOrgPaths": {"o-aa111bb222/r-ab12/ou-ab12-11111111/"},
}

func serviceKeys(name string) authz.Context {
	return authz.Context{
		"aws:PrincipalIsAWSService": {"true"}, "aws:PrincipalServiceName": {name}, "aws:PrincipalServiceNamesList": {name},
	}
}

func roleKeys(account, role string) authz.Context {
	return authz.Context{
		"aws:PrincipalIsAWSService": {"false"}, "aws:PrincipalAccount": {account}, "aws:PrincipalType": {"AssumedRole"},
		"aws:PrincipalArn": {role},
	}
}

// principals are what documents name; the near ones of a caller come on top.
var principals = []struct{ kind, id string }{
	{"AWS", "*"}, {"AWS", "111122223333"}, {"AWS", "arn:aws:iam::444455556666:root"}, {"AWS", "777788889999"},
	{"AWS", "arn:aws:iam::111122223333:user/alice"}, {"AWS", "arn:aws:iam::444455556666:user/team/bob"},
	{"AWS", "arn:aws:iam::444455556666:user/alice"}, {"AWS", "arn:aws:iam::111122223333:role/reader"},
	{"AWS", "arn:aws:iam::444455556666:role/team/writer"}, {"AWS", "arn:aws:iam::111122223333:role/team/auditor"},
	{"AWS", "arn:aws:sts::111122223333:assumed-role/reader/ci"}, {"AWS", "arn:aws:sts::111122223333:assumed-role/reader/other"},
	{"AWS", "AROAREADERREADERREA1"}, {"AWS", "AIDAALICEALICEALICE1"},
	{"Service", "cloudtrail.amazonaws.com"}, {"Service", "logging.s3.amazonaws.com"}, {"Service", "config.amazonaws.com"},
	{"Federated", "cognito-identity.amazonaws.com"}, {"Federated", "arn:aws:iam::111122223333:saml-provider/corp"},
	{"CanonicalUser", "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"},
}

// actions and whether they are about an object, not the bucket.
var actions = []struct {
	name   string
	object bool
}{
	{"s3:GetObject", true}, {"s3:PutObject", true}, {"s3:PutObjectAcl", true}, {"s3:GetObjectVersion", true},
	{"s3:PutObjectTagging", true}, {"s3:DeleteObject", true}, {"s3:ListBucket", false}, {"s3:GetBucketAcl", false},
	{"s3:PutBucketPolicy", false},
}

var actionPatterns = []string{
	"*", "s3:*", "s3:Get*", "S3:get*", "s3:*Object", "s3:?utObject", "s3:PutObject*", "s3:*Acl", "s3:G*t*c*", "s3:ListBucket",
	"s3:GetObject", "s3:DeleteObject", "ec2:*", "s3:GetObject?", "s3:*Bucket*",
}

var buckets = []string{"b", "b-logs"}

// keys of objects, the odd ones among them: S3 takes any UTF-8.
var objects = []string{
	"k", "home/alice/report.csv", "home/bob/report.csv", "logs/2026/01.gz", "logs//2026", "a:b/c", "A/B", "x\ny", "é/ü.txt",
	"what?", "cost$", "home/${aws:username}/x", "team/blue/k", "b", "tags/", "a+b(c)[d]{e}|f^g\\h",
}

// resourcePatterns are for bucket b.
var resourcePatterns = []string{
	"*", "arn:aws:s3:::*", "arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::b*", "arn:aws:s3:::b/home/${aws:username}/*",
	"arn:aws:s3:::b/home/${aws:username, 'alice'}/*", "arn:aws:s3:::b/team/${aws:PrincipalTag/team}/*", "arn:aws:s3:::b-logs/*",
	"arn:aws:s3:::b/*/report.csv", "arn:aws:s3:::b/logs/????/*", "arn:aws:s3:::?/*", "arn:aws:s3:::b/what${?}", "arn:aws:s3:::b/cost${$}",
	"arn:aws:s3:::b/${aws:PrincipalOrgPaths}", "arn:aws:s3:::b/home/*/*", "arn:aws:s3:*:*:b/*", "arn:aws:s3:::B/*", "arn:aws:s3:::b/x?y",
	"arn:*:s3:::b/*", "arn:aws:s3:::b/a:*", "arn:aws:s3:::*/k", "arn:aws:s3:::b/${s3:prefix, 'k'}",
}
