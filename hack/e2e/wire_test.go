//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
)

// step is one request as it goes over the wire: clients repair too much of what an attacker may send.
type step struct {
	Verb string `json:"verb"` // POST unless it says something else
	Path string `json:"path"` // the body's own, or that of the step before, unless it says something else
	Sub  string `json:"sub"`  // subresource
	// Query is what follows the question mark.
	Query string `json:"query"`
	Type  string `json:"type"` // json-patch, merge-patch, strategic-merge-patch, apply-patch, yaml; a JSON object unless it says something else
	As    string `json:"as"`   // user that is impersonated
	Body  any    `json:"body"` // text goes as it is
}

var contentTypes = map[string]string{
	"": "application/json", "json-patch": "application/json-patch+json", "merge-patch": "application/merge-patch+json",
	"strategic-merge-patch": "application/strategic-merge-patch+json", "apply-patch": "application/apply-patch+yaml",
	"yaml": "application/yaml",
}

// wire talks to the API server without a client between.
type wire struct {
	*http.Client
	host string
}

func newWire(t *testing.T) wire {
	t.Helper()
	client, err := rest.HTTPClientFor(rest.CopyConfig(suite.Config))
	if err != nil {
		t.Fatal(err)
	}
	return wire{client, strings.TrimSuffix(suite.Config.Host, "/")}
}

// reply is an object, or a Status.
type reply struct {
	code int
	unstructured.Unstructured
}

func (w wire) send(t *testing.T, verb, path, contentType, as, body string) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), verb, w.host+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Accept", "application/json")
	if as != "" {
		req.Header.Set("Impersonate-User", as)
	}
	resp, err := w.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // nothing was written to it
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	out := reply{code: resp.StatusCode}
	if err := json.Unmarshal(text, &out.Object); err != nil {
		t.Fatalf("%s %s: %v in %s", verb, path, err, text)
	}
	return out
}

