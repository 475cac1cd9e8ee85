package iam

import (
	"errors"
	"fmt"
	"strings"
)

// Edit is one change to a document. New replaces what is at At, or is added at the end of the object or list around
// it when nothing is there; a nil New removes what is there.
//
// What stands for a list of one has two paths, Statement and Statement[0], and is one thing: removing it by either
// removes the member. A second element, Statement[1], makes a list of it.
type Edit struct {
	At  Path
	New *Value
}

// Apply returns the document's text with the edits made; every byte that no edit is about stays.
// A removed thing takes its comma with it, an added one is spaced and indented like the last of its neighbours. Additions
// to a list come one after the other and are numbered on from its end, as if nothing were removed from it.
//
// An edit inside something that another edit removes or replaces is dropped; the same edit twice counts once. The
// error names an edit that contradicts another one, or whose place the document does not have.
// Apply does not keep the result valid: a list may be left empty.
func (d *Document) Apply(edits []Edit) (string, error) {
	e := editor{
		text:    d.Text(),
		changed: map[*Value]*Value{},
		added:   map[place]*Value{},
		places:  map[*Value][]place{},
	}
	for _, edit := range edits {
		if err := e.take(d.Root(), edit); err != nil {
			return "", err
		}
	}
	if e.removes(d.Root()) {
		return "", errors.New("the document itself cannot be removed")
	}
	for at := range e.added {
		if at.step.index >= 0 && at.around.Kind != Array && e.removes(at.around) {
			return "", fmt.Errorf("%s: one edit removes it and another turns it into a list", at.around.Path())
		}
	}
	e.value(d.Root())
	e.out.WriteString(d.Text()[e.done:])
	return e.out.String(), nil
}

// place is where a member or an element is added.
type place struct {
	around *Value
	step   step
}

// editor writes a text anew, from its beginning to its end.
type editor struct {
	text    string
	changed map[*Value]*Value  // by what; nil removes it
	added   map[place]*Value   // what
	places  map[*Value][]place // of what is added, by what is around it
	out     strings.Builder
	done    int // so much of text is written
}

func (e *editor) take(root *Value, edit Edit) error {
	steps, ok := edit.At.steps()
	if !ok {
		return fmt.Errorf("%q is not a path", edit.At)
	}
	v, missing := root.follow(steps)
	var before *Value
	var again bool
	switch {
	case len(missing) == 0:
		before, again = e.changed[v]
		e.changed[v] = edit.New
	case len(missing) > 1:
		return fmt.Errorf("%s: the document has no such place", edit.At)
	case edit.New == nil:
		return fmt.Errorf("%s: there is nothing to remove", edit.At)
	case missing[0].index < 0 && v.Kind != Object:
		return fmt.Errorf("%s: %s has no members", edit.At, v.Kind)
	case missing[0].index > 1 && v.Kind != Array && e.places[v] == nil:
		return fmt.Errorf("%s: %s has no elements", edit.At, v.Kind)
	default:
		at := place{v, missing[0]}
		if before, again = e.added[at]; !again {
			if at.step.index > len(v.listed())+len(e.places[v]) {
				return fmt.Errorf("%s: the list ends before that place", edit.At)
			}
			e.places[v] = append(e.places[v], at)
		}
		e.added[at] = edit.New
	}
	if again && !same(before, edit.New) {
		return fmt.Errorf("%s: two edits contradict each other", edit.At)
	}
	return nil
}

func same(a, b *Value) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Compact() == b.Compact()
}
