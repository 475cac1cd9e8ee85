package public

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/space"
)

// publicCase is a policy with what S3 calls it and whether somebody gets in whom it does not single out. The two are
// different notions, and each policy here tries to look like what it is not.
type publicCase struct {
	in     string // statements, or the conditions of one that allows everybody to read
	status Status
	public space.Answer
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
			v := Access(doc, space.Steps(space.AdmissionBudget))
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
		{put(`{"Federated":"graph.facebook.com"}`, ""), StatusPublic, space.Found},
		{put(`"*"`, ""), StatusPublic, space.Found},
		{put(`"*"`, `"StringLike":{"aws:SourceVpc":"vpc-*"}`), StatusPublic, space.Found},
		{put(`"*"`, `"StringEquals":{"aws:SourceVpc":"vpc-91237329"}`), StatusNotPublic, space.None},
		{put(`"*"`, `"StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}`), StatusNotPublic, space.None},
		{put(`"*"`, `"StringEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}`), StatusNotPublic, space.None},
		{put(`"*"`, `"StringEquals":{"aws:SourceOwner":"111122223333"}`), StatusNotPublic, space.None},
		{put(`"*"`, `"StringEquals":{"aws:SourceAccount":"111122223333"}`), StatusNotPublic, space.None},
		{put(`"*"`, `"StringEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:eu-west-1:111122223333:key/k"}`), StatusNotPublic, space.None},
		{put(`"*"`, `"StringLike":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:eu-west-1:*:key/*"}`), StatusPublic, space.Found},
		{put(`"*"`, `"StringEquals":{"aws:userid":"AIDAEXAMPLEEXAMPLEEX"}`), StatusNotPublic, space.None},
		{put(`"*"`, `"StringLike":{"aws:userid":"AROAEXAMPLEEXAMPLEEX:*"}`), StatusUndecided, space.None},
		{put(`"*"`, `"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:123456789012:accesspoint/*"}`), StatusNotPublic, space.None},
		{put(`"*"`, `"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:*:accesspoint/*"}`), StatusPublic, space.Found},
		{put(`"*"`, `"StringEquals":{"s3:DataAccessPointAccount":"123456789012"}`), StatusNotPublic, space.None},
		{put(`"*"`, `"StringEquals":{"aws:SourceVpc":"${aws:SourceVpc}"}`), StatusPublic, space.Found},
		{put(`"*"`, `"IpAddress":{"aws:SourceIp":["172.16.0.0/12","192.168.0.0/16","10.0.0.0/8"]}`), StatusNotPublic, space.None},
		{fixed, StatusNotPublic, space.None},
		{fixed + "," + put(`"*"`, ""), StatusPublic, space.Found},
		{fixed + "," + put(`"*"`, `"StringEquals":{"aws:SourceVpc":"vpc-91237329"}`), StatusNotPublic, space.None},
	})
}

// A document need not have a list of statements.
func TestStatementAsObject(t *testing.T) {
	doc := parse(t, `{"Version":"2012-10-17","Statement":`+allowTo(`{"AWS":["*"]}`)+`}`)
	if status, i, _ := S3Status(doc); status != StatusPublic || i != 0 {
		t.Errorf("%s, statement %d", status, i)
	}
	if v := Access(doc, space.Steps(space.AdmissionBudget)); v.Answer != space.Found {
		t.Errorf("%v %s", v.Answer, v.Reason)
	}
}

