package rules

import (
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// Whether a controller calls by the network or the endpoint that a Deny spares no document says, so nobody is refused.
var lockOutElsewhere = &policy.Rule{
	ID:      "BW904",
	Name:    "lock-out-elsewhere",
	Summary: "only requests from one network, with one user id or with MFA may change the policy",
	Why: "Such a Deny also stops the controller that manages the bucket and the console, unless they call through that network " +
		"or endpoint. Controllers never have MFA, and their user id is not the one of an application's role. Exempt the role of " +
		"the controller with ArnNotEquals on aws:PrincipalArn in the same condition. The account's root user can still change " +
		"or delete the policy.",
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html",
		putBucketPolicy,
		conditionKeys + "#condition-keys-multifactorauthpresent",
	},
	Severity: policy.High,
	Baseline: policy.Warn, Restricted: policy.Warn,
	Yields: policy.Yields{Document: append(slices.Clone(incomplete), lockOut)},
	Check:  checkLockOutElsewhere,
}

func checkLockOutElsewhere(in policy.Input) []policy.Finding {
	spares := func(s iam.Statement) bool { return s.Effect == iam.Deny && slices.ContainsFunc(s.Condition, isWay) }
	if home(in) == "" || !slices.ContainsFunc(in.Document.Statements, spares) {
		return nil
	}
	asked := controllers(in)
	if len(asked) == 0 {
		asked = []locking{everyone(in)}
	}
	for _, l := range asked {
		actions := []string{writesPolicy, readsPolicy}
		if len(in.Bucket.Controllers) > 0 {
			actions = append(actions, deletesPolicy)
		}
		for _, action := range actions {
			if f, ok := l.elsewhere(action); ok {
				return []policy.Finding{f}
			}
		}
	}
	return nil
}

// elsewhere is the finding that an action is denied to all whose requests are not what the Denies spare by the way that a request
// takes or by what its sender holds.
func (l locking) elsewhere(action string) (policy.Finding, bool) {
	r, by, denied := l.fromElsewhere(action)
	if !denied || len(ways(&l.deny.Statements[by])) == 0 {
		return policy.Finding{}, false
	}
	statements := slices.Clone(l.deny.Statements)
	for i := range statements {
		s := &statements[i]
		s.Condition = slices.DeleteFunc(slices.Clone(s.Condition), isWay)
	}
	strict := l
	strict.deny, strict.how = l.deny.With(statements...), direct
	if strict.shut(action) != space.None {
		return policy.Finding{}, false
	}
	s := &l.deny.Statements[by]
	f := about(s, principalOf(s).Value.Path(), "%s is denied unless %s; %s, and the console, may call otherwise; exempt the "+
		"controller's role with ArnNotEquals on aws:PrincipalArn", action, sparedWays(s), l.caller())
	f.Witness = &r
	return f, true
}

// fromElsewhere is a request that comes from nowhere in particular, and the statement that denies it.
func (l locking) fromElsewhere(action string) (r authz.Request, by int, denied bool) {
	for _, address := range [...]string{"198.51.100.7", "203.0.113.7", "192.0.2.7"} { // set aside for examples
		r = l.request(action)
		r.Context["aws:SourceIp"] = []string{address}
		r.Context["aws:MultiFactorAuthPresent"] = []string{"false"}
		if d := authz.Decide(l.deny, r); d.Decision == authz.ExplicitDeny && len(d.Statements) > 0 {
			return r, d.Statements[0], true
		}
	}
	return r, 0, false
}

// sparedWays is what the ways of a Deny spare, in words.
func sparedWays(s *iam.Statement) string {
	found := ways(s)
	if len(found) > 1 {
		return found[0].Key + " or " + found[1].Key + " has a value that is listed"
	}
	c := found[0]
	op, _ := iam.ParseOperator(c.Operator)
	switch {
	case op.Comparison == iam.Null:
		return c.Key + " is present"
	case strings.EqualFold(c.Key, mfaAgeKey) && len(c.Values) == 1:
		return c.Key + " is at most " + quoted(c.Values[0].Text, 24)
	case strings.EqualFold(c.Key, mfaKey):
		return c.Key + " is true"
	case len(c.Values) == 1:
		return c.Key + " is " + quoted(c.Values[0].Text, 24)
	}
	return c.Key + " has a value that is listed"
}

// ways are the conditions of a statement that spare a way or what the sender holds.
func ways(s *iam.Statement) []iam.Condition {
	return slices.DeleteFunc(slices.Clone(s.Condition), func(c iam.Condition) bool { return !isWay(c) })
}

const (
	mfaKey    = "aws:MultiFactorAuthPresent"
	mfaAgeKey = "aws:MultiFactorAuthAge"
	userIDKey = "aws:userid"
)

// isWay reports whether a condition of a Deny spares requests by the network that they come from, the id of their sender, or a
// second factor.
func isWay(c iam.Condition) bool {
	op, ok := iam.ParseOperator(c.Operator)
	network := isNetwork(c.Key)
	mfa := isOneOf(c.Key, []string{mfaKey, mfaAgeKey})
	switch {
	case !ok:
		return false
	case op.Comparison == iam.Null:
		return (network || mfa) && len(c.Values) == 1 && strings.EqualFold(c.Values[0].Text, "true")
	case strings.EqualFold(c.Key, mfaAgeKey):
		return op.Comparison == iam.NumericGreaterThan || op.Comparison == iam.NumericGreaterThanEquals
	case strings.EqualFold(c.Key, mfaKey):
		return op.Negated != onlyFalse(c)
	}
	return op.Negated && (network || strings.EqualFold(c.Key, userIDKey))
}
