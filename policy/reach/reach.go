// Package reach says who can do what by a bucket policy: for groups of callers, for each principal that the policy names, and
// Allow by Allow. It asks the engine, and leaves it to others how the answers are written down.
package reach

import (
	"cmp"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// Answers are what S3 calls a document, and the engine's answers about groups of callers.
type Answers struct {
	S3        S3Status
	Anonymous space.Verdict  // callers who did not sign
	World     space.Verdict  // signed callers whom the policy does not name, from no place that it names
	External  *space.Verdict // callers outside of the trust; nil without one
}

// S3Status is what S3 calls a document, and why.
type S3Status struct {
	Status    public.Status
	Statement int // index of the first that makes it so, -1 when none does
	Reason    string
}

// Ask asks about each group, which may take all of the budget.
func Ask(doc *iam.Document, trust *public.Trust, budget space.Budget) Answers {
	out := Answers{
		Anonymous: space.Access(doc, space.AnonymousCallers, budget),
		World:     space.Access(doc, space.Strangers, budget, public.Named(doc)),
	}
	out.S3.Status, out.S3.Statement, out.S3.Reason = public.S3Status(doc)
	if trust != nil {
		external := space.Access(doc, space.Everyone, budget, trust.Document())
		out.External = &external
	}
	return out
}

// Grant is what one Allow says, for a person to read.
type Grant struct {
	Principal  string   `json:"principal"`
	Actions    []string `json:"actions"`
	Resources  []string `json:"resources"`
	Conditions string   `json:"conditions"`
}

// Grants lists what each Allow says, never nil.
func Grants(doc *iam.Document) []Grant {
	out := []Grant{}
	for _, s := range doc.Statements {
		if s.Effect != iam.Allow {
			continue
		}
		g := Grant{
			Principal: compactOf(s.Value, "Principal", "NotPrincipal"), Actions: Texts(s.Action, s.NotAction),
			Resources: Texts(s.Resource, s.NotResource), Conditions: compactOf(s.Value, "Condition"),
		}
		out = append(out, g)
	}
	return out
}

// compactOf is the first of the members that a statement has; one of a Not form says so.
func compactOf(s *iam.Value, names ...string) string {
	for _, name := range names {
		if v := s.Member(name); v != nil {
			return cmp.Or(map[string]string{"NotPrincipal": "all but "}[name], "") + strings.Trim(v.Compact(), `"`)
		}
	}
	return ""
}

// Texts returns the values of an element, or of its Not form.
func Texts(list, not []*iam.Value) []string {
	out := []string{}
	for _, v := range list {
		out = append(out, v.Text)
	}
	for _, v := range not {
		out = append(out, "all but "+v.Text)
	}
	return out
}
