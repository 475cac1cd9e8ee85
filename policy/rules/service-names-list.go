package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

var serviceNamesList = &policy.Rule{
	ID:      "BW507",
	Name:    "service-names-list",
	Summary: "a condition on the name of a service does not do what it says",
	Why: "Only a service that calls as itself has its name in the request. One that assumes a role of yours, as AWS Config " +
		"does, calls as that role and has none. aws:PrincipalServiceName is the name. aws:PrincipalServiceNamesList is " +
		"the list of all names of the service, and a list needs ForAnyValue or ForAllValues.",
	Sources: []string{
		conditionKeys + "#condition-keys-principalservicename",
		conditionKeys + "#condition-keys-principalservicenameslist",
	},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Check: checkServiceNames,
}

func checkServiceNames(in policy.Input) []policy.Finding {
	var out []policy.Finding
	for s := range statements(in) {
		for _, c := range s.Condition {
			op, list := unquantified(c)
			switch {
			case list && ofServiceNames(c):
				f := about(s, c.Value.Path(), "AWS does not define %s on the multivalued key %s; write %s%s, or use aws:PrincipalServiceName",
					c.Operator, c.Key, setOperator(op), c.Operator)
				f.Certainty = policy.Undecided
				out = append(out, f)
			case s.Effect == iam.Allow && onlyIdentities(s.Principal) && wantsService(c):
				out = append(out, about(s, c.Value.Path(), "no request of %s has %s; only services that call as themselves send it, so allow "+
					"the service, or remove the condition", value(s.Principal.Entries[0].ID.Text), c.Key))
			}
		}
	}
	return out
}

// onlyIdentities reports whether a statement is about roles and users alone.
func onlyIdentities(p *iam.Principal) bool {
	return p != nil && len(p.Entries) > 0 && !slices.ContainsFunc(p.Entries, func(e iam.PrincipalEntry) bool {
		return e.Type != "AWS" || e.ID.Text == "*"
	})
}

// wantsService reports whether a condition holds for nobody but a service that calls as itself.
func wantsService(c iam.Condition) bool {
	op, ok := iam.ParseOperator(c.Operator)
	key, known := catalog.LookupKey(c.Key)
	switch {
	case !ok || !known || !holds(op):
		return false
	case op.Comparison == iam.Null:
		return onlyFalse(c) && key.Presence == catalog.PresenceServicePrincipal
	case strings.EqualFold(c.Key, isServiceKey):
		return len(c.Values) > 0 && !slices.ContainsFunc(c.Values, func(v *iam.Value) bool { return !strings.EqualFold(v.Text, "true") })
	}
	return key.Presence == catalog.PresenceServicePrincipal
}
