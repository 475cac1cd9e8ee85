package space

import (
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

func parse(t testing.TB, s string) *iam.Document {
	t.Helper()
	d, err := iam.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func allowIf(conditions string) string {
	return `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{` + conditions + `}}`
}

func allowTo(principal string) string {
	return `{"Effect":"Allow","Principal":` + principal + `,"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
}

func version2012(statements string) string {
	return `{"Version":"2012-10-17","Statement":[` + statements + `]}`
}

func TestNewAccess(t *testing.T) {
	doc := func(s string) string { return `{"Version":"2012-10-17","Statement":[` + s + `]}` }
	a := doc(`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/r"},"Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::b/*"}`)
	for _, c := range []struct{ name, old, new, want string }{
		{"same", a, a, "none"},
		{"fewer", a, doc(`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/r"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/x/*"}`), "none"},
		{"more", a, doc(`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/r"},"Action":"s3:Get*","Resource":"arn:aws:s3:::b/*"}`), "found"},
		{"anyone", a, doc(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`), "found"},
		{"account", a, doc(`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`), "found"},
		{"cond arn", doc(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}}}`),
			doc(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/x"}}}`), "none"},
		{"dropped deny", doc(`{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*"},{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`),
			doc(`{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*"}`), "found"},
		{"variable same", doc(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}`),
			doc(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}`), "none"},
		{"variable wide", doc(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`),
			doc(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}`), "none"},
		{"variable narrow", doc(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/home/*"}`),
			doc(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}`), "found"},
		{"for all values absent", doc(`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`),
			doc(`{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-x"}}}`), "found"},
		{"ip", doc(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"IpAddress":{"aws:SourceIp":["0.0.0.0/1","128.0.0.0/1"]}}}`),
			doc(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}`), "none"},
		{"listbucket on objects grants nothing", doc(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*"}`),
			doc(`{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b/*"}`), "none"},
		{"identity", doc(`{"Effect":"Allow","Action":"ec2:*","Resource":"*"}`), doc(`{"Effect":"Allow","Action":"ec2:Describe*","Resource":"*"}`), "none"},
		{"identity more", doc(`{"Effect":"Allow","Action":"ec2:Describe*","Resource":"*"}`), doc(`{"Effect":"Allow","Action":["ec2:describeinstances","ec2:Run*"],"Resource":"*"}`), "found"},
		{"union", doc(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/a*"},{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","NotResource":"arn:aws:s3:::b/a*"}`),
			doc(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`), "none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := NewAccess(parse(t, c.old), parse(t, c.new), Steps(ample))
			if v.Answer.String() != c.want {
				t.Errorf("%v, want %s: %+v %s", v.Answer, c.want, v.Witness, v.Reason)
			}
		})
	}
}
