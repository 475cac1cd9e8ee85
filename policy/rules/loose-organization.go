package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// That a wide pattern lets in strangers is BW201's and BW202's. This one tells the author which value it is.
var looseOrganization = &policy.Rule{
	ID:      "BW407",
	Name:    "loose-organization",
	Summary: "an organization condition matches more than one organization, or two ids differ in one character",
	Why: "The id of an organization is one fixed string, and anyone who opens an account can create an organization: o-* " +
		"matches everyone, and o-a1* everyone who gets a matching id. If two ids differ in one character, one is probably " +
		"a typo and may belong to someone else. Write each id in full.",
	Sources: []string{
		conditionKeys + "#condition-keys-principalorgid",
		conditionKeys + "#condition-keys-principalorgpaths",
		"https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html",
	},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Access: true, Neighbours: true,
	Check: func(in policy.Input) []policy.Finding { return append(wideOrganizations(in), nearOrganizations(in)...) },
}

func wideOrganizations(in policy.Input) []policy.Finding {
	var out []policy.Finding
	asked := 0
	for s := range statements(in) {
		for i, c := range s.Condition {
			op, ok := iam.ParseOperator(c.Operator)
			at := slices.IndexFunc(c.Values, func(v *iam.Value) bool {
				return !strings.Contains(v.Text, "${") && strings.ContainsAny(organization(v.Text), "*?")
			})
			if !ok || at < 0 || op.Comparison != iam.StringLike || op.Negated != (s.Effect == iam.Deny) || s.Principal == nil ||
				!isOneOf(c.Key, organizationKeys) {
				continue
			}
			if asked++; asked > mostAsked {
				v := space.Verdict{Reason: "there are more such conditions than are checked"}
				return append(out, unsure(in, s, v, c.Key+" matches another organization")...)
			}
			out = append(out, otherOrganization(in, s, i, at)...)
		}
	}
	return out
}

// otherOrganization is the finding that condition i of an Allow lets in, or of a Deny spares, an organization that the
// document does not name.
func otherOrganization(in policy.Input, s *iam.Statement, i, at int) []policy.Finding {
	c := s.Condition[i]
	anyOf, allOf, tail := "StringLike", "StringLike", ""
	if strings.HasSuffix(strings.ToLower(c.Key), "paths") {
		anyOf, allOf, tail = "ForAnyValue:StringLike", "ForAllValues:StringLike", "/*"
	}
	asked, verb := *s, "allows"
	asked.Condition = slices.Clone(s.Condition)
	if s.Effect == iam.Deny {
		asked.Effect, verb = iam.Allow, "exempts"
		asked.Condition[i].Operator = anyOf
	}
	// An id has ten characters at least: a shorter one would convince nobody.
	asked.Condition = append(asked.Condition, accepting(condition{allOf: {c.Key: {"o-??????????*" + tail}}}).Statements[0].Condition...)
	deny := in.Document.Only(func(t *iam.Statement) bool { return t.Effect == iam.Deny })
	doc := deny.With(append(deny.Statements, asked)...)

	accepted := []condition{{"Null": {c.Key: {"true"}}}}
	for id := range organizationsOf(in) {
		accepted = append(accepted, condition{anyOf: {c.Key: {id + tail}}})
	}
	v := space.Access(doc, space.Everyone, in.Budget.Share(partBudget), accepting(accepted...))
	switch v.Answer {
	case space.None:
		return nil
	case space.Undecided:
		return ceiled(unsure(in, s, v, "it "+verb+" an organization that it does not name"))
	}
	other, _ := v.Witness.Context.Lookup(c.Key)
	f := about(s, c.Values[at].Path(), "%s %s matches more than one organization and also %s %s; write each id in full", c.Key,
		quoted(c.Values[at].Text, 32), verb, quoted(organization(other[0]), 40))
	f.Witness = v.Witness
	return []policy.Finding{f}
}

// mostOrganizations is how many ids of a document are compared with each other.
const mostOrganizations = 128

// nearOrganizations finds ids that differ in one character.
func nearOrganizations(in policy.Input) []policy.Finding {
	var out []policy.Finding
	var before []string
	for id, v := range organizationsOf(in) {
		for _, other := range before {
			if nearlyEqual(id, other) {
				s := &in.Document.Statements[v.Path().Statement()]
				out = append(out, about(s, v.Path(), "organizations %s and %s differ in one character; one is probably a typo and may belong to someone else; correct it",
					quoted(id, 34), quoted(other, 34)))
				break
			}
		}
		if before = append(before, id); len(before) == mostOrganizations {
			break
		}
	}
	return out
}

// nearlyEqual reports whether one character changed, added or taken away makes two different texts equal.
func nearlyEqual(a, b string) bool {
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) <= 1 && len(b) <= 1
}
