package space

import "testing"

func TestPublic(t *testing.T) {
	allow := func(rest string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"` + rest + `}]}`
	}
	cond := func(c string) string { return allow(`,"Condition":{` + c + `}`) }
	for _, c := range []struct{ name, doc, want string }{
		{"plain", allow(""), "found"},
		{"org", cond(`"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}`), "none"},
		{"org if exists", cond(`"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-abcdefghij"}`), "found"},
		{"org not", cond(`"StringNotEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}`), "found"},
		{"org for all", cond(`"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}`), "found"},
		{"ip", cond(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`), "none"},
		{"halves", cond(`"IpAddress":{"aws:SourceIp":["0.0.0.0/1","128.0.0.0/1"]}`), "found"},
		{"slash 7", cond(`"IpAddress":{"aws:SourceIp":"100.0.0.0/7"}`), "found"},
		{"v6 31", cond(`"IpAddress":{"aws:SourceIp":"2001:d00::/31"}`), "found"},
		{"not ip", cond(`"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}`), "found"},
		{"vpc", cond(`"StringEquals":{"aws:SourceVpc":"vpc-1"}`), "none"},
		{"vpc-*", cond(`"StringLike":{"aws:SourceVpc":"vpc-*"}`), "found"},
		{"vpce not", cond(`"StringNotEquals":{"aws:SourceVpce":"vpce-1"}`), "found"},
		{"referer", cond(`"StringLike":{"aws:Referer":"https://example.com/*"}`), "found"},
		{"transport", cond(`"Bool":{"aws:SecureTransport":"true"}`), "found"},
		{"username variable", cond(`"StringEquals":{"aws:SourceVpc":"${aws:username}"}`), "found"},
		{"principal account", cond(`"StringEquals":{"aws:PrincipalAccount":"111122223333"}`), "none"},
		{"principal arn", cond(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}`), "none"},
		{"principal arn any account", cond(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/Admin"}`), "found"},
		{"account star", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}`, "found"},
		{"denied outside org", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"},
			{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}}]}`, "none"},
		{"role", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/r"},"Action":"s3:*","Resource":"arn:aws:s3:::b/*"}]}`, "none"},
		{"federated", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"graph.facebook.com"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}`, "found"},
		{"service", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*"}]}`, "none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := Public(parse(t, c.doc), Steps(CommandBudget))
			if v.Answer.String() != c.want {
				t.Errorf("%v, want %s: %+v %s", v.Answer, c.want, v.Witness, v.Reason)
			}
		})
	}
}
