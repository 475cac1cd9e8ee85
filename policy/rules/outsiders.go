package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// grant is a part of what a bucket policy can grant.
type grant struct {
	actions names
	others  *iam.Document // accepts all the rest
}

func grantOf(actions []string) grant { return grant{namesOf(slices.Values(actions)), allBut(actions)} }

// by tells whether a statement's actions may be any of it.
func (g grant) by(s *iam.Statement) bool {
	return s.NotAction != nil || slices.ContainsFunc(s.Action, func(v *iam.Value) bool { return g.actions.matches(v.Text) })
}

// all tells whether they are nothing else, each by its name.
func (g grant) all(s *iam.Statement) bool {
	return s.NotAction == nil && !slices.ContainsFunc(s.Action, func(v *iam.Value) bool {
		return !slices.ContainsFunc(g.actions, func(n name) bool { return strings.EqualFold(n.text, v.Text) })
	})
}

// outsiders is what BW401 and BW402 say: one finding for each Allow that lets in somebody outside the trust. What lets in
// whom nobody named is BW201's and BW202's, and services are BW501's unless somebody said which are trusted.
func outsiders(in policy.Input, granted grant) []policy.Finding {
	trust, ok := trusted(in)
	if !ok {
		return nil
	}
	services := len(trust.Services) > 0
	outside := func(s *iam.Statement) bool {
		return s.Effect == iam.Deny || granted.by(s) && !inside(s, trust, services)
	}
	doc := only(in.Document, outside)
	if !slices.ContainsFunc(doc.Statements, func(s iam.Statement) bool { return s.Effect == iam.Allow }) {
		return nil // as in most policies
	}
	doc = only(remaining(in), outside)
	accepted := append([]*iam.Document{trust.Document()}, in.Accepted...)
	if slices.ContainsFunc(doc.Statements, func(s iam.Statement) bool { return s.Effect == iam.Allow && !granted.all(&s) }) {
		accepted = append(accepted, granted.others)
	}
	if in.Trust == nil { // nobody said which networks are trusted
		accepted = append(accepted, only(space.Named(doc), func(s *iam.Statement) bool { return isNetwork(s.Condition[0].Key) }))
	}
	callers := space.NamedCallers | space.Strangers
	if services {
		callers |= space.Services
	}
	named := only(doc, func(s *iam.Statement) bool { return s.Effect == iam.Deny || !anybody(s) })
	var out []policy.Finding
	for s, v := range opened(named, func(d *iam.Document) space.Verdict {
		return space.Access(d, callers, in.Budget.Share(partBudget), accepted...)
	}) {
		out = append(out, external(in, s, v)...)
	}
	if len(named.Statements) < len(doc.Statements) {
		out = append(out, outsideStrangers(in, doc, accepted)...)
	}
	if len(out) >= mostAsked {
		for i := range out {
			out[i].Fix = nil // there may be more, which would be found after it
		}
	}
	return out
}

// outsideStrangers is what outsiders says about statements that name no principal but a place.
func outsideStrangers(in policy.Input, doc *iam.Document, accepted []*iam.Document) []policy.Finding {
	ask := func(d *iam.Document) space.Verdict {
		return space.Access(d, space.Everyone&^space.Services, in.Budget.Share(partBudget), append(accepted[:len(accepted):len(accepted)], nowhere(d))...)
	}
	var out []policy.Finding
	for s, v := range opened(only(doc, func(s *iam.Statement) bool { return s.Effect == iam.Deny || anybody(s) }), ask) {
		if s != nil { // by itself it may let in all the world
			v = ask(only(doc, func(t *iam.Statement) bool { return t.Effect == iam.Deny || t.Value == s.Value }))
		}
		if v.Answer != space.None {
			out = append(out, external(in, s, v)...)
		}
	}
	return out
}