func TestPublicPrincipals(t *testing.T) {
	runPublic(t, []publicCase{
		{allowTo(`"\u002a"`), StatusPublic, space.Found},
		{`{"\u0045ffect":"\u0041llow","Princ\u0069pal":{"A\u0057S":"\u002a"},"Action":"s3:GetObject","Resource":"*"}`, StatusPublic, space.Found},
		{allowTo(`{"AWS":["*"]}`), StatusPublic, space.Found},
		{allowTo(`{"AWS":["arn:aws:iam::111122223333:root","*","*"]}`), StatusPublic, space.Found},
		{allowTo(`{"Service":"s3.amazonaws.com","AWS":"*"}`), StatusPublic, space.Found},
		{allowTo(`{"AWS":"111122223333","Federated":"www.amazon.com"}`), StatusPublic, space.Found},
		{allowTo(`{"Federated":["arn:aws:iam::111122223333:saml-provider/p","accounts.google.com"]}`), StatusPublic, space.Found},
		{`{"Effect":"Allow","Principal":{"Federated":"graph.facebook.com"},"Action":"s3:GetObject","Resource":"*",` +
			`"Condition":{"StringEquals":{"graph.facebook.com:app_id":"1"}}}`, StatusPublic, space.Found},
		{allowTo(`{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}`), StatusUndecided, space.None},
		// Partial wildcards are no principals; S3 refuses them, and who reads them as wildcards lets everybody in.
		{allowTo(`{"AWS":"arn:aws:iam::*:root"}`), StatusPublic, space.Undecided},
		{allowTo(`{"AWS":"**"}`), StatusPublic, space.Undecided},
		{allowTo(`{"AWS":"?*"}`), StatusPublic, space.Undecided},
		{allowTo(`{"CanonicalUser":"*"}`), StatusPublic, space.Undecided},
		{allowTo(`{"AWS":"arn:aws:iam::111122223333:user/*"}`), StatusPublic, space.None},
		{allowTo(`{"AWS":[]}`), StatusNotPublic, space.None},
		{allowTo(`{"Group":"everybody"}`), StatusNotPublic, space.Undecided}, // S3 refuses it, and nobody says whom it names
		{allowTo(`{"AWS":"11112222333"}`), StatusNotPublic, space.None},
		{allowTo(`{"AWS":"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}`), StatusNotPublic, space.None},
		{`{"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"s3:GetObject","Resource":"*"}`, StatusPublic, space.Found},
		{`{"Effect":"Allow","NotPrincipal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:GetObject","Resource":"*"}`, StatusPublic, space.Undecided},
		{`{"Effect":"Allow","Principal":"*","NotAction":"s3:Delete*","Resource":"*"}`, StatusPublic, space.Found},
		{`{"Effect":"Allow","Principal":"*","Action":"S3:gETobject","NotResource":"arn:aws:s3:::b/secret/*"}`, StatusPublic, space.Found},
		{`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{}}`, StatusPublic, space.Found},
		// Nobody gets in, but that is for S3 not the question.
		{allowTo(`"*"`) + `,{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`, StatusPublic, space.None},
		{`{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b/*"}`, StatusPublic, space.None},
		// Everybody gets past a Deny of somebody.
		{allowTo(`"*"`) + `,{"Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*"}`, StatusPublic, space.Found},
		{allowTo(`"*"`) + `,{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/x*"}`, StatusPublic, space.Found},
	})
}

