package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/public"
	"github.com/bucketwarden/bucketwarden/policy/reach"
	"github.com/bucketwarden/bucketwarden/policy/space"
)

// Access is what access prints of one policy.
type Access struct {
	ID        jsontext.Value `json:"id,omitempty"`
	*Subject                 // nil in a batch
	S3Status  statusOutput   `json:"s3Status"`
	Anonymous reachOutput    `json:"anonymous"`
	World     reachOutput    `json:"world"`
	External  *reachOutput   `json:"external,omitempty"`
	Grants    []reach.Grant  `json:"grants"`
}

type statusOutput struct {
	Verdict   public.Status `json:"verdict"`
	Statement *int          `json:"statement"`
	Reason    string        `json:"reason"`
}

type reachOutput struct {
	Verdict string         `json:"verdict"`
	Witness *authz.Request `json:"witness"`
	Reason  string         `json:"reason,omitempty"`
}

// NewAccess puts the answers about a policy into words.
func NewAccess(a reach.Answers, grants []reach.Grant) Access {
	out := Access{
		S3Status:  statusOutput{Verdict: a.S3.Status, Reason: a.S3.Reason},
		Anonymous: newReachOutput(a.Anonymous),
		World:     newReachOutput(a.World),
		Grants:    grants,
	}
	if a.S3.Statement >= 0 {
		out.S3Status.Statement = &a.S3.Statement
	}
	if a.External != nil {
		external := newReachOutput(*a.External)
		out.External = &external
	}
	return out
}

func newReachOutput(v space.Verdict) reachOutput {
	words := map[space.Answer]string{space.Found: "yes", space.None: "no", space.Undecided: "undecided"}
	return reachOutput{words[v.Answer], v.Witness, v.Why()}
}

// WriteText writes two tables, with a name above them if named: who has access, and what each Allow says.
func (a Access) WriteText(w io.Writer, named bool) error {
	if named {
		fmt.Fprintln(w, a.Subject)
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	Row(table, "S3 calls it", string(a.S3Status.Verdict), a.S3Status.Reason)
	a.Anonymous.row(table, "anonymous callers")
	a.World.row(table, "any AWS account")
	if a.External != nil {
		a.External.row(table, "outside the trust")
	}
	fmt.Fprintln(table, "\nPRINCIPAL\tACTIONS\tRESOURCES\tCONDITIONS")
	for _, g := range a.Grants {
		Row(table, g.Principal, strings.Join(g.Actions, " "), strings.Join(g.Resources, " "), g.Conditions)
	}
	return table.Flush()
}

func (r reachOutput) row(table *tabwriter.Writer, who string) {
	why := r.Reason
	if r.Witness != nil {
		why = r.Witness.String()
	}
	Row(table, who, r.Verdict, why)
}
