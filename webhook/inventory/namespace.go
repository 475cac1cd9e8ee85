package inventory

import "maps"

// namespace is what one says about the objects in it.
type namespace struct{ labels, annotations map[string]string }

// SetNamespace remembers a namespace, in place of what was known of it.
func (x *Index) SetNamespace(name string, labels, annotations map[string]string) {
	x.changeNamespace(name, func() { x.namespaces[name] = namespace{labels, annotations} })
}

// DeleteNamespace forgets a namespace.
func (x *Index) DeleteNamespace(name string) {
	x.changeNamespace(name, func() { delete(x.namespaces, name) })
}

// Namespace returns the labels of a namespace. It is false for one that is not known.
func (x *Index) Namespace(name string) (labels map[string]string, ok bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	n, ok := x.namespaces[name]
	return n.labels, ok
}

func (x *Index) changeNamespace(name string, change func()) {
	x.mu.Lock()
	if x.namespaces == nil {
		x.namespaces = map[string]namespace{}
	}
	before := x.namespaces[name]
	change()
	after := x.namespaces[name]
	var keys []Key
	if x.notify != nil && !(maps.Equal(before.labels, after.labels) && maps.Equal(before.annotations, after.annotations)) {
		for key := range x.objects {
			if key.Namespace == name {
				keys = append(keys, key)
			}
		}
	}
	x.mu.Unlock()
	if len(keys) > 0 {
		x.notify(keys)
	}
}
