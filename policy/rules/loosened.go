package rules

import (
	"fmt"
	"slices"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// loosened is the finding that statement s allows a request because its condition i holds without the key: under the
// operator strict it would not. What a Deny of the document refuses does not count. Nil when there is no such request.
// asked counts the conditions before it.
func loosened(in policy.Input, s *iam.Statement, i int, strict string, asked *int) []policy.Finding {
	c := s.Condition[i]
	says := fmt.Sprintf("%s also matches requests without the key %s", c.Operator, quoted(c.Key, 40))
	if *asked++; *asked > mostAsked {
		f := about(s, c.Value.Path(), "%s; only the first %d such conditions were checked; write %s", says,
			mostAsked, strict)
		f.Certainty = policy.Undecided
		return []policy.Finding{f}
	}
	doc := in.Document.Only(func(t *iam.Statement) bool { return t == s || t.Effect == iam.Deny })
	meant := *s
	meant.Condition = slices.Clone(s.Condition)
	meant.Condition[i].Operator = strict

	v := space.Access(doc, space.Everyone, in.Budget.Share(space.AdmissionBudget), in.Document.With(meant))
	switch v.Answer {
	case space.None:
		return nil
	case space.Undecided:
		f := about(s, c.Value.Path(), "%s; it is undecided whether that allows anyone: %s", says, oneLine(whyAbout(s, v)))
		f.Certainty, f.Ceiling = policy.Undecided, policy.Warn
		return []policy.Finding{f}
	}
	who := quoted(v.Witness.Principal, 48)
	if v.Witness.Principal == authz.Anonymous {
		who = caller(v.Witness)
	}
	f := about(s, c.Value.Path(), "%s; that allows %s, so write %s", says, who, strict)
	f.Witness = v.Witness
	return []policy.Finding{f}
}
