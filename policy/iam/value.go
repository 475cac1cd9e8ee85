package iam

import (
	"strconv"
	"strings"
)

// Kind is the JSON type of a Value.
type Kind uint8

// The kinds a document may hold. JSON null is refused by Parse: no element allows it.
const (
	String Kind = iota + 1
	Number
	Bool
	Array
	Object
)

// String returns the kind as an error message names it, with its article.
func (k Kind) String() string {
	return [...]string{"nothing", "a string", "a number", "a boolean", "a list", "an object"}[k]
}

// Value is one JSON value of a document and its place in the text.
// Values that Parse made are shared by everyone who reads the document: do not change them.
type Value struct {
	Kind     Kind
	Text     string   // String: decoded. Number and Bool: the source text, so that 5.50 stays 5.50
	Members  []Member // Object, in source order
	Elements []*Value // Array, in source order
	Start    int      // first byte of the value in the text, from 0
	End      int      // first byte after it

	parent *Value
	name   string // under which the parent object holds it
	index  int    // at which the parent array holds it
	raw    string // the source text of a scalar; "" for a value made by hand
}

// Member is one name and value of an object.
type Member struct {
	Name  string // decoded
	Start int    // first byte of the quoted name
	Value *Value
}

// NewString returns a string value for an Edit.
func NewString(s string) *Value { return &Value{Kind: String, Text: s} }

// NewStrings returns an array of strings for an Edit.
func NewStrings(ss ...string) *Value {
	v := &Value{Kind: Array}
	for _, s := range ss {
		v.Elements = append(v.Elements, NewString(s))
	}
	return v
}

// Member returns the value under name, nil when v is no object or has none.
func (v *Value) Member(name string) *Value {
	for _, m := range v.Members {
		if m.Name == name {
			return m.Value
		}
	}
	return nil
}

// Path returns where the document holds v: "" for the root.
func (v *Value) Path() Path {
	switch {
	case v.parent == nil:
		return ""
	case v.parent.Kind == Array:
		return v.parent.Path().Index(v.index)
	case v.parent.parent == nil && v.name == "Statement" && v.Kind == Object:
		return v.parent.Path().Field(v.name).Index(0) // a lone statement reads like a list of one
	default:
		return v.parent.Path().Field(v.name)
	}
}

// Compact returns v as JSON without white space. Scalars keep their spelling.
func (v *Value) Compact() string {
	var b strings.Builder
	v.compact(&b)
	return b.String()
}

func (v *Value) compact(b *strings.Builder) {
	switch v.Kind {
	case Array:
		b.WriteByte('[')
		for i, e := range v.Elements {
			if i > 0 {
				b.WriteByte(',')
			}
			e.compact(b)
		}
		b.WriteByte(']')
	case Object:
		b.WriteByte('{')
		for i, m := range v.Members {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(quote(m.Name))
			b.WriteByte(':')
			m.Value.compact(b)
		}
		b.WriteByte('}')
	default:
		b.WriteString(v.scalar())
	}
}

func (v *Value) scalar() string {
	switch {
	case v.raw != "":
		return v.raw
	case v.Kind == String:
		return quote(v.Text)
	default:
		return v.Text
	}
}

// Path says where in a document something is: `Statement[1].Action[0]`, indexes from 0.
// A scalar that stands for a list of one has no index; a lone Statement object is Statement[0].
// A name with other characters than letters, digits, `_`, `-`, `:` and `/` is quoted:
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
	rest, ok := strings.CutPrefix(string(p), "Statement[")
	if !ok {
		return -1
	}
	digits, _, _ := strings.Cut(rest, "]")
	i, err := strconv.Atoi(digits)
	if err != nil {
		return -1
	}
	return i
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

// steps splits p into names (string) and indexes (int).
func (p Path) steps() ([]any, bool) {
	var out []any
	s := string(p)
	for s != "" {
		switch {
		case strings.HasPrefix(s, `["`):
			q, err := strconv.QuotedPrefix(s[1:])
			if err != nil || !strings.HasPrefix(s[1+len(q):], "]") {
				return nil, false
			}
			name, _ := strconv.Unquote(q)
			out, s = append(out, name), s[len(q)+2:]
		case s[0] == '[':
			digits, rest, ok := strings.Cut(s[1:], "]")
			i, err := strconv.Atoi(digits)
			if !ok || err != nil || i < 0 {
				return nil, false
			}
			out, s = append(out, i), rest
		default:
			s = strings.TrimPrefix(s, ".")
			n := strings.IndexAny(s, ".[")
			if n < 0 {
				n = len(s)
			}
			if n == 0 {
				return nil, false
			}
			out, s = append(out, s[:n]), s[n:]
		}
	}
	return out, true
}
