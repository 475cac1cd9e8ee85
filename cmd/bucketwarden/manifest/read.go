package manifest

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// read takes in one document; it may be a bare policy document if it is alone in its file.
func (f *File) read(d *document, alone bool) *Error {
	text := f.Text[d.start:d.end]
	if before, _, found := strings.Cut(text, "\n\ufeff"); found {
		return &Error{Line: d.line + strings.Count(before, "\n") + 1, Reason: "there is a byte order mark inside the file; remove it"}
	}
	root, err := d.tree(text)
	if err != nil {
		return err
	}
	if root.expanded() > MaxSize {
		return &Error{Line: d.line, Reason: "its aliases expand to more than " + strconv.Itoa(MaxSize>>20) + " MiB"}
	}
	if root.style == flow && isPolicy(root) {
		if !alone {
			return &Error{Line: d.line, Reason: "a policy document must be alone in its file"}
		}
		item := &Item{File: f, Line: d.line, Document: text, doc: d}
		if kind := neighbour(root); kind != "" {
			f.skip(kind)
			f.Neighbours = append(f.Neighbours, Neighbour{item, kind})
			return nil
		}
		f.Items = append(f.Items, item)
		return nil
	}
	// Not what the text seems to say but what kubectl makes of it decides: its words may be escaped, tagged or repeated.
	value, err := d.decode(text)
	if err == nil && !holdsKnown(f.Name, value) || err != nil && !seemsKnown(root) {
		f.skip(kindNamed(root.member("apiVersion").text(), root.member("kind").text()))
		object, _ := value.(map[string]any)
		for _, o := range append(itemsOf(object), value) {
			f.noteNear(o, d.line+strings.Count(text[:root.start], "\n"))
		}
		return nil
	}
	place := newLines(text)
	at := func(offset int) (line, column int) {
		line, column = place.position(text, offset)
		return line + d.line - 1, column
	}
	if again := root.repeated(); again != nil {
		line, column := at(again.start)
		return &Error{Line: line, Column: column, Reason: "key " + strconv.Quote(again.value) + " is there twice"}
	}
	if err != nil {
		return err
	}
	d.value, d.root = value, root
	defer func() { d.root = nil }()
	f.take(d, d.value, "", func(pointer string) int {
		n := root.lookup(pointer)
		if n == nil { // under a key that is written otherwise
			return d.line
		}
		line, _ := at(n.start)
		return line
	})
	return nil
}

func (d *document) tree(text string) (*node, *Error) {
	if d.json {
		return parseJSON(text), nil
	}
	root, err := parseYAML(text)
	if err != nil {
		return nil, yamlError(err, d, text)
	}
	return root, nil
}

// decode returns what kubectl makes of a document.
func (d *document) decode(text string) (value any, failed *Error) {
	raw := []byte(text)
	var err error
	if !d.json {
		raw, err = yaml.YAMLToJSON(raw)
	}
	if err == nil {
		err = json.Unmarshal(raw, &value)
	}
	if err != nil {
		return nil, yamlError(err, d, text)
	}
	return value, nil
}

// take adds the known objects of a document: its own, or those in the lists that it holds. pointer is that of value.
func (f *File) take(d *document, value any, pointer string, line func(pointer string) int) {
	object, _ := value.(map[string]any)
	items := itemsOf(object)
	all, render, wraps := f.wrapped(object, pointer, line)
	for _, in := range all {
		if in.text == "" {
			f.takeInner(d, in, pointer+in.pointer, render, line)
		} else if !f.takeText(d, in, pointer+in.pointer, render) {
			f.Notes = append(f.Notes, in.note)
		}
	}
	switch {
	case wraps:
	case isConfiguration(object):
		f.Configuration = append(f.Configuration, &Item{File: f, Line: line(pointer), Object: object, doc: d, pointer: pointer})
	case isKnown(object):
		f.noteFields(object, line(pointer))
		f.noteVersion(object, line(pointer))
		item := &Item{File: f, Line: line(pointer), doc: d, pointer: pointer}
		item.Object, item.Filled = unrendered(object)
		f.Items = append(f.Items, item)
	case items == nil:
		version, _ := object["apiVersion"].(string)
		kind, _ := object["kind"].(string)
		f.skip(kindNamed(version, kind))
		f.noteNear(value, line(pointer))
	}
	for i, item := range items {
		f.take(d, item, pointer+"/items/"+strconv.Itoa(i), line)
	}
}

