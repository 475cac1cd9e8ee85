package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/policy/usage"
)

// maxRows is how many rows a person gets to read.
const maxRows = 1000

// Text writes the report for people.
func (r *Usage) Text(w io.Writer) error {
	fmt.Fprintf(w, "%s of %s", count(r.Requests, "request"), count(r.Files, "file"))
	if r.Requests > 0 {
		fmt.Fprintf(w, ", %s to %s", r.First, r.Last)
	}
	fmt.Fprintln(w)
	for _, line := range []struct {
		n    int
		text string
	}{
		{r.Malformed, "malformed (--verbose shows them)"},
		{r.PassedOver, "CloudTrail records that are not about a bucket"},
		{r.ACLUnsaid, "requests that do not say whether they needed an ACL"},
		{r.Beyond, fmt.Sprintf("requests beyond %d distinct callers and operations, only counted", usage.MaxDistinct)},
	} {
		if line.n > 0 {
			fmt.Fprintf(w, "  %s: %d\n", line.text, line.n)
		}
	}
	r.textACLs(w)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if len(r.Grants) > 0 {
		fmt.Fprintln(table, "\nGRANTED\tACTION\tREQUESTS\tCALLERS\tLAST")
	}
	for _, g := range r.Grants {
		g.text(table)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, u := range r.Unknown {
		fmt.Fprintf(w, "\n%s: the actions that it needs are not known here (%s)\n", plain.Line(u.Operation), count(u.Requests, "request"))
	}
	r.Suggestion.text(w)
	return nil
}

func (r *Usage) textACLs(w io.Writer) {
	switch r.Verdict {
	case VerdictNo:
		fmt.Fprintln(w, "no request needed an ACL")
		return
	case verdictUndecided:
		fmt.Fprintln(w, "it is undecided whether a request needed an ACL: the logs do not say")
		return
	}
	fmt.Fprintf(w, "%s needed an ACL\n\n", count(r.NeededACL, "request"))
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "BUCKET\tCALLER\tOPERATION\tACTION\tPREFIX\tREQUESTS\tFIRST\tLAST")
	for _, a := range r.ByACL[:min(len(r.ByACL), maxRows)] {
		Row(table, a.Bucket, a.Caller, a.Operation, strings.Join(a.Actions, " "), a.Prefix, fmt.Sprint(a.Requests), a.First, a.Last)
	}
	_ = table.Flush() // the next write gives the same error
	if more := len(r.ByACL) - maxRows; more > 0 {
		fmt.Fprintf(w, "and %d more; -o json has all of them\n", more)
	}
}

func (g grantUse) text(table *tabwriter.Writer) {
	at := fmt.Sprintf("Statement[%d]", g.Statement)
	if g.Sid != "" {
		at += fmt.Sprintf(" %q", g.Sid)
	}
	for _, u := range g.Used {
		n := fmt.Sprint(u.Requests)
		if !u.Sure {
			n = "perhaps " + n
		}
		Row(table, at, u.Action, n, fmt.Sprint(u.Callers), u.Last)
	}
	g.rest(table, at, g.Unused, "never")
	g.rest(table, at, g.Unseen, "not shown")
}

func (g grantUse) rest(table *tabwriter.Writer, at string, actions []string, what string) {
	switch len(actions) {
	case 0:
	case 1:
		Row(table, at, actions[0], what)
	default:
		Row(table, at, fmt.Sprintf("%d more of %s", len(actions), g.Action), what)
	}
}

func (s *suggestionOutput) text(w io.Writer) {
	if s == nil {
		return
	}
	fmt.Fprintln(w)
	switch {
	case s.Reason != "":
		fmt.Fprintln(w, plain.Line("no policy is suggested: "+s.Reason))
	case s.Document == "":
		fmt.Fprintln(w, plain.Line(s.Claim+": it can be removed"))
	default:
		fmt.Fprintf(w, "narrower policy, proved over %s: %s\n", count(s.Uses, "use"), plain.Line(s.Claim))
	}
	for _, note := range s.Notes {
		fmt.Fprintln(w, "  "+plain.Line(note))
	}
}
