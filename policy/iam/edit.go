package iam

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Edit is one change to a document. New replaces what is at At, or is added at the end of the object or list around
// it when nothing is there; a nil New removes what is there.
type Edit struct {
	At  Path
	New *Value
}

// Apply returns the document's text with the edits made; every byte that no edit is about stays.
// An edit inside something that another edit removes or replaces is dropped; the same edit twice counts once.
// The error names an edit that contradicts another one, or whose place the document does not have.
// Apply does not keep the result valid: a list may be left empty.
func (d *Document) Apply(edits []Edit) (string, error) {
	chosen := make(map[*Value]Edit, len(edits))
	var added []Edit
	for _, e := range edits {
		v := d.Lookup(e.At)
		if v == nil {
			added = append(added, e)
			continue
		}
		if before, ok := chosen[v]; ok && !sameEdit(before, e) {
			return "", fmt.Errorf("%s: two edits contradict each other", e.At)
		}
		chosen[v] = e
	}
	var cuts []cut
	if e, ok := chosen[d.root]; ok {
		if e.New == nil {
			return "", errors.New("the document itself cannot be removed")
		}
		return d.text[:d.root.Start] + e.New.Compact() + d.text[d.root.End:], nil
	}
	cuts = d.root.cuts(chosen, cuts)
	for _, e := range added {
		c, err := d.insertion(e, chosen)
		if err != nil {
			return "", err
		}
		cuts = append(cuts, c)
	}
	return splice(d.text, cuts)
}

// cut replaces text[start:end] by text.
type cut struct {
	start, end int
	text       string
}

func splice(text string, cuts []cut) (string, error) {
	slices.SortStableFunc(cuts, func(a, b cut) int { return cmp.Compare(a.start, b.start) })
	var b strings.Builder
	last := 0
	for _, c := range cuts {
		if c.start < last {
			return "", errors.New("edits overlap")
		}
		b.WriteString(text[last:c.start])
		b.WriteString(c.text)
		last = c.end
	}
	b.WriteString(text[last:])
	return b.String(), nil
}

// span is one child of a container with the bytes it takes.
type span struct {
	start, end int
	value      *Value
}

func (v *Value) spans() []span {
	var out []span
	for _, m := range v.Members {
		out = append(out, span{m.Start, m.Value.End, m.Value})
	}
	for _, e := range v.Elements {
		out = append(out, span{e.Start, e.End, e})
	}
	return out
}

// cuts adds the changes below v. A removed child takes the comma with it: the one after it, or the one before
// when nothing that stays follows.
func (v *Value) cuts(chosen map[*Value]Edit, cuts []cut) []cut {
	children := v.spans()
	removed := func(i int) bool {
		e, ok := chosen[children[i].value]
		return ok && e.New == nil
	}
	kept := -1 // the last child that stays
	for i := 0; i < len(children); i++ {
		if !removed(i) {
			kept = i
			if e, ok := chosen[children[i].value]; ok {
				cuts = append(cuts, cut{children[i].value.Start, children[i].end, e.New.Compact()})
			} else {
				cuts = children[i].value.cuts(chosen, cuts)
			}
			continue
		}
		first := i
		for i+1 < len(children) && removed(i+1) {
			i++
		}
		switch {
		case i+1 < len(children):
			cuts = append(cuts, cut{start: children[first].start, end: children[i+1].start})
		case kept >= 0:
			cuts = append(cuts, cut{start: children[kept].end, end: children[i].end})
		default:
			cuts = append(cuts, cut{start: v.Start + 1, end: v.End - 1})
		}
	}
	return cuts
}

// insertion adds a member or an element that is not there yet, behind the last one, spaced like its neighbours.
func (d *Document) insertion(e Edit, chosen map[*Value]Edit) (cut, error) {
	steps, ok := e.At.steps()
	if !ok || len(steps) == 0 || e.New == nil {
		return cut{}, fmt.Errorf("%s: the document has nothing there", e.At)
	}
	parent := d.root
	for _, s := range steps[:len(steps)-1] {
		if parent = parent.step(s); parent == nil {
			return cut{}, fmt.Errorf("%s: the document has nothing around that place", e.At)
		}
	}
	text := e.New.Compact()
	switch last := steps[len(steps)-1].(type) {
	case string:
		if parent.Kind != Object {
			return cut{}, fmt.Errorf("%s: %s has no members", e.At, parent.Kind)
		}
		text = quote(last) + ": " + text
	case int:
		if parent.Kind != Array || last != len(parent.Elements) {
			return cut{}, fmt.Errorf("%s: not the end of a list", e.At)
		}
	}
	children := parent.spans()
	if len(children) == 0 {
		return cut{parent.Start + 1, parent.End - 1, text}, nil
	}
	for _, c := range children {
		if edit, ok := chosen[c.value]; ok && edit.New == nil {
			return cut{}, fmt.Errorf("%s: adding beside something that is removed", e.At)
		}
	}
	end := children[len(children)-1].end
	return cut{end, end, "," + d.gap(parent, children) + text}, nil
}

// gap is the white space before the last child: a new neighbour gets the same.
func (d *Document) gap(parent *Value, children []span) string {
	from := parent.Start + 1
	if n := len(children); n > 1 {
		from = children[n-2].end + 1
	}
	between := d.text[from:children[len(children)-1].start]
	return between[len(strings.TrimRight(between, " \t\r\n")):]
}

func sameEdit(a, b Edit) bool {
	if a.New == nil || b.New == nil {
		return a.New == b.New
	}
	return a.New.Compact() == b.New.Compact()
}
