package usage

import (
	"errors"
	"fmt"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Suggestion is a narrower policy and what to know about it.
type Suggestion struct {
	Policy string   // the document, "" when nobody used anything that it grants
	Claim  string   // what is proved of it
	Uses   int      // distinct uses that it was tried with
	Notes  []string // what was left as it is, and why
}

// Suggest returns a policy that grants what was used and no more, as far as logs show that. Conditions and Denies stay;
// each Allow keeps the principals, actions and resources that some request may have needed. The error says why there is no
// suggestion.
func (t *Tally) Suggest(e *Evidence) (*Suggestion, error) {
	if t.Beyond > 0 {
		return nil, fmt.Errorf("more than %d distinct callers and operations: %d requests were counted but not examined; "+
			"use the logs of fewer days or of one bucket", MaxDistinct, t.Beyond)
	}
	if e.kinds == 0 {
		return nil, errors.New("the logs have no request to a bucket of the policy")
	}
	out := &Suggestion{}
	var edits []iam.Edit
	left := 0
	for i := range e.doc.Statements {
		s := &e.doc.Statements[i]
		now, gone, notes := e.narrow(s)
		out.Notes = append(out.Notes, notes...)
		if gone {
			now = []iam.Edit{{At: s.Value.Path()}}
		} else {
			left++
		}
		edits = append(edits, now...)
	}
	if left == 0 {
		out.Claim = "no request used the policy"
		return out, nil
	}
	text, err := e.doc.Apply(edits)
	if err != nil {
		return nil, err
	}
	narrower, err := iam.Parse(text)
	if err != nil {
		return nil, err
	}
	if out.Uses, err = e.prove(narrower); err != nil {
		return nil, err
	}
	out.Policy, out.Claim = text, "no request is newly allowed, and every request in the logs that the policy allows stays allowed"
	return out, nil
}