// takeInner adds the known objects in what stands in another object.
func (f *File) takeInner(d *document, in inner, pointer, render string, line func(pointer string) int) {
	items, configuration := len(f.Items), len(f.Configuration)
	f.take(d, in.value, pointer, line)
	f.Configuration = f.Configuration[:configuration] // of another cluster
	for _, item := range f.Items[items:] {
		item.Template = item.Template || !in.kept
		item.Filled.Render = cmp.Or(render, item.Filled.Render)
		if item.doc == d {
			item.open(below(in.holes, strings.TrimPrefix(item.pointer, pointer), strings.TrimSuffix(pointer, in.pointer)))
		} else if len(in.holes) > 0 { // it stands in a text, which may be filled in as well
			item.open([]hole{{}})
		}
	}
}

// itemsOf returns what kubectl makes objects of when it takes an object for a list, as it does with all that have items.
// Those that do not say their kind have the one that the list is for. It is nil for what is no list.
func itemsOf(object map[string]any) []any {
	items, ok := object["items"].([]any)
	if !ok {
		return nil
	}
	kind, _ := object["kind"].(string)
	out := make([]any, len(items))
	for i, item := range items {
		if o, ok := item.(map[string]any); ok && o["kind"] == nil && o["apiVersion"] == nil {
			o = maps.Clone(o)
			o["kind"], o["apiVersion"] = strings.TrimSuffix(kind, "List"), object["apiVersion"]
			item = o
		}
		out[i] = item
	}
	return out
}

// holdsKnown reports whether take would find anything.
func holdsKnown(file string, value any) bool {
	holds := func(value any) bool { return holdsKnown(file, value) }
	object, _ := value.(map[string]any)
	if isKnown(object) || slices.ContainsFunc(itemsOf(object), holds) {
		return true
	}
	f := &File{Name: file}
	all, _, _ := f.wrapped(object, "", func(string) int { return 0 })
	return len(f.Notes) > 0 || slices.ContainsFunc(all, func(in inner) bool { return in.text != "" || holds(in.value) })
}

// seemsKnown reports whether somebody expects to hear of a document that cannot be decoded.
func seemsKnown(n *node) bool {
	kind, version, items := n.member("kind"), n.member("apiVersion"), n.member("items")
	if isList(kind.text()) && items != nil && items.kind == sequence {
		return slices.ContainsFunc(items.entries, func(e entry) bool { return seemsKnown(e.value.resolved()) })
	}
	return isKnown(map[string]any{"apiVersion": version.text(), "kind": kind.text()})
}

// isList tells a list by its kind: List, or a list of one kind as the API server returns it.
func isList(kind string) bool { return strings.HasSuffix(kind, "List") }

func isKnown(object map[string]any) bool {
	_, ok := source.Lookup(groupKind(object))
	return ok || isConfiguration(object)
}

func isConfiguration(object map[string]any) bool {
	gk := groupKind(object)
	_, config := source.LookupConfig(gk)
	return config || source.Roles(object) != nil || gk.Group == v1alpha1.GroupVersion.Group || gk == schema.GroupKind{Kind: "Namespace"}
}

func groupKind(object map[string]any) schema.GroupKind {
	version, _ := object["apiVersion"].(string)
	kind, _ := object["kind"].(string)
	return schema.FromAPIVersionAndKind(version, kind).GroupKind()
}

// isPolicy reports whether a JSON object is a policy document, however wrong it may be otherwise.
func isPolicy(n *node) bool {
	return n.member("Statement") != nil || n.kind == mapping && slices.ContainsFunc(n.entries, func(e entry) bool {
		version := e.value.resolved().text()
		return strings.EqualFold(e.key.resolved().text(), "Version") && (version == iam.Version2012 || version == iam.Version2008)
	})
}
