package public

import (
	"testing"
)

const (
	openReason  = `the principal is "*" and no condition has a fixed value`
	fixedReason = "every Allow names its callers by fixed values"
)

// The cases of "The meaning of public".
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
var statuses = []struct {
	name, in   string
	want       Status
	statement  int
	wantReason string
}{
	{"everybody", allowTo(`"*"`), StatusPublic, 0, openReason},
	{"everybody, as AWS", allowTo(`{"AWS":"*"}`), StatusPublic, 0, openReason},
	{"a service of any name", allowTo(`{"Service":"*"}`), StatusPublic, 0, openReason},
	{"an account", allowTo(`{"AWS":"111122223333"}`), StatusNotPublic, -1, fixedReason},
	{"a role", allowTo(`{"AWS":"arn:aws:iam::111122223333:role/r"}`), StatusNotPublic, -1, fixedReason},
	{"a service", allowTo(`{"Service":"cloudtrail.amazonaws.com"}`), StatusNotPublic, -1, fixedReason},
	{"an account or everybody", allowTo(`{"AWS":["111122223333","*"]}`), StatusPublic, 0, openReason},
	{"a web identity", allowTo(`{"Federated":"graph.facebook.com"}`), StatusPublic, 0, "anyone can sign in with \"graph.facebook.com\""},
	{"an identity provider", allowTo(`{"Federated":"arn:aws:iam::111122223333:saml-provider/p"}`), StatusUndecided, 0,
		"AWS does not say whether an identity provider of one account is a fixed principal"},
	{"NotPrincipal", `{"Effect":"Allow","NotPrincipal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"*"}`, StatusPublic, 0,
		"NotPrincipal allows everyone who is not named"},
	{"no principal", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`, StatusUndecided, 0, "the statement names no principal"},
	{"a Deny alone", `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`, StatusNotPublic, -1, fixedReason},
	{"a Deny of all others does not count", allowTo(`"*"`) + `,{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*",` +
		`"Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}}}`, StatusPublic, 0, openReason},
	{"one public statement is enough", allowTo(`{"AWS":"111122223333"}`) + "," + allowTo(`"*"`), StatusPublic, 1, openReason},
	{"public wins over undecided", allowTo(`{"Federated":"arn:aws:iam::111122223333:saml-provider/p"}`) + "," + allowTo(`"*"`), StatusPublic, 1, openReason},

	{"source VPC", allowIf(`"StringEquals":{"aws:SourceVpc":"vpc-91237329"}`), StatusNotPublic, -1, fixedReason},
	{"source VPC with a wildcard", allowIf(`"StringLike":{"aws:SourceVpc":"vpc-*"}`), StatusPublic, 0, openReason},
	{"source VPC of a variable", allowIf(`"StringEquals":{"aws:SourceVpc":"${aws:PrincipalTag/vpc}"}`), StatusPublic, 0, openReason},
	{"source endpoint", allowIf(`"StringEquals":{"aws:SourceVpce":"vpce-1"}`), StatusNotPublic, -1, fixedReason},
	{"a key with other capitals", allowIf(`"StringEquals":{"AWS:SOURCEVPCE":"vpce-1"}`), StatusNotPublic, -1, fixedReason},
	{"one of two values has a wildcard", allowIf(`"StringLike":{"aws:SourceVpce":["vpce-1","vpce-*"]}`), StatusPublic, 0, openReason},
	{"two conditions, one of them fixed", allowIf(`"StringLike":{"aws:SourceVpc":"vpc-*"},"StringEquals":{"aws:SourceVpce":"vpce-1"}`), StatusNotPublic, -1, fixedReason},
	{"not the endpoint", allowIf(`"StringNotEquals":{"aws:SourceVpce":"vpce-1"}`), StatusPublic, 0, openReason},
	{"the endpoint if there is one", allowIf(`"StringEqualsIfExists":{"aws:SourceVpce":"vpce-1"}`), StatusPublic, 0, openReason},
	{"all values", allowIf(`"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}`), StatusPublic, 0, openReason},
	{"there is an endpoint", allowIf(`"Null":{"aws:SourceVpce":"false"}`), StatusPublic, 0, openReason},
	{"no such operator", allowIf(`"StringSame":{"aws:SourceVpce":"vpce-1"}`), StatusPublic, 0, openReason},
	{"no value", allowIf(`"StringEquals":{"aws:SourceVpce":[]}`), StatusPublic, 0, openReason},

	{"organization", allowIf(`"StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}`), StatusNotPublic, -1, fixedReason},
	{"organization path", allowIf(`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-aaaaaaaaaa/*"}`), StatusNotPublic, -1, fixedReason},
	{"any organization's path", allowIf(`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-*/r-ab12/*"}`), StatusPublic, 0, openReason},
	{"account", allowIf(`"StringEquals":{"aws:PrincipalAccount":"111122223333"}`), StatusNotPublic, -1, fixedReason},
	{"ARN", allowIf(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}`), StatusNotPublic, -1, fixedReason},
	{"ARN of any account", allowIf(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/admin"}`), StatusPublic, 0, openReason},
	{"ARN of nearly one account", allowIf(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::11112222333?:role/admin"}`), StatusPublic, 0, openReason},
	{"tag", allowIf(`"StringEquals":{"aws:PrincipalTag/team":"red"}`), StatusPublic, 0, openReason},
	{"type", allowIf(`"StringEquals":{"aws:PrincipalType":"User"}`), StatusPublic, 0, openReason},
	{"a private address in a VPC", allowIf(`"IpAddress":{"aws:VpcSourceIp":"10.0.0.1"}`), StatusPublic, 0, openReason},
	{"transport", allowIf(`"Bool":{"aws:SecureTransport":"true"}`), StatusPublic, 0, openReason},
	{"user id", allowIf(`"StringEquals":{"aws:userid":"AIDAEXAMPLE"}`), StatusNotPublic, -1, fixedReason},
	{"any session of a role id", allowIf(`"StringLike":{"aws:userid":"AROAEXAMPLE:*"}`), StatusUndecided, 0,
		"AWS's page excepts aws:userid values of the form ROLEID:* and does not say how"},
	{"any user id", allowIf(`"StringLike":{"aws:userid":"*"}`), StatusPublic, 0, openReason},

	{"a network", allowIf(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`), StatusNotPublic, -1, fixedReason},
	{"an address", allowIf(`"IpAddress":{"aws:SourceIp":"203.0.113.7"}`), StatusNotPublic, -1, fixedReason},
	{"no address", allowIf(`"IpAddress":{"aws:SourceIp":"203.0.113"}`), StatusPublic, 0, openReason},
	{"/8", allowIf(`"IpAddress":{"aws:SourceIp":"100.0.0.0/8"}`), StatusNotPublic, -1, fixedReason},
	{"/7", allowIf(`"IpAddress":{"aws:SourceIp":"100.0.0.0/7"}`), StatusPublic, 0, openReason},
	{"/1", allowIf(`"IpAddress":{"aws:SourceIp":"0.0.0.0/1"}`), StatusPublic, 0, openReason},
	{"private /8 and more", allowIf(`"IpAddress":{"aws:SourceIp":["10.0.0.0/8","172.16.0.0/12","192.168.0.0/16"]}`), StatusNotPublic, -1, fixedReason},
	{"IPv6 /32", allowIf(`"IpAddress":{"aws:SourceIp":"2001:db8::/32"}`), StatusNotPublic, -1, fixedReason},
	{"IPv6 /31", allowIf(`"IpAddress":{"aws:SourceIp":"2001:db8::/31"}`), StatusPublic, 0, openReason},
	{"not a network", allowIf(`"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}`), StatusPublic, 0, openReason},

	{"source account", allowIf(`"StringEquals":{"aws:SourceAccount":"111122223333"}`), StatusNotPublic, -1, fixedReason},
	{"source ARN", allowIf(`"ArnEquals":{"aws:SourceArn":"arn:aws:cloudfront::111122223333:distribution/E1"}`), StatusNotPublic, -1, fixedReason},
	{"source ARN without account", allowIf(`"ArnLike":{"aws:SourceArn":"arn:aws:s3:::*"}`), StatusPublic, 0, openReason},
	{"a KMS key", allowIf(`"StringEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:eu-west-1:111122223333:key/k"}`), StatusNotPublic, -1, fixedReason},
	{"an access point of an account", allowIf(`"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:eu-west-1:111122223333:accesspoint/*"}`), StatusNotPublic, -1, fixedReason},
	{"access points of an account", allowIf(`"StringEquals":{"s3:DataAccessPointAccount":"111122223333"}`), StatusNotPublic, -1, fixedReason},
	{"any access point", allowIf(`"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:*:*:accesspoint/*"}`), StatusPublic, 0, openReason},

	{"AWS services", allowIf(`"Bool":{"aws:PrincipalIsAWSService":"true"}`), StatusNotPublic, -1, fixedReason},
	{"no AWS services", allowIf(`"Bool":{"aws:PrincipalIsAWSService":"false"}`), StatusPublic, 0, openReason},
	{"one AWS service", allowIf(`"StringEquals":{"aws:PrincipalServiceName":"cloudtrail.amazonaws.com"}`), StatusNotPublic, -1, fixedReason},
	{"any service", allowIf(`"StringLike":{"aws:PrincipalServiceName":"*"}`), StatusPublic, 0, openReason},
}

func TestS3Status(t *testing.T) {
	for _, tt := range statuses {
		status, statement, reason := S3Status(parse(t, version2012(tt.in)))
		if status != tt.want || statement != tt.statement || reason != tt.wantReason {
			t.Errorf("%s: %s, %d, %s\nwant %s, %d, %s", tt.name, status, statement, reason, tt.want, tt.statement, tt.wantReason)
		}
	}
}
