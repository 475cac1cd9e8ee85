package profiles

import (
	"fmt"
	"strings"
)

// template is text with gaps: {{.name}} stands for a value, {{if .name}}...{{else}}...{{end}} for the one text where there
// is a value and for the other where it is empty. The library's text/template reads the same, but calls methods by their
// names, so that the linker would keep every method of every type: 30 MB more of a program.
type template []segment

// segment is text, and the gap behind it, if there is one.
type segment struct {
	text      string
	value     string // the name of the value that stands in the gap
	condition string // the name of the value that chooses between these:
	then      template
	otherwise template
}

// parseTemplate reads a template. The error quotes the gap that is wrong.
func parseTemplate(text string) (template, error) {
	t, closing, _, err := segments(text)
	if err == nil && closing != "" {
		err = fmt.Errorf("{{%s}} closes nothing", closing)
	}
	return t, err
}

// segments reads up to the else or end that closes what is around, and returns which it was and what follows.
func segments(text string) (t template, closing, rest string, err error) {
	for {
		before, after, open := strings.Cut(text, "{{")
		s := segment{text: before}
		if !open {
			return append(t, s), "", "", nil
		}
		gap, after, closed := strings.Cut(after, "}}")
		if !closed {
			return nil, "", "", fmt.Errorf("{{%.20s is not closed", gap)
		}
		if gap == "else" || gap == "end" {
			return append(t, s), gap, after, nil
		}
		kind, name, named := strings.Cut(gap, ".")
		switch {
		case named && kind == "":
			s.value = name
		case named && kind == "if ":
			s.condition = name
			if s.then, s.otherwise, after, err = choice(gap, after); err != nil {
				return nil, "", "", err
			}
		default:
			return nil, "", "", fmt.Errorf("{{%s}} is none of {{.name}}, {{if .name}}, {{else}}, {{end}}", gap)
		}
		t, text = append(t, s), after
	}
}

// choice reads what stands behind an if, and its end.
func choice(gap, text string) (then, otherwise template, rest string, err error) {
	then, closing, rest, err := segments(text)
	if err == nil && closing == "else" {
		otherwise, closing, rest, err = segments(rest)
	}
	if err == nil && closing != "end" {
		err = fmt.Errorf("{{%s}} has no {{end}}", gap)
	}
	return then, otherwise, rest, err
}

// fill writes the text with values in its gaps. One that is missing is empty.
func (t template) fill(out *strings.Builder, values map[string]string) {
	for _, s := range t {
		out.WriteString(s.text)
		switch {
		case s.value != "":
			out.WriteString(values[s.value])
		case values[s.condition] != "":
			s.then.fill(out, values)
		default:
			s.otherwise.fill(out, values)
		}
	}
}
