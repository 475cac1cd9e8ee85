package webhook

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	admissionv1 "k8s.io/api/admission/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
	"github.com/bucketwarden/bucketwarden/webhook/settings"
)

var update = flag.Bool("update", false, "write what the handlers answer into testdata")

// TestHandlers answers the request of each archive with both webhooks, the second one on what the first one made.
// object.yaml alone is a creation, with old.yaml an update; old.yaml alone is a deletion. beside.yaml is what else the
// cluster holds, a list. A first line "level: x" chooses another level than baseline, "denial: x" another denial, "user: x" who asks.
func TestHandlers(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c := readCase(t, archive)
			got := c.answers(t)
			archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool {
				if f.Name != "answers.txt" {
					return false
				}
				if diff := cmp.Diff(string(f.Data), got); diff != "" && !*update {
					t.Errorf("-want +got:\n%s", diff)
				}
				return true
			})
			if *update {
				archive.Files = append(archive.Files, txtar.File{Name: "answers.txt", Data: []byte(got)})
				if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// handlersCase is one archive.
type handlersCase struct {
	handlers
	object, old []byte // JSON, nil when there is none
	user        string
}

func readCase(t testing.TB, archive *txtar.Archive) handlersCase {
	t.Helper()
	index := &inventory.Index{}
	reviewer := review.Reviewer{Rules: rules.All, Level: policy.Baseline}
	c := handlersCase{handlers: handlers{
		now: func() review.Reviewer { return reviewer }, inventory: index, denial: Forbidden,
		store: settings.NewStore(rules.All), metrics: newMetrics(), adopters: DefaultAdopters(),
	}}
	for line := range strings.Lines(string(archive.Comment)) {
		if level, ok := strings.CutPrefix(line, "level: "); ok {
			reviewer.Level = policy.Level(strings.TrimSpace(level))
		}
		if user, ok := strings.CutPrefix(line, "user: "); ok {
			c.user = strings.TrimSpace(user)
		}
		if denial, ok := strings.CutPrefix(line, "denial: "); ok {
			c.denial = Denial(strings.TrimSpace(denial))
		}
	}
	for _, f := range archive.Files {
		text, err := yaml.YAMLToJSON(f.Data)
		if err != nil && f.Name != "answers.txt" {
			t.Fatalf("%s: %v", f.Name, err)
		}
		switch f.Name {
		case "object.yaml":
			c.object = text
		case "old.yaml":
			c.old = text
		case "beside.yaml":
			var items []map[string]any
			if err := json.Unmarshal(text, &items); err != nil {
				t.Fatal(err)
			}
			for _, obj := range items {
				index.Set(obj)
			}
		}
	}
	return c
}

func (c handlersCase) request(t *testing.T, object []byte) admission.Request {
	t.Helper()
	req := admissionv1.AdmissionRequest{
		UID: "u", Operation: operation(object, c.old),
		UserInfo: authenticationv1.UserInfo{Username: c.user},
		Object:   runtime.RawExtension{Raw: object}, OldObject: runtime.RawExtension{Raw: c.old},
	}
	subject := object
	if object == nil {
		subject = c.old
	}
	var u unstructured.Unstructured
	if err := json.Unmarshal(subject, &u.Object); err != nil {
		t.Fatal(err)
	}
	gvk := u.GroupVersionKind()
	req.Kind = metav1.GroupVersionKind{Group: gvk.Group, Version: gvk.Version, Kind: gvk.Kind}
	req.Name, req.Namespace = u.GetName(), u.GetNamespace()
	return admission.Request{AdmissionRequest: req}
}

// operation is what a case is about, by which objects it has.
func operation(object, old []byte) admissionv1.Operation {
	switch {
	case object == nil:
		return admissionv1.Delete
	case old != nil:
		return admissionv1.Update
	}
	return admissionv1.Create
}

// answers returns what both webhooks say. Patching what is patched already has to change nothing.
func (c handlersCase) answers(t *testing.T) string {
	t.Helper()
	var out strings.Builder
	object := c.object
	if object != nil {
		resp := c.mutate(t.Context(), c.request(t, object))
		describe(&out, "mutate", resp)
		object = patched(t, object, resp)
		if again := c.mutate(t.Context(), c.request(t, object)); len(again.Patches) > 0 {
			t.Errorf("patched a second time: %v", again.Patches)
		}
	}
	describe(&out, "validate", c.validate(t.Context(), c.request(t, object)))
	return out.String()
}

func patched(t *testing.T, object []byte, resp admission.Response) []byte {
	t.Helper()
	if len(resp.Patches) == 0 {
		return object
	}
	text, err := json.Marshal(resp.Patches)
	if err != nil {
		t.Fatal(err)
	}
	patch, err := jsonpatch.DecodePatch(text)
	if err != nil {
		t.Fatal(err)
	}
	out, err := patch.Apply(object)
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return out
}

// effort is what a proof took: a better engine takes less.
var effort = regexp.MustCompile(`\(boxes \d+, steps \d+\)`)

func describe(out *strings.Builder, webhook string, resp admission.Response) {
	fmt.Fprintf(out, "%s: allowed %v", webhook, resp.Allowed)
	if r := resp.Result; r != nil && !resp.Allowed {
		fmt.Fprintf(out, ", %d %s\n", r.Code, r.Reason)
		for line := range strings.Lines(r.Message) {
			fmt.Fprintf(out, "  %s\n", strings.TrimSuffix(line, "\n"))
		}
		if r.Details != nil {
			for _, c := range r.Details.Causes {
				fmt.Fprintf(out, "  cause %s at %s\n", c.Type, c.Field)
			}
		}
	} else {
		out.WriteString("\n")
	}
	for _, w := range resp.Warnings {
		fmt.Fprintf(out, "  warning %s\n", w)
	}
	for _, p := range resp.Patches {
		fmt.Fprintf(out, "  patch %s\n", p.Json())
	}
	for _, key := range slices.Sorted(maps.Keys(resp.AuditAnnotations)) {
		fmt.Fprintf(out, "  audit %s=%s\n", key, effort.ReplaceAllString(resp.AuditAnnotations[key], "(...)"))
	}
}
