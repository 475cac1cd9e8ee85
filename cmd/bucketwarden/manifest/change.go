package manifest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gomodules.xyz/jsonpatch/v2"
	"k8s.io/apimachinery/pkg/runtime"
)

// Change is what is to be done to one item.
type Change struct {
	Item     *Item
	Patch    []jsonpatch.Operation // of an object: test, replace of a string or a boolean, remove; in terms of the object as it was
	Document string                // a bare document's new text
}

// Apply returns the text of the file with all changes made, and leaves every other byte as it is. What it returns was
// decoded again and is what the patches make of the objects; otherwise there is an *Error.
func (f *File) Apply(changes []Change) (string, error) {
	byDocument := map[*document][]Change{}
	var documents []*document
	for _, c := range changes {
		if byDocument[c.Item.doc] == nil {
			documents = append(documents, c.Item.doc)
		}
		byDocument[c.Item.doc] = append(byDocument[c.Item.doc], c)
	}
	var all []splice
	for _, d := range documents {
		cs := byDocument[d]
		if cs[0].Item.Object == nil {
			all = append(all, splice{d.start, d.end, cs[0].Document})
			continue
		}
		text, err := d.change(f.Text[d.start:d.end], cs)
		if err != nil {
			return "", &Error{File: f.Name, Line: cs[0].Item.Line, Reason: "cannot be fixed in place: " + err.Error()}
		}
		all = append(all, splice{d.start, d.end, text})
	}
	return apply(f.Text, all)
}

// change returns the text of a document after changes to objects in it.
func (d *document) change(text string, changes []Change) (string, error) {
	root, failed := d.tree(text)
	if failed != nil {
		return "", errors.New(failed.Reason)
	}
	e := editor{text: text, root: root, want: runtime.DeepCopyJSONValue(d.value), removed: map[*node][]bool{}}
	for _, c := range changes {
		for _, op := range c.Patch {
			if err := e.operation(op.Operation, c.Item.pointer+op.Path, op.Value); err != nil {
				return "", fmt.Errorf("%s: %w", op.Path, err)
			}
		}
	}
	for n, removed := range e.removed {
		splices, err := cut(text, n, removed)
		if err != nil {
			return "", err
		}
		e.splices = append(e.splices, splices...)
	}
	changed, err := apply(text, e.splices)
	if err != nil {
		return "", err
	}
	got, failed := d.decode(changed)
	if failed != nil {
		return "", fmt.Errorf("the result would be unreadable: %s", failed.Reason)
	}
	if !reflect.DeepEqual(got, e.want) {
		return "", fmt.Errorf("another value would change too, through an alias or a merge; write it out first")
	}
	return changed, nil
}

// editor turns operations on a value into splices of its text.
type editor struct {
	text    string
	root    *node
	want    any // the value after the operations
	splices []splice
	removed map[*node][]bool
}

func (e *editor) operation(op, pointer string, value any) error {
	switch op {
	case "test":
		return nil
	case "replace":
		n := e.root.lookup(pointer)
		if n == nil || n.kind != scalar {
			return fmt.Errorf("there is nothing to replace with %.20v", value)
		}
		splices, err := e.replace(n, value)
		if err != nil {
			return err
		}
		e.splices = append(e.splices, splices...)
		e.want = set(e.want, split(pointer), func(any) any { return value })
		return nil
	case "remove":
		return e.remove(pointer)
	}
	return fmt.Errorf("operation %q must be test, replace or remove", op)
}

// replace gives a scalar another value, a string or a boolean.
func (e *editor) replace(n *node, value any) ([]splice, error) {
	switch value := value.(type) {
	case string:
		return replace(e.text, n, value)
	case bool:
		if s, ok := scan(e.text, n); ok {
			return []splice{{n.start, s.end, strconv.FormatBool(value)}}, nil
		}
	}
	return nil, fmt.Errorf("%.20q cannot be replaced with %.20v", n.value, value)
}

func (e *editor) remove(pointer string) error {
	slash := strings.LastIndexByte(pointer, '/')
	parent := e.root.lookup(pointer[:slash])
	token := unescape(pointer[slash+1:])
	if parent != nil && parent.kind == mapping {
		parent, _ = parent.find(token)
	}
	if parent == nil {
		return fmt.Errorf("nothing to remove")
	}
	i := slices.IndexFunc(parent.entries, func(entry entry) bool { return entry.key.resolved().text() == token })
	if parent.kind == sequence {
		i, _ = strconv.Atoi(token)
	}
	if i < 0 || i >= len(parent.entries) {
		return fmt.Errorf("nothing to remove")
	}
	if e.removed[parent] == nil {
		e.removed[parent] = make([]bool, len(parent.entries))
	}
	e.removed[parent][i] = true
	e.want = set(e.want, split(pointer[:slash]), func(v any) any { return without(v, token) })
	return nil
}
