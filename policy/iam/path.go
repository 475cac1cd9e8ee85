package iam

import (
	"strconv"
	"strings"
)

// Path says where in a document something is: `Statement[1].Action[0]`, indexes from 0.
// A scalar that stands for a list of one has no index; a lone Statement object is Statement[0].
// A name with other characters than letters, digits, `_`, `-`, `:` and `/` is quoted as in Go:
// `Statement[0].Condition.StringLike["aws:PrincipalTag/cost center"]`.
type Path string

// Field returns the path of an object's member.
func (p Path) Field(name string) Path {
	if !plainName(name) {
		return p + Path("["+strconv.Quote(name)+"]")
	}
	if p == "" {
		return Path(name)
	}
	return p + "." + Path(name)
}

// Index returns the path of a list's element i.
func (p Path) Index(i int) Path {
	return p + Path("["+strconv.Itoa(i)+"]")
}

// Statement returns the index of the statement that p lies in, -1 when it lies in none.
func (p Path) Statement() int {
	steps, _ := p.steps()
	if len(steps) < 2 || steps[0].name != "Statement" {
		return -1
	}
	return steps[1].index
}

func plainName(name string) bool {
	for i := range len(name) {
		c := name[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '_', c == '-', c == ':', c == '/':
		default:
			return false
		}
	}
	return name != ""
}

// step leads from a value to one inside it.
type step struct {
	name  string
	index int // -1 for a name
}

// steps takes p apart. False when Field and Index could not have built it; the steps are then those before.
func (p Path) steps() ([]step, bool) {
	var out []step
	for rest := string(p); rest != ""; {
		s, n := firstStep(rest, len(out) == 0)
		if n == 0 {
			return out, false
		}
		out, rest = append(out, s), rest[n:]
	}
	return out, true
}

// firstStep returns the step that p begins with and its length, 0 when it begins with none.
func firstStep(p string, atRoot bool) (step, int) {
	if strings.HasPrefix(p, `["`) {
		quoted, err := strconv.QuotedPrefix(p[1:])
		if err != nil || !strings.HasPrefix(p[1+len(quoted):], "]") {
			return step{}, 0
		}
		name, _ := strconv.Unquote(quoted) // QuotedPrefix returns nothing that cannot be unquoted
		return step{name, -1}, len(quoted) + 2
	}
	if p[0] == '[' {
		digits, _, closed := strings.Cut(p[1:], "]")
		i, err := strconv.Atoi(digits)
		if !closed || err != nil || i < 0 || strconv.Itoa(i) != digits {
			return step{}, 0
		}
		return step{"", i}, len(digits) + 2
	}
	dot := 0
	if !atRoot {
		if dot = 1; p[0] != '.' {
			return step{}, 0
		}
	}
	name := p[dot:]
	if end := strings.IndexAny(name, ".["); end >= 0 {
		name = name[:end]
	}
	if !plainName(name) {
		return step{}, 0
	}
	return step{name, -1}, dot + len(name)
}

// Path returns where the document holds v: "" for the root.
func (v *Value) Path() Path {
	if v.parent == nil {
		return ""
	}
	around := v.parent.Path()
	if v.parent.Kind == Array {
		return around.Index(v.index)
	}
	name := v.parent.Members[v.index].Name
	if around == "" && name == "Statement" && v.Kind == Object {
		return "Statement[0]" // a lone statement reads like a list of one
	}
	return around.Field(name)
}

// Lookup returns the value at p, nil when there is none.
// Index 0 of what is no list is the value itself, as it stands for a list of one.
func (d *Document) Lookup(p Path) *Value {
	steps, ok := p.steps()
	v, rest := d.Root().follow(steps)
	if !ok || len(rest) > 0 {
		return nil
	}
	return v
}

// follow goes as far as the steps lead, and returns those that lead nowhere.
func (v *Value) follow(steps []step) (*Value, []step) {
	for i, s := range steps {
		next := v.child(s)
		if next == nil {
			return v, steps[i:]
		}
		v = next
	}
	return v, nil
}

func (v *Value) child(s step) *Value {
	switch {
	case s.index < 0:
		return v.Member(s.name)
	case v.Kind == Array && s.index < len(v.Elements):
		return v.Elements[s.index]
	case v.Kind != Array && s.index == 0:
		return v
	}
	return nil
}
