package holes

import (
	"regexp"
	"strings"
)

var (
	action = regexp.MustCompile(`\{\{[^\n]*?\}\}`)
	// comments say nothing, and may be as long as they like.
	comment = regexp.MustCompile(`(?s)\{\{-?\s*/\*.*?\*/\s*-?\}\}`)
	// control are the actions that print nothing themselves.
	control = regexp.MustCompile(`^\{\{-?\s*(?:(?:if|else|end|with|range|break|continue)\b|\$\w*(?:\s*,\s*\$\w+)?\s*:?=)`)
	// alone is a line with nothing but such actions.
	alone = regexp.MustCompile(`^\s*(?:\{\{-?\s*(?:(?:if|else|end|with|range|break|continue)\b|\$\w*(?:\s*,\s*\$\w+)?\s*:?=)[^\n]*?\}\}\s*)+$`)
)

// MaskTemplate returns a template of Go's in which each value is filled by a letter as often as its action is long, so that
// everything else keeps its place. Conditions and loops around a whole document are left out, as it is what it is whenever
// it is there. In a document that has any inside, all actions stay: what that becomes is not known.
func MaskTemplate(text, letter string) string {
	text = comment.ReplaceAllStringFunc(text, blank)
	var out strings.Builder
	var document []string
	flush := func() {
		out.WriteString(maskDocument(document, letter))
		document = nil
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "---") {
			flush()
		}
		document = append(document, line)
	}
	flush()
	return out.String()
}

func maskDocument(lines []string, letter string) string {
	edge := func(line string) bool {
		if alone.MatchString(line) {
			return true
		}
		line = strings.TrimSpace(line)
		return line == "" || line[0] == '#' || strings.HasPrefix(line, "---")
	}
	first, last := 0, len(lines)
	for first < last && edge(lines[first]) {
		first++
	}
	for last > first && edge(lines[last-1]) {
		last--
	}
	var out strings.Builder
	for i, line := range lines {
		if (i < first || i >= last) && alone.MatchString(line) {
			line = blank(line)
		}
		out.WriteString(line)
	}
	text := out.String()
	for _, a := range action.FindAllString(text, -1) {
		if control.MatchString(a) {
			return text
		}
	}
	return action.ReplaceAllStringFunc(text, func(a string) string { return strings.Repeat(letter, len(a)) })
}

// someAction is what is known of the action that a letter stands for.
const someAction = "{{ ... }}"

// blank returns a text of spaces with the line breaks of another.
func blank(text string) string {
	out := []byte(text)
	for i, c := range out {
		if c != '\n' && c != '\r' {
			out[i] = ' '
		}
	}
	return string(out)
}

// Differing returns the holes of a text of which there are two fillings of one length.
func Differing(a, b string) []Hole {
	var out []Hole
	for i := 0; i < len(a); i++ {
		if a[i] == b[i] {
			continue
		}
		if n := len(out); n > 0 && out[n-1].End == i {
			out[n-1].End++
			continue
		}
		out = append(out, Hole{i, i + 1, someAction, true})
	}
	return out
}