// trusted is whom the cluster owner trusts, the account of the bucket, and AWS's own; false when neither of the first two is known.
func trusted(in policy.Input) (space.Trust, bool) {
	owner := in.Bucket.Owner
	if !resourcePolicy(in) || in.Trust == nil && !owner.Known() {
		return space.Trust{}, false
	}
	var out space.Trust
	if in.Trust != nil {
		out = *in.Trust
	}
	out.Accounts = slices.Concat(out.Accounts, awsOwnedIn(in.Document))
	if in.Trust == nil { // nobody said that others' distributions are not meant to get in
		out.Accounts = append(out.Accounts, originAccess)
	}
	if owner.Known() && (in.Trust == nil || observed(owner)) {
		out.Accounts = append(out.Accounts, owner.Value)
	}
	return out, true
}

// observed tells whether a fact is what a controller found in AWS, or an operator configured. The account that somebody
// writes into an object, or into another one beside it, is his claim, and adds nobody to a trust that was configured.
func observed(f policy.Fact[string]) bool {
	return f.Origin == policy.Configured || f.Origin == policy.Declared && strings.HasPrefix(f.From, "status.")
}

// inside tells, without asking the engine, whether a statement lets in nobody but principals of trusted accounts and
// organizations, or whom the access points of a trusted account let in; services count as such unless they are asked about.
func inside(s *iam.Statement, trust space.Trust, services bool) bool {
	for _, c := range s.Condition {
		op, ok := iam.ParseOperator(c.Operator)
		equal := ok && holds(op) && op.Comparison == iam.StringEquals && op.Quantifier == iam.None
		switch {
		case equal && strings.EqualFold(c.Key, "aws:PrincipalAccount") && allIn(c.Values, trust.Accounts),
			equal && strings.EqualFold(c.Key, "s3:DataAccessPointAccount") && allIn(c.Values, trust.Accounts),
			equal && strings.EqualFold(c.Key, "aws:PrincipalOrgID") && allIn(c.Values, trust.Organizations):
			return true
		}
	}
	if s.Principal == nil || s.Principal.Any {
		return false
	}
	return !slices.ContainsFunc(s.Principal.Entries, func(e iam.PrincipalEntry) bool {
		if e.Type == "Service" {
			return services
		}
		return e.Type != "AWS" || !slices.Contains(trust.Accounts, accountOf(e.ID.Text))
	})
}

func allIn(values []*iam.Value, list []string) bool {
	return !slices.ContainsFunc(values, func(v *iam.Value) bool { return !slices.Contains(list, v.Text) })
}

// accountOf is the account of a principal: the id itself, or the one in an ARN. A wildcard is no part of either.
func accountOf(principal string) string {
	rest, account := principal, ""
	for range 5 { // arn, partition, service, region, account
		var ok bool
		if account, rest, ok = strings.Cut(rest, ":"); !ok {
			return principal
		}
	}
	if strings.ContainsAny(principal, "*?") {
		return principal
	}
	return account
}

// anybody tells whether a statement's principals include accounts that it does not name.
func anybody(s *iam.Statement) bool {
	if s.Principal == nil || s.Principal.Any {
		return true
	}
	return slices.ContainsFunc(s.Principal.Entries, func(e iam.PrincipalEntry) bool {
		return strings.ContainsAny(e.ID.Text, "*?$") || e.Type == "Federated" && !strings.HasPrefix(e.ID.Text, "arn:")
	})
}

// networkKeys say by which way a request came. Calls by a service have none of them.
var networkKeys = []string{
	"aws:SourceIp", "aws:SourceVpc", "aws:SourceVpcArn", "aws:SourceVpce", "aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths", "aws:VpcSourceIp",
}

// orgKeys say which organization a caller belongs to.
var orgKeys = []string{"aws:PrincipalOrgID", "aws:PrincipalOrgPaths"}

func isNetwork(key string) bool { return isOneOf(key, networkKeys) }

func isOneOf(key string, keys []string) bool {
	return slices.ContainsFunc(keys, func(k string) bool { return strings.EqualFold(k, key) })
}

