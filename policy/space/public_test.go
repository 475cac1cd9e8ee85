package space

import (
	"fmt"
	"strings"
	"testing"
)

// publicCase is a policy with what S3 calls it and whether somebody gets in whom it does not single out. The two are
// different notions, and each policy here tries to look like what it is not.
type publicCase struct {
	in     string // statements, or the conditions of one that allows everybody to read
	status Status
	public Answer
}

func runPublic(t *testing.T, tests []publicCase) {
	t.Helper()
	for _, tt := range tests {
		in := tt.in
		if in[0] != '{' {
			in = allowIf(in)
		}
		for _, text := range []string{version2012(in), `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":"000000000000"},"Action":"s3:*","Resource":"*"},` + in + `]}`} {
			doc := parse(t, text)
			status, _, why := S3Status(doc)
			v := Public(doc, Steps(AdmissionBudget))
			if status != tt.status || v.Answer != tt.public {
				t.Errorf("%s\n%s, %v, want %s, %v: %s %s %+v", tt.in, status, v.Answer, tt.status, tt.public, why, v.Reason, v.Witness)
			}
			checkProofs(t, v)
		}
	}
}

// The examples of "The meaning of public", and the statements of its policy that turns public.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
func TestMeaningOfPublic(t *testing.T) {
	put := func(principal, condition string) string {
		return `{"Effect":"Allow","Principal":` + principal + `,"Action":"s3:PutObject","Resource":"*","Condition":{` + condition + `}}`
	}
	fixed := put(`{"Service":"cloudtrail.amazonaws.com"}`, "") + "," + put(`{"AWS":"444455556666"}`, "")
	runPublic(t, []publicCase{
		{put(`{"Federated":"graph.facebook.com"}`, ""), StatusPublic, Found},
		{put(`"*"`, ""), StatusPublic, Found},
		{put(`"*"`, `"StringLike":{"aws:SourceVpc":"vpc-*"}`), StatusPublic, Found},
		{put(`"*"`, `"StringEquals":{"aws:SourceVpc":"vpc-91237329"}`), StatusNotPublic, None},
		{put(`"*"`, `"StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}`), StatusNotPublic, None},
		{put(`"*"`, `"StringEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}`), StatusNotPublic, None},
		{put(`"*"`, `"StringEquals":{"aws:SourceOwner":"111122223333"}`), StatusNotPublic, None},
		{put(`"*"`, `"StringEquals":{"aws:SourceAccount":"111122223333"}`), StatusNotPublic, None},
		{put(`"*"`, `"StringEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:eu-west-1:111122223333:key/k"}`), StatusNotPublic, None},
		{put(`"*"`, `"StringLike":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:eu-west-1:*:key/*"}`), StatusPublic, Found},
		{put(`"*"`, `"StringEquals":{"aws:userid":"AIDAEXAMPLEEXAMPLEEX"}`), StatusNotPublic, None},
		{put(`"*"`, `"StringLike":{"aws:userid":"AROAEXAMPLEEXAMPLEEX:*"}`), StatusUndecided, None},
		{put(`"*"`, `"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:123456789012:accesspoint/*"}`), StatusNotPublic, None},
		{put(`"*"`, `"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:*:accesspoint/*"}`), StatusPublic, Found},
		{put(`"*"`, `"StringEquals":{"s3:DataAccessPointAccount":"123456789012"}`), StatusNotPublic, None},
		{put(`"*"`, `"StringEquals":{"aws:SourceVpc":"${aws:SourceVpc}"}`), StatusPublic, Found},
		{put(`"*"`, `"IpAddress":{"aws:SourceIp":["172.16.0.0/12","192.168.0.0/16","10.0.0.0/8"]}`), StatusNotPublic, None},
		{fixed, StatusNotPublic, None},
		{fixed + "," + put(`"*"`, ""), StatusPublic, Found},
		{fixed + "," + put(`"*"`, `"StringEquals":{"aws:SourceVpc":"vpc-91237329"}`), StatusNotPublic, None},
	})
}

// A document need not have a list of statements.
func TestStatementAsObject(t *testing.T) {
	doc := parse(t, `{"Version":"2012-10-17","Statement":`+allowTo(`{"AWS":["*"]}`)+`}`)
	if status, i, _ := S3Status(doc); status != StatusPublic || i != 0 {
		t.Errorf("%s, statement %d", status, i)
	}
	if v := Public(doc, Steps(AdmissionBudget)); v.Answer != Found {
		t.Errorf("%v %s", v.Answer, v.Reason)
	}
}

