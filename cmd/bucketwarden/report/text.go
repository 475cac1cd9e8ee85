// Package report writes down what was found, for people and for other programs.
package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"iter"
	"strings"
	"text/tabwriter"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// wantsColour reports whether to colour text: on a terminal, unless NO_COLOR is set.
//
// https://no-color.org
func wantsColour(out io.Writer, env func(string) string) bool {
	return program.IsTerminal(out) && env("NO_COLOR") == "" && env("TERM") != "dumb"
}

// paint colours text by a number of ECMA-48, 0 for no colour.
func paint(text string, colour int, on bool) string {
	if !on || colour == 0 {
		return text
	}
	return fmt.Sprintf("\x1b[%dm%s\x1b[0m", colour, text)
}

func colourOf(a policy.Action) int {
	const red, yellow, cyan, grey = 31, 33, 36, 90
	return map[policy.Action]int{policy.Deny: red, policy.Patch: cyan, policy.Warn: yellow, policy.Audit: grey}[a]
}

// writeText writes one paragraph for each item, and the sums.
func writeText(w io.Writer, in *files.Inputs, all iter.Seq[files.Judged], colour bool) error {
	b := bufio.NewWriter(w)
	summary, some := newSummary(in), false
	for j := range all {
		summary.add(j)
		some = true
		verdict := string(j.Verdict())
		strongest := policy.Off
		for _, f := range j.Findings {
			strongest = max(strongest, f.Action)
		}
		place := plain.Line(fmt.Sprintf("%s:%d: %s", j.Item.File.Name, j.Item.Line, nameOf(j)))
		fmt.Fprintf(b, "%s: %s\n", place, paint(verdict, colourOf(strongest), colour))
		for _, f := range j.Findings {
			fmt.Fprintf(b, "  %s\n", findingText(f, colour))
		}
	}
	if some {
		fmt.Fprintln(b)
	}
	fmt.Fprintln(b, summary.text())
	return b.Flush()
}

// text says on one line how many there were, and what becomes of them.
func (s summaryOutput) text() string {
	out := fmt.Sprintf("%s, %s: %d denied, %d patched, %d warned, %d admitted", count(s.Objects, "object"),
		counted(s.Policies, "policy", "policies"), s.Denied, s.Patched, s.Warned, s.Admitted)
	if s.PassedOver > 0 {
		out += fmt.Sprintf("; %s skipped", count(s.PassedOver, "other document"))
	}
	return out
}

func findingText(f review.Finding, colour bool) string {
	text := f.Text()
	if f.Certainty == policy.Undecided {
		text += " [undecided]"
	}
	if f.Exempted != "" {
		return text + " " + paint(plain.Line("[accepted by Exemption "+f.Exempted+"]"), colourOf(f.Action), colour)
	}
	return text + " " + paint("["+f.Action.String()+"]", colourOf(f.Action), colour)
}

// nameOf names an item as people do, in plain text: "Bucket team-a/logs".
func nameOf(j files.Judged) string {
	o := objectOf(j)
	if o == nil {
		return "policy document"
	}
	name := cmp.Or(o.Name, "(generated name)")
	if o.Namespace != "" {
		name = o.Namespace + "/" + name
	}
	return plain.Line(o.Kind + " " + name)
}

// Row writes the cells of one row of a table, which anybody may have written.
func Row(table *tabwriter.Writer, cells ...string) {
	for i, cell := range cells {
		cells[i] = plain.Line(cell)
	}
	fmt.Fprintln(table, strings.Join(cells, "\t"))
}

func count(n int, noun string) string { return counted(n, noun, noun+"s") }

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
