package rules

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/catalog"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// ServiceNeverSendsKey is BW503, which other packages name.
//
// Only what AWS's page on the keys says of them: whose requests have them, and that is no service's. Which of its own keys a
// service sends is BW501's.
var ServiceNeverSendsKey = &policy.Rule{
	ID:      "BW503",
	Name:    "service-never-sends-key",
	Summary: "a condition requires a key that no service sends, or the principal is not a single service that calls S3",
	Why: "An AWS service that writes to a bucket as itself belongs to no organization, is not a user and has no session. A " +
		"condition that requires one of these keys never matches it, so the statement allows nobody and the logs do not " +
		"arrive. Use aws:SourceAccount, aws:SourceArn or aws:SourceOrgID, which say for whom a service acts. What runs on " +
		"Lambda, EC2, ECS, EKS and others calls S3 as a role, and only a statement about that role reaches it.",
	Sources: []string{
		conditionKeys,
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
		"https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
	},
	Controls: policy.Controls{AccessAnalyzer: []string{
		"UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", "UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
	}},
	Severity: policy.SeverityError,
	Baseline: policy.Deny, Restricted: policy.Deny,
	Check: checkNeverSent,
}

func checkNeverSent(in policy.Input) []policy.Finding {
	out := callingAsRoles(in)
	for s := range statements(in) {
		if s.Effect != iam.Allow || s.Principal == nil || len(s.Principal.Entries) == 0 ||
			slices.ContainsFunc(s.Principal.Entries, func(e iam.PrincipalEntry) bool { return e.Type != "Service" }) {
			continue
		}
		for _, e := range s.Principal.Entries {
			if e.ID.Text == "*" {
				out = append(out, about(s, e.ID.Path(), `"*" means every service, on behalf of every account; name the one that needs access`))
			}
		}
		for _, c := range s.Condition {
			if key, ok := othersKey(c); ok {
				out = append(out, about(s, c.Value.Path(), "no service sends %s, so %s is never allowed; use aws:SourceAccount or "+
					"aws:SourceOrgID", key, value(s.Principal.Entries[0].ID.Text)))
			}
		}
	}
	return out
}

// callingAsRoles finds principals of services that never call S3 as themselves. S3 takes them, so a warning is the most.
func callingAsRoles(in policy.Input) []policy.Finding {
	var out []policy.Finding
	for s := range statements(in) {
		if s.Principal == nil {
			continue
		}
		for _, e := range s.Principal.Entries {
			if by, ok := catalog.LookupRoleService(e.ID.Text); ok && e.Type == "Service" {
				f := about(s, e.ID.Path(), "%s call S3 as %s, never as %s; name the role instead", by.Callers, by.Role, quoted(e.ID.Text, 48))
				f.Ceiling = policy.Warn
				out = append(out, f)
			}
		}
	}
	return out
}

// othersKey returns the key that a condition wants, and that only requests of others have.
func othersKey(c iam.Condition) (string, bool) {
	op, ok := iam.ParseOperator(c.Operator)
	key, known := catalog.LookupKey(c.Key)
	if !ok || !known || !holds(op) || op.Comparison == iam.Null && !onlyFalse(c) {
		return "", false
	}
	switch key.Presence {
	case catalog.PresenceOrganizationMember, catalog.PresenceUser, catalog.PresenceTaggedPrincipal,
		catalog.PresenceTemporaryCredentials, catalog.PresenceForwardedAccess:
		return c.Key, true
	}
	return "", false
}