func TestPublicPrincipals(t *testing.T) {
	runPublic(t, []publicCase{
		{allowTo(`"\u002a"`), StatusPublic, Found},
		{`{"\u0045ffect":"\u0041llow","Princ\u0069pal":{"A\u0057S":"\u002a"},"Action":"s3:GetObject","Resource":"*"}`, StatusPublic, Found},
		{allowTo(`{"AWS":["*"]}`), StatusPublic, Found},
		{allowTo(`{"AWS":["arn:aws:iam::111122223333:root","*","*"]}`), StatusPublic, Found},
		{allowTo(`{"Service":"s3.amazonaws.com","AWS":"*"}`), StatusPublic, Found},
		{allowTo(`{"AWS":"111122223333","Federated":"www.amazon.com"}`), StatusPublic, Found},
		{allowTo(`{"Federated":["arn:aws:iam::111122223333:saml-provider/p","accounts.google.com"]}`), StatusPublic, Found},
		{`{"Effect":"Allow","Principal":{"Federated":"graph.facebook.com"},"Action":"s3:GetObject","Resource":"*",` +
			`"Condition":{"StringEquals":{"graph.facebook.com:app_id":"1"}}}`, StatusPublic, Found},
		{allowTo(`{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}`), StatusUndecided, None},
		// Partial wildcards are no principals; S3 refuses them, and who reads them as wildcards lets everybody in.
		{allowTo(`{"AWS":"arn:aws:iam::*:root"}`), StatusPublic, Undecided},
		{allowTo(`{"AWS":"**"}`), StatusPublic, Undecided},
		{allowTo(`{"AWS":"?*"}`), StatusPublic, Undecided},
		{allowTo(`{"CanonicalUser":"*"}`), StatusPublic, Undecided},
		{allowTo(`{"AWS":"arn:aws:iam::111122223333:user/*"}`), StatusPublic, None},
		{allowTo(`{"AWS":[]}`), StatusNotPublic, None},
		{allowTo(`{"Group":"everybody"}`), StatusNotPublic, Undecided}, // S3 refuses it, and nobody says whom it names
		{allowTo(`{"AWS":"11112222333"}`), StatusNotPublic, None},
		{allowTo(`{"AWS":"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}`), StatusNotPublic, None},
		{`{"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"s3:GetObject","Resource":"*"}`, StatusPublic, Found},
		{`{"Effect":"Allow","NotPrincipal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:GetObject","Resource":"*"}`, StatusPublic, Undecided},
		{`{"Effect":"Allow","Principal":"*","NotAction":"s3:Delete*","Resource":"*"}`, StatusPublic, Found},
		{`{"Effect":"Allow","Principal":"*","Action":"S3:gETobject","NotResource":"arn:aws:s3:::b/secret/*"}`, StatusPublic, Found},
		{`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{}}`, StatusPublic, Found},
		// Nobody gets in, but that is for S3 not the question.
		{allowTo(`"*"`) + `,{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`, StatusPublic, None},
		{`{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b/*"}`, StatusPublic, None},
		// Everybody gets past a Deny of somebody.
		{allowTo(`"*"`) + `,{"Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*"}`, StatusPublic, Found},
		{allowTo(`"*"`) + `,{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/x*"}`, StatusPublic, Found},
	})
}

