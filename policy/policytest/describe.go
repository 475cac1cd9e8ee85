package policytest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/bucketwarden/bucketwarden/policy"
)

// describe is the text of a findings section.
func describe(findings []policy.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		if f.Line > 0 {
			fmt.Fprintf(&b, "%d:%d ", f.Line, f.Column)
		}
		if f.Field != "" || f.At != "" {
			fmt.Fprintf(&b, "%s: ", f.Field+string(f.At))
		}
		fmt.Fprintln(&b, f.Message)
		if f.Certainty != policy.Proved {
			fmt.Fprintf(&b, "\t%s\n", f.Certainty)
		}
		for _, a := range f.Assumptions {
			fmt.Fprintf(&b, "\tassumes: %s\n", a)
		}
		if f.Witness != nil {
			text, _ := json.Marshal(f.Witness) // strings only
			fmt.Fprintf(&b, "\twitness: %s\n", text)
		}
		if f.Ceiling != policy.Off {
			fmt.Fprintf(&b, "\tat most: %s\n", f.Ceiling)
		}
		describeFix(&b, f.Fix)
	}
	return b.String()
}

func describeFix(b *strings.Builder, f *policy.Fix) {
	if f == nil {
		return
	}
	fmt.Fprintf(b, "\tfix: %s: %s\n", f.Class, f.Description)
	for _, field := range f.Unset {
		fmt.Fprintf(b, "\tunset: %s\n", field)
	}
	for _, field := range slices.Sorted(maps.Keys(f.Set)) {
		fmt.Fprintf(b, "\tset: %s: %v\n", field, f.Set[field])
	}
}

func diff(want, file []byte) string {
	return cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(txtar.Format(txtar.Parse(file))), "\n"))
}
