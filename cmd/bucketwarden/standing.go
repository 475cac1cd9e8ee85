package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// standing is every object of a cluster that is judged, or says how, a file with one item each.
type standing struct {
	*inputs
	live map[*manifest.Item]map[string]any // by what was last applied
}

// pageSize is how many objects the API server is asked for at a time, as kubectl does.
const pageSize = 500

// readStanding reads all objects before anything is judged. Kinds whose CRD is not installed are passed over.
func readStanding(ctx context.Context, stderr io.Writer, c client.Client) (standing, error) {
	s := newStanding()
	kinds := configuring()
	for _, kind := range source.All() {
		kinds = append(kinds, kind.GroupKind())
	}
	progress := newProgress(stderr, len(kinds), "kinds")
	defer progress.end()
	for i, kind := range kinds {
		progress.show(i)
		mapping, err := c.RESTMapper().RESTMapping(kind)
		if meta.IsNoMatchError(err) {
			continue
		}
		if err == nil {
			err = s.list(ctx, c, mapping.GroupVersionKind)
		}
		if err != nil {
			return s, fmt.Errorf("listing %s: %w", kind, err)
		}
	}
	s.fill()
	s.addApplied()
	return s, nil
}

func newStanding() standing {
	return standing{inputs: newInputs(), live: map[*manifest.Item]map[string]any{}}
}

// configuring are the kinds that say how the others are judged.
func configuring() []schema.GroupKind {
	ours := v1alpha1.GroupVersion.Group
	return []schema.GroupKind{{Kind: "Namespace"}, {Group: ours, Kind: "Ruleset"}, {Group: ours, Kind: "Exemption"}}
}

// list reads one kind page by page.
func (s standing) list(ctx context.Context, c client.Client, kind schema.GroupVersionKind) error {
	for token := ""; ; {
		page := &unstructured.UnstructuredList{}
		page.SetGroupVersionKind(kind)
		if err := c.List(ctx, page, client.Limit(pageSize), client.Continue(token)); err != nil {
			return err
		}
		for _, obj := range page.Items {
			obj.SetManagedFields(nil) // as large as the rest, and judged by nobody
			s.add(obj.Object)
		}
		if token = page.GetContinue(); token == "" {
			return nil
		}
	}
}

func (s standing) add(obj map[string]any) *manifest.Item {
	file := &manifest.File{Name: inventory.KeyOf(obj).String()}
	item := &manifest.Item{File: file, Object: obj}
	if slices.Contains(configuring(), inventory.KeyOf(obj).GroupKind) {
		file.Configuration = []*manifest.Item{item}
	} else {
		file.Items = []*manifest.Item{item}
	}
	s.files = append(s.files, file)
	return item
}

// addApplied puts behind each object what was applied last, where that differs in what is judged. It says nothing about
// other objects.
func (s standing) addApplied() {
	live := s.files
	s.files = nil
	for _, file := range live {
		s.files = append(s.files, file)
		for _, item := range file.Items {
			if applied := lastApplied(item.Object); applied != nil && input(&manifest.Item{Object: applied}) != input(item) {
				s.live[s.add(applied)] = item.Object
			}
		}
	}
}

// lastApplied returns the object that kubectl apply noted, nil when there is none. A note about another object is none.
//
// https://kubernetes.io/docs/tasks/manage-kubernetes-objects/declarative-config/
func lastApplied(obj map[string]any) map[string]any {
	live := unstructured.Unstructured{Object: obj}
	note := live.GetAnnotations()["kubectl.kubernetes.io/last-applied-configuration"]
	var applied map[string]any
	if err := json.Unmarshal([]byte(note), &applied); err != nil || inventory.KeyOf(applied) != inventory.KeyOf(obj) {
		return nil
	}
	return applied
}

// drift is what needs a patch.
type drift struct {
	items   []drifting
	objects int // that were judged
}

// drifting is one object that needs a patch: as it stands, or as it was applied.
type drifting struct {
	judged
	applied   bool
	managedBy []string
}

// drifted judges all objects of one namespace, "" for all. An object that needs a patch as it stands is listed once,
// whatever was applied.
func (s standing) drifted(r review.Reviewer, namespace string) drift {
	var out drift
	listed := map[inventory.Key]bool{}
	for _, j := range s.judge(r) {
		live, applied := s.live[j.item]
		if !applied {
			live = j.item.Object
		}
		obj, key := &unstructured.Unstructured{Object: live}, inventory.KeyOf(live)
		if obj.GetDeletionTimestamp() != nil || namespace != "" && obj.GetNamespace() != namespace {
			continue
		}
		if !applied {
			out.objects++
		}
		if len(j.Patch) == 0 || listed[key] {
			continue
		}
		listed[key] = true
		j.Findings = slices.DeleteFunc(j.Findings, func(f review.Finding) bool { return f.Action != policy.Patch })
		out.items = append(out.items, drifting{j, applied, managedBy(j.Review, obj)})
	}
	return out
}
