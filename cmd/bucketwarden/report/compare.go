package report

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// Comparison is what compare prints of one pair.
type Comparison struct {
	ID          jsontext.Value `json:"id,omitempty"`
	NewAccess   string         `json:"newAccess"`
	LostAccess  string         `json:"lostAccess"`
	Relation    space.Relation `json:"relation"`
	NewWitness  *authz.Request `json:"newWitness"`
	LostWitness *authz.Request `json:"lostWitness"`
	Reason      string         `json:"reason"`
}

// NewComparison puts an answer into words. id is that of the question in a batch, nil outside of one.
func NewComparison(id jsontext.Value, c space.Comparison) Comparison {
	out := Comparison{
		ID: id, NewAccess: c.New.Answer.String(), LostAccess: c.Lost.Answer.String(), Relation: c.Relation(),
		NewWitness: c.New.Witness, LostWitness: c.Lost.Witness, Reason: c.New.Why(),
	}
	if out.Reason == "" {
		out.Reason = c.Lost.Why()
	}
	return out
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
