package space

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy/authz"
)

func TestTrustDocument(t *testing.T) {
	statement := func(condition string) string {
		return `{"Action":"*","Condition":{` + condition + `},"Effect":"Allow","Principal":"*","Resource":"*"}`
	}
	tests := []struct {
		in   Trust
		want string
	}{
		{Trust{}, ""},
		{Trust{Accounts: []string{"111122223333"}},
			statement(`"StringLike":{"aws:PrincipalAccount":["111122223333"]}`) + "," + statement(`"StringLike":{"aws:SourceAccount":["111122223333"]}`)},
		{Trust{Organizations: []string{"o-aaaaaaaaaa"}, OrgPaths: []string{"o-bbbbbbbbbb/*"}},
			statement(`"StringLike":{"aws:PrincipalOrgID":["o-aaaaaaaaaa"]}`) + "," +
				statement(`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":["o-bbbbbbbbbb/*"]}`) + "," +
				statement(`"StringLike":{"aws:SourceOrgID":["o-aaaaaaaaaa"]}`)},
		{Trust{Networks: []string{"10.0.0.0/8", "vpc-1", "vpce-1", "2001:db8::/32"}},
			statement(`"IpAddress":{"aws:SourceIp":["10.0.0.0/8","2001:db8::/32"]}`) + "," +
				statement(`"StringLike":{"aws:SourceVpc":["vpc-1"]}`) + "," + statement(`"StringLike":{"aws:SourceVpce":["vpce-1"]}`)},
		{Trust{Services: []string{"cloudtrail.amazonaws.com"}, Networks: []string{"vpc-1"}},
			statement(`"StringLike":{"aws:SourceVpc":["vpc-1"]}`) + "," + statement(`"StringLike":{"aws:PrincipalServiceName":["cloudtrail.amazonaws.com"]}`)},
	}
	for _, tt := range tests {
		var got []string
		for _, s := range tt.in.Document().Statements {
			got = append(got, s.Value.Compact())
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, ",")); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", tt.in, diff)
		}
	}
}

func TestExternalAccess(t *testing.T) {
	trust := Trust{
		Accounts: []string{"111122223333"}, Organizations: []string{"o-aaaaaaaaaa"}, OrgPaths: []string{"o-bbbbbbbbbb/r-ab12/*"},
		Networks: []string{"203.0.113.0/24", "vpc-1", "vpce-1"}, Services: []string{"cloudtrail.amazonaws.com"},
	}
	tests := []struct {
		name, in string
		want     Answer
	}{
		{"everybody", allowTo(`"*"`), Found},
		{"the account", allowTo(`{"AWS":"111122223333"}`), None},
		{"a role of the account", allowTo(`{"AWS":"arn:aws:iam::111122223333:role/r"}`), None},
		{"another account", allowTo(`{"AWS":"444455556666"}`), Found},
		{"another account by way of the organization", `{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:*","Resource":"*",` +
			`"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}}}`, None},
		{"the organization", allowIf(`"StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}`), None},
		{"another organization", allowIf(`"StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaab"}`), Found},
		{"a unit", allowIf(`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-bbbbbbbbbb/r-ab12/ou-ab12-11111111/*"}`), None},
		{"the root above the unit", allowIf(`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-bbbbbbbbbb/*"}`), Found},
		{"a part of the network", allowIf(`"IpAddress":{"aws:SourceIp":"203.0.113.64/26"}`), None},
		{"more than the network", allowIf(`"IpAddress":{"aws:SourceIp":"203.0.112.0/23"}`), Found},
		{"the VPC", allowIf(`"StringEquals":{"aws:SourceVpc":"vpc-1"}`), None},
		{"another endpoint", allowIf(`"StringEquals":{"aws:SourceVpce":["vpce-1","vpce-2"]}`), Found},
		{"the service", allowTo(`{"Service":"cloudtrail.amazonaws.com"}`), None},
		{"another service", allowTo(`{"Service":"config.amazonaws.com"}`), Found},
		{"another service for the account", `{"Effect":"Allow","Principal":{"Service":"config.amazonaws.com"},"Action":"s3:PutObject","Resource":"*",` +
			`"Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}}`, None},
		{"everybody but who is not of the organization", allowTo(`"*"`) + `,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*",` +
			`"Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}}}`, None},
		{"nobody", `{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}`, None},
	}
	for _, tt := range tests {
		doc := parse(t, version2012(tt.in))
		v := Access(doc, Everyone, Steps(AdmissionBudget), trust.Document())
		if v.Answer != tt.want {
			t.Errorf("%s: %v, want %v: %+v %s", tt.name, v.Answer, tt.want, v.Witness, v.Reason)
		}
		checkProofs(t, v)
	}
}

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

// An anonymous caller of the wrong address and no endpoint gets past a Deny that asks with Bool for no AWS service.
func TestDenyWithBool(t *testing.T) {
	for operator, want := range map[string]Answer{"Bool": Found, "BoolIfExists": None} {
		doc := parse(t, version2012(allowTo(`"*"`)+`,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{`+
			`"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"},"StringNotEquals":{"aws:SourceVpce":"vpce-1"},"`+operator+`":{"aws:PrincipalIsAWSService":"false"}}}`))
		if v := Access(doc, AnonymousCallers, Steps(AdmissionBudget), Named(doc)); v.Answer != want {
			t.Errorf("%s: %v, want %v: %+v", operator, v.Answer, want, v.Witness)
		}
	}
}

func TestTrustValidate(t *testing.T) {
	tests := []struct {
		in   Trust
		want string
	}{
		{Trust{}, ""},
		{Trust{Accounts: []string{"111122223333"}, Organizations: []string{"o-aaaaaaaaaa"}, OrgPaths: []string{"o-aaaaaaaaaa/*"},
			Networks: []string{"10.0.0.0/8", "vpc-1", "vpce-1"}, Services: []string{"*"}}, ""},
		{Trust{Accounts: []string{"11112222333"}}, `accounts: "11112222333" is not 12 digits`},
		{Trust{Accounts: []string{"11112222333x"}}, `accounts: "11112222333x" is not 12 digits`},
		{Trust{Organizations: []string{"aaaaaaaaaa"}}, `organizations: "aaaaaaaaaa" does not begin with o-`},
		{Trust{OrgPaths: []string{"r-ab12/*"}}, `organizations: "r-ab12/*" does not begin with o-`},
		{Trust{Networks: []string{"10.0.0.0"}}, `networks: "10.0.0.0" is neither a CIDR nor the id of a VPC (vpc-) or a VPC endpoint (vpce-)`},
	}
	for _, tt := range tests {
		got := ""
		if err := tt.in.Validate(); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.in, got, tt.want)
		}
	}
}
