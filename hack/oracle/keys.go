package main

// kind is the type of a condition key's values.
type kind int

const (
	text kind = iota
	arn
	boolean
	date
	address
	number
)

// key is a condition key with values that requests and documents have.
type key struct {
	name   string
	kind   kind
	many   bool // a request can carry several values
	values []string
	// follows is set for what callers bring along: requests do not get it by chance.
	follows bool
}

var agents = []string{"curl/8.5.0", "aws-cli/2.1", "AWS-CLI/2.1", "a\nb", "(x; *)", "what?", "${aws:username}", "é", ""}

var conditionKeys = []key{
	{name: "aws:SourceIp", kind: address, values: []string{
		"203.0.113.7", "198.51.100.200", "10.1.2.3", "2001:db8::1", "2001:db8:0:0:0:0:0:2", "::ffff:203.0.113.7",
	}},
	{name: "aws:VpcSourceIp", kind: address, values: []string{"10.1.2.3", "10.200.0.1", "fd00::1"}},
	{name: "aws:SourceVpce", kind: text, values: []string{"vpce-1a2b3c4d", "vpce-0abcdef0"}},
	{name: "aws:SourceVpc", kind: text, values: []string{"vpc-111bbb22", "vpc-0abcdef0"}},
	{name: "aws:SecureTransport", kind: boolean, values: []string{"true", "false"}},
	{name: "aws:ViaAWSService", kind: boolean, values: []string{"true", "false"}},
	{name: "aws:UserAgent", kind: text, values: agents},
	{name: "aws:Referer", kind: text, values: []string{"https://example.com/a", "https://example.com/A"}},
	{name: "aws:RequestedRegion", kind: text, values: []string{"eu-west-1", "us-east-1"}},
	{name: "aws:CurrentTime", kind: date, values: []string{"2026-03-01T12:00:00Z", "2026-03-01T13:00:00+01:00"}},
	{name: "aws:EpochTime", kind: date, values: []string{"1772366400", "1772366401"}},
	{name: "aws:CalledVia", kind: text, many: true, values: []string{"athena.amazonaws.com", "cloudformation.amazonaws.com"}},
	{name: "aws:PrincipalOrgPaths", kind: text, many: true, values: []string{
		"o-aa111bb222/r-ab12/ou-ab12-11111111/", "o-aa111bb222/r-ab12/ou-ab12-22222222/", "o-zz999yy888/r-zz99/",
	}},
	{name: "aws:PrincipalServiceNamesList", kind: text, many: true, follows: true, values: []string{
		"cloudtrail.amazonaws.com", "logging.s3.amazonaws.com",
	}},
	{name: "aws:PrincipalServiceName", kind: text, follows: true, values: []string{"cloudtrail.amazonaws.com", "logging.s3.amazonaws.com"}},
	{name: "aws:PrincipalIsAWSService", kind: boolean, follows: true, values: []string{"true", "false"}},
	{name: "aws:PrincipalArn", kind: arn, follows: true, values: []string{
		"arn:aws:iam::111122223333:role/reader", "arn:aws:iam::444455556666:role/team/writer",
		"arn:aws:sts::111122223333:assumed-role/reader/ci", "arn:aws:iam::111122223333:root", "arn:aws:iam::*:role/*",
	}},
	{name: "aws:PrincipalAccount", kind: text, follows: true, values: []string{"111122223333", "444455556666"}},
	{name: "aws:PrincipalType", kind: text, follows: true, values: []string{"User", "AssumedRole", "Anonymous"}},
	{name: "aws:PrincipalOrgID", kind: text, follows: true, values: []string{"o-aa111bb222", "o-zz999yy888"}},
	{name: "aws:PrincipalTag/team", kind: text, follows: true, values: []string{"blue", "Red*", "red"}},
	{name: "aws:userid", kind: text, follows: true, values: []string{"AROAREADERREADERREA1:*", "AIDAALICEALICEALICE1", "111122223333"}},
	{name: "aws:username", kind: text, follows: true, values: []string{"alice", "bob"}},
	{name: "aws:MultiFactorAuthPresent", kind: boolean, follows: true, values: []string{"true", "false"}},
	{name: "aws:TokenIssueTime", kind: date, follows: true, values: []string{"2026-03-01T08:00:00Z", "2026-03-02"}},
	{name: "aws:SourceArn", kind: arn, values: []string{
		"arn:aws:cloudtrail:eu-west-1:111122223333:trail/all", "arn:aws:s3:::source", "arn:aws:sns:us-east-1:444455556666:a:b", "source",
	}},
	{name: "aws:SourceAccount", kind: text, values: []string{"111122223333", "444455556666"}},
	{name: "s3:x-amz-acl", kind: text, values: []string{"private", "public-read", "bucket-owner-full-control"}},
	{name: "s3:x-amz-server-side-encryption", kind: text, values: []string{"aws:kms", "AES256"}},
	{name: "s3:x-amz-server-side-encryption-aws-kms-key-id", kind: arn, values: []string{
		"arn:aws:kms:eu-west-1:111122223333:key/1", "arn:aws:kms:eu-west-1:444455556666:key/2", "alias/mine",
	}},
	{name: "s3:RequestObjectTagKeys", kind: text, many: true, values: []string{"team", "Team", "cost", "a*"}},
	{name: "s3:RequestObjectTag/team", kind: text, values: []string{"blue", "red"}},
	{name: "s3:ExistingObjectTag/team", kind: text, values: []string{"blue", "BLUE"}},
	{name: "s3:versionid", kind: text, values: []string{"v1", "null"}},
	{name: "s3:prefix", kind: text, values: []string{"", "home/", "home/alice/", "k"}},
	{name: "s3:delimiter", kind: text, values: []string{"/", "*"}},
	{name: "s3:max-keys", kind: number, values: []string{"10", "1000", "0", "-1"}},
	{name: "s3:signatureAge", kind: number, values: []string{"600000", "1.5", "9007199254740993"}},
	{name: "s3:TlsVersion", kind: number, values: []string{"1.2", "1.3"}},
	{name: "s3:authType", kind: text, values: []string{"REST-HEADER", "REST-QUERY-STRING"}},
	{name: "s3:object-lock-remaining-retention-days", kind: number, values: []string{"10", "3650", "1e2"}},
	{name: "s3:object-lock-retain-until-date", kind: date, values: []string{"2030-01-01T00:00:00Z", "2026-12-31T23:59:59.5Z"}},
}

// operators by the kind they are made for, as AWS lists them; Null takes any kind.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
var operators = map[kind][]string{
	text: {
		"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
		"StringLike", "StringNotLike", "BinaryEquals",
	},
	arn:     {"ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringLike", "StringEquals", "StringNotLike"},
	boolean: {"Bool", "Bool", "StringEquals"},
	date: {
		"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
	},
	address: {"IpAddress", "NotIpAddress"},
	number: {
		"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan",
		"NumericGreaterThanEquals",
	},
}
