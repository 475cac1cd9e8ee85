package inventory

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// group is the entries under each key, in their order.
type group[K comparable] map[K][]*entry

func (g *group[K]) add(k K, e *entry) {
	if *g == nil {
		*g = group[K]{}
	}
	i, _ := g.find(k, e)
	(*g)[k] = slices.Insert((*g)[k], i, e)
}

func (g *group[K]) remove(k K, e *entry) {
	if i, ok := g.find(k, e); ok {
		(*g)[k] = slices.Delete((*g)[k], i, i+1)
	}
	if len((*g)[k]) == 0 {
		delete(*g, k)
	}
}

func (g *group[K]) find(k K, e *entry) (int, bool) { return slices.BinarySearchFunc((*g)[k], e, order) }

// order is the order of entries: of one kind, that in which the API server lists them.
func order(a, b *entry) int {
	return cmp.Or(strings.Compare(a.key.Group, b.key.Group), strings.Compare(a.key.Kind, b.key.Kind),
		strings.Compare(a.key.Namespace, b.key.Namespace), strings.Compare(a.key.Name, b.key.Name))
}

// trait is something that a selector of Buckets may ask for: the kind, the namespace, and a label or none.
type trait struct {
	kind                    schema.GroupKind
	namespace, label, value string
}

// traits returns those of a Bucket, the one without a label first.
func (e *entry) traits() []trait { return traits(e.key, e.labels) }

// wants returns those that the selector of e asks for, one at least.
func (e *entry) wants() []trait {
	s := e.name.Selector
	all := traits(target(e.key, source.Ref{Namespace: s.Namespace}), s.MatchLabels)
	if len(all) > 1 {
		return all[1:]
	}
	return all
}

func traits(key Key, labels map[string]string) []trait {
	out := []trait{{kind: key.GroupKind, namespace: key.Namespace}}
	for _, label := range slices.Sorted(maps.Keys(labels)) {
		out = append(out, trait{key.GroupKind, key.Namespace, label, labels[label]})
	}
	return out
}