func TestPublicConditions(t *testing.T) {
	runPublic(t, []publicCase{
		{`"StringEquals":{"\u0061ws:SourceVpc":"vpc-1"}`, StatusNotPublic, None},
		{`"StringEquals":{"AWS:sourcevpc":["vpc-1"]}`, StatusNotPublic, None},
		{`"StringEquals":{"aws:SourceVpc":["vpc-1","vpc-1","vpc-2"]}`, StatusNotPublic, None},
		{`"StringLike":{"aws:SourceVpc":["vpc-1","vpc-?"]}`, StatusPublic, Found},
		{`"StringLike":{"aws:SourceVpc":"*"}`, StatusPublic, Found},
		{`"StringEquals":{"aws:SourceVpc":"${*}"}`, StatusPublic, Found},
		{`"StringEquals":{"aws:SourceVpc":"vpc-1"},"StringEqualsIfExists":{"aws:SourceVpce":"vpce-1"}`, StatusNotPublic, None},
		{`"StringNotEquals":{"aws:SourceVpc":"vpc-1"},"Null":{"aws:SourceVpc":"false"}`, StatusPublic, Found},
		{`"Null":{"aws:SourceVpc":"true"}`, StatusPublic, Found},
		{`"Null":{"aws:PrincipalOrgID":false}`, StatusPublic, Found},
		// Operators in another case are none; who knows what S3 makes of them.
		{`"stringEquals":{"aws:SourceVpc":"vpc-1"}`, StatusPublic, Undecided},
		{`"StringEquals ":{"aws:SourceVpc":"vpc-1"}`, StatusPublic, Undecided},
		{`"ForAnyValue:StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}`, StatusNotPublic, None},
		{`"ForAllValues:StringLike":{"aws:SourceVpce":"vpce-1"}`, StatusPublic, Found},
		{`"StringEquals":{"aws:PrincipalOrgID":["o-aaaaaaaaaa","o-*"]}`, StatusPublic, Found},
		{`"StringLike":{"aws:PrincipalOrgID":"o-*"}`, StatusPublic, Found},
		{`"StringEquals":{"aws:PrincipalOrgID":""}`, StatusNotPublic, None},
		{`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"?-aaaaaaaaaa/*"}`, StatusPublic, Found},
		{`"StringLike":{"aws:PrincipalArn":"*111122223333*"}`, StatusPublic, Found},
		{`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:*"}`, StatusPublic, Found},
		{`"ArnLike":{"aws:PrincipalArn":["arn:aws:iam::111122223333:role/*","arn:*:*:*:*:*"]}`, StatusPublic, Found},
		{`"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/app"}`, StatusPublic, Found},
		{`"StringLike":{"aws:userid":"*:s"}`, StatusPublic, Found},
		{`"StringEquals":{"aws:userid":"AROAEXAMPLE:s"}`, StatusNotPublic, None},
		{`"StringEquals":{"aws:PrincipalTag/team":"${aws:PrincipalTag/team}"}`, StatusPublic, Found},
		{`"Bool":{"aws:PrincipalIsAWSService":["true","false"]}`, StatusPublic, Found},
		{`"BoolIfExists":{"aws:PrincipalIsAWSService":"true"}`, StatusPublic, Found},
		{`"Bool":{"aws:PrincipalIsAWSService":"TRUE"}`, StatusNotPublic, None},
		{`"StringEquals":{"aws:username":"alice"}`, StatusPublic, Found},
		{`"StringLike":{"aws:Referer":"https://www.example.com/*"}`, StatusPublic, Found},
		{`"DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}`, StatusPublic, Found},
		{`"StringEquals":{"aws:RequestedRegion":"eu-west-1"}`, StatusPublic, Found},
		{`"StringEquals":{"aws:SourceVpc":"vpc-1","aws:Referer":"x"}`, StatusNotPublic, None},
	})
}

func TestPublicAddresses(t *testing.T) {
	runPublic(t, []publicCase{
		{`"IpAddress":{"aws:SourceIp":["0.0.0.0/1","128.0.0.0/1"]}`, StatusPublic, Found},
		{`"IpAddress":{"aws:SourceIp":["203.0.113.0/24","0.0.0.0/0"]}`, StatusPublic, Found},
		{`"IpAddress":{"aws:SourceIp":"::/0"}`, StatusPublic, Found},
		{`"IpAddress":{"aws:SourceIp":"2000::/3"}`, StatusPublic, Found},
		{`"IpAddress":{"AWS:SOURCEIP":"203.0.113.9/24"}`, StatusNotPublic, None},
		{`"IpAddress":{"aws:SourceIp":"203.0.113.7/32"}`, StatusNotPublic, None},
		{`"IpAddress":{"aws:SourceIp":"2001:DB8:0:0::/32"}`, StatusNotPublic, None},
		{`"IpAddressIfExists":{"aws:SourceIp":"203.0.113.0/24"}`, StatusPublic, Found},
		{`"NotIpAddress":{"aws:SourceIp":["0.0.0.0/0"]}`, StatusPublic, Found},
		{`"NotIpAddress":{"aws:SourceIp":["0.0.0.0/0","::/0"]}`, StatusPublic, Found}, // no address at all
		{`"IpAddress":{"aws:SourceIp":"203.0.113.0/33"}`, StatusPublic, None},         // S3 refuses it
		{`"IpAddress":{"aws:SourceIp":"203.0.113.0/24","aws:VpcSourceIp":"0.0.0.0/0"}`, StatusNotPublic, None},
		{`"StringLike":{"aws:SourceIp":"203.0.*"}`, StatusPublic, Found},
		{`"IpAddress":{"aws:SourceIp":"${aws:SourceIp}"}`, StatusPublic, None},
	})
}

