package public

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/space"
)

func TestAccess(t *testing.T) {
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
			v := Access(parse(t, c.doc), space.Steps(5_000_000))
			if v.Answer.String() != c.want {
				t.Errorf("%v, want %s: %+v %s", v.Answer, c.want, v.Witness, v.Reason)
			}
		})
	}
}

// Many accounts, providers and variables make a universe that is gone through in time, or not begun.
func TestHugePolicies(t *testing.T) {
	list := func(n int, format string) string {
		var out []string
		for i := range n {
			out = append(out, fmt.Sprintf(format, i))
		}
		return "[" + strings.Join(out, ",") + "]"
	}
	const (
		get = `"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"`
	)
	tests := []struct {
		name, in   string
		want       space.Answer
		wantReason string
	}{
		{"accounts", `{"Effect":"Allow","Principal":{"AWS":` + list(500, `"11112222%04d"`) + `},` + get + `}`, space.None, ""},
		{"accounts and providers", `{"Effect":"Allow","Principal":{"AWS":` + list(600, `"11112222%04d"`) +
			`,"Federated":` + list(200, `"p%d.example.com"`) + `},` + get + `}`, space.Found, ""}, // anybody can have a web identity
		{"addresses", `{"Effect":"Allow","Principal":"*",` + get + `,"Condition":{"IpAddress":{"aws:SourceIp":` + list(250, `"10.1.%d.0/24"`) + `}}}`, space.None, ""},
		{"variables", `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":` + list(60, `"arn:aws:s3:::b/${aws:username}/%d"`) +
			`,"Condition":{"StringEquals":{"aws:Referer":` + list(40, `"${aws:username}%d"`) + `}}}`, space.Undecided, "the documents name too many actions, or combine too many principals or policy variables"},
	}
	for _, tt := range tests {
		v := Access(parse(t, version2012(tt.in)), space.Steps(space.AdmissionBudget))
		if v.Answer != tt.want || v.Reason != tt.wantReason {
			t.Errorf("%s: %v %s, want %v %s", tt.name, v.Answer, v.Reason, tt.want, tt.wantReason)
		}
	}
}

// TestManyAccounts holds a document that names very many accounts: nobody may call it closed.
func TestManyAccounts(t *testing.T) {
	var ids []string
	for i := range 1000 {
		ids = append(ids, fmt.Sprintf(`"%012d"`, 100000000000+i))
	}
	doc := parse(t, `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Principal":{"AWS":[`+strings.Join(ids, ",")+`]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"},
		{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}`)
	if v := Access(doc, space.Steps(space.AdmissionBudget)); v.Answer != space.Found {
		t.Errorf("%v %q", v.Answer, v.Reason)
	}
}

// teams returns a document of n statements of about 330 bytes.
func teams(n int) string {
	var s []string
	for i := range n {
		s = append(s, fmt.Sprintf(`{"Sid":"Team%d","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/team-%[1]d"},`+
			`"Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::logs/team-%[1]d/*",`+
			`"Condition":{"StringEquals":{"aws:SourceVpce":"vpce-0123456789abcdef0"},"Bool":{"aws:SecureTransport":"true"}}}`, i))
	}
	return version2012(strings.Join(s, ","))
}

func BenchmarkAccess(b *testing.B) {
	for _, n := range []int{2, 6, 60} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			doc := parse(b, teams(n))
			for b.Loop() {
				if v := Access(doc, space.Steps(space.AdmissionBudget)); v.Answer != space.None {
					b.Fatal(v.Answer, v.Reason)
				}
			}
		})
	}
}