func TestPublicConditions(t *testing.T) {
	runPublic(t, []publicCase{
		{`"StringEquals":{"\u0061ws:SourceVpc":"vpc-1"}`, StatusNotPublic, space.None},
		{`"StringEquals":{"AWS:sourcevpc":["vpc-1"]}`, StatusNotPublic, space.None},
		{`"StringEquals":{"aws:SourceVpc":["vpc-1","vpc-1","vpc-2"]}`, StatusNotPublic, space.None},
		{`"StringLike":{"aws:SourceVpc":["vpc-1","vpc-?"]}`, StatusPublic, space.Found},
		{`"StringLike":{"aws:SourceVpc":"*"}`, StatusPublic, space.Found},
		{`"StringEquals":{"aws:SourceVpc":"${*}"}`, StatusPublic, space.Found},
		{`"StringEquals":{"aws:SourceVpc":"vpc-1"},"StringEqualsIfExists":{"aws:SourceVpce":"vpce-1"}`, StatusNotPublic, space.None},
		{`"StringNotEquals":{"aws:SourceVpc":"vpc-1"},"Null":{"aws:SourceVpc":"false"}`, StatusPublic, space.Found},
		{`"Null":{"aws:SourceVpc":"true"}`, StatusPublic, space.Found},
		{`"Null":{"aws:PrincipalOrgID":false}`, StatusPublic, space.Found},
		// Operators with other capitals are none; who knows what S3 makes of them.
		{`"stringEquals":{"aws:SourceVpc":"vpc-1"}`, StatusPublic, space.Undecided},
		{`"StringEquals ":{"aws:SourceVpc":"vpc-1"}`, StatusPublic, space.Undecided},
		{`"ForAnyValue:StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}`, StatusNotPublic, space.None},
		{`"ForAllValues:StringLike":{"aws:SourceVpce":"vpce-1"}`, StatusPublic, space.Found},
		{`"StringEquals":{"aws:PrincipalOrgID":["o-aaaaaaaaaa","o-*"]}`, StatusPublic, space.Found},
		{`"StringLike":{"aws:PrincipalOrgID":"o-*"}`, StatusPublic, space.Found},
		{`"StringEquals":{"aws:PrincipalOrgID":""}`, StatusNotPublic, space.None},
		{`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"?-aaaaaaaaaa/*"}`, StatusPublic, space.Found},
		{`"StringLike":{"aws:PrincipalArn":"*111122223333*"}`, StatusPublic, space.Found},
		{`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:*"}`, StatusPublic, space.Found},
		{`"ArnLike":{"aws:PrincipalArn":["arn:aws:iam::111122223333:role/*","arn:*:*:*:*:*"]}`, StatusPublic, space.Found},
		{`"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/app"}`, StatusPublic, space.Found},
		{`"StringLike":{"aws:userid":"*:s"}`, StatusPublic, space.Found},
		{`"StringEquals":{"aws:userid":"AROAEXAMPLE:s"}`, StatusNotPublic, space.None},
		{`"StringEquals":{"aws:PrincipalTag/team":"${aws:PrincipalTag/team}"}`, StatusPublic, space.Found},
		{`"Bool":{"aws:PrincipalIsAWSService":["true","false"]}`, StatusPublic, space.Found},
		{`"BoolIfExists":{"aws:PrincipalIsAWSService":"true"}`, StatusPublic, space.Found},
		{`"Bool":{"aws:PrincipalIsAWSService":"TRUE"}`, StatusNotPublic, space.None},
		{`"StringEquals":{"aws:username":"alice"}`, StatusPublic, space.Found},
		{`"StringLike":{"aws:Referer":"https://www.example.com/*"}`, StatusPublic, space.Found},
		{`"DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}`, StatusPublic, space.Found},
		{`"StringEquals":{"aws:RequestedRegion":"eu-west-1"}`, StatusPublic, space.Found},
		{`"StringEquals":{"aws:SourceVpc":"vpc-1","aws:Referer":"x"}`, StatusNotPublic, space.None},
	})
}

func TestPublicAddresses(t *testing.T) {
	runPublic(t, []publicCase{
		{`"IpAddress":{"aws:SourceIp":["0.0.0.0/1","128.0.0.0/1"]}`, StatusPublic, space.Found},
		{`"IpAddress":{"aws:SourceIp":["203.0.113.0/24","0.0.0.0/0"]}`, StatusPublic, space.Found},
		{`"IpAddress":{"aws:SourceIp":"::/0"}`, StatusPublic, space.Found},
		{`"IpAddress":{"aws:SourceIp":"2000::/3"}`, StatusPublic, space.Found},
		{`"IpAddress":{"AWS:SOURCEIP":"203.0.113.9/24"}`, StatusNotPublic, space.None},
		{`"IpAddress":{"aws:SourceIp":"203.0.113.7/32"}`, StatusNotPublic, space.None},
		{`"IpAddress":{"aws:SourceIp":"2001:DB8:0:0::/32"}`, StatusNotPublic, space.None},
		{`"IpAddressIfExists":{"aws:SourceIp":"203.0.113.0/24"}`, StatusPublic, space.Found},
		{`"NotIpAddress":{"aws:SourceIp":["0.0.0.0/0"]}`, StatusPublic, space.Found},
		{`"NotIpAddress":{"aws:SourceIp":["0.0.0.0/0","::/0"]}`, StatusPublic, space.Found}, // no address at all
		{`"IpAddress":{"aws:SourceIp":"203.0.113.0/33"}`, StatusPublic, space.None},         // S3 refuses it
		{`"IpAddress":{"aws:SourceIp":"203.0.113.0/24","aws:VpcSourceIp":"0.0.0.0/0"}`, StatusNotPublic, space.None},
		{`"StringLike":{"aws:SourceIp":"203.0.*"}`, StatusPublic, space.Found},
		{`"IpAddress":{"aws:SourceIp":"${aws:SourceIp}"}`, StatusPublic, space.None},
	})
}

