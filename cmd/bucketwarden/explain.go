package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/tools/txtar"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

const explainExample = `  bucketwarden explain BW301`

func newExplain() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "explain ID",
		Short:   "Say what a rule is about, with a bad and a good example; or what comes of an upload",
		Example: explainExample,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("explain needs the id of one rule, like BW301; got %q", args)
			}
			return nil
		},
		ValidArgsFunction: cobra.FixedCompletions(ruleIDs(), cobra.ShellCompDirectiveNoFileComp),
		RunE: func(cmd *cobra.Command, args []string) error {
			rule, err := findRule(args[0])
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(page(rule))
			return err
		},
	}
	cmd.AddCommand(newExplainUpload())
	return cmd
}

// page returns all that there is to say about a rule.
func page(r *policy.Rule) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s: %s\n\n", r.ID, r.Name, r.Summary)
	fmt.Fprintf(&b, "%s\n", wrap(r.Why, 100))
	fmt.Fprintf(&b, "Severity %s. Level baseline: %s; restricted: %s.", r.Severity, r.Baseline, r.Restricted)
	if r.Unfixed != policy.Off {
		fmt.Fprintf(&b, " What cannot be fixed: %s.", r.Unfixed)
	}
	fmt.Fprintln(&b)
	if controls := r.Controls.String(); controls != "" {
		fmt.Fprintf(&b, "%s", wrap("The same, whole or in part: "+controls+".", 100))
	}
	for _, s := range r.Sources {
		fmt.Fprintf(&b, "%s\n", s)
	}
	for _, kind := range []string{"bad", "ok"} {
		if archive := example(r, kind); archive != nil {
			fmt.Fprintf(&b, "\n%s: %s\n", map[string]string{"bad": "Bad", "ok": "Good"}[kind],
				strings.TrimSpace(string(archive.Comment)))
			writeExample(&b, archive)
		}
	}
	return b.Bytes()
}

// example returns the case of a rule that shows most in fewest words, nil when it has none.
func example(r *policy.Rule, kind string) *txtar.Archive {
	var best *txtar.Archive
	least := 0
	names, _ := fs.Glob(rules.Cases, "testdata/"+r.Name+"/"+kind+"-*.txtar") // the pattern is well-formed
	for _, name := range names {
		text, err := fs.ReadFile(rules.Cases, name)
		if err != nil {
			continue
		}
		archive := txtar.Parse(text)
		if cost := len(text) + shortcomings(r, archive)<<20; best == nil || cost < least {
			best, least = archive, cost
		}
	}
	return best
}

// shortcomings counts what a case does not show: a document, a fix where the rule has fixes, the bucket's own policy.
func shortcomings(r *policy.Rule, a *txtar.Archive) int {
	out := 0
	for _, missing := range []bool{
		!bytes.Contains(file(a, "policy.json"), []byte(`"Statement"`)),
		r.Unfixed != policy.Off && len(file(a, "findings")) > 0 && len(file(a, "fixed.json")) == 0,
		bytes.Contains(file(a, "bucket.yaml"), []byte("kind:")),
	} {
		if missing {
			out++
		}
	}
	return out
}

func file(a *txtar.Archive, name string) []byte {
	for _, f := range a.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

func writeExample(b *bytes.Buffer, a *txtar.Archive) {
	for _, part := range []struct{ name, title string }{
		{"policy.json", ""}, {"bucket.yaml", "of a bucket with"}, {"findings", "gives"}, {"fixed.json", "becomes"},
	} {
		text := bytes.TrimRight(file(a, part.name), "\n")
		if len(text) == 0 {
			continue
		}
		if part.title != "" {
			fmt.Fprintf(b, "  %s\n", part.title)
		}
		for line := range strings.SplitSeq(string(text), "\n") {
			fmt.Fprintf(b, "    %s\n", line)
		}
	}
}

// wrap breaks text, which anybody may have written, into lines of at most width characters, but for longer words.
func wrap(text string, width int) string {
	var out strings.Builder
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) > width:
			out.WriteString(plain.Line(line) + "\n")
			line = word
		default:
			line += " " + word
		}
	}
	return out.String() + plain.Line(line) + "\n"
}
