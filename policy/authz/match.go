package authz

import "github.com/bucketwarden/bucketwarden/policy/iam"

// Match says whether a part of a document matches a request. Maybe is for what AWS's documentation leaves open;
// matches combine as in Kleene's logic, so a Maybe that cannot change the whole does not show in it.
type Match int8

// The matches, in the order in which the lowest is what "and" gives and the highest what "or" gives.
const (
	No Match = iota
	Maybe
	Yes
)

// String returns the match as a predicate: "matches".
func (m Match) String() string { return [...]string{"does not match", "may match", "matches"}[m] }

// verdict is a Match and what it rests on.
type verdict struct {
	match Match
	at    *iam.Value // what in the document decided, nil when nothing in particular
	open  question   // at Maybe
}

func yes(at *iam.Value) verdict { return verdict{Yes, at, ""} }

func maybe(at *iam.Value, open question) verdict { return verdict{Maybe, at, open} }

func match(ok bool, at *iam.Value) verdict {
	if ok {
		return yes(at)
	}
	return verdict{}
}

func (v verdict) and(w verdict) verdict {
	if w.match < v.match {
		return w
	}
	return v
}

func (v verdict) or(w verdict) verdict {
	if w.match > v.match {
		return w
	}
	return v
}

func (v verdict) not() verdict {
	v.match = Yes - v.match
	return v
}

// question is a clause that says what AWS's documentation leaves open.
type question string

// The open questions. Those marked (pages) have two of AWS's pages against each other, those marked (refused) are about
// documents that S3 does not take, so that no page says how it would read them.
const (
	openStarService question = `AWS does not say whether {"AWS": "*"} includes service principals`
	openSession     question = "the request names a role, but no session of it"
	openFederated   question = "the request does not say who authenticated the session; add aws:FederatedProvider"
	openFedUser     question = "the request does not say which IAM user the federated session belongs to"
	openCanonical   question = "the request does not say which canonical user its principal belongs to"
	openPartial     question = "a principal with a wildcard in it is invalid" // refused
	openPrincipal   question = "the type of the principal is not AWS, Service, Federated or CanonicalUser"

	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html (pages)
	openExempt        question = "NotPrincipal certainly exempts a principal only if it also lists its account root and, for a session, its role and session"
	openExemptService question = "AWS does not say how NotPrincipal works when it lists services; in live tests it denied nobody"

	openOperator    question = "AWS does not know this condition operator"                                  // refused
	openOperand     question = "AWS does not say how a negated operator treats a value that it cannot read" // refused
	openForAnyValue question = "AWS's pages disagree about ForAnyValue of an absent key, negated or with IfExists"
	openSetOperator question = "AWS requires ForAllValues or ForAnyValue with this key and does not say what happens without"
	openNoValue     question = "AWS does not say whether a key without a value counts as absent"
	openBool        question = "AWS does not say what a value that is neither true nor false means" // refused
	openBoolVar     question = "AWS's pages disagree about policy variables under Bool"             // pages
	openBinary      question = "the values are the same bytes in another base64 form, or are not base64"
	openShortARN    question = "AWS does not say what an ARN pattern of fewer than six components matches"
	openDate        question = "AWS does not say how it reads a date of this form; write a date such as 2026-01-31T00:00:00Z"
	openYear        question = "four digits may be a year or seconds since 1970"
	openVariable    question = "the policy variable is malformed"                                                        // refused
	openNoVariable  question = "AWS's pages disagree on whether a statement applies if its policy variable has no value" // pages
	openEarly       question = "there is a policy variable before the fifth colon of the ARN, where AWS allows none"
	openColon       question = "AWS does not say whether this wildcard matches across colons" // pages

	openEffect  question = "the statement has no Effect"                                        // refused
	openMissing question = "the statement lacks an element that S3 requires"                    // refused
	openBoth    question = "the statement has an element and its Not form, and S3 refuses that" // refused
)
