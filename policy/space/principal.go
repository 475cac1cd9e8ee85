package space

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/glob"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// who is a statement as callers of one kind meet it.
type who struct {
	statement *iam.Statement
	kind      kind
}

// whose returns what a statement says about callers of a kind, as alternatives: none when it is about none of them.
// Where AWS leaves open whether somebody is meant, a predicate stands for the answer.
//
// It reads Principal as authz does, for all callers at once; tests hold the one to the other.
func (u *universe) whose(k kind, doc *iam.Document, s *iam.Statement) [][]facet {
	key := who{s, k}
	out, ok := u.whom[key]
	if ok {
		return out
	}
	switch {
	case s.Principal != nil && s.NotPrincipal != nil, s.Principal == nil && s.NotPrincipal == nil && !doc.IsIdentityPolicy():
		out = one(u.missing(s, "Principal"))
	case s.NotPrincipal != nil:
		out = u.exempt(k, s.NotPrincipal)
	case s.Principal == nil, s.Principal.Any:
		out = one()
	default:
		out = u.read(k, s.Principal).alternatives(u)
	}
	u.whom[key] = out
	return out
}

// principals are those that a list names, for callers of one kind.
type principals struct {
	all      bool // everybody of the kind
	arns     []glob.Language
	accounts []glob.Language // of arns, those that stand for a whole account
	services []glob.Language
	issuers  []glob.Language // who authenticated a session
	sessions []session
	open     []facet   // predicates
	wide     [][]facet // of each predicate, what it can hold for at most
}

// session is one session of a role.
type session struct{ role, id glob.Language }

// read takes a list of principals apart.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (u *universe) read(k kind, p *iam.Principal) principals {
	var out principals
	for _, e := range p.Entries {
		id := e.ID.Text
		literal := glob.Literal(id).Language()
		switch {
		case e.Type == "AWS" && id == "*" && k == serviceCaller:
			out.maybe(u, "AWS *")
		case e.Type == "AWS" && id == "*":
			out.all = true
		case authz.IsCanonicalUser(e):
			if k.signed() {
				out.maybe(u, e.Type+" "+id)
			}
		case e.Type == "AWS" && k.signed():
			out.readAWS(u, k, id)
		case e.Type == "Service" && k == serviceCaller && strings.ContainsAny(id, "*?"):
			out.maybe(u, "Service "+id, u.holds(dimService, glob.Compile(id).Language()))
		case e.Type == "Service" && k == serviceCaller:
			out.services = append(out.services, literal)
		case e.Type == "Federated" && k == roleCaller:
			out.issuers = append(out.issuers, literal)
		case !slices.Contains([]string{"AWS", "Service", "Federated"}, e.Type):
			out.maybe(u, e.Type+" "+id)
		}
	}
	return out
}

// readAWS reads an account, a user, a role or a session. Two texts that differ in the path are two roles.
func (out *principals) readAWS(u *universe, k kind, id string) {
	parts := strings.SplitN(id, ":", 6)
	any := glob.Compile("*")
	switch {
	case authz.IsAccount(id):
		account, _ := glob.Literal(id).Language().Account(any)
		out.accounts = append(out.accounts, account)
	case strings.ContainsAny(id, "*?"):
		if glob.Compile(id).Overlaps(glob.Compile("arn:*")) {
			var wide []facet
			if len(parts) == 6 {
				if account, ok := glob.Compile(parts[4]).Language().Account(any); ok {
					wide = append(wide, u.holds(dimCaller, account))
				}
			}
			out.maybe(u, "AWS "+id, wide...)
		}
	case len(parts) < 6:
	case parts[0]+parts[2]+parts[3]+parts[5] == "arniamroot":
		in := glob.Compile("arn:" + parts[1] + ":*:*:" + parts[4] + ":*")
		account, ok := glob.ARNOf(in)
		if ok {
			out.accounts = append(out.accounts, account.Language())
		}
	case k == federatedCaller && strings.HasPrefix(parts[5], "user/"):
		arn, _ := glob.CompileARN("arn:" + parts[1] + ":sts::" + parts[4] + ":federated-user/*")
		out.maybe(u, "AWS "+id, u.holds(dimCaller, arn.Language()))
	case k == roleCaller && strings.HasPrefix(parts[5], "assumed-role/"):
		role, name, ok := strings.Cut(strings.TrimPrefix(parts[5], "assumed-role/"), "/")
		if ok && role != "" && name != "" {
			arn := glob.Template{}.Text("arn:" + parts[1] + ":iam::" + parts[4] + ":role").Any(glob.Anything).Text("/" + role)
			out.sessions = append(out.sessions, session{arn.Language(), glob.Concat(glob.Compile("*:"), glob.Literal(name)).Language()})
		}
	case strings.HasPrefix(parts[5], k.resource()):
		out.arns = append(out.arns, glob.Literal(id).Language())
	}
}

// maybe adds a predicate: equal text is the same answer everywhere. wide is what it holds for at most.
func (out *principals) maybe(u *universe, text string, wide ...facet) {
	out.open = append(out.open, u.predicate("principal\x00"+text))
	out.wide = append(out.wide, wide)
}

