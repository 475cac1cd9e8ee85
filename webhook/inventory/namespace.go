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

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// SetNamespace remembers a namespace, in place of what was known of it: its labels, and who owns what ACK makes for it.
func (x *Index) SetNamespace(name string, labels, annotations map[string]string) {
	x.setLabels(name, labels, true)
	x.setAccount(namespaceKey(name), annotations[source.OwnerAnnotation], source.OwnerAnnotation)
}

// DeleteNamespace forgets a namespace.
func (x *Index) DeleteNamespace(name string) {
	x.setLabels(name, nil, false)
	x.setAccount(namespaceKey(name), "", "")
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
	x.alter(func() []*entry {
		if before, existed := x.namespaces[name]; existed == exists && maps.Equal(before, labels) {
			return nil
		}
		var out []*entry
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
