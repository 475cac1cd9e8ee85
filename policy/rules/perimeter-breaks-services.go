package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// A Deny with NotPrincipal is BW704's.
var perimeterBreaksServices = &policy.Rule{
	ID:      "BW504",
	Name:    "perimeter-breaks-services",
	Summary: "a Deny on networks, organizations or accounts blocks a service that the policy allows",
	Why: "A call by a service principal comes from no network, organization or account that a condition could name. So a " +
		"Deny for all others refuses it, whatever an Allow says: trails, flow logs and inventories stop silently. Exempt " +
		"services with BoolIfExists aws:PrincipalIsAWSService false. aws:ViaAWSService exempts only calls that a service " +
		"makes with a caller's credentials.",
	Sources: []string{
		conditionKeys + "#condition-keys-principalisawsservice",
		conditionKeys + "#condition-keys-sourceip",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html",
	},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Yields: policy.Yields{Document: incomplete},
	Check:  checkPerimeters,
}

// perimeterKeys say from where a caller comes, and calls by a service lack them.
var perimeterKeys = slices.Concat(networkKeys, orgKeys, []string{"aws:PrincipalAccount", "aws:PrincipalArn"})

func checkPerimeters(in policy.Input) []policy.Finding {
	if !resourcePolicy(in) || !slices.ContainsFunc(in.Document.Statements, func(s iam.Statement) bool { return letsInService(&s) }) {
		return nil // as in most policies
	}
	doc := remaining(in)
	var out []policy.Finding
	asked := 0
	for i := range doc.Statements {
		s := &doc.Statements[i]
		at := slices.IndexFunc(s.Condition, func(c iam.Condition) bool { return isOneOf(c.Key, perimeterKeys) })
		if s.Effect != iam.Deny || s.Principal == nil || at < 0 || sparesServices(s) {
			continue
		}
		if asked++; asked > mostAsked {
			v := space.Verdict{Reason: "there are more such statements than are checked"}
			return append(out, unsure(in, s, v, "it blocks a service")...)
		}
		out = append(out, cutOff(in, doc, s, at)...)
	}
	return out
}

// sparesServices tells, without asking the engine, that a statement is about no service.
func sparesServices(s *iam.Statement) bool {
	return slices.ContainsFunc(s.Condition, func(c iam.Condition) bool {
		op, ok := iam.ParseOperator(c.Operator)
		return ok && op.Comparison == iam.BoolEquals && op.Quantifier == iam.None && strings.EqualFold(c.Key, isServiceKey) &&
			onlyFalse(c)
	})
}

// cutOff is the finding that a Deny refuses a request of a service, as the service sends it, that the Allows let in.
func cutOff(in policy.Input, doc *iam.Document, s *iam.Statement, at int) []policy.Finding {
	allowed := doc.Only(letsInService)
	denied := doc.Only(func(t *iam.Statement) bool { return letsInService(t) || t == s })
	v := space.NewAccess(denied, allowed, in.Budget.Share(partBudget), neverSent(s))
	c := s.Condition[at]
	switch v.Answer {
	case space.None:
		return nil
	case space.Undecided:
		return ceiled(unsure(in, s, v, "it blocks a service that the policy allows"))
	}
	allow := allowed.Statements[authz.Decide(allowed, *v.Witness).Statements[0]]
	f := about(s, c.Value.Path(), "denies %s %s, which %s allows; add BoolIfExists %s false", quoted(v.Witness.Principal, 40),
		verbatim(v.Witness.Action), allow.Value.Path(), isServiceKey)
	if slices.ContainsFunc(s.Condition, func(c iam.Condition) bool { return strings.EqualFold(c.Key, viaServiceKey) }) {
		f.Message += " instead of " + viaServiceKey
	}
	f.Witness = v.Witness
	return []policy.Finding{f}
}

const viaServiceKey = "aws:ViaAWSService"

// neverSent accepts what no service sends of what a statement asks for: a network, plain HTTP, somebody's credentials.
func neverSent(s *iam.Statement) *iam.Document {
	var out []condition
	for _, c := range s.Condition {
		switch {
		case isNetwork(c.Key):
			out = append(out, condition{"Null": {c.Key: {"false"}}})
		case strings.EqualFold(c.Key, secureTransportKey):
			out = append(out, condition{"Bool": {c.Key: {"false"}}})
		case strings.EqualFold(c.Key, viaServiceKey):
			out = append(out, condition{"Bool": {c.Key: {"true"}}})
		}
	}
	return accepting(out...)
}
