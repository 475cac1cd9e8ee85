package glob

import (
	"slices"
	"strings"
)

// Class is a set of characters that one piece of a template stands for.
type Class byte

// The classes. Their bytes are none of UTF-8's.
const (
	Digit    Class = 0xf8 + iota // 0 to 9
	Anything                     // all there are
	NotColon                     // all but `:`
	NotSlash                     // all but `/` and `:`
	Host                         // what a service principal's name is made of: a to z, 0 to 9, `.` and `-`
	manyOf                       // the piece before it stands for any number of its characters
)

// Template is a language of literal text, patterns and classes of characters, for the forms that identifiers have: an
// account is twelve digits, a user's name has no slash. Its wildcards are those of the Patterns in it.
type Template struct{ code string }

// Text adds a literal.
func (t Template) Text(s string) Template { return Template{t.code + valid(s)} }

// One adds n characters of a class.
func (t Template) One(c Class, n int) Template {
	return Template{t.code + strings.Repeat(string([]byte{byte(c)}), n)}
}

// Any adds any number of characters of a class.
func (t Template) Any(c Class) Template {
	return Template{t.code + string([]byte{byte(c), byte(manyOf)})}
}

// Pattern adds what p matches with its wildcards held to a class.
func (t Template) Pattern(p Pattern, c Class) Template {
	one := string([]byte{byte(c)})
	return Template{t.code + strings.NewReplacer(star, one+string([]byte{byte(manyOf)}), string([]byte{oneRaw}), one).Replace(p.code)}
}

// Language returns the strings of the template's form.
func (t Template) Language() Language { return Language{template: t, form: templated} }

// FoldLanguage returns the strings of the template's form without regard to case.
func (t Template) FoldLanguage() Language {
	var b strings.Builder
	for i, r := range t.code {
		if t.code[i] >= byte(Digit) {
			b.WriteByte(t.code[i])
		} else {
			b.WriteRune(fold(r))
		}
	}
	return Language{template: Template{b.String()}, form: templatedFold}
}

// elements takes the template apart.
func (t Template) elements(fold bool) []element {
	var out []element
	for i, r := range t.code {
		switch c := t.code[i]; {
		case Class(c) == manyOf:
			out[len(out)-1].many = true
		case c >= byte(Digit) && c < byte(manyOf):
			out = append(out, element{char: noChar, class: Class(c)})
		default:
			out = append(out, element{char: r, fold: fold})
		}
	}
	return out
}

// widest returns a pattern that holds all of the template: its classes are wildcards.
func (t Template) widest() Pattern {
	var b strings.Builder
	for i := 0; i < len(t.code); i++ {
		switch c := t.code[i]; {
		case c < byte(Digit):
			b.WriteByte(c)
		case i+1 < len(t.code) && Class(t.code[i+1]) == manyOf:
			b.WriteByte(starRaw)
			i++
		default:
			b.WriteByte(oneRaw)
		}
	}
	return Concat(Pattern{b.String()})
}

// members returns the characters of a class of few, those first that are in no smaller class. ok is false for any other.
func (c Class) members() (chars string, ok bool) {
	switch c {
	case Digit:
		return "1023456789", true
	case Host:
		return "xabcdefghijklmnopqrstuvwyz.-0123456789", true
	}
	return "", false
}

// in reports whether a class has a character.
func (c Class) in(r rune) bool {
	switch c {
	case Digit:
		return '0' <= r && r <= '9'
	case Anything:
		return true
	case NotColon:
		return r != ':'
	case NotSlash:
		return r != '/' && r != ':'
	case Host:
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '.' || r == '-'
	}
	return false
}

// excluded returns the characters that a class of nearly everything lacks.
func (c Class) excluded() string {
	switch c {
	case NotColon:
		return ":"
	case NotSlash:
		return "/:"
	}
	return ""
}

// acceptsAll reports whether the elements, one after another, read all of s: state by state, as the elements are.
func acceptsAll(elements []element, s string) bool {
	m := machine{elements, len(elements)/64 + 1}
	states := make([]uint64, m.words)
	m.enter(states, 0)
	for _, r := range s {
		next := make([]uint64, m.words)
		for i := range m.live(states) {
			if e := elements[i]; !e.accepts(r) {
				continue
			} else if e.many {
				m.enter(next, i)
			} else {
				m.enter(next, i+1)
			}
		}
		states = next
	}
	last := len(elements)
	return states[last/64]>>(last%64)&1 == 1
}

// Account returns the ARNs whose account l holds and whose resource the pattern matches. ok is false where l holds no
// account: it is of ARNs, or its text has a colon.
func (l Language) Account(resource Pattern) (_ Language, ok bool) {
	if l.form != exact && l.form != folded || strings.Contains(l.pattern.code, ":") {
		return Language{}, false
	}
	any := Pattern{star}
	return ARN{parts: [components]Pattern{{"arn"}, any, any, any, l.pattern, resource}}.Language(), true
}

// Unwrap returns the pattern of a language that is one, and whether case does not matter. ok is false for other forms.
func (l Language) Unwrap() (p Pattern, fold, ok bool) {
	return l.pattern, l.form == folded, l.form == exact || l.form == folded
}

// Split returns the ways to cut what p matches at a first colon: before it stands what the one matches, behind it what the
// other does. Neither has a colon in its text.
func (p Pattern) Split() (before, after []Pattern) {
	add := func(b, a string) {
		if !strings.Contains(b, ":") && !strings.Contains(a, ":") {
			before, after = append(before, Concat(Pattern{b})), append(after, Concat(Pattern{a}))
		}
	}
	for i := 0; i < len(p.code); i++ {
		switch p.code[i] {
		case ':', oneRaw:
			add(p.code[:i], p.code[i+1:])
		case starRaw:
			add(p.code[:i+1], p.code[i:])
		}
	}
	return before, after
}

// pick returns the first of chars that a list lacks.
func pick(chars string, list []rune) (rune, bool) {
	for _, r := range chars {
		if !slices.Contains(list, r) {
			return r, true
		}
	}
	return 0, false
}
