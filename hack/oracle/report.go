package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/bucketwarden/bucketwarden/policy/authz"
)

// mostShown is how many unexplained differences are printed.
const mostShown = 20

// report prints what was counted, the differences that nobody explained last.
func (t *tally) report(out io.Writer, o options) {
	names := o.peers
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "%d pairs:", t.pairs)
	for _, d := range []authz.Decision{authz.Allowed, authz.ImplicitDeny, authz.ExplicitDeny, authz.Undecided} {
		fmt.Fprintf(w, " %s %s", d, percent(t.decisions[d], t.pairs))
	}
	fmt.Fprint(w, "\n\npeer\tnot taken\tundecided\tagree\tdiffer\tof decided\t\n")
	for _, name := range names {
		r := t.peers[name].relations
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%s\t\n", name, r[skipped], r[open], r[agreed], r[differs],
			percent(r[agreed], r[agreed]+r[differs]))
	}
	_ = w.Flush()
	t.reportFeatures(w, names)
	if t.witnesses.claims > 0 {
		t.witnesses.report(out, o.witnesses)
	}
	t.reportKnown(out, names)
	t.reportReasons(out, names)
	t.reportUnexplained(out)
}

// reportFeatures says of each feature how often a statement's match hung on it alone, and how the pairs came out.
func (t *tally) reportFeatures(w *tabwriter.Writer, names []string) {
	fmt.Fprint(w, "\ndecisive\tmatch\tno match\topen\t")
	for _, name := range names {
		fmt.Fprintf(w, "%s agrees\tdiffers\t", name)
	}
	fmt.Fprintln(w)
	for f, ft := range sorted(t.features) {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t", f, ft.matches[authz.Yes], ft.matches[authz.No], ft.matches[authz.Maybe])
		for _, name := range names {
			r := ft.relations[name]
			fmt.Fprintf(w, "%s\t%d\t", percent(r[agreed], r[agreed]+r[differs]), r[differs])
		}
		fmt.Fprintln(w)
	}
	_ = w.Flush()
}

func (t *tally) reportKnown(out io.Writer, names []string) {
	fmt.Fprintln(out, "\nknown disagreements, described in hack/oracle/README.md")
	for _, name := range names {
		p := t.peers[name]
		for _, class := range byCount(p.known) {
			fmt.Fprintf(out, "%8d  %s: %s\n", p.known[class], name, class)
		}
	}
}

func (t *tally) reportReasons(out io.Writer, names []string) {
	fmt.Fprintln(out, "\nundecided by us")
	for _, q := range byCount(t.questions) {
		fmt.Fprintf(out, "%8d  %s\n", t.questions[q], q)
	}
	for _, name := range names {
		reasons := t.peers[name].reasons
		if len(reasons) > 0 {
			fmt.Fprintf(out, "\nnot taken by %s\n", name)
		}
		for _, r := range byCount(reasons) {
			fmt.Fprintf(out, "%8d  %s\n", reasons[r], r)
		}
	}
}

func (t *tally) reportUnexplained(out io.Writer) {
	shown := map[string]bool{}
	for _, d := range t.unexplained {
		c := d.minimal
		text := fmt.Sprintf("%s: %s, we: %s (%s)\n", d.peer, c.theirs.decision, c.ours.Decision, c.ours.Reason)
		if key := text + c.pair.document(); !shown[key] && len(shown) < mostShown {
			shown[key] = true
			fmt.Fprintf(out, "\nunexplained: %s%s\n", text, c.pair)
		}
	}
	fmt.Fprintf(out, "\n%d unexplained\n", len(t.unexplained))
}

func percent(n, of int) string {
	if of == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f %%", 100*float64(n)/float64(of))
}