func (r reply) status(t *testing.T) metav1.Status {
	t.Helper()
	var out metav1.Status
	if err := json.Unmarshal([]byte(encode(r.Object)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// target is where an object is, or is to be.
type target struct{ collection, name string }

func (t target) item() string { return t.collection + "/" + t.name }

// targetOf is where a body belongs; that of a patch says nothing, so that it goes where the last one went.
func targetOf(t *testing.T, body any, last target) target {
	t.Helper()
	object, _ := body.(map[string]any)
	obj := unstructured.Unstructured{Object: object}
	if obj.GetKind() == "" {
		return last
	}
	gvk := obj.GroupVersionKind()
	mapping, err := suite.mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
	if err != nil {
		t.Fatal(err)
	}
	group := "/apis/" + gvk.GroupVersion().String()
	if gvk.Group == "" {
		group = "/api/v1"
	}
	if obj.GetNamespace() != "" {
		group += "/namespaces/" + obj.GetNamespace()
	}
	return target{group + "/" + mapping.Resource.Resource, obj.GetName()}
}

// perform sends one step.
func (w wire) perform(t *testing.T, s step, at target) reply {
	t.Helper()
	verb := s.Verb
	if verb == "" {
		verb = http.MethodPost
	}
	if object, ok := s.Body.(map[string]any); ok && verb == http.MethodPut {
		now := w.send(t, http.MethodGet, at.item(), "application/json", "", "")
		obj := unstructured.Unstructured{Object: object}
		obj.SetResourceVersion(now.GetResourceVersion())
	}
	path := at.collection
	if verb != http.MethodPost {
		path = at.item()
	}
	if s.Path != "" {
		path = s.Path
	}
	if s.Sub != "" {
		path += "/" + s.Sub
	}
	if s.Query != "" {
		path += "?" + s.Query
	}
	body, ok := s.Body.(string)
	if !ok {
		body = encode(s.Body)
	}
	body = strings.ReplaceAll(body, "BYTE-FF", "\xff") // no UTF-8, which no file of attempts can hold
	return w.send(t, verb, path, contentTypes[s.Type], s.As, body)
}

// holds returns the versions of all objects of a kind by name.
func (w wire) holds(t *testing.T, collection string) map[string]string {
	t.Helper()
	list := w.send(t, http.MethodGet, collection, "application/json", "", "")
	out := map[string]string{}
	err := list.EachListItem(func(o runtime.Object) error {
		obj := o.(*unstructured.Unstructured)
		out[obj.GetName()] = obj.GetResourceVersion()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// try makes an attempt, and cleans up after it.
func (w wire) try(t *testing.T, a attempt) {
	var steps []step
	text := strings.ReplaceAll(encode(a.requests()), "BUCKET", a.bucket())
	if err := json.Unmarshal([]byte(text), &steps); err != nil {
		t.Fatal(err)
	}
	var at target
	if a.Standing != nil {
		at = targetOf(t, a.Standing, at)
		at.name = strings.ReplaceAll(at.name, "BUCKET", a.bucket())
	}
	for i, s := range steps {
		if at = targetOf(t, s.Body, at); at.collection == "" {
			at.collection = s.Path
		}
		last := i == len(steps)-1
		before := w.holds(t, at.collection)
		got := w.perform(t, s, at)
		if got.code < 300 && got.GetName() != "" && got.GetName() != at.name {
			at.name = got.GetName()
		}
		t.Cleanup(func() { w.remove(t, at) })
		if !last {
			if got.code >= 300 {
				t.Fatalf("step %d is not admitted: %d %s", i, got.code, got.status(t).Message)
			}
			continue
		}
		w.compare(t, a, got, at)
		if a.Refused != "" || a.Server != nil {
			if diff := cmp.Diff(before, w.holds(t, at.collection)); diff != "" {
				t.Errorf("refused, and something is stored all the same:\n%s", diff)
			}
		}
	}
}

// compare tells whether the answer is the one that an attempt has to get.
func (w wire) compare(t *testing.T, a attempt, got reply, at target) {
	t.Helper()
	admitted := got.code < 300
	if admitted != (a.Stored != nil || a.Admitted != "") {
		t.Fatalf("%s\nadmitted: %v, %d %s", a.Does, admitted, got.code, got.status(t).Message)
	}
	status := got.status(t)
	switch {
	case a.Refused != "":
		if !strings.HasPrefix(status.Message, denied) || !namesRule(status, a.Refused) {
			t.Errorf("%s\n%d %s\nwant %s", a.Does, got.code, status.Message, a.Refused)
		}
	case a.Server != nil:
		if status.Code != a.Server.Code || !strings.Contains(status.Message, a.Server.Says) || strings.Contains(status.Message, "admission webhook") {
			t.Errorf("%s\n%d %s\nwant %d %s", a.Does, status.Code, status.Message, a.Server.Code, a.Server.Says)
		}
	case a.Stored != nil:
		now := w.send(t, http.MethodGet, at.item(), "application/json", "", "")
		for pointer, want := range a.Stored {
			if text, ok := want.(string); ok {
				want = strings.ReplaceAll(text, "BUCKET", a.bucket())
			}
			if diff := cmp.Diff(want, lookup(now.Object, pointer)); diff != "" {
				t.Errorf("%s\n%s -want +stored:\n%s", a.Does, pointer, diff)
			}
		}
	default:
		t.Logf("admitted: %s", a.Admitted)
	}
}

func namesRule(s metav1.Status, rule string) bool {
	if s.Details == nil {
		return strings.Contains(s.Message, rule+" ")
	}
	for _, c := range s.Details.Causes {
		if string(c.Type) == rule {
			return true
		}
	}
	return false
}

// remove deletes what an attempt has left, finalizers or not.
func (w wire) remove(t *testing.T, at target) {
	t.Helper()
	if at.name == "" {
		return
	}
	w.send(t, http.MethodDelete, at.item(), "application/json", "", "")
	w.send(t, http.MethodPatch, at.item(), contentTypes["merge-patch"], "", `{"metadata": {"finalizers": null}}`)
}

// lookup returns the value at a JSON pointer, nil when there is none.
func lookup(v any, pointer string) any {
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		object, _ := v.(map[string]any)
		v = object[strings.ReplaceAll(token, "~1", "/")]
	}
	return v
}

// encode returns JSON with <, > and & as they are.
func encode(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
