package space

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Access asks for a request that doc allows and nobody has accepted: accepted are documents, and what one of them allows,
// after its own Denies, does not count. among says which callers count.
func Access(doc *iam.Document, among Callers, budget Budget, accepted ...*iam.Document) Verdict {
	b := budget.open()
	defer b.close()
	return access(doc, among, b, accepted, func(s *iam.Statement) bool { return among.MayUse(s) })
}

// access asks about the Allow statements that are open; the others let none of the callers in.
func access(doc *iam.Document, among Callers, budget *budget, accepted []*iam.Document, open func(*iam.Statement) bool) Verdict {
	if v, found := withoutEffect(doc, &iam.Document{}, budget); found {
		return v
	}
	looks := newLooks(budget)
	asked := slices.DeleteFunc(whole(doc).of(iam.Allow), func(s *iam.Statement) bool { return !open(s) })
	asked = looks.outside(doc, asked, doc, iam.Deny)
	if len(asked) == 0 { // as in most policies
		return Verdict{Answer: None}
	}
	return eachEscape(escapes(looks, doc, accepted), func(e escape) Verdict {
		asked := e.outside(looks, doc, asked)
		if len(asked) == 0 {
			return Verdict{Answer: None}
		}
		near := looks.touching(doc, asked)
		q := question{
			docs: append(e.docs(), near), among: among, budget: budget,
			build: func(u *universe) (boxes, cover []box) {
				return e.boxes(u, u.boxesOf(doc, asked)), slices.Concat(u.statements(near, iam.Deny), u.axioms, u.allowed(e.unallowed))
			},
			confirm: func(r authz.Request) authz.Match {
				return isAllowed(doc, r, true).andIgnored(r, accepted)
			},
		}
		return q.ask()
	})
}

// MayUse tells, by a look at its principals, whether a statement may let one of the callers in. False is certain.
func (c Callers) MayUse(s *iam.Statement) bool {
	if !namesAll(s) {
		return true
	}
	return slices.ContainsFunc(s.Principal.Entries, func(e iam.PrincipalEntry) bool {
		switch {
		case e.Type == "Federated", strings.ContainsAny(e.ID.Text, "*?$"):
			return true
		case e.Type == "Service":
			return c&Services != 0
		case e.Type == "AWS", e.Type == "CanonicalUser":
			return c&NamedCallers != 0
		}
		return true // whom another type names nobody says
	})
}

// Callers is a set of callers, by what they are.
type Callers uint8

// The callers. Strangers are signed callers of an account that no document names.
const (
	AnonymousCallers Callers = 1 << iota
	Strangers
	NamedCallers
	Services
	Everyone = AnonymousCallers | Strangers | NamedCallers | Services
)

// among returns what is asked of callers of a kind, so that they are among those that count: of signed ones, that a document
// names their account, or that none does. ok is false when none are.
func (u *universe) among(c Callers, k kind) (within []facet, ok bool) {
	switch {
	case k == anonymousCaller:
		return nil, c&AnonymousCallers != 0
	case k == serviceCaller:
		return nil, c&Services != 0
	case c&(Strangers|NamedCallers) == Strangers|NamedCallers:
		return nil, true
	case c&(Strangers|NamedCallers) == 0:
		return nil, false
	}
	var named []glob.Language
	for _, a := range u.accounts {
		l, _ := glob.Literal(a).Language().Account(glob.Compile("*"))
		named = append(named, l)
	}
	if u.cloudFront {
		named = append(named, glob.Compile("arn:*:iam::cloudfront:user/*").Language())
	}
	outside := c&Strangers != 0
	return []facet{{dim: dimCaller, set: &set{langs: named, ofAccount: true}, out: outside}}, outside || len(named) > 0
}

// strangers are who gets in where nobody is named.
const strangers = AnonymousCallers | Strangers

// Public asks whether anybody gets in whom the document does not single out, for what nobody has accepted: an anonymous
// caller, or a signed one of any account, from no network, organization or source that the document names.
func Public(doc *iam.Document, budget Budget, accepted ...*iam.Document) Verdict {
	b := budget.open()
	defer b.close()
	if v, found := withoutEffect(doc, &iam.Document{}, b); found {
		return v
	}
	if !slices.ContainsFunc(whole(doc).of(iam.Allow), strangers.MayUse) {
		return Verdict{Answer: None}
	}
	crowd := crowded(doc)
	open := func(s *iam.Statement) bool { return strangers.MayUse(s) && !singlesOut(doc, s, crowd) }
	if !slices.ContainsFunc(whole(doc).of(iam.Allow), open) { // before Named is made
		return Verdict{Answer: None}
	}
	return access(doc, strangers, b, append([]*iam.Document{Named(doc)}, accepted...), open)
}

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
			return fmt.Errorf("networks: %q is neither a CIDR nor the id of a VPC (vpc-) or a VPC endpoint (vpce-)", n)
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
