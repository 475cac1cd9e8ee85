package inventory

import (
	"context"
	"maps"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	ctrlsource "sigs.k8s.io/controller-runtime/pkg/source"
)

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

// watchNamespaces has the Index know all namespaces before the controller starts, and so before any other object.
func (w *Watcher) watchNamespaces(c controller.Controller) error {
	type (
		object = *metav1.PartialObjectMetadata
		queue  = workqueue.TypedRateLimitingInterface[reconcile.Request]
	)
	kind := &metav1.PartialObjectMetadata{}
	kind.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Namespace"))
	set := func(n object) { w.index.SetNamespace(n.Name, n.Labels, n.Annotations) }
	return c.Watch(ctrlsource.Kind(w.cache, kind, handler.TypedFuncs[object, reconcile.Request]{
		CreateFunc: func(_ context.Context, e event.TypedCreateEvent[object], _ queue) { set(e.Object) },
		UpdateFunc: func(_ context.Context, e event.TypedUpdateEvent[object], _ queue) { set(e.ObjectNew) },
		DeleteFunc: func(_ context.Context, e event.TypedDeleteEvent[object], _ queue) {
			w.index.DeleteNamespace(e.Object.Name)
		},
	}))
}
