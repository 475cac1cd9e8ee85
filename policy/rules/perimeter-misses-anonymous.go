package rules

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// A Deny of those who have a key, and say so, is meant for nobody else: only of "not so" is the question who never says.
var perimeterMissesAnonymous = &policy.Rule{
	ID:      "BW506",
	Name:    "perimeter-misses-anonymous",
	Summary: "a Deny with a negated condition does not reach anonymous callers, whose requests lack that key",
	Why: "Unsigned requests have no aws:PrincipalIsAWSService and no aws:MultiFactorAuthPresent, so Bool with false does " +
		"not match them: a Deny that was meant to block the whole world does not block anonymous callers. BoolIfExists " +
		"also matches requests that lack the key.",
	Sources: []string{
		conditionKeys + "#condition-keys-principalisawsservice",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists",
	},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Check: checkMissesAnonymous,
}

func checkMissesAnonymous(in policy.Input) []policy.Finding {
	var out []policy.Finding
	asked := 0
	for s := range statements(in) {
		at := slices.IndexFunc(s.Condition, missing)
		if s.Effect != iam.Deny || s.Principal == nil || at < 0 {
			continue
		}
		if asked++; asked > mostAsked {
			v := space.Verdict{Reason: "there are more such statements than are checked"}
			return append(out, unsure(in, s, v, "this Deny reaches anonymous callers")...)
		}
		out = append(out, missed(in, s, at)...)
	}
	return out
}

// missing reports whether a condition is about something that is not so, in a key that anonymous requests never have.
func missing(c iam.Condition) bool {
	op, ok := iam.ParseOperator(c.Operator)
	key, known := catalog.LookupKey(c.Key)
	return ok && known && key.Type == catalog.TypeBool && holds(op) && op.Quantifier == iam.None && op.Comparison != iam.Null &&
		(key.Presence == catalog.PresenceSigned || key.Presence == catalog.PresenceTemporaryCredentials) && onlyFalse(c)
}

// missed is the finding that an anonymous request which a Deny would be about under IfExists gets by it, and by the others.
func missed(in policy.Input, s *iam.Statement, at int) []policy.Finding {
	meant := *s
	meant.Effect = iam.Allow // to be asked about
	meant.Condition = slices.Clone(s.Condition)
	for i := range meant.Condition {
		if missing(meant.Condition[i]) {
			meant.Condition[i].Operator += "IfExists"
		}
	}
	deny := in.Document.Only(func(t *iam.Statement) bool { return t.Effect == iam.Deny })
	doc := deny.With(append(deny.Statements, meant)...)
	v := space.Access(doc, space.AnonymousCallers, in.Budget.Share(partBudget))
	c := s.Condition[at]
	switch v.Answer {
	case space.None:
		return nil
	case space.Undecided:
		return ceiled(unsure(in, s, v, "this Deny reaches anonymous callers"))
	}
	f := about(s, c.Value.Path(), "anonymous requests have no %s and get past this Deny; write %sIfExists", c.Key, c.Operator)
	if key, _ := catalog.LookupKey(c.Key); key.Presence == catalog.PresenceTemporaryCredentials {
		f = about(s, c.Value.Path(), "only temporary credentials have %s; access keys and anonymous requests get past this Deny, so write "+
			"%sIfExists", c.Key, c.Operator)
	}
	f.Witness, f.Fix = v.Witness, reaching(s)
	return []policy.Finding{f}
}

// reaching is the fix by which a Deny reaches those who lack the keys too.
func reaching(s *iam.Statement) *policy.Fix {
	var out *policy.Fix
	for i, c := range s.Condition {
		same := func(d iam.Condition) bool { return d.Operator == c.Operator && missing(d) }
		if !missing(c) || slices.ContainsFunc(s.Condition[:i], same) {
			continue
		}
		fix := retyped(s, c.Operator, c.Operator+"IfExists", missing)
		if fix == nil {
			return nil
		}
		if out != nil {
			fix.Edits = append(out.Edits, fix.Edits...)
		}
		out = fix
	}
	return out
}
