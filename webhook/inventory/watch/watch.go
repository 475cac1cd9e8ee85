// Package watch feeds the inventory from an API server.
package watch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	ctrlsource "sigs.k8s.io/controller-runtime/pkg/source"

	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// retry is how soon a CRD that the API server does not serve yet is asked for again.
const retry = 250 * time.Millisecond

var definition = schema.GroupVersionKind{Group: "apiextensions.k8s.io", Version: "v1", Kind: "CustomResourceDefinition"}

// Kind is one kind that a Watcher watches while its CRD is installed, and who is told of its objects.
type Kind struct {
	schema.GroupKind
	CRD    string // its name
	Set    func(obj map[string]any)
	Delete func(inventory.Key)
	// Gone is called when the CRD is, and with it all objects of the kind.
	Gone func()

	put func(*inventory.Entry) // in the place of Set, for the Index
}

// Watcher feeds an Index from the API server: every kind whose CRD is installed, also one that appears later.
type Watcher struct {
	index   *inventory.Index
	kinds   map[string]Kind // by the CRD's name
	cache   cache.Cache
	mapper  meta.RESTMapper
	mu      sync.Mutex
	watched map[string]*watched                                         // by the CRD's name
	changed chan event.TypedGenericEvent[*metav1.PartialObjectMetadata] // CRDs whose kinds were declared otherwise before
	ready   bool                                                        // once true it stays: a CRD that comes later does not take the server out of service
}

// watched is a kind in its preferred version. registration is nil while the API server does not serve it.
type watched struct {
	kind         schema.GroupVersionKind
	declared     source.Declaration // of a kind that somebody has declared: by another one another part of each object is kept
	registration toolscache.ResourceEventHandlerRegistration
}

// New adds a Watcher to a manager that was made with CacheOptions. Every replica runs one: none waits for a leader. It
// watches more kinds than the Index is for, if asked to.
func New(m manager.Manager, more ...Kind) (*Watcher, error) {
	w := &Watcher{index: &inventory.Index{}, kinds: map[string]Kind{}, cache: m.GetCache(), mapper: m.GetRESTMapper(), watched: map[string]*watched{},
		changed: make(chan event.TypedGenericEvent[*metav1.PartialObjectMetadata], mostDeclared)}
	for _, k := range append(kinds(w.index), more...) {
		w.kinds[k.CRD] = k
	}
	// A process may run one server after another.
	everywhere, sameName := false, true
	c, err := controller.New("inventory", m, controller.Options{
		Reconciler: w, NeedLeaderElection: &everywhere, SkipNameValidation: &sameName,
	})
	if err != nil {
		return nil, err
	}
	crd := &metav1.PartialObjectMetadata{}
	crd.SetGroupVersionKind(definition)
	events := &handler.TypedEnqueueRequestForObject[*metav1.PartialObjectMetadata]{}
	if err := c.Watch(ctrlsource.Kind(m.GetCache(), crd, events)); err != nil {
		return nil, err
	}
	if err := c.Watch(ctrlsource.Channel(w.changed, events)); err != nil {
		return nil, err
	}
	return w, w.watchNamespaces(c)
}

// Index returns the memory that the Watcher feeds.
func (w *Watcher) Index() *inventory.Index { return w.index }

// kinds are those that the Index is for.
func kinds(x *inventory.Index) []Kind {
	var out []Kind
	for _, s := range source.All() {
		out = append(out, indexed(x, s.GroupKind(), s.Plural))
	}
	for _, c := range source.Configs() {
		out = append(out, indexed(x, c.GroupKind(), c.Plural))
	}
	return out
}

func indexed(x *inventory.Index, gk schema.GroupKind, plural string) Kind {
	return Kind{GroupKind: gk, CRD: plural + "." + gk.Group, Set: x.Set, Delete: x.Delete, Gone: func() { x.DeleteKind(gk) }, put: x.Put}
}

