package watch

import (
	"context"
	"strings"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"

	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// Health notices watches that fail: what the inventory knows is old from then on.
type Health struct {
	mu      sync.Mutex
	failing map[string]failure // by kind
}

// failure is a watch that failed. It has recovered once the reflector is at another resource version than then:
// bookmarks move that on about once a minute, even where nothing changes.
type failure struct {
	since   time.Time
	version string
	now     func() string // the reflector's resource version
}

// CacheOptions returns how a manager's cache is to keep objects for a Watcher: without what nobody reads, and telling h of
// watches that fail. Of an object that the Index is for the cache holds what the Index does, which nobody else can read.
func CacheOptions(h *Health) cache.Options {
	strip := cache.TransformStripManagedFields()
	return cache.Options{
		DefaultTransform: func(o any) (any, error) {
			if u, ok := o.(*unstructured.Unstructured); ok {
				if _, ok := source.Lookup(u.GroupVersionKind().GroupKind()); ok {
					return inventory.NewEntry(u.Object), nil
				}
			}
			return strip(o)
		},
		DefaultWatchErrorHandler: func(ctx context.Context, r *toolscache.Reflector, err error) {
			toolscache.DefaultWatchErrorHandler(ctx, r, err)
			h.fail(kindOf(r.TypeDescription()), time.Now(), r.LastSyncResourceVersion)
		},
	}
}

// fail notes that the watch of a kind failed. One that is failing already has been failing since then.
func (h *Health) fail(kind string, now time.Time, version func() string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.failing == nil {
		h.failing = map[string]failure{}
	}
	if before, ok := h.failing[kind]; ok && before.version == version() {
		return
	}
	h.failing[kind] = failure{now, version(), version}
}

// Stale returns how long the watch of each kind has been failing by now; without the healthy ones.
func (h *Health) Stale(now time.Time) map[string]time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := map[string]time.Duration{}
	for kind, f := range h.failing {
		if f.now() != f.version {
			delete(h.failing, kind)
			continue
		}
		out[kind] = now.Sub(f.since)
	}
	return out
}

// kindOf reads a reflector's description of what it watches, "s3.aws.upbound.io/v1beta1, Kind=BucketPolicy", as Objects
// names it.
func kindOf(description string) string {
	version, kind, ok := strings.Cut(description, ", Kind=")
	if !ok {
		return description
	}
	return schema.FromAPIVersionAndKind(version, kind).GroupKind().String()
}
