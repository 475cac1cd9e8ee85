package inventory

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// group is the entries under each key, in their order.
type group[K comparable] map[K][]*Entry

func (g *group[K]) add(k K, e *Entry) {
	if *g == nil {
		*g = group[K]{}
	}
	i, _ := g.find(k, e)
	(*g)[k] = slices.Insert((*g)[k], i, e)
}

func (g *group[K]) remove(k K, e *Entry) {
	if i, ok := g.find(k, e); ok {
		(*g)[k] = slices.Delete((*g)[k], i, i+1)
	}
	if len((*g)[k]) == 0 {
		delete(*g, k)
	}
}

func (g *group[K]) find(k K, e *Entry) (int, bool) { return slices.BinarySearchFunc((*g)[k], e, order) }

// order is the order of entries: of one kind, that in which the API server lists them.
func order(a, b *Entry) int {
	return cmp.Or(strings.Compare(a.key.Group, b.key.Group), strings.Compare(a.key.Kind, b.key.Kind),
		strings.Compare(a.key.Namespace, b.key.Namespace), strings.Compare(a.key.Name, b.key.Name))
}

// trait is something that a selector of Buckets may ask for: the kind, the namespace, and a label or none.
type trait struct {
	kind                    schema.GroupKind
	namespace, label, value string
}

// offers yields those of a Bucket, none of nil.
func (e *Entry) offers() iter.Seq[trait] {
	return func(yield func(trait) bool) {
		if e == nil || !yield(trait{kind: e.key.GroupKind, namespace: e.key.Namespace}) {
			return
		}
		for label, value := range e.labels {
			if !yield(trait{e.key.GroupKind, e.key.Namespace, label, value}) {
				return
			}
		}
	}
}

// wants returns those that the selector of e asks for, one at least.
func (e *Entry) wants() []trait {
	s := e.name.Selector
	t := target(e.key, source.Ref{Namespace: s.Namespace})
	if len(s.MatchLabels) == 0 {
		return []trait{{kind: t.GroupKind, namespace: t.Namespace}}
	}
	var out []trait
	for _, label := range slices.Sorted(maps.Keys(s.MatchLabels)) {
		out = append(out, trait{t.GroupKind, t.Namespace, label, s.MatchLabels[label]})
	}
	return out
}