// holds returns the facet of a language in a dimension of strings.
func (u *universe) holds(dim int, langs ...glob.Language) facet {
	return facet{dim: dim, set: u.internLangs(langs)}
}

// internLangs returns one set for equal lists of languages.
func (u *universe) internLangs(langs []glob.Language) *set {
	for _, s := range u.lists[len(langs)] {
		if slices.Equal(s.langs, langs) {
			return s
		}
	}
	made := &set{langs: langs}
	u.lists[len(langs)] = append(u.lists[len(langs)], made)
	return made
}

// alternatives returns the principals as a union of boxes.
func (p principals) alternatives(u *universe) [][]facet {
	if p.all {
		return one()
	}
	var out [][]facet
	for _, f := range p.certain(u) {
		out = append(out, []facet{f})
	}
	for _, s := range p.sessions {
		out = append(out, []facet{u.holds(dimCaller, s.role), u.holds(dimUserID, s.id)})
	}
	for i, f := range p.open {
		out = append(out, append(slices.Clone(p.wide[i]), f))
	}
	return out
}

// certain returns the facets of those who are meant for certain, but for sessions.
func (p principals) certain(u *universe) []facet {
	var out []facet
	if langs := slices.Concat(p.accounts, p.arns); len(langs) > 0 {
		f := u.holds(dimCaller, langs...)
		f.set.ofAccount = len(p.arns) == 0
		out = append(out, f)
	}
	if len(p.services) > 0 {
		out = append(out, u.holds(dimService, p.services...))
	}
	if len(p.issuers) > 0 {
		out = append(out, u.holds(dimProvider, p.issuers...))
	}
	return out
}

// exempt returns who is left when NotPrincipal takes out those it lists: surely who is not on the list; and by a predicate
// who is, but not completely, as AWS asks to list the account, the role and the session.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func (u *universe) exempt(k kind, p *iam.Principal) [][]facet {
	list := u.read(k, p)
	if p.Any || list.all {
		return nil
	}
	sure := one()
	for _, f := range list.certain(u) {
		sure = times(sure, one(f.not()))
	}
	for _, s := range list.sessions {
		sure = times(sure, [][]facet{{u.holds(dimCaller, s.role).not()}, {u.holds(dimUserID, s.id).not()}})
	}
	for i := range list.open {
		var out [][]facet
		for _, f := range list.wide[i] {
			out = append(out, []facet{f.not()})
		}
		sure = times(sure, out) // with no bound on who may be meant nobody is left out surely
	}
	if slices.ContainsFunc(p.Entries, func(e iam.PrincipalEntry) bool { return e.Type == "Service" }) {
		sure = nil
	}
	out := slices.Concat(sure, times(one(u.predicate("not\x00"+p.Value.Compact())), list.incomplete(u, k)))
	if u.huge = u.huge || len(out) > maxBoxes; u.huge {
		return nil
	}
	return out
}

// times returns the intersections of two unions of boxes.
func times(a, b [][]facet) [][]facet {
	var out [][]facet
	for _, x := range a {
		for _, y := range b {
			if len(out) > maxBoxes {
				return out
			}
			out = append(out, slices.Concat(x, y))
		}
	}
	return out
}

// incomplete returns all who are not listed completely.
func (p principals) incomplete(u *universe, k kind) [][]facet {
	switch {
	case k == rootCaller && len(p.accounts) > 0:
		return one(u.holds(dimCaller, p.accounts...).not())
	case k == userCaller:
		if complete := p.inListedAccounts(); len(complete) > 0 {
			return one(u.holds(dimCaller, complete...).not())
		}
	case k == roleCaller:
		out := one()
		for _, role := range p.inListedAccounts() {
			for _, s := range p.sessions {
				if !s.role.Disjoint(role) {
					out = times(out, [][]facet{{u.holds(dimCaller, role).not()}, {u.holds(dimUserID, s.id).not()}})
				}
			}
		}
		return out
	}
	return one()
}

// inListedAccounts returns the users and roles whose account is on the list too.
func (p principals) inListedAccounts() []glob.Language {
	return slices.DeleteFunc(slices.Clone(p.arns), func(l glob.Language) bool {
		return !slices.ContainsFunc(p.accounts, func(a glob.Language) bool { return !a.Disjoint(l) })
	})
}

// callers adds to a box what it says about callers of a kind, and turns what follows from their ARN into what it says about
// that: alternatives, none when they are not in the box.
func (u *universe) callers(k kind, b box) [][]facet {
	if b.only != nil && !b.only(k) {
		return nil
	}
	own := make([]facet, len(b.facets))
	for i, f := range b.facets {
		own[i] = u.tie(k, f)
	}
	out := one(own...)
	if b.statement != nil {
		out = times(out, u.whose(k, b.doc, b.statement))
	}
	for also := b.also; also != nil; also = also.also {
		out = times(out, u.whose(k, also.doc, also.statement))
	}
	return out
}
