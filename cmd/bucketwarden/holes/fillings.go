package holes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// Policy is a policy document with holes in its strings.
type Policy struct {
	// Text is the document with a made-up filling. Everything outside of the holes is where it is in the document.
	Text string
	// Extremes are what the document may become, or come close to, for better and for worse. What is found in Text and in all
	// extremes that are about its place holds whatever the holes are filled with, and the last of those says it best.
	Extremes []Extreme

	open      map[int]bool // statements that have holes, by index
	resources map[int]bool // those that have none but in the names of Resource
	unclear   bool         // a hole says of what the document is
	words     *strings.Replacer
}

// Extreme is one thing that a policy may become, and which findings it has a say in.
type Extreme struct {
	Text  string
	About []Place
}

// Place says where in a policy something is found.
type Place uint8

// The places.
const (
	Closed   Place = iota // a statement without holes, or the document
	Resource              // a statement that has no hole but in the names in its Resource
	Open                  // any other: whatever is found there depends on a hole
)

// NewPolicy returns the policy that a text with holes is. It is false where a hole is anything but a part of a string, or is
// outside of the statements: then nothing is known. What fills in a hole is taken to stay inside its string.
func NewPolicy(text string, all []Hole) (Policy, bool) {
	if len(text) > iam.MaxSize || !InsideStrings(text, all) {
		return Policy{}, false
	}
	p := Policy{Text: mask(text, all, "q"), open: map[int]bool{}, resources: map[int]bool{}}
	other := mask(text, all, "x")
	for _, with := range []string{"*", "", "q/*"} {
		p.extreme(fill(text, all, func(Hole) string { return with }), Closed, Resource)
	}
	p.extreme(other, Closed, Resource)
	if !json.Valid([]byte(p.Text)) {
		return p, true // whatever is filled in
	}
	a, b, ok := parts(p.Text), parts(other), true
	for _, m := range a.members {
		ok = ok && (m.name == "Statement" || m.name == "Id" || bytes.Equal(m.value, b.member(m.name)))
	}
	if !ok || len(a.statements) != len(b.statements) {
		return Policy{}, false
	}
	for i := range a.statements {
		p.open[i] = !bytes.Equal(a.statements[i], b.statements[i])
		certain := ofBuckets(a.statements[i], b.statements[i])
		p.unclear = p.unclear || !certain
		p.resources[i] = p.open[i] && certain && onlyResource(a.statements[i], b.statements[i])
	}
	p.extremes(a, b)
	if !readable(p.Text) {
		return p, !readable(p.Extremes[len(p.Extremes)-1].Text) // what is wrong has no hole
	}
	p.Extremes = slices.DeleteFunc(p.Extremes, func(e Extreme) bool { return !readable(e.Text) }) // S3 refuses those
	p.name(text, all)
	return p, true
}

func readable(text string) bool {
	_, err := iam.Parse(text)
	return err == nil
}

func (p *Policy) extreme(text string, about ...Place) {
	p.Extremes = append(p.Extremes, Extreme{text, about})
}

// extremes adds the document with its open statements at their narrowest and widest, for findings about the others. a and b are
// the document with two fillings.
func (p *Policy) extremes(a, b document) {
	for _, widen := range [][2]bool{{false, false}, {false, true}, {true, true}, {true, false}} {
		p.extreme(a.with(func(i int) json.RawMessage {
			if !p.open[i] {
				return a.statements[i]
			}
			return extreme(a.statements[i], b.statements[i], widen[0], widen[1])
		}), Closed)
	}
}

// name adds the document with its Denies as wide as a filling could make them reach, for findings about statements of which
// the Resource is open: what is allowed all the same is allowed whatever that is. The holes have names in it.
func (p *Policy) name(text string, all []Hole) {
	var words []string
	n := 0
	named := fill(text, all, func(h Hole) string {
		n++
		name := fmt.Sprintf("zz%dhole%dzz", n, n)
		words = append(words, name, h.written(text))
		return name
	})
	p.words = strings.NewReplacer(words...)
	ours, theirs := parts(named), parts(fill(text, all, func(Hole) string { return "x" }))
	p.extreme(ours.with(func(i int) json.RawMessage { return everywhere(ours.statements[i], theirs.statements[i]) }), Resource)
}

// Words returns a message with the holes in it as they are written.
func (p Policy) Words(message string) string {
	if p.words == nil {
		return message
	}
	return p.words.Replace(message)
}

// Place returns where a path of the document leads.
func (p Policy) Place(at iam.Path) Place {
	rest, ok := strings.CutPrefix(string(at), "Statement[")
	if !ok && p.unclear {
		return Open
	}
	if !ok {
		return Closed
	}
	number, element, _ := strings.Cut(rest, "]")
	i, err := strconv.Atoi(number)
	switch {
	case err == nil && !p.open[i]:
		return Closed
	case err == nil && p.resources[i] && !strings.HasPrefix(element, ".Resource"):
		return Resource
	}
	return Open
}

// InsideStrings reports whether each hole of a JSON text is between the quotes of one string.
func InsideStrings(text string, all []Hole) bool {
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
	statements := object('[', ']', list)
	if d.lone {
		statements = list[0]
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
