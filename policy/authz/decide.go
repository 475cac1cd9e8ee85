// Package authz reads policy documents the way AWS's documentation says, plainly: one request against one document.
//
// It is the reference for everything cleverer. Where AWS's own pages contradict each other or are silent it does not
// guess: the answer is Undecided and says why, unless the answer is the same either way.
//
// It decides what one document says. The caller's identity policies, service control policies, boundaries and session
// policies are not part of the question: a bucket policy that allows an account delegates to it, no more
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
package authz

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Decide says what doc, a resource or an identity policy, makes of one request. A statement matches when its principal,
// action, resource and every condition do. One matching Deny is ExplicitDeny; else one matching Allow is Allowed; the
// order of statements means nothing
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html).
//
// A document in which no statement names a principal is taken for an identity policy of the caller.
// A request that Validate refuses is Undecided, with the error as the reason.
func Decide(doc *iam.Document, req Request) Result {
	e, err := newEvaluation(doc, &req)
	if err != nil {
		return Result{Undecided, []int{}, err.Error(), false}
	}
	return e.decide()
}

// evaluation is one request against one document.
type evaluation struct {
	doc      *iam.Document
	req      *Request
	caller   caller
	derived  []derivedKey
	identity bool
	trace    *trace // nil unless somebody asked for it
}

func newEvaluation(doc *iam.Document, req *Request) (*evaluation, error) {
	c, err := req.caller()
	if err != nil {
		return nil, err
	}
	return &evaluation{doc: doc, req: req, caller: c.in(req.Context), derived: c.keys(), identity: doc.IsIdentityPolicy()}, nil
}

// tally collects the statements that match, or may match, of one effect.
type tally struct {
	sure, unsure []int
	open         verdict // of the first unsure one
}

func (t *tally) add(i int, v verdict) {
	switch {
	case v.match == Yes:
		t.sure = append(t.sure, i)
	case v.match == Maybe:
		if t.unsure == nil {
			t.open = v
		}
		t.unsure = append(t.unsure, i)
	}
}

func (e *evaluation) decide() Result {
	var allow, deny tally
	for i := range e.doc.Statements {
		s := &e.doc.Statements[i]
		v := e.statement(i, s)
		switch s.Effect {
		case iam.Allow:
			allow.add(i, v)
		case iam.Deny:
			deny.add(i, v)
		default:
			allow.add(i, v.and(maybe(s.Value, openEffect)))
			deny.add(i, v.and(maybe(s.Value, openEffect)))
		}
	}
	return e.result(allow, deny)
}

func (e *evaluation) result(allow, deny tally) Result {
	refused := len(allow.sure)+len(allow.unsure) == 0
	switch {
	case len(deny.sure) > 0:
		return Result{ExplicitDeny, deny.sure, e.name(deny.sure[0]) + " denies it", true}
	case len(deny.unsure) > 0 && refused:
		return Result{Undecided, deny.unsure, "not allowed, perhaps denied: " + e.reason(deny), true}
	case len(deny.unsure) > 0 && len(allow.sure) > 0:
		return Result{Undecided, deny.unsure, e.reason(deny), false}
	case len(deny.unsure) > 0:
		both := slices.Concat(deny.unsure, allow.unsure)
		slices.Sort(both)
		return Result{Undecided, slices.Compact(both), e.reason(deny), false}
	case len(allow.sure) > 0:
		return Result{Allowed, allow.sure, e.allows(allow.sure), false}
	case len(allow.unsure) > 0:
		return Result{Undecided, allow.unsure, e.reason(allow), false}
	}
	return Result{ImplicitDeny, []int{}, "no statement allows it", true}
}

// allows says which statement allows the request. One that names the caller's account alone delegates to the account: it is not
// enough where the caller's own policies do not allow it too.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
func (e *evaluation) allows(statements []int) string {
	if enough := slices.IndexFunc(statements, func(i int) bool { return !e.delegates(&e.doc.Statements[i]) }); enough >= 0 {
		return e.name(statements[enough]) + " allows it"
	}
	return e.name(statements[0]) + " allows it to account " + e.caller.account + ", which delegates: a policy of the caller has to allow it too"
}

// delegates reports whether a statement that matches names the caller only by the account, whose root the caller is not.
func (e *evaluation) delegates(s *iam.Statement) bool {
	if s.Principal == nil || s.Principal.Any {
		return false
	}
	return !slices.ContainsFunc(s.Principal.Entries, func(entry iam.PrincipalEntry) bool {
		account := entry.Type == typeAWS && e.caller.inAccount(entry.ID.Text) && entry.ID.Text != e.caller.arn && e.caller.kind != root
		return !account && e.is(entry).match != No
	})
}

// name is a statement as a reason names it.
func (e *evaluation) name(i int) string {
	name := "Statement[" + strconv.Itoa(i) + "]"
	if sid := e.doc.Statements[i].Sid; sid != "" {
		name += " " + strconv.Quote(sid)
	}
	return name
}

func (e *evaluation) reason(t tally) string {
	return fmt.Sprintf("%s: %s", t.open.at.Path(), t.open.open)
}

// statement is the conjunction of a statement's elements. Without a trace it stops at the first that does not match.
func (e *evaluation) statement(i int, s *iam.Statement) verdict {
	e.trace.begin(i, s)
	v := e.principals(s)
	if v.match != No || e.trace != nil {
		v = v.and(e.actions(s))
	}
	if v.match != No || e.trace != nil {
		v = v.and(e.resources(s))
	}
	for i := range s.Condition {
		if v.match == No && e.trace == nil {
			break
		}
		v = v.and(e.condition(s, &s.Condition[i]))
	}
	e.trace.end(v)
	return v
}

// oneOf is the reading of an element and its Not form: some value matches, or none does.
func (e *evaluation) oneOf(s *iam.Statement, list, not []*iam.Value, matches func(*evaluation, *iam.Value) verdict) verdict {
	switch {
	case list != nil && not != nil:
		return maybe(s.Value, openBoth)
	case list == nil && not == nil:
		return maybe(s.Value, openMissing)
	}
	v := verdict{}
	for _, value := range list {
		v = v.or(matches(e, value))
	}
	for _, value := range not {
		v = v.or(matches(e, value))
	}
	if not != nil {
		return v.not()
	}
	return v
}
