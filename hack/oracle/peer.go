package main

import (
	"maps"

	"github.com/versity/versitygw/iamapi/policy"
	"github.com/versity/versitygw/iamapi/types"

	"github.com/bucketwarden/bucketwarden/policy/authz"
)

// answer is what a peer says about one pair.
type answer struct {
	decision authz.Decision
	skipped  string // why the peer does not take the pair; "" when it does
}

// peer is an evaluator that nobody here wrote.
type peer interface {
	name() string
	// view is the part of a pair that the peer has a notion of: what Decide is asked about too.
	view(pair) pair
	// answers gives one answer a pair, in order.
	answers([]pair) ([]answer, error)
}

// ours is nobody's opinion: compare with it only asks Decide.
type ours struct{}

func (ours) name() string                           { return "" }
func (ours) view(p pair) pair                       { return p }
func (ours) answers(pairs []pair) ([]answer, error) { return make([]answer, len(pairs)), nil }

// versity is the identity policy engine of versitygw: actions, resources and conditions, no principals.
type versity struct{}

func (versity) name() string { return "versitygw" }

// view leaves the principals out, which makes an identity policy.
func (versity) view(p pair) pair {
	switch s := p.policy["Statement"].(type) {
	case map[string]any:
		p.policy = withKey(p.policy, "Statement", withoutPrincipal(s))
	case []any:
		statements := make([]any, len(s))
		for i := range s {
			statements[i] = withoutPrincipal(s[i].(map[string]any))
		}
		p.policy = withKey(p.policy, "Statement", statements)
	}
	return p
}

func withKey(m map[string]any, key string, v any) map[string]any {
	m = maps.Clone(m)
	m[key] = v
	return m
}

func withoutPrincipal(s map[string]any) map[string]any {
	s = maps.Clone(s)
	delete(s, "Principal")
	delete(s, "NotPrincipal")
	return s
}

func (v versity) answers(pairs []pair) ([]answer, error) {
	out := make([]answer, len(pairs))
	for i, p := range pairs {
		out[i] = v.answer(p)
	}
	return out, nil
}

func (versity) answer(p pair) answer {
	text := p.document()
	switch policy.EvaluateIdentityPolicies([]types.PolicyEntry{{PolicyDocument: text}}, policy.RequestContext{
		Action: p.request.Action, Resource: p.request.Resource, Condition: p.context(),
	}) {
	case policy.DecisionAllow:
		return answer{decision: authz.Allowed}
	case policy.DecisionDeny:
		if err := policy.Parse(text); err != nil {
			return answer{skipped: err.Error()} // what it cannot read, it denies
		}
		return answer{decision: authz.ExplicitDeny}
	}
	return answer{decision: authz.ImplicitDeny}
}