// Reconcile starts, moves or stops the watch of one kind after its CRD changed.
func (w *Watcher) Reconcile(ctx context.Context, req reconcile.Request) (reconcile.Result, error) {
	kind, declared, ok := w.kindOf(req.Name)
	if !ok {
		return reconcile.Result{}, w.stop(ctx, req.Name)
	}
	crd := &metav1.PartialObjectMetadata{}
	crd.SetGroupVersionKind(definition)
	err := w.cache.Get(ctx, req.NamespacedName, crd)
	if client.IgnoreNotFound(err) != nil {
		return reconcile.Result{}, err
	}
	if err != nil || crd.DeletionTimestamp != nil {
		return reconcile.Result{}, w.stop(ctx, req.Name)
	}
	mapping, err := w.mapper.RESTMapping(kind.GroupKind)
	if meta.IsNoMatchError(err) {
		w.note(req.Name, &watched{})
		return reconcile.Result{RequeueAfter: retry}, nil
	}
	if err != nil {
		return reconcile.Result{}, err
	}
	return reconcile.Result{}, w.start(ctx, kind, &watched{kind: mapping.GroupVersionKind, declared: declared})
}

func (w *Watcher) note(crd string, state *watched) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.watched[crd] = state
}

func (w *Watcher) lookup(crd string) *watched {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.watched[crd]
}

func (w *Watcher) start(ctx context.Context, tell Kind, next *watched) error {
	if now := w.lookup(tell.CRD); now != nil && now.registration != nil {
		if now.kind == next.kind && now.declared == next.declared {
			return nil
		}
		if err := w.stop(ctx, tell.CRD); err != nil { // another version is preferred now; the old one may go away
			return err
		}
	}
	obj := &unstructured.Unstructured{}
	obj.SetGroupVersionKind(next.kind)
	informer, err := w.cache.GetInformer(ctx, obj, cache.BlockUntilSynced(false))
	if err != nil {
		return fmt.Errorf("watching %s: %w", next.kind, err)
	}
	registration, err := informer.AddEventHandler(toolscache.ResourceEventHandlerFuncs{
		AddFunc:    tell.set,
		UpdateFunc: func(_, o any) { tell.set(o) },
		DeleteFunc: tell.delete,
	})
	if err != nil {
		return fmt.Errorf("watching %s: %w", next.kind, err)
	}
	next.registration = registration
	w.note(tell.CRD, next)
	return nil
}

func (w *Watcher) stop(ctx context.Context, crd string) error {
	now := w.lookup(crd)
	if now != nil && now.registration != nil {
		obj := &unstructured.Unstructured{}
		obj.SetGroupVersionKind(now.kind)
		if err := w.cache.RemoveInformer(ctx, obj); err != nil {
			return err
		}
		if kind, ok := w.kinds[crd]; ok {
			kind.Gone()
		} else {
			w.index.DeleteKind(now.kind.GroupKind())
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.watched, crd)
	return nil
}

func (k Kind) set(o any) {
	switch o := o.(type) {
	case *inventory.Entry:
		k.put(o)
	case *unstructured.Unstructured:
		k.Set(o.Object)
	}
}

func (k Kind) delete(o any) {
	if gone, ok := o.(toolscache.DeletedFinalStateUnknown); ok {
		o = gone.Obj
	}
	switch o := o.(type) {
	case *inventory.Entry:
		k.Delete(o.Key())
	case *unstructured.Unstructured:
		k.Delete(inventory.KeyOf(o.Object))
	}
}

// Ready is a readiness check: nil once every kind that was installed at the start has been read.
func (w *Watcher) Ready(req *http.Request) error { return w.check(req.Context()) }

// WaitReady returns when Ready does, or with the reason why not when ctx ends.
func (w *Watcher) WaitReady(ctx context.Context) error {
	var last error
	err := wait.PollUntilContextCancel(ctx, 20*time.Millisecond, true, func(ctx context.Context) (bool, error) {
		last = w.check(ctx)
		return last == nil, nil
	})
	return errors.Join(err, last)
}

func (w *Watcher) check(ctx context.Context) error {
	w.mu.Lock()
	ready := w.ready
	w.mu.Unlock()
	if ready {
		return nil
	}
	crds := &metav1.PartialObjectMetadataList{}
	crds.SetGroupVersionKind(definition.GroupVersion().WithKind(definition.Kind + "List"))
	if err := w.cache.List(ctx, crds); err != nil {
		return fmt.Errorf("reading CRDs: %w", err)
	}
	for _, crd := range crds.Items {
		if _, _, ok := w.kindOf(crd.Name); !ok {
			continue
		}
		now := w.lookup(crd.Name)
		if now == nil || now.registration != nil && !now.registration.HasSynced() {
			return fmt.Errorf("%s have not been read yet", crd.Name)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ready = true
	return nil
}
