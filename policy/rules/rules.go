// Package rules is the catalogue of checks: one file a rule, one line in All.
package rules

import "github.com/bucketwarden/bucketwarden/policy"

//go:generate go run ../../hack/rulesdoc

// All are the rules, in the order of their ids. It does not change. A rule left out or retired keeps its line as a
// comment with the reason.
var All = []*policy.Rule{
	unreadableDocument,
	missingElement,
	invalidPrincipal,
	sid,
	tooLarge,
	unknownAction,
	actionResourceMismatch,
	foreignResource,
	conditionNotApplicable,
	policyVariable,
	publicAccess,
	publicWrite,
	s3StatusPublic,
	publicAccessBlockOpen,
	publicACL,
	callerControlledCondition,
	aclActionWithACLsDisabled,
	aclWithOwnershipEnforced,
	aclGrantsLimit,
	externalAccess,
	externalPermissionManagement,
	newAccess,
	forbiddenAccess,
	beyondCap,
	wholeAccountPrincipal,
	looseOrganization,
	confusedDeputy,
	sourceTooWide,
	perimeterBreaksServices,
	perimeterMissesAnonymous,
	transportNotEnforced,
	transportDenyIneffective,
	versioningOff,
	accessLogOff,
	defaultKeyMissing,
	objectLockOff,
	incompleteUploadsKept,
	wildcardAction,
	allowNotPrincipal,
	allowNotAction,
	denyNotPrincipal,
	setOperatorOnSingleValue,
	multiValueWithoutSetOperator,
	ifExistsOpens,
	deadStatement,
	redundant,
	lockOut,
	bucketEscalation,
}
