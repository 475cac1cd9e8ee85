package manifest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/holes"
)

// within says where the text that a document is a part of stands in another one.
type within struct {
	outer *document
	text  string  // the holes of a template filled with letters, so that everything else keeps its place
	from  scanned // the same in the text of outer
}

// source returns the text of a document.
func (d *document) source(f *File) string {
	if d.within != nil {
		return d.within.text[d.start:d.end]
	}
	return f.Text[d.start:d.end]
}

// offset returns the byte of the file that a byte of the document's text comes from.
func (d *document) offset(at int) int {
	if d.within != nil {
		return d.within.outer.offset(d.within.from.at(min(d.start+at, len(d.within.from.value))))
	}
	return d.start + at
}

// mostCarried is how many bytes a text inside of an object may have to be read.
const mostCarried = 1 << 20

// takeText adds the known objects of a text that stands in another object. It is false where something that may be about buckets
// cannot be read.
func (f *File) takeText(d *document, in inner, pointer, render string) bool {
	n := d.root.lookup(pointer)
	if n == nil || len(in.text) > mostCarried {
		return false
	}
	from, ok := scan(d.source(f), n)
	if !ok {
		return false
	}
	all := true
	q, x := holes.MaskTemplate(in.text, "q"), holes.MaskTemplate(in.text, "x")
	for _, part := range splitYAML(q) {
		part.within = &within{d, q, from}
		if !f.takePart(part, x[part.start:part.end], in.partial, render) && (in.partial || speaksOfBuckets(q[part.start:part.end])) {
			all = false
		}
	}
	return all
}

// takePart adds the known objects of one document of a text; other is the same with another filling. It is false where there are none.
func (f *File) takePart(d *document, other string, partial bool, render string) bool {
	text := d.source(f)
	root, err := d.tree(text)
	if err != nil || strings.Contains(text, "{{") || root.repeated() != nil || root.expanded() > MaxSize {
		return false
	}
	value, err := d.decode(text)
	twin, failed := d.decode(other)
	if err != nil || failed != nil {
		return false
	}
	d.value, d.root = value, root
	defer func() { d.root = nil }()
	open := differing(value, twin, "")
	items, configuration := len(f.Items), len(f.Configuration)
	if f.breaks == nil {
		f.breaks = newLines(f.Text)
	}
	f.take(d, value, "", func(pointer string) int {
		at := 0
		if n := root.lookup(pointer); n != nil {
			at = n.start
		}
		line, _ := f.breaks.position(f.Text, d.offset(at))
		return line
	})
	f.Configuration = f.Configuration[:configuration] // of another cluster
	for _, item := range f.Items[items:] {
		item.fillIn(open, partial, render)
	}
	return len(f.Items) > items
}

// fillIn takes in what is open of an object in a text. Of a part of an object no setting can be judged: the rest may make up for it.
func (i *Item) fillIn(open []hole, partial bool, render string) {
	i.Template = true
	own := below(open, i.pointer, "")
	for _, h := range filledTexts(i.Object, "", holes.Placeholders) {
		if !slices.ContainsFunc(own, func(o hole) bool { return o.pointer == h.pointer }) {
			own = append(own, h)
		}
	}
	i.open(own)
	i.Filled.Settings = i.Filled.Settings || partial
	i.Filled.Render = cmp.Or(i.Filled.Render, render)
}

// Carried reports whether an item stands in a text of another object, where nothing is changed.
func (i *Item) Carried() bool { return i.doc != nil && i.doc.within != nil }

// differing returns where two values that are one template with two fillings differ.
func differing(a, b any, pointer string) []hole {
	var out []hole
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return []hole{{pointer: pointer}}
		}
		for name, member := range a {
			other, there := b[name]
			if !there {
				return []hole{{pointer: pointer}}
			}
			out = append(out, differing(member, other, pointer+"/"+escaped(name))...)
		}
		return out
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return []hole{{pointer: pointer}}
		}
		for i := range a {
			out = append(out, differing(a[i], b[i], pointer+"/"+strconv.Itoa(i))...)
		}
		return out
	case string:
		b, ok := b.(string)
		if !ok || len(a) != len(b) {
			return []hole{{pointer: pointer}}
		}
		if a == b {
			return nil
		}
		parts := holes.Differing(a, b)
		return []hole{{pointer: pointer, from: strings.Join(holes.Froms(parts), ", "), text: a, parts: parts}}
	}
	if a != b {
		return []hole{{pointer: pointer}}
	}
	return nil
}
