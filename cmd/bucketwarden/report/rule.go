package report

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"

	"github.com/aymanbagabas/go-udiff"
	"golang.org/x/tools/txtar"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

// Rule returns all that there is to say about a rule.
func Rule(r *policy.Rule) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s: %s\n\n", r.ID, r.Name, r.Summary)
	fmt.Fprintf(&b, "%s\n", wrap(r.Why, 100))
	fmt.Fprintf(&b, "Severity %s. Level baseline: %s; restricted: %s.", r.Severity, r.Baseline, r.Restricted)
	if r.Unfixed != policy.Off {
		fmt.Fprintf(&b, " If it cannot be fixed: %s.", r.Unfixed)
	}
	fmt.Fprintln(&b)
	if controls := r.Controls.String(); controls != "" {
		fmt.Fprintf(&b, "%s", wrap("Related controls: "+controls+".", 100))
	}
	for _, s := range r.Sources {
		fmt.Fprintf(&b, "%s\n", s)
	}
	bad, good := example(r, "bad"), example(r, "ok")
	fmt.Fprintf(&b, "\nBad: %s\n", strings.TrimSpace(string(bad.Comment)))
	writeParts(&b, bad)
	fmt.Fprintf(&b, "\nGood: %s\n", strings.TrimSpace(string(good.Comment)))
	writeParts(&b, good)
	fmt.Fprint(&b, "  which differs in\n")
	for _, f := range good.Files {
		_, lines, _ := strings.Cut(udiff.Unified("bad", "good", file(bad, f.Name), string(f.Data)), "+++ good\n")
		indented(&b, lines)
	}
	return b.Bytes()
}

// example returns the case of a rule that is written for its page. Each rule has both kinds, as a test shows.
func example(r *policy.Rule, kind string) *txtar.Archive {
	text, err := fs.ReadFile(rules.Examples, "testdata/"+r.Name+"/"+kind+"-example.txtar")
	if err != nil {
		panic(err)
	}
	return txtar.Parse(text)
}

func file(a *txtar.Archive, name string) string {
	for _, f := range a.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

// writeParts writes what an example consists of, but for the fixed document: the good example is the better one.
func writeParts(b *bytes.Buffer, a *txtar.Archive) {
	titles := map[string]string{"policy.json": "", "bucket.yaml": "  of a bucket with\n", "findings": "  gives\n", "old.json": "  in place of\n"}
	for _, f := range a.Files {
		title, known := titles[f.Name]
		if !known {
			title = "  with " + f.Name + "\n"
		}
		if f.Name != "fixed.json" {
			fmt.Fprint(b, title)
			indented(b, string(f.Data))
		}
	}
}

// indented writes the beginning of a text, in which an example shows what it is there for.
func indented(b *bytes.Buffer, text string) {
	const most = 40 // lines
	n := 0
	for line := range strings.Lines(text) {
		if n++; n > most {
			fmt.Fprintln(b, "    ...")
			return
		}
		fmt.Fprintf(b, "    %s\n", strings.TrimRight(line, "\n"))
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
