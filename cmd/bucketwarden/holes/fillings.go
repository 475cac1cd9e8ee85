package holes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Policy is a policy document with holes in its strings.
type Policy struct {
	// Text is the document with a made-up filling. Everything outside of the holes is where it is in the document.
	Text string
	// Extremes are what the document may become, or come close to, for better and for worse: with other names, without the
	// statements that have holes, with those as wide as they can get. What is found in all of them and in Text, about what has
	// no hole, holds whatever the holes are filled with. The last one allows least, so that what is said of it holds for all.
	Extremes []string
	open     map[int]bool // statements that have holes, by index
}

// NewPolicy returns the policy that a text with holes is. It is false where a hole is anything but a part of a string, or is
// outside of the statements: then nothing is known. What fills in a hole is taken to stay inside its string.
func NewPolicy(text string, all []Hole) (Policy, bool) {
	if !insideStrings(text, all) {
		return Policy{}, false
	}
	p := Policy{Text: mask(text, all, "q"), open: map[int]bool{}}
	other := mask(text, all, "x")
	for _, with := range []string{"*", ""} {
		p.Extremes = append(p.Extremes, fill(text, all, func(Hole) string { return with }))
	}
	p.Extremes = append(p.Extremes, other)
	if _, err := iam.Parse(p.Text); err != nil {
		return p, true // it is wrong whatever is filled in
	}
	p.Extremes = readable(p.Extremes)
	a, b, ok := parts(p.Text), parts(other), true
	for _, m := range a.members {
		ok = ok && (m.name == "Statement" || m.name == "Id" || bytes.Equal(m.value, b.member(m.name)))
	}
	if !ok || len(a.statements) != len(b.statements) {
		return Policy{}, false
	}
	for i := range a.statements {
		if !bytes.Equal(a.statements[i], b.statements[i]) {
			p.open[i] = true
		}
	}
	for _, widen := range [][2]bool{{false, false}, {false, true}, {true, true}, {true, false}} {
		p.Extremes = append(p.Extremes, a.with(func(i int) json.RawMessage {
			if !p.open[i] {
				return a.statements[i]
			}
			return extreme(a.statements[i], b.statements[i], widen[0], widen[1])
		}))
	}
	return p, true
}

// Open reports whether a path of the document leads into a statement with a hole.
func (p Policy) Open(at iam.Path) bool {
	rest, ok := strings.CutPrefix(string(at), "Statement")
	if !ok {
		return false
	}
	if rest, ok = strings.CutPrefix(rest, "["); ok {
		number, _, _ := strings.Cut(rest, "]")
		i, err := strconv.Atoi(number)
		return err != nil || p.open[i]
	}
	return p.open[0] // a lone statement
}

// insideStrings reports whether each hole is between the quotes of one JSON string.
func insideStrings(text string, all []Hole) bool {
	inside, at := false, 0
	for _, h := range all {
		for ; at < h.Start; at++ {
			switch {
			case text[at] == '"':
				inside = !inside
			case text[at] == '\\' && inside:
				at++
			}
		}
		if !inside || at > h.Start { // or it is half of an escape
			return false
		}
		at = h.End
	}
	return true
}

// readable leaves out what S3 would refuse as a whole.
func readable(texts []string) []string {
	var out []string
	for _, text := range texts {
		if _, err := iam.Parse(text); err == nil {
			out = append(out, text)
		}
	}
	return out
}

// document is a policy in parts.
type document struct {
	members    []member
	statements []json.RawMessage
	lone       bool // the statement is not in a list
}

type member struct {
	name  string
	value json.RawMessage
}

func (d document) member(name string) json.RawMessage {
	for _, m := range d.members {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// parts takes apart a text that iam has read.
func parts(text string) document {
	var d document
	d.members = membersOf([]byte(text))
	statements := d.member("Statement")
	if json.Unmarshal(statements, &d.statements) != nil {
		d.statements, d.lone = []json.RawMessage{statements}, true
	}
	return d
}

// membersOf returns the members of an object in their order, none of what is no object.
func membersOf(raw []byte) []member {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return nil
	}
	var out []member
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return out
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return out
		}
		out = append(out, member{fmt.Sprint(name), value})
	}
	return out
}

// with returns the document with other statements in the place of its own.
func (d document) with(statement func(int) json.RawMessage) string {
	list := make([]json.RawMessage, len(d.statements))
	for i := range list {
		list[i] = statement(i)
	}
	statements := list[0]
	if !d.lone {
		statements = object('[', ']', list)
	}
	var members []json.RawMessage
	for _, m := range d.members {
		if m.name == "Statement" {
			m.value = statements
		}
		members = append(members, named(m.name, m.value))
	}
	return string(object('{', '}', members))
}

func object(begin, end byte, parts []json.RawMessage) json.RawMessage {
	out := []byte{begin}
	for i, p := range parts {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, p...)
	}
	return append(out, end)
}

func named(name string, value json.RawMessage) json.RawMessage {
	out, _ := json.Marshal(name) // a string
	return append(append(out, ':'), value...)
}
