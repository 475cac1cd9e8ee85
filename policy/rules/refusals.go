package rules

import (
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// refused tells whether S3 refuses a statement as it is, or somebody in it is nobody, which is said already.
func refused(in policy.Input, i int) bool {
	in.Document = only(in.Document, func(s *iam.Statement) bool { return s.Value.Path().Statement() == i })
	for _, check := range [...]func(policy.Input) []policy.Finding{
		checkInvalidPrincipal, checkUnknownAction, checkActionResource, checkForeignResource, checkConditions, checkVariables,
		checkDeleted, checkNeverSent, checkServiceNames,
	} {
		if anyAbout(check(in), i) {
			return true
		}
	}
	return false
}

// refusedAnyway tells whether S3 refuses the document for a condition that makes no sense to it.
func refusedAnyway(in policy.Input) bool {
	return slices.ContainsFunc(checkConditions(in), func(f policy.Finding) bool { return f.Ceiling == policy.Off })
}
