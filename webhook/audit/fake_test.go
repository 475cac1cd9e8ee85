package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// objects is an inventory whose objects say themselves what is found in them.
type objects struct {
	mu     sync.Mutex
	all    map[inventory.Key]map[string]any
	notify func([]inventory.Key)
}

func (o *objects) Get(key inventory.Key) map[string]any {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.all[key]
}

func (o *objects) Keys() []inventory.Key {
	o.mu.Lock()
	defer o.mu.Unlock()
	var out []inventory.Key
	for key := range o.all {
		out = append(out, key)
	}
	return out
}

func (o *objects) Notify(f func([]inventory.Key)) { o.notify = f }

// set puts an object in a namespace with findings: messages of BW201 that are denied.
func (o *objects) set(namespace, name string, messages ...any) inventory.Key {
	obj := m{
		"apiVersion": "s3.aws.upbound.io/v1beta1", "kind": "BucketPolicy", "spec": m{"found": messages},
		"metadata": m{"name": name, "namespace": namespace, "uid": "uid of " + name},
	}
	key := inventory.Key{GroupKind: schema.GroupKind{Group: "s3.aws.upbound.io", Kind: "BucketPolicy"}, Name: name}
	if namespace != "" {
		obj["apiVersion"], key.Group, key.Namespace = "s3.aws.m.upbound.io/v1beta1", "s3.aws.m.upbound.io", namespace
	}
	o.mu.Lock()
	o.all[key] = obj
	o.mu.Unlock()
	o.notify([]inventory.Key{key})
	return key
}

func (o *objects) remove(key inventory.Key) {
	o.mu.Lock()
	delete(o.all, key)
	o.mu.Unlock()
	o.notify([]inventory.Key{key})
}

// read is the review of an object that set has made.
func read(obj map[string]any) (v review.Review, ok bool, err error) {
	for _, message := range obj["spec"].(m)["found"].([]any) {
		if message == "panic" {
			panic("a bug")
		}
		v.Findings = append(v.Findings, finding(public, policy.Deny, message.(string)))
	}
	return v, true, nil
}

// server is an API server as far as an audit asks it.
type server struct {
	client.Client
	mu      sync.Mutex
	absent  map[string]bool // kinds of reports that it does not serve
	broken  bool
	stored  map[client.ObjectKey]*unstructured.Unstructured
	events  map[client.ObjectKey]string // notes
	applied []client.ObjectKey
}

func (s *server) serves(kind schema.GroupVersionKind) error {
	switch {
	case s.broken:
		return apierrors.NewInternalError(fmt.Errorf("broken"))
	case s.absent[kind.Kind]:
		return &meta.NoKindMatchError{GroupKind: kind.GroupKind()}
	}
	return nil
}

func (s *server) List(_ context.Context, list client.ObjectList, _ ...client.ListOption) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind := list.GetObjectKind().GroupVersionKind()
	kind.Kind = kind.Kind[:len(kind.Kind)-len("List")]
	if err := s.serves(kind); err != nil {
		return err
	}
	for _, u := range s.stored {
		if u.GetKind() == kind.Kind {
			item := metav1.PartialObjectMetadata{}
			item.SetNamespace(u.GetNamespace())
			item.SetName(u.GetName())
			item.SetAnnotations(u.GetAnnotations())
			items := &list.(*metav1.PartialObjectMetadataList).Items
			*items = append(*items, item)
		}
	}
	return nil
}

func (s *server) Get(_ context.Context, key client.ObjectKey, into client.Object, _ ...client.GetOption) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, ok := s.stored[key]
	if !ok {
		return apierrors.NewNotFound(schema.GroupResource{}, key.Name)
	}
	u.DeepCopyInto(into.(*unstructured.Unstructured))
	return nil
}

func (s *server) Apply(_ context.Context, config runtime.ApplyConfiguration, _ ...client.ApplyOption) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, err := json.Marshal(config)
	if err != nil {
		return err
	}
	u := &unstructured.Unstructured{}
	if err := u.UnmarshalJSON(text); err != nil {
		return err
	}
	if err := s.serves(u.GroupVersionKind()); err != nil {
		return err
	}
	key := client.ObjectKeyFromObject(u)
	s.stored[key] = u
	s.applied = append(s.applied, key)
	return nil
}

func (s *server) Create(_ context.Context, obj client.Object, _ ...client.CreateOption) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := client.ObjectKeyFromObject(obj)
	if _, ok := s.events[key]; ok {
		return apierrors.NewAlreadyExists(schema.GroupResource{}, key.Name)
	}
	s.events[key] = obj.(*eventsv1.Event).Note
	return nil
}

// writes returns how many reports have been written since it was last asked.
func (s *server) writes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.applied)
	s.applied = nil
	return n
}

// notes returns those of all Events since it was last asked.
func (s *server) notes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for key, note := range s.events {
		if note != "" {
			out = append(out, note)
			s.events[key] = ""
		}
	}
	slices.Sort(out)
	return out
}

func (s *server) change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}
