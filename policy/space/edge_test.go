package space

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Conditions that are satisfiable, or not, each by itself: whether some request meets it, and some does not.
var satisfiable = []struct {
	in             string
	meets, escapes Answer
}{
	{`"DateGreaterThan":{"aws:EpochTime":"1700000000"}`, Found, Found},
	{`"DateLessThan":{"aws:CurrentTime":"2030-01"}`, Found, Found},
	{`"DateLessThan":{"aws:CurrentTime":"2030"}`, Found, Found}, // a year or seconds: at its beginning it is neither
	{`"DateLessThan":{"aws:CurrentTime":"tomorrow"}`, None, Found},
	{`"NumericLessThan":{"aws:PrincipalTag/n":"1e3"}`, Found, Found},
	{`"NumericLessThan":{"aws:PrincipalTag/n":"-1e3"}`, Found, Found},
	{`"NumericLessThan":{"aws:MultiFactorAuthAge":"0"}`, None, Found},
	{`"NumericGreaterThan":{"aws:MultiFactorAuthAge":"0.5"},"NumericLessThan":{"aws:MultiFactorAuthAge":"1.5"}`, Found, Found},
	{`"NumericGreaterThan":{"aws:MultiFactorAuthAge":"0.5"}`, Found, Found},
	{`"NumericGreaterThan":{"aws:MultiFactorAuthAge":"1"},"NumericLessThan":{"aws:MultiFactorAuthAge":"2"}`, None, Found},
	{`"NumericGreaterThan":{"aws:PrincipalTag/n":"1"},"NumericLessThan":{"aws:PrincipalTag/n":"2"}`, Found, Found},
	{`"NumericLessThan":{"aws:PrincipalTag/n":"1e999999999"}`, Found, Found},
	{`"NumericEquals":{"aws:PrincipalTag/n":"two"}`, Undecided, Found},
	{`"NumericEquals":{"aws:PrincipalTag/n":"1"},"StringNotEquals":{"aws:PrincipalTag/n":"1"}`, Undecided, Found}, // 1.0 does
	{`"Null":{"aws:SourceVpce":["true","false"]}`, Found, None},
	{`"Null":{"aws:SourceVpce":["maybe","false"]}`, Found, Undecided},
	{`"Null":{"aws:SourceVpce":["true","maybe"]}`, Found, Undecided},
	{`"Null":{"aws:SourceVpce":"maybe"}`, Undecided, Undecided},
	{`"BinaryEquals":{"aws:PrincipalTag/b":"QUFB"}`, Found, Found},
	{`"BinaryEquals":{"aws:PrincipalTag/b":"no base64"}`, Undecided, Found},
	{`"Bool":{"aws:SecureTransport":"true"},"StringEquals":{"aws:SecureTransport":"true"}`, Found, Found},
	{`"Bool":{"aws:SecureTransport":"true"},"StringLike":{"aws:SecureTransport":"f*"}`, None, Found},
	{`"Bool":{"aws:SecureTransport":"yes"}`, Undecided, Undecided},
	{`"IpAddress":{"aws:SourceIp":"nowhere"}`, None, Found},
	{`"NotIpAddress":{"aws:SourceIp":["0.0.0.0/0","::/0"]},"Null":{"aws:SourceIp":"false"}`, None, Found},
	{`"StringSame":{"aws:SourceIp":"203.0.113.7"}`, Undecided, Undecided},
	{`"StringEquals":{"aws:PrincipalOrgPaths":"o-aaaaaaaaaa/*"}`, Undecided, Found}, // no quantifier
	{`"ForAnyValue:StringNotEquals":{"s3:RequestObjectTagKeys":"a"}`, Found, Found},
	{`"ForAllValues:StringEquals":{"s3:RequestObjectTagKeys":"${aws:username}"}`, Found, Found},
	{`"ForAnyValue:StringEquals":{"s3:RequestObjectTagKeys":["a","b"]}`, Found, Found},
	{`"Null":{"s3:RequestObjectTagKeys":"false"}`, Found, Found},
	{`"ForAnyValue:StringLike":{"example:Colors":"re?"},"ForAllValues:StringLike":{"example:Colors":"*e*"}`, Found, Found},
	{`"StringEquals":{"aws:userid":"AROAEXAMPLE:s"}`, Found, Found},
	{`"StringEquals":{"aws:FederatedProvider":"graph.facebook.com"}`, Found, Found},
	{`"ArnLike":{"aws:PrincipalArn":"arn:aws:sts::111122223333:assumed-role/r/*"}`, None, Found},
	{`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/path/r"}`, Found, Found},
	{`"ArnLike":{"aws:PrincipalArn":"*"}`, Undecided, Found},
	{`"ForAnyValue:StringEquals":{"aws:PrincipalServiceNamesList":"config.amazonaws.com"}`, Found, Found},
	{`"StringEquals":{"aws:PrincipalServiceName":"config.amazonaws.com"}`, Found, Found},
	{`"NumericEquals":{"aws:PrincipalAccount":"111122223333"}`, Found, Found},
	{`"NumericNotEquals":{"aws:PrincipalAccount":"444455556666"},"StringEquals":{"aws:SourceIp":"444455556666"}`, Found, Found},
	{`"StringEquals":{"aws:PrincipalTag/a":"${aws:username"}`, Undecided, Found}, // malformed
	{`"StringEquals":{"aws:PrincipalTag/a":"${aws:username}"}`, Found, Found},
	{`"StringEquals":{"aws:PrincipalTag/a":["${aws:PrincipalTag/b}","x"]}`, Found, Found},
	{`"StringLike":{"aws:Referer":"${aws:SourceIp}"}`, Found, Found},
	{`"Bool":{"aws:SecureTransport":"${aws:MultiFactorAuthPresent}"}`, Undecided, Undecided},
}

