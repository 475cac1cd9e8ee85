package rules

import (
	"fmt"
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

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
	doc := in.Document.Only(outside)
	if !slices.ContainsFunc(doc.Statements, func(s iam.Statement) bool { return s.Effect == iam.Allow }) {
		return nil // as in most policies
	}
	doc = remaining(in).Only(outside)
	accepted := append([]*iam.Document{trust.Document()}, in.Accepted...)
	if slices.ContainsFunc(doc.Statements, func(s iam.Statement) bool { return s.Effect == iam.Allow && !granted.all(&s) }) {
		accepted = append(accepted, granted.others)
	}
	if in.Trust == nil { // nobody said which networks are trusted
		accepted = append(accepted, public.Named(doc).Only(func(s *iam.Statement) bool { return isNetwork(s.Condition[0].Key) }))
	}
	callers := space.NamedCallers | space.Strangers
	if services {
		callers |= space.Services
	}
	named := doc.Only(func(s *iam.Statement) bool { return s.Effect == iam.Deny || !anybody(s) })
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
	for s, v := range opened(doc.Only(func(s *iam.Statement) bool { return s.Effect == iam.Deny || anybody(s) }), ask) {
		if s != nil { // by itself it may let in all the world
			v = ask(doc.Only(func(t *iam.Statement) bool { return t.Effect == iam.Deny || t.Value == s.Value }))
		}
		if v.Answer != space.None {
			out = append(out, external(in, s, v)...)
		}
	}
	return out
}

// nowhere accepts whoever comes from none of the places that a document names.
func nowhere(doc *iam.Document) *iam.Document {
	not := condition{}
	for _, s := range public.Named(doc).Statements {
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
		v.Witness = spelled(v.Witness)
		whose, trust := "not trusted", "add it to the trust"
		if in.Trust == nil {
			whose, trust = "not the bucket's own", "name it in a trust"
		}
		if account := accountOf(v.Witness.Principal); account == originAccess {
			whose, trust = "of an unknown account", "name the distribution with origin access control (OAC)"
		}
		f := about(s, s.Principal.Value.Path(), "%s, %s, can use %s on %s; remove the access, or %s", outsider(in, v.Witness), whose,
			verbatim(v.Witness.Action), resource(in, v.Witness), trust)
		f.Witness = v.Witness
		if in.Trust != nil { // else nobody has said that they are not meant to get in
			f.Fix = expelled(in, s)
		}
		out = []policy.Finding{f}
	}
	for i := range out {
		if in.Trust == nil {
			out[i].Ceiling = policy.Warn
			out[i].Assumptions = []string{fmt.Sprintf("only the bucket's account %s is trusted, because no trust is configured", in.Bucket.Owner.Value)}
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
		f := about(s, s.Principal.Value.Path(), "a canonical user id does not show its account; write the account's id or the role's ARN")
		f.Certainty = policy.Undecided
		return []policy.Finding{f}
	}
	return unsure(in, s, v, "it allows someone outside the trust")
}
