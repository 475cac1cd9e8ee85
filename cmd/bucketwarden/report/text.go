// Package report writes down what was found, for people and for other programs.
package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

func colourOf(a policy.Action) int {
	const red, yellow, cyan, grey = 31, 33, 36, 90
	return map[policy.Action]int{policy.Deny: red, policy.Patch: cyan, policy.Warn: yellow, policy.Audit: grey}[a]
}

// writeText writes a line for each finding, the worst first, one for each item with its verdict, and the sums.
func writeText(w io.Writer, in *files.Inputs, all iter.Seq[files.Judged], look look) error {
	var found []ranked
	var items strings.Builder
	var places manifest.Places
	summary := newSummary(in)
	for j := range all {
		summary.add(j)
		strongest := policy.Off
		for _, f := range j.Findings {
			strongest = max(strongest, f.Action)
			found = append(found, rank(f, look.placed(j, f, &places)))
		}
		place := plain.Line(fmt.Sprintf("%s:%d: %s", j.Item.File.Name, j.Item.Line, nameOf(objectOf(j.Item))))
		fmt.Fprintf(&items, "%s: %s\n", place, look.paint(string(j.Verdict()), colourOf(strongest)))
	}
	worstFirst(found)
	b := bufio.NewWriter(w)
	for _, f := range found {
		b.WriteString(f.text) //nolint:errcheck // Flush says it
	}
	if len(found) > 0 {
		fmt.Fprintln(b)
	}
	if items.Len() > 0 {
		fmt.Fprintln(b, items.String())
	}
	fmt.Fprintln(b, summary.text())
	return b.Flush()
}

// ranked is a finding as it is written down. The document that it is about is not kept.
type ranked struct {
	action   policy.Action
	severity policy.Severity
	text     string
}

func rank(f review.Finding, text string) ranked { return ranked{f.Action, f.Rule.Severity, text} }

// worstFirst puts findings in order: by what is done about them, then by severity, then as they were.
func worstFirst(found []ranked) {
	slices.SortStableFunc(found, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.action, a.action), cmp.Compare(b.severity, a.severity))
	})
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

// findingText is a finding on one line, with what is done about it.
func findingText(f review.Finding) string { return plainly.finding(f.Text(), f) }

// nameOf names an object as people do, in plain text: "Bucket team-a/logs"; nil is a bare document.
func nameOf(o *objectOutput) string {
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
