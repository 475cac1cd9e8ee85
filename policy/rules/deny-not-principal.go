package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// The rewritten form denies less than this one, so it is shown and never made by itself.
var denyNotPrincipal = &policy.Rule{
	ID:      "BW704",
	Name:    "deny-not-principal",
	Summary: "a Deny with NotPrincipal denies more than everyone except those it names",
	Why: "A Deny with NotPrincipal exempts exactly the principals that it names. It does not exempt the sessions of a " +
		"named role unless the sessions and the account are named too, nor callers with a permissions boundary, nor calls " +
		"that a service makes for them. AWS recommends denying everyone with a condition on aws:PrincipalArn instead, " +
		"which sessions carry as the ARN of their role.",
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html",
		conditionKeys + "#condition-keys-principalarn",
	},
	Severity: policy.Medium,
	Baseline: policy.Warn, Restricted: policy.Deny,
	Check: checkDenyNotPrincipal,
}

func checkDenyNotPrincipal(in policy.Input) []policy.Finding {
	var out []policy.Finding
	for s := range statements(in) {
		if s.Effect == iam.Deny && s.NotPrincipal != nil && s.Principal == nil {
			does := "also denies sessions, and callers with a permissions boundary"
			if slices.ContainsFunc(s.NotPrincipal.Entries, func(e iam.PrincipalEntry) bool { return e.Type == "Service" }) {
				does = "does not work for services, and may deny nobody"
			}
			out = append(out, about(s, s.NotPrincipal.Value.Path(), "Deny with NotPrincipal %s; %s", does, instead(s)))
		}
	}
	return out
}

// instead is the condition that says what NotPrincipal was meant to say. The account and the sessions of a role are named
// in NotPrincipal for the role's sake alone, so they count only where no role or user is.
func instead(s *iam.Statement) string {
	var accounts, arns []string
	services := false
	for _, e := range s.NotPrincipal.Entries {
		id := e.ID.Text
		parts := strings.Split(id, ":")
		switch {
		case e.Type == "Service":
			services = true
		case e.Type != "AWS":
		case len(parts) == 1:
			accounts = append(accounts, id)
		case len(parts) == 6 && parts[5] == "root":
			accounts = append(accounts, parts[4])
		case len(parts) == 6 && parts[2] == "iam":
			arns = append(arns, id)
		}
	}
	var conditions []string
	switch {
	case len(arns) > 0:
		conditions = append(conditions, `"ArnNotEquals": {"aws:PrincipalArn": `+shown(arns)+`}`)
	case len(accounts) > 0:
		conditions = append(conditions, `"StringNotEquals": {"aws:PrincipalAccount": `+shown(accounts)+`}`)
	case !services:
		conditions = append(conditions, `"ArnNotEquals": {"aws:PrincipalArn": [...]}`)
	}
	if services {
		conditions = append(conditions, `"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}`)
	}
	and := "and Condition"
	if len(s.Condition) > 0 {
		and = "and add to the Condition"
	}
	return `write Principal "*" ` + and + " {" + strings.Join(conditions, ", ") + "}"
}
