package public

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Trust is whom somebody trusts. Callers outside of it are external.
type Trust struct {
	Accounts      []string `json:"accounts"`      // 12 digits
	Organizations []string `json:"organizations"` // o-exampleorgid
	OrgPaths      []string `json:"orgPaths"`      // o-exampleorgid/r-ab12/*, with wildcards
	Networks      []string `json:"networks"`      // CIDR, vpc-... or vpce-...
	Services      []string `json:"services"`      // service principals, or "*"
}

// Validate refuses what can name nobody; the error gives the value and what would do.
func (t Trust) Validate() error {
	for _, a := range t.Accounts {
		if len(a) != 12 || strings.Trim(a, "0123456789") != "" {
			return fmt.Errorf("accounts: %q is not 12 digits", a)
		}
	}
	for _, o := range slices.Concat(t.Organizations, t.OrgPaths) {
		if !strings.HasPrefix(o, "o-") {
			return fmt.Errorf("organizations: %q does not begin with o-", o)
		}
	}
	for _, n := range t.Networks {
		if _, err := netip.ParsePrefix(n); err != nil && !strings.HasPrefix(n, "vpc-") && !strings.HasPrefix(n, "vpce-") {
			return fmt.Errorf("networks: %q is not a CIDR, nor the id of a VPC (vpc-) or VPC endpoint (vpce-)", n)
		}
	}
	return nil
}

// Document returns what the trust accepts.
func (t Trust) Document() *iam.Document {
	like := string(iam.StringLike)
	paths := string(iam.ForAnyValue) + ":" + like
	values := map[place][]string{
		{like, "aws:PrincipalAccount"}: t.Accounts, {like, "aws:PrincipalOrgID"}: t.Organizations,
		{like, "aws:SourceAccount"}: t.Accounts, {like, "aws:SourceOrgID"}: t.Organizations, {paths, "aws:PrincipalOrgPaths"}: t.OrgPaths,
	}
	for _, n := range t.Networks {
		p := place{string(iam.IPAddress), "aws:SourceIp"}
		switch {
		case strings.HasPrefix(n, "vpce-"):
			p = place{like, "aws:SourceVpce"}
		case strings.HasPrefix(n, "vpc-"):
			p = place{like, "aws:SourceVpc"}
		}
		values[p] = append(values[p], n)
	}
	statements := accept(values)
	if len(t.Services) > 0 {
		statements = append(statements, allowAll(like, "aws:PrincipalServiceName", t.Services))
	}
	return iam.NewDocument(statements...)
}
