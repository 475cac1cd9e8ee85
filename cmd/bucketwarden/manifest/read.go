package manifest

import (
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/policy/iam"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// read takes in one document; it may be a bare policy document if it is alone in its file.
func (f *File) read(d *document, alone bool) *Error {
	text := f.Text[d.start:d.end]
	root, err := d.tree(text)
	if err != nil {
		return err
	}
	if root.expanded() > MaxSize {
		return &Error{Line: d.line, Reason: "its aliases stand for more than " + strconv.Itoa(MaxSize>>20) + " MiB"}
	}
	if alone && root.style == flow && isPolicy(root) {
		f.Items = append(f.Items, &Item{File: f, Line: d.line, Document: text, doc: d})
		return nil
	}
	if !holdsKnown(root) {
		f.PassedOver++
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
	if d.value, err = d.decode(text); err != nil {
		return err
	}
	f.take(d, d.value, "", func(pointer string) int {
		line, _ := at(root.lookup(pointer).start)
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
		return nil, yamlError(err, d)
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
		return nil, yamlError(err, d)
	}
	return value, nil
}

// take adds the known objects of a document: its own, or those in the lists that it holds. pointer is that of value.
func (f *File) take(d *document, value any, pointer string, line func(pointer string) int) {
	object, _ := value.(map[string]any)
	kind, _ := object["kind"].(string)
	version, _ := object["apiVersion"].(string)
	if items, ok := object["items"].([]any); ok && isList(kind) {
		for i, item := range items {
			f.take(d, item, pointer+"/items/"+strconv.Itoa(i), line)
		}
		return
	}
	if !isKnown(version, kind) {
		f.PassedOver++
		return
	}
	f.Items = append(f.Items, &Item{File: f, Line: line(pointer), Object: object, doc: d, pointer: pointer})
}

// holdsKnown tells whether take would find anything.
func holdsKnown(n *node) bool {
	kind, version, items := n.member("kind"), n.member("apiVersion"), n.member("items")
	if isList(kind.text()) && items != nil && items.kind == sequence {
		return slices.ContainsFunc(items.entries, func(e entry) bool { return holdsKnown(e.value.resolved()) })
	}
	return isKnown(version.text(), kind.text())
}

// isList tells a list by its kind: List, or a list of one kind as the API server returns it.
func isList(kind string) bool { return strings.HasSuffix(kind, "List") }

func isKnown(version, kind string) bool {
	_, ok := source.Lookup(schema.FromAPIVersionAndKind(version, kind).GroupKind())
	return ok
}

// isPolicy tells whether a JSON object is a policy document, however wrong it may be otherwise.
func isPolicy(n *node) bool {
	version := n.member("Version").text()
	return n.member("Statement") != nil || version == iam.Version2012 || version == iam.Version2008
}
