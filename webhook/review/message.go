package review

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/bucketwarden/bucketwarden/policy"
)

// The API server cuts each warning at 256 characters once they come to 4,096, and drops one with a control character.
const (
	warningLength  = 250
	mostDenials    = 5
	mostWarnings   = 10
	messageControl = '\ufffd'
)

// Text returns a finding on one line: rule, what is wrong and what to do, where.
func (f Finding) Text() string {
	place := f.Field
	if f.inDocument() {
		place = fmt.Sprintf("%s line %d, column %d", f.Field, f.Line, f.Column)
	}
	return clean(fmt.Sprintf("%s %s: %s (%s)", f.Rule.ID, f.Rule.Name, f.Message, place))
}

// inDocument tells whether the finding has a place in a document of its own.
func (f Finding) inDocument() bool { return f.Line > 0 }

// clean makes text safe for one line of a header: the document's author may have put anything into it.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return messageControl
		}
		return r
	}, s)
}

// Denial returns the text for a refused object: at most five findings, worst news first come first in the document.
// kind and name are the object's; what made it stands in the first line, as often only that is seen.
func (v Review) Denial(kind, name string) string {
	var lines []string
	for _, f := range v.Findings {
		if f.Action == policy.Deny {
			lines = append(lines, f.Text())
		}
	}
	if more := len(lines) - mostDenials; more > 0 {
		lines = append(lines[:mostDenials], fmt.Sprintf("and %d more; run bucketwarden review", more))
	}
	if made := v.madeBy(); made != "" {
		lines = append([]string{clean(fmt.Sprintf("%s %s, %s", kind, name, made))}, lines...)
	}
	return strings.Join(lines, "\n")
}

// madeBy names the composite resource behind an object.
func (v Review) madeBy() string {
	o := v.Reading.Owner
	if o.Composite == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString("composed by ")
	if o.Controller != nil && o.Controller.Name == o.Composite {
		b.WriteString(o.Controller.Kind + " ")
	}
	b.WriteString(o.Composite)
	if o.Resource != "" {
		b.WriteString(" as " + o.Resource)
	}
	if o.Claim != "" {
		b.WriteString(" for claim " + o.ClaimNamespace + "/" + o.Claim)
	}
	return b.String()
}

// Warnings returns one line for each finding whose action is a, clipped to what the API server passes on.
func (v Review) Warnings(a policy.Action) []string {
	var out []string
	skipped := 0
	for _, f := range v.Findings {
		switch {
		case f.Action != a:
		case len(out) == mostWarnings:
			skipped++
		case a == policy.Patch:
			out = append(out, clip("patched: "+f.Text()))
		default:
			out = append(out, clip(f.Text()))
		}
	}
	if skipped > 0 {
		out = append(out, fmt.Sprintf("bucketwarden: and %d more; run bucketwarden review", skipped))
	}
	return out
}

func clip(s string) string {
	r := []rune(s)
	if len(r) <= warningLength {
		return s
	}
	return string(r[:warningLength-3]) + "..."
}