// nowhere accepts whoever comes from none of the places that a document names.
func nowhere(doc *iam.Document) *iam.Document {
	not := condition{}
	for _, s := range space.Named(doc).Statements {
		c := s.Condition[0]
		operator := map[string]string{
			"StringLike": "StringNotLike", "IpAddress": "NotIpAddress", "ForAnyValue:StringLike": "ForAllValues:StringNotLike",
		}[c.Operator]
		if not[operator] == nil {
			not[operator] = map[string][]string{}
		}
		for _, v := range c.Values {
			not[operator][c.Key] = append(not[operator][c.Key], v.Text)
		}
	}
	return accepting(not)
}

// external is the finding about one statement.
func external(in policy.Input, s *iam.Statement, v space.Verdict) []policy.Finding {
	out := uncertain(in, s, v)
	if v.Answer == space.Found {
		whose, trust := "not trusted", "add them to the trust"
		if in.Trust == nil {
			whose, trust = "not the bucket's own", "name them in a trust"
		}
		if account := accountOf(v.Witness.Principal); account == originAccess {
			whose, trust = "of an unknown account", "name the distribution by origin access control (OAC)"
		}
		f := about(s, s.Principal.Value.Path(), "lets %s, %s, use %s on %s; remove the access, or %s", outsider(in, v.Witness), whose,
			verbatim(v.Witness.Action), verbatim(v.Witness.Resource), trust)
		f.Witness = v.Witness
		if in.Trust != nil { // else nobody has said that they are not meant to get in
			f.Fix = expelled(in, s)
		}
		out = []policy.Finding{f}
	}
	for i := range out {
		if in.Trust == nil {
			out[i].Ceiling = policy.Warn
			out[i].Assumptions = []string{fmt.Sprintf("nobody is trusted but the bucket's account %s, as no trust is configured", in.Bucket.Owner.Value)}
		}
	}
	return out
}

// uncertain is the finding that nobody knows whether a statement lets in an outsider. Of a condition without its set operator
// BW802 speaks, as loud.
func uncertain(in policy.Input, s *iam.Statement, v space.Verdict) []policy.Finding {
	lacksSet := func(c iam.Condition) bool { _, lacks := unquantified(c); return lacks }
	switch {
	case v.Answer != space.Undecided, s != nil && slices.ContainsFunc(s.Condition, lacksSet):
		return nil
	case s != nil && s.Principal != nil && slices.ContainsFunc(s.Principal.Entries, authz.IsCanonicalUser):
		f := about(s, s.Principal.Value.Path(), "a canonical user id does not say whose account it is; write the account's id or the role's ARN")
		f.Certainty = policy.Undecided
		return []policy.Finding{f}
	}
	return unsure(in, s, v, "it lets in somebody who is not trusted")
}

// outsider is who sends a request, by what the document names: an account, an organization, a network.
func outsider(in policy.Input, r *authz.Request) string {
	account := accountOf(r.Principal)
	if strings.HasSuffix(r.Principal, ".amazonaws.com") || strings.HasSuffix(r.Principal, ".amazonaws.com.cn") {
		return r.Principal
	}
	if account == originAccess {
		return "CloudFront identity " + quoted(r.Principal[strings.LastIndexAny(r.Principal, "/ ")+1:], 20)
	}
	if r.Principal != authz.Anonymous && strings.Contains(in.Text, account) {
		return "account " + account
	}
	for _, key := range slices.Concat(orgKeys, networkKeys) {
		if values, ok := r.Context.Lookup(key); ok && len(values) > 0 {
			if isOneOf(key, orgKeys) {
				return "organization " + quoted(values[0], 32)
			}
			if strings.EqualFold(key, "aws:SourceIp") {
				return "the network of " + values[0]
			}
			return "whoever comes through " + quoted(values[0], 32)
		}
	}
	return caller(r)
}
