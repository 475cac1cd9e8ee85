package source

import (
	"maps"
	"slices"
	"strings"
)

// name reads the first place that names anything, in whichever way.
func (r *reader) name(root node, fields []NameField, namespaced bool) BucketName {
	namespace := ""
	if namespaced {
		namespace = r.first(root, "/metadata/namespace").Value
	}
	for _, f := range fields {
		var name BucketName
		literal := r.first(root, f.Literal)
		name.Literal, name.Pointer = literal.Value, literal.Pointer
		if f.Compound {
			name.Literal, _, _ = strings.Cut(literal.Value, ",")
		}
		if f.Ref != "" {
			name.Ref, name.Selector = r.ref(root, f.Ref, namespace), r.selector(root, f.Selector, namespace)
		}
		if name != (BucketName{}) {
			return name
		}
	}
	return BucketName{}
}

func (r *reader) ref(root node, pointer, namespace string) *Ref {
	for n := range r.at(root, pointer) {
		if n = r.object(n); n.value == nil {
			continue
		}
		ref := Ref{Namespace: namespace, Always: r.resolvesAlways(n), Pointer: n.pointer}
		ref.Name, _ = r.text(n.key("name"))
		if other, _ := r.text(n.key("namespace")); other != "" {
			ref.Namespace = other
		}
		return &ref
	}
	return nil
}

func (r *reader) selector(root node, pointer, namespace string) *Selector {
	for n := range r.at(root, pointer) {
		if n = r.object(n); n.value == nil {
			continue
		}
		selector := Selector{Namespace: namespace, Always: r.resolvesAlways(n), Pointer: n.pointer}
		if same := r.flag(n.key("matchControllerRef")); same != nil {
			selector.MatchControllerRef = *same
		}
		if other, _ := r.text(n.key("namespace")); other != "" {
			selector.Namespace = other
		}
		match := r.object(n.key("matchLabels"))
		object, _ := match.value.(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(object)) {
			value, _ := r.text(match.key(key))
			if selector.MatchLabels == nil {
				selector.MatchLabels = map[string]string{}
			}
			selector.MatchLabels[key] = value
		}
		return &selector
	}
	return nil
}

func (r *reader) resolvesAlways(n node) bool {
	resolve, _ := r.text(r.object(n.key("policy")).key("resolve"))
	return resolve == "Always"
}
