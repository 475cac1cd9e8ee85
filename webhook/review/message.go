package review

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// The API server cuts each warning at 256 characters once they come to 4,096, and drops one with a control character.
const (
	warningLength = 250
	mostDenials   = 5
	mostWarnings  = 10
)

// Text returns a finding on one line: rule, what is wrong and what to do, where.
func (f Finding) Text() string { return f.text("", math.MaxInt) }

// TextIn returns the same with the name of the object before the place, "" for a bare document.
func (f Finding) TextIn(object string) string {
	switch {
	case f.Field == source.FieldPath("") && object != "": // the object itself
		f.Field = object
	case object != "":
		f.Field = strings.TrimSpace(object + " " + f.Field)
	}
	return f.Text()
}

// TextWithin returns the same within a number of characters: the message is cut, never the rule or the place.
func (f Finding) TextWithin(most int) string { return f.text("", most) }

// text shortens the message, never the rule or the place, to stay within a number of characters.
func (f Finding) text(prefix string, most int) string {
	place := f.Field
	if f.inDocument() {
		place = strings.TrimLeft(fmt.Sprintf("%s line %d, column %d", f.Field, f.Line, f.Column), " ") // a bare document has no field
	}
	before, after := fmt.Sprintf("%s%s %s: ", prefix, f.Rule.ID, f.Rule.Name), plain.Line(fmt.Sprintf(" (%s)", place))
	room := most - utf8.RuneCountInString(before) - utf8.RuneCountInString(after)
	return before + clip(plain.Line(f.Message), room) + after
}

// inDocument reports whether the finding has a place in a document of its own.
func (f Finding) inDocument() bool { return f.Line > 0 }

// Line makes any text fit on one line of a number of characters.
func Line(s string, most int) string { return clip(plain.Line(s), most) }

// Denial returns the text for a refused object: at most five findings, in the order of the document. kind and name are
// the object's; name is "" while generateName has not made one. Of an object that a composition made, often only the
// beginning of the text is seen, and by somebody who knows the composition alone: its first line says all in short.
func (v Review) Denial(kind, name string) string {
	denied := slices.DeleteFunc(slices.Clone(v.Findings), func(f Finding) bool { return f.Action != policy.Deny })
	if len(denied) == 0 {
		return ""
	}
	var lines []string
	if made := v.MadeBy(); made != "" {
		what := strings.TrimSuffix(kind+" "+name, " ")
		lines = append(lines, plain.Line(fmt.Sprintf("%s in %s of %s, %s", denied[0].Rule.ID, denied[0].Field, what, made)))
	}
	for _, f := range denied[:min(len(denied), mostDenials)] {
		lines = append(lines, f.Text())
	}
	if more := len(denied) - mostDenials; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more; run bucketwarden review", more))
	}
	return strings.Join(lines, "\n")
}

// MadeBy names the composite resource behind an object, "" when there is none: "composed by XBucket logs-x9d4 as policy".
func (v Review) MadeBy() string {
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
			out = append(out, f.text("patched: ", warningLength))
		default:
			out = append(out, f.text("", warningLength))
		}
	}
	if skipped > 0 {
		out = append(out, fmt.Sprintf("bucketwarden: and %d more; run bucketwarden review", skipped))
	}
	return out
}

func clip(s string, most int) string {
	const dots = "..."
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:max(0, most-len(dots))]) + dots
}
