package rules

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
)

// incomplete is the rule that comes before all that ask the engine: of a document that lacks an element nothing can be proved.
var incomplete = []*policy.Rule{missingElement}

// refusals are the rules about a statement that S3 refuses as it is, or in which somebody is nobody.
var refusals = []*policy.Rule{
	invalidPrincipal, unknownAction, actionResourceMismatch, ForeignResource, conditionNotApplicable, policyVariable, deletedPrincipal,
	ServiceNeverSendsKey, serviceNamesList,
}

// refusedAnyway reports whether S3 refuses the document for a condition that makes no sense to it.
func refusedAnyway(in policy.Input) bool {
	return slices.ContainsFunc(in.Findings(conditionNotApplicable), func(f policy.Finding) bool { return f.Ceiling == policy.Off })
}
