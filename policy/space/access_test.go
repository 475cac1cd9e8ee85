package space

import (
	"fmt"
	"testing"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

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

// What an accepted document denies, it does not accept, by whichever of several it may be accepted.
func TestAccessBeyondAccepted(t *testing.T) {
	const (
		all    = `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
		public = `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/public/*"}`
		docs   = `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/docs/*"}`
		secret = `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/secret/*"}`
		keys   = `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/secret/keys/*"}`
		others = `{"Effect":"Deny","Principal":"*","Action":"s3:*","NotResource":["arn:aws:s3:::b/public/*","arn:aws:s3:::b/docs/*"]}`
		plain  = `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`
		nobody = `{"Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`
	)
	for _, tt := range []struct {
		name, doc string
		accepted  []string
		want      Answer
	}{
		{"itself", all + "," + secret, []string{all + "," + secret}, None},
		{"a Deny less", all, []string{all + "," + secret}, Found},
		{"a Deny that is narrower", all + "," + keys, []string{all + "," + secret}, Found},
		{"a Deny more", all + "," + secret, []string{all + "," + keys}, None},
		{"a Deny of what is not allowed", public, []string{all + "," + secret}, None},
		{"a Deny without which another accepts", all, []string{all + "," + secret, all + "," + plain}, Found},
		{"Denies of which each spares the other's", all + "," + secret, []string{all + "," + secret, public + "," + plain}, None},
		{"Denies that have nothing in common", public + "," + docs,
			[]string{all + `,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"arn:aws:s3:::b/public/*"}`,
				all + `,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"arn:aws:s3:::b/docs/*"}`}, None},
		{"all but two prefixes", public + "," + docs, []string{all + "," + others}, None},
		{"all but two prefixes, the Deny less", all, []string{all + "," + others}, Found},
		{"a statement without Effect", all, []string{all + "," + nobody}, Undecided},
	} {
		doc := parse(t, version2012(tt.doc))
		var accepted []*iam.Document
		for _, text := range tt.accepted {
			accepted = append(accepted, parse(t, version2012(text)))
		}
		v := Access(doc, Everyone, Steps(CommandBudget), accepted...)
		if v.Answer != tt.want {
			t.Errorf("%s: %v, want %v: %s %v", tt.name, v.Answer, tt.want, v.Reason, v.Witness)
		}
		checkProofs(t, v)
		if g := Granted(doc, parse(t, version2012(`{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`)), Steps(CommandBudget), accepted...); g.Answer != tt.want {
			t.Errorf("%s: granted %v, want %v: %s", tt.name, g.Answer, tt.want, g.Reason)
		}
		if n := NewAccess(parse(t, version2012("")), doc, Steps(CommandBudget), accepted...); n.Answer != tt.want {
			t.Errorf("%s: new %v, want %v: %s", tt.name, n.Answer, tt.want, n.Reason)
		}
	}
}

// More documents with Denies than are gone through accept less, and never more.
func TestAccessManyAcceptedDeny(t *testing.T) {
	doc := parse(t, version2012(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`))
	var accepted []*iam.Document
	for i := range mostDenying + 1 {
		accepted = append(accepted, parse(t, version2012(fmt.Sprintf(
			`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"},
			{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/%d/*"}`, i))))
	}
	if v := Access(doc, Everyone, Steps(CommandBudget), accepted[:mostDenying]...); v.Answer != None {
		t.Errorf("%v %s", v.Answer, v.Reason)
	}
	if n := len(escapes(newLooks(Steps(CommandBudget).open()), doc, accepted)); n != 1<<mostDenying {
		t.Errorf("%d ways", n)
	}
}