// Values that look fixed and are not.
func TestPublicLookalikes(t *testing.T) {
	runPublic(t, []publicCase{
		{`"IpAddress":{"aws:SourceIp":"10.0.0.0/7"}`, StatusPublic, space.Found},
		{`"IpAddress":{"aws:SourceIp":"10.0.0.0/0"}`, StatusPublic, space.Found},
		{`"IpAddress":{"aws:SourceIp":"172.16.0.0/3"}`, StatusPublic, space.Found},
		{`"IpAddress":{"aws:SourceIp":"192.168.0.0/1"}`, StatusPublic, space.Found},
		{`"IpAddress":{"aws:SourceIp":"192.168.3.0/24"}`, StatusNotPublic, space.None},
		{`"IpAddress":{"aws:SourceIp":"fc00::/7"}`, StatusPublic, space.Found}, // private, but not by RFC 1918
		{`"IpAddress":{"aws:SourceIp":"fd00::/0"}`, StatusPublic, space.Found},
		{`"IpAddress":{"aws:SourceIp":"::ffff:0.0.0.0/96"}`, StatusPublic, space.Found},
		{`"IpAddress":{"aws:SourceIp":"::ffff:203.0.113.0/120"}`, StatusNotPublic, space.None},
		{`"StringEquals":{"aws:userid":"anonymous"}`, StatusPublic, space.Found},
		{`"StringEqualsIgnoreCase":{"aws:userid":"ANONYMOUS"}`, StatusPublic, space.Found},
		{`"StringEqualsIgnoreCase":{"aws:PrincipalAccount":"ANONYMOUS"}`, StatusPublic, space.Found},
		{`"StringLike":{"aws:userid":"anonymou?"}`, StatusPublic, space.Found},
		{`"StringLike":{"aws:PrincipalAccount":"anon*"}`, StatusPublic, space.Found},
		{`"StringEqualsIgnoreCase":{"aws:PrincipalType":"ANONYMOUS"}`, StatusPublic, space.Found},
		{`"StringEquals":{"aws:PrincipalAccount":"anonymous"}`, StatusPublic, space.Found},
		{`"StringEquals":{"aws:PrincipalAccount":["111122223333","anonymous"]}`, StatusPublic, space.Found},
		{`"NumericGreaterThan":{"aws:PrincipalAccount":"0"}`, StatusPublic, space.Found},
		{`"NumericNotEquals":{"aws:PrincipalAccount":"111122223333"}`, StatusPublic, space.Found},
		{`"DateGreaterThan":{"aws:SourceAccount":"1"}`, StatusPublic, space.None},
		{`"IpAddress":{"aws:PrincipalAccount":"111122223333"}`, StatusPublic, space.None},
		{`"StringLike":{"aws:PrincipalArn":"arn:*:111122223333:role/x"}`, StatusPublic, space.Found}, // the path of a role may hold colons
		{`"StringLike":{"aws:SourceArn":"arn:aws:sns:*:111122223333:t"}`, StatusPublic, space.None},
		{`"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:111122223333:t"}`, StatusNotPublic, space.None},
		{`"StringEqualsIgnoreCase":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}`, StatusNotPublic, space.None},
		{allowTo(`{"Service":"cloudtrail.*"}`), StatusPublic, space.None},
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
		{address(all), StatusUndecided, space.Found},
		{address(half), StatusUndecided, space.Found},
		{address(some), StatusNotPublic, space.None},
		{address([]string{`"10.0.0.0/8"`, `"172.16.0.0/12"`, `"192.168.0.0/16"`, `"100.0.0.0/8"`}), StatusNotPublic, space.None},
	})
}
