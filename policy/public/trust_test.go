package public

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bucketwarden/bucketwarden/policy/space"
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
		want     space.Answer
	}{
		{"everybody", allowTo(`"*"`), space.Found},
		{"the account", allowTo(`{"AWS":"111122223333"}`), space.None},
		{"a role of the account", allowTo(`{"AWS":"arn:aws:iam::111122223333:role/r"}`), space.None},
		{"another account", allowTo(`{"AWS":"444455556666"}`), space.Found},
		{"another account by way of the organization", `{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:*","Resource":"*",` +
			`"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}}}`, space.None},
		{"the organization", allowIf(`"StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}`), space.None},
		{"another organization", allowIf(`"StringEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaab"}`), space.Found},
		{"a unit", allowIf(`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-bbbbbbbbbb/r-ab12/ou-ab12-11111111/*"}`), space.None},
		{"the root above the unit", allowIf(`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-bbbbbbbbbb/*"}`), space.Found},
		{"a part of the network", allowIf(`"IpAddress":{"aws:SourceIp":"203.0.113.64/26"}`), space.None},
		{"more than the network", allowIf(`"IpAddress":{"aws:SourceIp":"203.0.112.0/23"}`), space.Found},
		{"the VPC", allowIf(`"StringEquals":{"aws:SourceVpc":"vpc-1"}`), space.None},
		{"another endpoint", allowIf(`"StringEquals":{"aws:SourceVpce":["vpce-1","vpce-2"]}`), space.Found},
		{"the service", allowTo(`{"Service":"cloudtrail.amazonaws.com"}`), space.None},
		{"another service", allowTo(`{"Service":"config.amazonaws.com"}`), space.Found},
		{"another service for the account", `{"Effect":"Allow","Principal":{"Service":"config.amazonaws.com"},"Action":"s3:PutObject","Resource":"*",` +
			`"Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}}`, space.None},
		{"everybody but who is not of the organization", allowTo(`"*"`) + `,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*",` +
			`"Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-aaaaaaaaaa"}}}`, space.None},
		{"nobody", `{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}`, space.None},
	}
	for _, tt := range tests {
		doc := parse(t, version2012(tt.in))
		v := space.Access(doc, space.Everyone, space.Steps(space.AdmissionBudget), trust.Document())
		if v.Answer != tt.want {
			t.Errorf("%s: %v, want %v: %+v %s", tt.name, v.Answer, tt.want, v.Witness, v.Reason)
		}
		checkProofs(t, v)
	}
}

// An anonymous caller of the wrong address and no endpoint gets past a Deny that asks with Bool for no AWS service.
func TestDenyWithBool(t *testing.T) {
	for operator, want := range map[string]space.Answer{"Bool": space.Found, "BoolIfExists": space.None} {
		doc := parse(t, version2012(allowTo(`"*"`)+`,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{`+
			`"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"},"StringNotEquals":{"aws:SourceVpce":"vpce-1"},"`+operator+`":{"aws:PrincipalIsAWSService":"false"}}}`))
		if v := space.Access(doc, space.AnonymousCallers, space.Steps(space.AdmissionBudget), Named(doc)); v.Answer != want {
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
		{Trust{Networks: []string{"10.0.0.0"}}, `networks: "10.0.0.0" is not a CIDR, nor the id of a VPC (vpc-) or VPC endpoint (vpce-)`},
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
