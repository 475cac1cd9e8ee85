package iam_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// author writes random documents, every gap between two tokens another white space.
type author struct {
	*rand.Rand
	strings.Builder
}

func randomDocument(r *rand.Rand) string {
	a := &author{Rand: r}
	a.gap()
	a.object([]string{"Version", "Id", "Statement"}, func(name string) {
		switch name {
		case "Version":
			a.WriteString(`"2012-10-17"`)
		case "Id":
			a.text()
		case "Statement":
			if a.IntN(3) == 0 {
				a.statement()
			} else {
				a.list(a.statement)
			}
		}
	})
	a.gap()
	return a.String()
}

func (a *author) statement() {
	elements := []string{"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}
	a.object(elements, func(name string) {
		switch name {
		case "Effect":
			a.WriteString(`"Deny"`)
		case "Sid":
			a.text()
		case "Principal":
			a.object([]string{"AWS", "Service", "a.b[0]", `x"y`, "é"}, func(string) { a.texts() })
		case "Action", "Resource":
			a.texts()
		case "Condition":
			a.object([]string{"Bool", "StringLike", "Null"}, func(string) {
				a.object([]string{"aws:a", "aws:b/c d", ""}, func(string) { a.list(a.scalar) })
			})
		}
	})
}

// object writes some of the members, in random order.
func (a *author) object(names []string, value func(string)) {
	a.WriteByte('{')
	a.gap()
	some := a.Perm(len(names))[:a.IntN(len(names)+1)]
	for i, n := range some {
		if i > 0 {
			a.comma()
		}
		a.WriteString(iam.NewString(names[n]).Compact())
		a.gap()
		a.WriteByte(':')
		a.gap()
		value(names[n])
	}
	a.gap()
	a.WriteByte('}')
}

func (a *author) list(element func()) {
	a.WriteByte('[')
	a.gap()
	for i := range a.IntN(4) {
		if i > 0 {
			a.comma()
		}
		element()
	}
	a.gap()
	a.WriteByte(']')
}

func (a *author) comma() {
	a.gap()
	a.WriteByte(',')
	a.gap()
}

func (a *author) gap() {
	a.WriteString([]string{"", " ", "\n  ", "\t", "\r\n"}[a.IntN(5)])
}

func (a *author) texts() {
	if a.IntN(2) == 0 {
		a.text()
	} else {
		a.list(a.text)
	}
}

func (a *author) text() {
	a.WriteString([]string{`"a"`, `"\u0062"`, `"é😀"`, `"s3:*"`, `""`, `"]}\","`}[a.IntN(6)])
}

func (a *author) scalar() {
	if a.IntN(2) == 0 {
		a.text()
		return
	}
	a.WriteString([]string{"5.50", "-0", "1e3", "true", "false"}[a.IntN(5)])
}

// tree is a JSON value as encoding/json finds it, with its place in the text.
type tree struct {
	path       string // of quoted names and indexes only, which Path never writes like this
	text       string
	start, end int
	open       byte // '{', '[' or 0
	children   []tree
	names      []string // of the children of an object
	from       []int    // where each child begins, with its name
}

// edits returns random edits of t and what is in it.
func (t tree) edits(r *rand.Rand) []iam.Edit {
	var out []iam.Edit
	for _, c := range t.children {
		out = append(out, c.edits(r)...)
	}
	switch r.IntN(8) {
	case 0:
		out = append(out, iam.Edit{At: iam.Path(t.path)})
	case 1:
		out = append(out, iam.Edit{At: iam.Path(t.path), New: randomValue(r)})
	case 2, 3:
		for i := range r.IntN(3) {
			out = append(out, t.addition(r, i))
		}
	}
	return out
}

func (t tree) addition(r *rand.Rand, i int) iam.Edit {
	at := t.path + fmt.Sprintf("[%d]", len(t.children)+i)
	if t.open != '[' {
		at = t.path + "[" + strconv.Quote([]string{"new", "a.b", "Sid", "\n"}[r.IntN(4)]) + "]"
	}
	return iam.Edit{At: iam.Path(at), New: randomValue(r)}
}

func randomValue(r *rand.Rand) *iam.Value {
	switch r.IntN(4) {
	case 0:
		return iam.NewStrings("p", "q")
	case 1:
		return &iam.Value{Kind: iam.Number, Text: "7.0"}
	case 2:
		return &iam.Value{Kind: iam.Object, Members: []iam.Member{{Name: "m", Value: iam.NewStrings()}}}
	default:
		return iam.NewString("x\"\u00e9")
	}
}
