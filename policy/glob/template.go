package glob

import "strings"

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
	out := make([]element, 0, len(t.code))
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
	b.Grow(len(t.code))
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
