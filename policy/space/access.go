package space

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Access asks for a request that doc allows and nobody has accepted: accepted are documents, and what one of them allows,
// after its own Denies, does not count. among says which callers count.
func Access(doc *iam.Document, among Callers, budget Budget, accepted ...*iam.Document) Verdict {
	return AccessBy(doc, among, among.MayUse, budget, accepted...)
}

// AccessBy is Access for whoever knows which Allow statements are open: the others let none of the callers in.
func AccessBy(doc *iam.Document, among Callers, open func(*iam.Statement) bool, budget Budget, accepted ...*iam.Document) Verdict {
	b := budget.open()
	defer b.close()
	if v, found := withoutEffect(doc, &iam.Document{}, b); found {
		return v
	}
	looks := newLooks(b)
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
			docs: append(e.docs(), near), among: among, budget: b,
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
