package report

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// Comparison is what compare prints of one pair.
type Comparison struct {
	ID          jsontext.Value `json:"id,omitempty"`
	*pairOutput                // nil in a batch
	NewAccess   string         `json:"newAccess"`
	LostAccess  string         `json:"lostAccess"`
	Relation    space.Relation `json:"relation"`
	NewWitness  *authz.Request `json:"newWitness"`
	LostWitness *authz.Request `json:"lostWitness"`
	Reason      string         `json:"reason"`
}

// pairOutput says which policies were compared.
type pairOutput struct {
	Object *objectOutput `json:"object"` // of the new policy or, where there is none, of the old one; null for bare documents
	Bucket string        `json:"bucket"`
	Old    *Subject      `json:"old"` // null where the policy is new
	New    *Subject      `json:"new"` // null where it is gone
}

// NewComparison puts an answer into words.
func NewComparison(c space.Comparison) Comparison {
	out := Comparison{
		NewAccess: c.New.Answer.String(), LostAccess: c.Lost.Answer.String(), Relation: c.Relation(),
		NewWitness: c.New.Witness, LostWitness: c.Lost.Witness, Reason: c.New.Why(),
	}
	if out.Reason == "" {
		out.Reason = c.Lost.Why()
	}
	return out
}

// Of names the policies that an answer is about.
func (c Comparison) Of(pair files.Pair) Comparison {
	c.pairOutput = &pairOutput{}
	for _, side := range []struct {
		policy *files.Policy
		out    **Subject
	}{{pair.Old, &c.Old}, {pair.New, &c.New}} {
		if side.policy != nil {
			*side.out = NewSubject(*side.policy)
			c.Object, c.Bucket = (*side.out).Object, (*side.out).Bucket
		}
	}
	return c
}

// PairText names two policies on a line.
func PairText(pair files.Pair) string {
	switch {
	case pair.Old == nil:
		return NewSubject(*pair.New).String() + ": only in NEW\n"
	case pair.New == nil:
		return NewSubject(*pair.Old).String() + ": only in OLD\n"
	}
	return NewSubject(*pair.New).String() + "\n"
}

// ComparisonText is an answer in three lines, with what a witness says below each.
func ComparisonText(c space.Comparison) string {
	return fmt.Sprintf("%s\n%s%s", c.Relation(), verdictText("new access", c.New), verdictText("lost access", c.Lost))
}

// verdictText is an answer on one line, and a witness in words on the next.
func verdictText(what string, v space.Verdict) string {
	text := fmt.Sprintf("%s: %s", what, v.Answer)
	if v.Reason != "" {
		text += ": " + plain.Line(v.Why())
	}
	if v.Witness != nil {
		text += "\n  " + v.Witness.String()
	}
	return text + "\n"
}