// Values that look fixed and are not.
func TestPublicLookalikes(t *testing.T) {
	runPublic(t, []publicCase{
		{`"IpAddress":{"aws:SourceIp":"10.0.0.0/7"}`, StatusPublic, Found},
		{`"IpAddress":{"aws:SourceIp":"10.0.0.0/0"}`, StatusPublic, Found},
		{`"IpAddress":{"aws:SourceIp":"172.16.0.0/3"}`, StatusPublic, Found},
		{`"IpAddress":{"aws:SourceIp":"192.168.0.0/1"}`, StatusPublic, Found},
		{`"IpAddress":{"aws:SourceIp":"192.168.3.0/24"}`, StatusNotPublic, None},
		{`"IpAddress":{"aws:SourceIp":"fc00::/7"}`, StatusPublic, Found}, // private, but not by RFC 1918
		{`"IpAddress":{"aws:SourceIp":"fd00::/0"}`, StatusPublic, Found},
		{`"IpAddress":{"aws:SourceIp":"::ffff:0.0.0.0/96"}`, StatusPublic, Found},
		{`"IpAddress":{"aws:SourceIp":"::ffff:203.0.113.0/120"}`, StatusNotPublic, None},
		{`"StringEquals":{"aws:userid":"anonymous"}`, StatusPublic, Found},
		{`"StringEqualsIgnoreCase":{"aws:userid":"ANONYMOUS"}`, StatusPublic, Found},
		{`"StringEqualsIgnoreCase":{"aws:PrincipalAccount":"ANONYMOUS"}`, StatusPublic, Found},
		{`"StringLike":{"aws:userid":"anonymou?"}`, StatusPublic, Found},
		{`"StringLike":{"aws:PrincipalAccount":"anon*"}`, StatusPublic, Found},
		{`"StringEqualsIgnoreCase":{"aws:PrincipalType":"ANONYMOUS"}`, StatusPublic, Found},
		{`"StringEquals":{"aws:PrincipalAccount":"anonymous"}`, StatusPublic, Found},
		{`"StringEquals":{"aws:PrincipalAccount":["111122223333","anonymous"]}`, StatusPublic, Found},
		{`"NumericGreaterThan":{"aws:PrincipalAccount":"0"}`, StatusPublic, Found},
		{`"NumericNotEquals":{"aws:PrincipalAccount":"111122223333"}`, StatusPublic, Found},
		{`"DateGreaterThan":{"aws:SourceAccount":"1"}`, StatusPublic, None},
		{`"IpAddress":{"aws:PrincipalAccount":"111122223333"}`, StatusPublic, None},
		{`"StringLike":{"aws:PrincipalArn":"arn:*:111122223333:role/x"}`, StatusPublic, Found}, // the path of a role may hold colons
		{`"StringLike":{"aws:SourceArn":"arn:aws:sns:*:111122223333:t"}`, StatusPublic, None},
		{`"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:111122223333:t"}`, StatusNotPublic, None},
		{`"StringEqualsIgnoreCase":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}`, StatusNotPublic, None},
		{allowTo(`{"Service":"cloudtrail.*"}`), StatusPublic, None},
	})
}

// Each range is narrow, and all of them are the internet.
func TestPublicRangesTogether(t *testing.T) {
	var all, half, some []string
	for i := range 256 {
		all = append(all, fmt.Sprintf(`"%d.0.0.0/8"`, i))
		if i%2 == 0 {
			half = append(half, all[i])
		}
		some = append(some, fmt.Sprintf(`"203.0.%d.0/24"`, i))
	}
	address := func(list []string) string { return `"IpAddress":{"aws:SourceIp":[` + strings.Join(list, ",") + `]}` }
	runPublic(t, []publicCase{
		{address(all), StatusUndecided, Found},
		{address(half), StatusUndecided, Found},
		{address(some), StatusNotPublic, None},
		{address([]string{`"10.0.0.0/8"`, `"172.16.0.0/12"`, `"192.168.0.0/16"`, `"100.0.0.0/8"`}), StatusNotPublic, None},
	})
}
