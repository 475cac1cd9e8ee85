package webhook

import (
	"context"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/go-logr/logr"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
	"github.com/bucketwarden/bucketwarden/policy/plain"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/inventory/watch"
	"github.com/bucketwarden/bucketwarden/webhook/settings"
)

// configuration feeds the settings from the cluster.
type configuration struct {
	store *settings.Store
	log   logr.Logger
	live  client.Reader // of the API server itself

	mu     sync.Mutex
	broken map[inventory.Key]string // why what is written is not in force
	known  map[inventory.Key]version
}

// version is of what is written in an object, its status aside.
type version struct {
	uid        string
	generation int64
}

func newConfiguration(store *settings.Store, live client.Reader, log logr.Logger) *configuration {
	return &configuration{store: store, live: live, log: log, broken: map[inventory.Key]string{}, known: map[inventory.Key]version{}}
}

// kinds are what the inventory's Watcher is to watch for it.
func (c *configuration) kinds() []watch.Kind {
	kind := func(name, plural string, put func(obj map[string]any) error, forget func(name string)) watch.Kind {
		crd := plural + "." + v1alpha1.GroupVersion.Group
		return watch.Kind{
			GroupKind: schema.GroupKind{Group: v1alpha1.GroupVersion.Group, Kind: name}, CRD: crd,
			Set:    func(obj map[string]any) { c.set(obj, put) },
			Delete: func(key inventory.Key) { c.delete(key, crd, forget) },
			Gone:   func() {}, // what was in force stays so, and is broken, since its objects went with the CRD
		}
	}
	return []watch.Kind{
		kind("Ruleset", "rulesets", func(obj map[string]any) error {
			return put(obj, &v1alpha1.Ruleset{}, c.store.PutRuleset)
		}, c.store.DeleteRuleset),
		kind("Exemption", "exemptions", func(obj map[string]any) error {
			return put(obj, &v1alpha1.Exemption{}, c.store.PutExemption)
		}, c.store.DeleteExemption),
	}
}

func put[T any](obj map[string]any, into T, take func(T) error) error {
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(obj, into); err != nil {
		return err
	}
	return take(into)
}

// set takes over an object that has changed. A change of its status, which we make ourselves, is none.
func (c *configuration) set(obj map[string]any, put func(obj map[string]any) error) {
	u, key := unstructured.Unstructured{Object: obj}, inventory.KeyOf(obj)
	now := version{string(u.GetUID()), u.GetGeneration()}
	c.mu.Lock()
	same := c.known[key] == now
	c.known[key] = now
	c.mu.Unlock()
	if !same {
		c.note(key, put(obj))
	}
}

func (c *configuration) note(key inventory.Key, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.broken, key)
	if err != nil {
		c.broken[key] = strings.Join(plain.Lines(err), "\n")
		c.log.Error(err, "invalid, not in force", "kind", key.Kind, "name", key.Name)
	}
}

// delete forgets what somebody deleted. What goes because its CRD does stays in force: nobody meant to give up all rules by
// that, and if somebody did, the next start of the server will have none.
func (c *configuration) delete(key inventory.Key, crd string, forget func(name string)) {
	c.mu.Lock()
	delete(c.known, key)
	c.mu.Unlock()
	if c.vanishing(crd) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.broken[key] = "its CRD is gone; the last version stays in force until the server restarts"
		c.log.Info("stays in force although its CRD is gone", "kind", key.Kind, "name", key.Name)
		return
	}
	forget(key.Name)
	c.note(key, nil)
}

func (c *configuration) vanishing(crd string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	var found metav1.PartialObjectMetadata
	found.SetGroupVersionKind(schema.GroupVersionKind{Group: "apiextensions.k8s.io", Version: "v1", Kind: "CustomResourceDefinition"})
	err := c.live.Get(ctx, client.ObjectKey{Name: crd}, &found)
	return apierrors.IsNotFound(err) || err == nil && found.DeletionTimestamp != nil
}

// Broken returns why what is written is not in force, by object.
func (c *configuration) Broken() map[inventory.Key]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.broken)
}
