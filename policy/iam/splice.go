package iam

import (
	"bytes"
	"encoding/json"
	"strings"
)

func (e *editor) removes(v *Value) bool {
	replacement, changed := e.changed[v]
	return changed && replacement == nil
}

// replace writes what is before start, then text in the place of what ends before end.
func (e *editor) replace(start, end int, text string) {
	e.out.WriteString(e.text[e.done:start])
	e.out.WriteString(text)
	e.done = end
}

// value writes everything before v and v itself, and makes a list of it where it gets a second element.
func (e *editor) value(v *Value) {
	more := e.more(v)
	if len(more) > 0 {
		e.replace(v.Start, v.Start, "[")
	}
	if replacement := e.changed[v]; replacement != nil {
		e.replace(v.Start, v.End, replacement.Compact())
	} else {
		e.children(v)
	}
	if len(more) > 0 {
		e.replace(v.End, v.End, ", "+strings.Join(more, ", ")+"]")
	}
}

// more returns the elements that are to stand behind what is no list yet.
func (e *editor) more(v *Value) []string {
	var out []string
	for _, at := range e.places[v] {
		if v.Kind != Array && at.step.index > 0 {
			out = append(out, e.added[at].Compact())
		}
	}
	return out
}

func (e *editor) children(v *Value) {
	kept := -1 // the last child that stays
	for i := range v.count() {
		start, child := v.at(i)
		if e.removes(child) {
			continue
		}
		if kept+1 < i {
			first, _ := v.at(kept + 1)
			e.replace(first, start, "")
		}
		e.value(child)
		kept = i
	}
	e.tail(v, kept)
}

// tail writes what comes after the last child of v that stays: what is added, instead of what is removed there.
func (e *editor) tail(v *Value, kept int) {
	children, added := v.count(), e.additions(v)
	if kept == children-1 && len(added) == 0 {
		return
	}
	comma := e.comma(v)
	text := strings.Join(added, comma)
	switch {
	case kept >= 0:
		if len(added) > 0 {
			text = comma + text
		}
		_, last := v.at(kept)
		e.replace(last.End, v.childrenEnd(), text)
	case children > 0 && len(added) > 0:
		first, _ := v.at(0)
		e.replace(first, v.childrenEnd(), text)
	default: // not even the white space inside stays
		e.replace(v.Start+1, v.End-1, text)
	}
}

// additions returns what is added to v, as it will stand there.
func (e *editor) additions(v *Value) []string {
	var out []string
	for _, at := range e.places[v] {
		text := e.laidOut(e.added[at], v)
		switch {
		case v.Kind != Array && at.step.index >= 0:
			continue // see more
		case v.Kind == Object:
			text = string(appendQuoted(nil, at.step.name)) + e.colon(v) + text
		}
		out = append(out, text)
	}
	return out
}

// laidOut returns what is added inside around: an object on lines of its own where its neighbours are.
func (e *editor) laidOut(added, around *Value) string {
	text := added.Compact()
	comma := e.comma(around)
	line := strings.LastIndexByte(comma, '\n')
	if line < 0 || added.Kind != Object {
		return text
	}
	indent, start := comma[line+1:], e.text[:around.Start]
	start = start[strings.LastIndexByte(start, '\n')+1:]
	outer := start[:len(start)-len(strings.TrimLeft(start, " \t"))]
	step, deeper := strings.CutPrefix(indent, outer)
	if !deeper || step == "" {
		step = "  "
	}
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(text), indent, step); err != nil {
		return text // a value made by hand may hold anything
	}
	return out.String()
}

// comma returns the comma between the last two children with the white space after it.
func (e *editor) comma(v *Value) string {
	n := v.count()
	if n == 0 {
		return ", "
	}
	from := v.Start + 1
	if n > 1 {
		_, before := v.at(n - 2)
		from = before.End
	}
	to, _ := v.at(n - 1)
	return "," + trailing(e.text[from:to], space)
}

// colon returns the colon of the last member with the white space around it.
func (e *editor) colon(v *Value) string {
	if len(v.Members) == 0 {
		return ": "
	}
	last := v.Members[len(v.Members)-1]
	return trailing(e.text[last.Start:last.Value.Start], space+":")
}

// trailing returns the end of s that has only characters of set.
func trailing(s, set string) string { return s[len(strings.TrimRight(s, set)):] }

// count returns how many members or elements v has.
func (v *Value) count() int { return len(v.Members) + len(v.Elements) }

// at returns member or element i and where it starts.
func (v *Value) at(i int) (start int, child *Value) {
	if v.Kind == Object {
		return v.Members[i].Start, v.Members[i].Value
	}
	return v.Elements[i].Start, v.Elements[i]
}

// childrenEnd returns where the last child ends.
func (v *Value) childrenEnd() int {
	_, last := v.at(v.count() - 1)
	return last.End
}
