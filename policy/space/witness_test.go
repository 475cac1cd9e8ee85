package space

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWitnesses holds requests that are shown to what there can be: who calls, what is asked for and every key go together.
func TestWitnesses(t *testing.T) {
	allow := func(rest string) string { return version2012(`{"Effect":"Allow","Principal":"*",` + rest + `}`) }
	const get = `"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":`
	tests := []struct {
		name, in string
		callers  Callers
		want     string // the request, or the answer where there is none
	}{
		{"an action without a resource", allow(`"Action":"s3:CreateJob","Resource":"arn:aws:s3:::b/*"`), Everyone, "none"},
		{"an action of the account", allow(`"Action":"s3:ListAllMyBuckets","Resource":"*"`), AnonymousCallers, "anonymous s3:ListAllMyBuckets on arn:aws:s3:::*"},
		{"keys of S3 on actions of others", allow(`"Action":"ec2:*","Resource":"*","Condition":{"StringLike":{"s3:prefix":"*"}}`), Everyone, "none"},
		{"a tag", allow(`"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"s3:RequestObjectTag/Team":"red"},` +
			`"ForAllValues:StringLike":{"s3:RequestObjectTagKeys":"*"}}`), AnonymousCallers,
			"anonymous s3:PutObject on arn:aws:s3:::b/x with s3:RequestObjectTag/Team=red, s3:RequestObjectTagKeys=team"},
		{"a tag without its key", allow(`"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"s3:RequestObjectTag/Team":"red"},` +
			`"ForAllValues:StringEquals":{"s3:RequestObjectTagKeys":"size"}}`), Everyone, "none"},
		{"a session and its id", allow(get + `{"StringLike":{"aws:userid":"*:night-*"}}`), Strangers,
			"arn:aws:sts::444455556666:assumed-role/bucketwarden-example/night- s3:GetObject on arn:aws:s3:::b/x with aws:userid=AROAx:night-"},
		{"a session that is named, and another id", version2012(`{"Effect":"Allow","Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/r/s1"},` + get +
			`{"StringLike":{"aws:userid":"*:s2"}}}`), Everyone, "none"},
		{"a user who is nobody", allow(get + `{"StringEquals":{"aws:userid":"anonymous","aws:PrincipalType":"User"}}`), Everyone, "none"},
		{"a root user by its id", allow(get + `{"StringLike":{"aws:userid":"1?1*"},"StringEquals":{"aws:PrincipalType":"Account"}}`), Strangers,
			"arn:aws:iam::111111111111:root s3:GetObject on arn:aws:s3:::b/x"},
		{"a service's address", allow(get + `{"StringLike":{"aws:SourceIp":"2*"},"Bool":{"aws:PrincipalIsAWSService":"true"}}`), Services,
			"bucketwarden-example.amazonaws.com s3:GetObject on arn:aws:s3:::b/x with aws:SourceIp=203.0.113.7"},
		{"an account that is none", allow(get + `{"StringEquals":{"aws:SourceAccount":"abc"}}`), Everyone, "none"},
		{"a provider of another account", version2012(`{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/p"},` + get +
			`{"StringEquals":{"aws:PrincipalAccount":"444455556666"}}}`), Everyone, "none"},
		{"a service that is not on its own list", allow(get + `{"ForAllValues:StringLike":{"aws:PrincipalServiceNamesList":"c*"},` +
			`"StringLike":{"aws:PrincipalServiceName":"d*"},"Null":{"aws:PrincipalServiceNamesList":"false"}}`), Everyone, "none"},
		{"a service that its own list does not have", allow(get + `{"ForAllValues:StringNotLike":{"aws:PrincipalServiceNamesList":"d*"},` +
			`"StringLike":{"aws:PrincipalServiceName":"d*"},"Null":{"aws:PrincipalServiceNamesList":"false"}}`), Everyone, "none"},
		{"a service and the list of its names", allow(get + `{"ForAnyValue:StringLike":{"aws:PrincipalServiceNamesList":"c*"},` +
			`"StringLike":{"aws:PrincipalServiceName":"d*"}}`), Everyone,
			"d.amazonaws.com s3:GetObject on arn:aws:s3:::b/x with aws:PrincipalServiceNamesList=c.amazonaws.com|xx.amazonaws.com|d.amazonaws.com"},
		{"a role whose path has a colon", allow(get + `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/*:*/app"}}`), Strangers,
			"arn:aws:sts::444455556666:assumed-role/app/session s3:GetObject on arn:aws:s3:::b/x with aws:PrincipalArn=arn:aws:iam::444455556666:role/:/app"},
		{"one moment by two clocks", allow(get + `{"DateGreaterThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"},"DateLessThan":{"aws:EpochTime":"1893456000"}}`), Everyone, "none"},
		{"one moment by two clocks, and between", allow(get + `{"DateGreaterThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"},"DateLessThan":{"aws:EpochTime":"1893456002"}}`),
			AnonymousCallers, "anonymous s3:GetObject on arn:aws:s3:::b/x with aws:CurrentTime=2030-01-01T00:00:01Z, aws:EpochTime=1893456001"},
		{"an identity of CloudFront", version2012(`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"},` +
			`"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`), NamedCallers,
			"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1 s3:GetObject on arn:aws:s3:::b/x"},
	}
	for _, tt := range tests {
		v := Access(parse(t, tt.in), tt.callers, Steps(ample))
		got := v.Answer.String()
		if v.Witness != nil {
			got = v.Witness.String()
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s%s", tt.name, diff, v.Reason)
		}
		checkProofs(t, v)
	}
}
