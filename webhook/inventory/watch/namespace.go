package watch

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	ctrlsource "sigs.k8s.io/controller-runtime/pkg/source"
)

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