func TestSatisfiable(t *testing.T) {
	nothing := parse(t, version2012(`{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}`))
	all := `{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"`
	for _, tt := range satisfiable {
		some := parse(t, version2012(all+`,"Condition":{`+tt.in+`}}`))
		meets, escapes := NewAccess(nothing, some, Steps(AdmissionBudget)), NewAccess(some, parse(t, version2012(all+"}")), Steps(AdmissionBudget))
		if diff := cmp.Diff([]string{tt.meets.String(), tt.escapes.String()}, []string{meets.Answer.String(), escapes.Answer.String()}); diff != "" {
			t.Errorf("%s: meets, escapes (-want +got):\n%s%+v %s\n%+v %s", tt.in, diff, meets.Witness, meets.Reason, escapes.Witness, escapes.Reason)
		}
		checkProofs(t, meets)
		checkProofs(t, escapes)
	}
}

func TestRelation(t *testing.T) {
	tests := []struct {
		new, lost Answer
		want      Relation
	}{
		{None, None, Equivalent},
		{None, Found, Narrower},
		{Found, None, Wider},
		{Found, Found, Incomparable},
		{Undecided, None, Unknown},
		{Found, Undecided, Unknown},
	}
	for _, tt := range tests {
		if got := (Comparison{Verdict{Answer: tt.new}, Verdict{Answer: tt.lost}}).Relation(); got != tt.want {
			t.Errorf("new %v, lost %v: %s, want %s", tt.new, tt.lost, got, tt.want)
		}
	}
}

// A witness names the principal whose ARN the policy asks for.
func TestWitnessPrincipal(t *testing.T) {
	tests := []struct{ in, want string }{
		{allowTo(`"*"`), authz.Anonymous},
		{allowTo(`{"AWS":"arn:aws:iam::111122223333:role/path/r"}`), "arn:aws:sts::111122223333:assumed-role/r/session"},
		{allowTo(`{"AWS":"arn:aws:iam::111122223333:user/u"}`), "arn:aws:iam::111122223333:user/u"},
		{allowTo(`{"AWS":"arn:aws-cn:iam::111122223333:root"}`), "arn:aws-cn:sts::111122223333:assumed-role/bucketwarden-example/session"},
		{allowTo(`{"AWS":["123456789012","444455556666"]}`), "arn:aws:sts::123456789012:assumed-role/bucketwarden-example/session"},
		{allowIf(`"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/r"}`), "arn:aws:sts::111122223333:assumed-role/r/session"},
		{allowIf(`"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:user/u"}`), "arn:aws:iam::111122223333:user/u"},
		{allowIf(`"StringEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:root"}`), "arn:aws:iam::111122223333:root"},
	}
	for _, tt := range tests {
		v := Access(parse(t, version2012(tt.in)), Everyone, Steps(AdmissionBudget))
		if v.Answer != Found || v.Witness.Principal != tt.want {
			t.Errorf("%s: %v %+v %s, want %s", tt.in, v.Answer, v.Witness, v.Reason, tt.want)
		}
	}
}

// TestManyUnknownActions: more names than are gone through are too many, also for what is looked at after them.
func TestManyUnknownActions(t *testing.T) {
	var actions []string
	for i := range 100 {
		actions = append(actions, fmt.Sprintf("%q", fmt.Sprintf("s3:GetObj%04dAcl", i)))
	}
	doc, err := iam.Parse(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "111122223333"},
		"Action": [` + strings.Join(actions, ",") + `], "Resource": "arn:aws:s3:::logs/*"}}`)
	if err != nil {
		t.Fatal(err)
	}
	if v := Access(doc, NamedCallers, Steps(AdmissionBudget)); v.Answer != Undecided {
		t.Errorf("got %s", v.Answer)
	}
}
