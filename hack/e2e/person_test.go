//go:build e2e

package e2e

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"
)

// person talks to the API server and hears its warnings.
type person struct {
	client.Client
	t  *testing.T
	mu sync.Mutex
	// heard are the warnings since the last call of warnings.
	heard []string
}

func newPerson(t *testing.T) *person {
	t.Helper()
	return newUser(t, rest.ImpersonationConfig{})
}

// newUser is a person whom the API server takes for somebody else, with the rights of that user.
func newUser(t *testing.T, as rest.ImpersonationConfig) *person {
	t.Helper()
	p := &person{t: t}
	config := rest.CopyConfig(suite.Config)
	config.WarningHandler, config.QPS, config.Impersonate = p, -1, as
	c, err := client.New(config, client.Options{Mapper: suite.mapper})
	if err != nil {
		t.Fatal(err)
	}
	p.Client = c
	return p
}

// HandleWarningHeader implements rest.WarningHandler.
func (p *person) HandleWarningHeader(_ int, _, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard = append(p.heard, text)
}

// warnings returns what was heard, and forgets it.
func (p *person) warnings() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer func() { p.heard = nil }()
	return p.heard
}

// create creates an object that has to be admitted, and deletes it at the end of the test.
func (p *person) create(obj *unstructured.Unstructured) {
	p.t.Helper()
	if err := p.Create(p.t.Context(), obj); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { p.remove(obj) })
}

// remove deletes an object, also when the test's context has ended.
func (p *person) remove(obj client.Object) {
	if err := client.IgnoreNotFound(p.Delete(context.WithoutCancel(p.t.Context()), obj)); err != nil {
		p.t.Error(err)
	}
}

// again returns the object as it is stored now.
func (p *person) again(obj *unstructured.Unstructured) *unstructured.Unstructured {
	p.t.Helper()
	out := &unstructured.Unstructured{}
	out.SetGroupVersionKind(obj.GroupVersionKind())
	if err := p.Get(p.t.Context(), client.ObjectKeyFromObject(obj), out); err != nil {
		p.t.Fatal(err)
	}
	return out
}

// object reads one YAML document.
func object(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	out := &unstructured.Unstructured{}
	if err := yaml.UnmarshalStrict([]byte(text), &out.Object); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return out
}

// status returns what the API server answers.
func status(t *testing.T, err error) metav1.Status {
	t.Helper()
	var s apierrors.APIStatus
	if !errors.As(err, &s) {
		t.Fatalf("%v is no answer of the API server", err)
	}
	return s.Status()
}

// text returns the string at a field, "" when there is none.
func text(obj *unstructured.Unstructured, field string) string {
	s, _, _ := unstructured.NestedString(obj.Object, strings.Split(field, ".")...)
	return s
}

// eventually returns once done does, as what the gate knows comes by watches.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	err := wait.PollUntilContextTimeout(t.Context(), 20*time.Millisecond, 20*time.Second, true,
		func(context.Context) (bool, error) { return done(), nil })
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// about returns the warnings that a rule gave.
func about(rule string, warnings []string) []string {
	return slices.DeleteFunc(slices.Clone(warnings), func(w string) bool { return !strings.Contains(w, rule+" ") })
}
