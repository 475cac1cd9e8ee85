// Package holes finds what is filled in later in a text, and tells what a policy with such holes may become.
package holes

import (
	"regexp"
	"strings"
)

// Hole is a part of a text that something else takes the place of: bytes from Start to before End.
type Hole struct {
	Start, End int
	From       string // what fills it in: "${schema.spec.name}", "spec.parameters.name"
	masked     bool   // the text has letters in its place already
}

// written returns a hole as it stands in its text.
func (h Hole) written(text string) string {
	if h.masked {
		return h.From
	}
	return text[h.Start:h.End]
}

// Froms returns what fills the holes in, each once, in order.
func Froms(holes []Hole) []string {
	var out []string
	seen := map[string]bool{}
	for _, h := range holes {
		if h.From != "" && !seen[h.From] {
			seen[h.From] = true
			out = append(out, h.From)
		}
	}
	return out
}

// mask returns the text with each hole filled by a letter as often as it is long, so that everything else keeps its place.
func mask(text string, holes []Hole, letter string) string {
	return fill(text, holes, func(h Hole) string { return strings.Repeat(letter, h.End-h.Start) })
}

func fill(text string, holes []Hole, with func(Hole) string) string {
	var b strings.Builder
	last := 0
	for _, h := range holes {
		b.WriteString(text[last:h.Start])
		b.WriteString(with(h))
		last = h.End
	}
	return b.String() + text[last:]
}

// Fill returns the text with each hole filled by the same.
func Fill(text string, all []Hole, with string) string {
	return fill(text, all, func(Hole) string { return with })
}

// Expressions returns the ${...} of a text, as kro reads them: braces and strings inside are part of the expression. One that
// does not end is a hole to the end of the text.
//
// https://kro.run/docs/concepts/rgd/cel-expressions
func Expressions(text string) []Hole {
	var out []Hole
	for at := 0; ; {
		i := strings.Index(text[at:], "${")
		if i < 0 {
			return out
		}
		start := at + i
		at = start + 2 + expression(text[start+2:])
		out = append(out, Hole{Start: start, End: at, From: text[start:at]})
	}
}

// expression returns the length of an expression of CEL with the brace that ends it.
func expression(text string) int {
	depth, quote := 1, byte(0)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}

// verb is a verb of Go's fmt, or a percent sign that is none, which is printed as a mistake.
var verb = regexp.MustCompile(`%[-+# 0]*(?:\[[0-9]+\])?[0-9]*(?:\.[0-9]*)?(?:\[[0-9]+\])?[A-Za-z%]?`)

// Verbs returns the verbs of a format of Go's, which a patch of Crossplane fills in. %% is one: its length changes.
func Verbs(text, from string) []Hole {
	var out []Hole
	for _, m := range verb.FindAllStringIndex(text, -1) {
		out = append(out, Hole{Start: m[0], End: m[1], From: from})
	}
	return out
}

// placeholder is what people have other tools fill in before Kubernetes sees it: Flux and Terraform, Helm and Argo CD, a shell, a
// format, themselves.
var placeholder = regexp.MustCompile(`\$\{[^{}]*\}|\{\{[^{}]*\}\}|<<[^<>]*>>|\$[A-Za-z_][A-Za-z0-9_]*|%(?:\[[0-9]+\])?[dsv]|<[A-Za-z][^<>]*>`)

// variable is a variable of IAM's: a key, which has a colon inside, and perhaps a default.
var variable = regexp.MustCompile(`^\$\{(?:[*?$]|[A-Za-z0-9-]+:[A-Za-z][^{}]*)\}$`)

// Placeholders returns the placeholders of a text. IAM's own variables are none.
func Placeholders(text string) []Hole {
	if !strings.ContainsAny(text, "$%<") && !strings.Contains(text, "{{") { // as nearly always, and quicker to see
		return nil
	}
	var out []Hole
	for _, m := range placeholder.FindAllStringIndex(text, -1) {
		if from := text[m[0]:m[1]]; !variable.MatchString(from) {
			out = append(out, Hole{Start: m[0], End: m[1], From: from})
		}
	}
	return out
}
