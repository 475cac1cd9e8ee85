package usage

import (
	"fmt"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/fix"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// Limits of a proof: more uses than these are not proved, a question is about so many of them at once, and takes so many
// steps.
const (
	maxProved  = 2000
	atOnce     = 16
	proveSteps = 5_000_000
)

// prove returns nil when a policy is proved to be no wider than the one that the evidence is about, and to allow what that
// one allows of every use: all keys and all conditions together by the engine, and one request of each by the plain
// evaluator with the conditions left out. It returns how many uses that were.
func (e *Evidence) prove(narrower *iam.Document) (int, error) {
	uses := e.granted()
	if len(uses) > maxProved {
		return 0, fmt.Errorf("more than %d distinct uses of the policy; use the logs of fewer days or of one bucket", maxProved)
	}
	if _, err := fix.Prove(policy.Input{Kind: policy.BucketPolicy, Document: e.doc}, narrower, policy.Narrowing); err != nil {
		return 0, err
	}
	if err := e.replay(narrower, uses); err != nil {
		return 0, err
	}
	for rest := uses; len(rest) > 0; rest = rest[min(atOnce, len(rest)):] {
		seen := e.seen(rest[:min(atOnce, len(rest))])
		switch v := space.Granted(e.doc, seen, space.Steps(proveSteps), narrower); v.Answer {
		case space.Found:
			return 0, fmt.Errorf("a request like one in the logs would be lost: %v", *v.Witness)
		case space.Undecided:
			return 0, fmt.Errorf("it is undecided whether a request like one in the logs would be lost; %s", v.Why())
		}
	}
	return len(uses), nil
}

// granted returns the uses that some Allow may have let in.
func (e *Evidence) granted() []*Use {
	var out []*Use
	for _, u := range e.Uses {
		for i := range e.doc.Statements {
			if s := &e.doc.Statements[i]; s.Effect == iam.Allow && e.may(s, u) {
				out = append(out, u)
				break
			}
		}
	}
	return out
}

// request is one of a use's requests.
func (e *Evidence) request(u *Use) authz.Request {
	return authz.Request{Principal: u.Caller, Action: u.Action, Resource: strings.Replace(u.region(e.partition), "*", "x", 1)}
}

// replay tries a request of each use with both policies. A request that no caller is known of is the engine's alone.
func (e *Evidence) replay(narrower *iam.Document, uses []*Use) error {
	old, err := unconditional(e.doc)
	if err != nil {
		return err
	}
	now, err := unconditional(narrower)
	if err != nil {
		return err
	}
	for _, u := range uses {
		r := e.request(u)
		if authz.Decide(old, r).Decision == authz.Allowed && authz.Decide(now, r).Decision != authz.Allowed {
			return fmt.Errorf("a request in the logs would be lost: %v", r)
		}
	}
	return nil
}

// unconditional returns what a document allows when every condition holds and nothing is denied.
func unconditional(doc *iam.Document) (*iam.Document, error) {
	var edits []iam.Edit
	for i := range doc.Statements {
		switch s := &doc.Statements[i]; {
		case s.Effect != iam.Allow:
			edits = append(edits, iam.Edit{At: s.Value.Path()})
		case s.Condition != nil:
			edits = append(edits, iam.Edit{At: s.Value.Path().Field("Condition")})
		}
	}
	text, err := doc.Apply(edits)
	if err != nil {
		return nil, err
	}
	return iam.Parse(text)
}

// seen is the document that allows what some uses are, and nothing else.
func (e *Evidence) seen(uses []*Use) *iam.Document {
	var statements []any
	for _, u := range uses {
		r := e.request(u)
		s := map[string]any{"Effect": "Allow", "Principal": "*", "Action": u.Action, "Resource": u.region(e.partition)}
		switch {
		case r.Principal == authz.Anonymous:
			s["Condition"] = map[string]any{"StringEquals": map[string]string{"aws:PrincipalAccount": authz.Anonymous}}
		case r.Validate() != nil: // whoever it was
		case strings.HasPrefix(r.Principal, "arn:"):
			s["Principal"] = map[string]string{"AWS": r.Principal}
		default:
			s["Principal"] = map[string]string{"Service": r.Principal}
		}
		statements = append(statements, s)
	}
	return iam.NewDocument(statements...)
}
