package inventory

import (
	"maps"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// SetNamespace remembers a namespace, in place of what was known of it: its labels, and who owns what ACK makes for it.
func (x *Index) SetNamespace(name string, labels, annotations map[string]string) {
	x.setLabels(name, labels, true)
	key := namespaceKey(name)
	a := account{id: annotations[source.OwnerAnnotation], from: key.String() + " (" + source.OwnerAnnotation + ")"}
	if team := annotations[source.TeamAnnotation]; team != "" {
		a.actor = source.Actor{Kind: source.Team, ID: team}
	} else if a.id != "" {
		a.actor = source.Actor{Kind: source.Account, ID: a.id}
	}
	x.setAccount(key, a)
}

// DeleteNamespace forgets a namespace.
func (x *Index) DeleteNamespace(name string) {
	x.setLabels(name, nil, false)
	x.setAccount(namespaceKey(name), account{})
}

// Namespace returns the labels of a namespace. It is false for one that is not known.
func (x *Index) Namespace(name string) (labels map[string]string, ok bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	labels, ok = x.namespaces[name]
	return labels, ok
}

// setLabels remembers the labels of a namespace that exists, or forgets it.
func (x *Index) setLabels(name string, labels map[string]string, exists bool) {
	x.alter(func() []*Entry {
		if before, existed := x.namespaces[name]; existed == exists && maps.Equal(before, labels) {
			return nil
		}
		var out []*Entry
		for _, e := range x.objects {
			if e.key.Namespace == name {
				out = append(out, e)
			}
		}
		return out
	}, func() {
		if x.namespaces == nil {
			x.namespaces = map[string]map[string]string{}
		}
		delete(x.namespaces, name)
		if exists {
			x.namespaces[name] = labels
		}
	})
}
