package space

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Who gets in, each group of callers by itself.
func TestAccessByCallers(t *testing.T) {
	denyElsewhere := func(operator string) string {
		return allowTo(`"*"`) + `,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"},` +
			`"StringNotEquals":{"aws:SourceVpce":"vpce-1"},"` + operator + `":{"aws:PrincipalIsAWSService":"false"}}}`
	}
	type answers struct{ Anonymous, Strangers, Named, Services Answer }
	tests := []struct {
		name, in string
		want     answers
	}{
		{"everybody", allowTo(`"*"`), answers{Found, Found, None, Found}},
		{"nobody named", allowTo(`{"AWS":"111122223333"}`), answers{None, None, Found, None}},
		{"a service", allowTo(`{"Service":"cloudtrail.amazonaws.com"}`), answers{None, None, None, Found}},
		{"a web identity", allowTo(`{"Federated":"graph.facebook.com"}`), answers{None, Found, None, None}},
		{"a web identity of an account", `{"Effect":"Allow","Principal":{"Federated":"graph.facebook.com"},"Action":"s3:GetObject","Resource":"*",` +
			`"Condition":{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}}`, answers{None, None, Found, None}},
		{"an identity provider", allowTo(`{"Federated":"arn:aws:iam::111122223333:saml-provider/p"}`), answers{None, None, Found, None}},
		{"an identity provider, only as one role", `{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/p"},"Action":"s3:GetObject",` +
			`"Resource":"*","Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/app"}}}`, answers{None, None, Found, None}},
		{"who comes from a provider", allowIf(`"StringEquals":{"aws:FederatedProvider":"graph.facebook.com"}`), answers{None, Found, None, None}},
		// A Deny with Bool does not reach anonymous callers, whose requests lack the key; BoolIfExists does.
		{"Deny with Bool", denyElsewhere("Bool"), answers{Found, Found, None, Found}},
		{"Deny with BoolIfExists", denyElsewhere("BoolIfExists"), answers{Found, Found, None, Found}},
		{"negated operator on an absent key", allowIf(`"StringNotEquals":{"aws:SourceVpce":"vpce-1"}`), answers{Found, Found, None, Found}},
		{"ForAllValues on an absent key", allowIf(`"ForAllValues:StringEquals":{"aws:PrincipalOrgID":["o-aaaaaaaaaa"]}`), answers{Found, Found, None, Found}},
		{"a Deny of others than the organization", allowTo(`"*"`) + `,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*",` +
			`"Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}}}`, answers{None, Found, None, None}},
		{"that Deny spares services", allowTo(`{"Service":"cloudtrail.amazonaws.com"}`) + `,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*",` +
			`"Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}}`, answers{None, None, None, Found}},
	}
	for _, tt := range tests {
		doc := parse(t, version2012(tt.in))
		got := [4]Answer{}
		for i, callers := range []Callers{AnonymousCallers, Strangers, NamedCallers, Services} {
			v := Access(doc, callers, Steps(AdmissionBudget))
			got[i] = v.Answer
			if v.Answer == Found {
				if d := authz.Decide(doc, *v.Witness).Decision; d != authz.Allowed {
					t.Errorf("%s: the witness %+v is %s", tt.name, v.Witness, d)
				}
			}
			checkProofs(t, v)
		}
		if diff := cmp.Diff(tt.want, answers{got[0], got[1], got[2], got[3]}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
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
		v := Access(doc, Everyone, Steps(ample), accepted...)
		if v.Answer != tt.want {
			t.Errorf("%s: %v, want %v: %s %v", tt.name, v.Answer, tt.want, v.Reason, v.Witness)
		}
		checkProofs(t, v)
		if g := Granted(doc, parse(t, version2012(`{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`)), Steps(ample), accepted...); g.Answer != tt.want {
			t.Errorf("%s: granted %v, want %v: %s", tt.name, g.Answer, tt.want, g.Reason)
		}
		if n := NewAccess(parse(t, version2012("")), doc, Steps(ample), accepted...); n.Answer != tt.want {
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
	if v := Access(doc, Everyone, Steps(ample), accepted[:mostDenying]...); v.Answer != None {
		t.Errorf("%v %s", v.Answer, v.Reason)
	}
	if n := len(escapes(newLooks(Steps(ample).open()), doc, accepted)); n != 1<<mostDenying {
		t.Errorf("%d ways", n)
	}
}
