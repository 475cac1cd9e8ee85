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
	// As and Groups are who is impersonated.
	As     string   `json:"as"`
	Groups []string `json:"groups"`
	Body   any      `json:"body"` // text goes as it is
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
	code     int
	warnings []string
	unstructured.Unstructured
}

func (r reply) admitted() bool { return r.code < 300 }

func (w wire) get(t *testing.T, path string) reply {
	t.Helper()
	return w.send(t, step{Verb: http.MethodGet, Path: path}, "")
}

// send sends a body as it is.
func (w wire) send(t *testing.T, s step, body string) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), s.Verb, w.host+s.Path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentTypes[s.Type])
	req.Header.Set("Accept", "application/json")
	if s.As != "" {
		req.Header.Set("Impersonate-User", s.As)
		req.Header["Impersonate-Group"] = s.Groups
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
	out := reply{code: resp.StatusCode, warnings: resp.Header.Values("Warning")}
	if err := json.Unmarshal(text, &out.Object); err != nil { // a few refusals are a line of text
		out.Object = m{"code": resp.StatusCode, "message": string(text)}
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
func targetOf(t *testing.T, a attempt, body any, last target) target {
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
	if obj.GetNamespace() != "" {
		group += "/namespaces/" + obj.GetNamespace()
	}
	return target{group + "/" + mapping.Resource.Resource, a.fill(obj.GetName())}
}

// perform sends one step of an attempt.
func (w wire) perform(t *testing.T, a attempt, s step, at target) reply {
	t.Helper()
	if s.Verb == "" {
		s.Verb = http.MethodPost
	}
	if s.Path == "" && s.Verb == http.MethodPost {
		s.Path = at.collection
	} else if s.Path == "" {
		s.Path = at.item()
	}
	if s.Sub != "" {
		s.Path += "/" + s.Sub
	}
	if s.Query != "" {
		s.Path += "?" + s.Query
	}
	if object, ok := s.Body.(map[string]any); ok && s.Verb == http.MethodPut {
		now := w.get(t, at.item())
		obj := unstructured.Unstructured{Object: object}
		obj.SetResourceVersion(now.GetResourceVersion())
	}
	body, ok := s.Body.(string)
	if !ok {
		body = encode(s.Body)
	}
	return w.send(t, s, a.fill(body))
}

// holds returns the versions of all objects of a kind by name.
func (w wire) holds(t *testing.T, collection string) map[string]string {
	t.Helper()
	list, out := w.get(t, collection), map[string]string{}
	if list.code == http.StatusNotFound { // no such version of the kind
		return out
	}
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
	at := targetOf(t, a, a.Standing, target{})
	steps := a.requests()
	for i, s := range steps {
		s.Path = a.fill(s.Path)
		if at = targetOf(t, a, s.Body, at); at.collection == "" {
			at.collection = s.Path
		}
		before := w.holds(t, at.collection)
		got := w.perform(t, a, s, at)
		if got.admitted() && got.GetName() != "" {
			at.name = got.GetName()
		}
		t.Cleanup(func() { w.remove(t, at) })
		if i < len(steps)-1 {
			if !got.admitted() {
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

// compare reports whether the answer is the one that an attempt has to get.
func (w wire) compare(t *testing.T, a attempt, got reply, at target) {
	t.Helper()
	status := got.status(t)
	if want := a.Refused == "" && a.Server == nil; got.admitted() != want {
		t.Fatalf("%s\nadmitted: %t, %d %s", a.Does, got.admitted(), got.code, status.Message)
	}
	switch {
	case a.Refused != "":
		if !strings.HasPrefix(status.Message, denied) || !namesRule(status, a.Refused) {
			t.Errorf("%s\n%d %s\nwant %s", a.Does, got.code, status.Message, a.Refused)
		}
	case a.Server != nil:
		if got.code != a.Server.Code || !strings.Contains(status.Message, a.Server.Says) || strings.Contains(status.Message, "admission webhook") {
			t.Errorf("%s\n%d %s\nwant %d %s", a.Does, got.code, status.Message, a.Server.Code, a.Server.Says)
		}
	case a.Warned != "":
		if len(about(a.Warned, got.warnings)) == 0 {
			t.Errorf("%s\nwarned: %q\nwant %s", a.Does, got.warnings, a.Warned)
		}
	case a.Gone:
		if now := w.get(t, at.item()); now.code != http.StatusNotFound {
			t.Errorf("%s\nit is there: %d", a.Does, now.code)
		}
	default:
		w.compareStored(t, a, at)
	}
}

// compareStored reads back what was admitted.
func (w wire) compareStored(t *testing.T, a attempt, at target) {
	t.Helper()
	now := w.get(t, at.item())
	if !now.admitted() {
		t.Fatalf("%s\nadmitted, and not there: %d", a.Does, now.code)
	}
	for pointer, want := range a.Stored {
		if text, ok := want.(string); ok {
			want = strings.NewReplacer("HARMLESS-POLICY", allows(a.bucket(), reads), "BUCKET", a.bucket()).Replace(text)
		}
		if diff := cmp.Diff(want, lookup(now.Object, pointer)); diff != "" {
			t.Errorf("%s\n%s -want +stored:\n%s", a.Does, pointer, diff)
		}
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
	w.send(t, step{Verb: http.MethodDelete, Path: at.item()}, "")
	w.send(t, step{Verb: http.MethodPatch, Path: at.item(), Type: "merge-patch"}, `{"metadata": {"finalizers": null}}`)
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
