package files

import (
	"context"
	"fmt"
	"io"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/json"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// Standing is every object of a cluster that is judged, or says how, a file with one item each.
type Standing struct {
	*Inputs
	applied []*manifest.File // what was last applied, where that differs in what is judged
	origins map[*manifest.Item]origin
}

// origin is where an item comes from.
type origin struct {
	key      inventory.Key
	Applied  bool     // it is what was last applied, not what stands there now
	managers []string // of the object
}

// Lister is a cluster. A kind that it does not serve has no objects.
type Lister interface {
	List(ctx context.Context, kind schema.GroupKind, each func(object map[string]any)) error
}

// ReadStanding reads all objects before anything is judged. Kinds whose CRD is not installed are passed over.
func ReadStanding(ctx context.Context, stderr io.Writer, c Lister) (*Standing, error) {
	s := newStanding()
	kinds := configuring()
	configuration := len(kinds)
	for _, kind := range source.All() {
		kinds = append(kinds, kind.GroupKind())
	}
	progress := newProgress(stderr, len(kinds), "kinds")
	defer progress.end()
	for i := 0; i < len(kinds); i++ { // of which the Rulesets may declare more
		progress.show(i)
		if err := c.List(ctx, kinds[i], s.add); err != nil {
			return s, fmt.Errorf("listing %s: %w", kinds[i], err)
		}
		if i+1 == configuration && declare(s.Files) {
			for _, d := range source.Declared() {
				kinds = append(kinds, d.GroupKind())
			}
		}
	}
	s.complete()
	return s, nil
}

func newStanding() *Standing {
	return &Standing{Inputs: newInputs(), origins: map[*manifest.Item]origin{}}
}

// complete makes the objects known to each other. What was last applied says nothing about other objects.
func (s *Standing) complete() {
	s.fill()
	s.Files = append(s.Files, s.applied...)
}

// configuring are the kinds that say how the others are judged.
func configuring() []schema.GroupKind {
	ours := v1alpha1.GroupVersion.Group
	out := []schema.GroupKind{{Kind: "Namespace"}, {Group: ours, Kind: "Ruleset"}, {Group: ours, Kind: "Exemption"}}
	for _, c := range source.Configs() {
		out = append(out, c.GroupKind())
	}
	return out
}

// add keeps of an object what is judged, and who manages it.
func (s *Standing) add(obj map[string]any) {
	key := inventory.KeyOf(obj)
	file := &manifest.File{Name: key.String()}
	s.Files = append(s.Files, file)
	if slices.Contains(configuring(), key.GroupKind) {
		file.Configuration = []*manifest.Item{{File: file, Object: obj}}
		return
	}
	live := &unstructured.Unstructured{Object: obj}
	from := origin{key: key, managers: managers(live)}
	item := s.take(file, obj, from)
	if was := lastApplied(obj); was != nil && live.GetDeletionTimestamp() == nil && input(&manifest.Item{Object: was}) != input(item) {
		file = &manifest.File{Name: key.String()}
		s.applied = append(s.applied, file)
		from.Applied = true
		s.take(file, was, from)
	}
}

func (s *Standing) take(file *manifest.File, obj map[string]any, from origin) *manifest.Item {
	item := &manifest.Item{File: file, Object: source.Trim(obj)}
	file.Items = []*manifest.Item{item}
	s.origins[item] = from
	return item
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

// Drift is what needs a patch.
type Drift struct {
	Items   []drifting
	Objects int // that were judged
}

// drifting is one object that needs a patch: as it stands, or as it was applied.
type drifting struct {
	Judged
	origin
}

// ManagedBy names what makes the object: where its declaration is to be mended.
func (d drifting) ManagedBy() []string {
	var out []string
	if maker := makerOf(d.Review); maker != "" {
		out = append(out, maker)
	}
	return append(out, d.managers...)
}

// Drifted judges all objects of one namespace, "" for all. An object that needs a patch as it stands is listed once,
// whatever was applied.
func (s *Standing) Drifted(ctx context.Context, r review.Reviewer, namespace string) Drift {
	var out Drift
	listed := map[inventory.Key]bool{}
	for j := range s.Judge(ctx, r) { // what was applied comes last
		from := s.origins[j.Item]
		if j.Reading.Deleting || namespace != "" && from.key.Namespace != namespace {
			continue
		}
		if !from.Applied {
			out.Objects++
		}
		if len(j.Patch) == 0 || listed[from.key] {
			continue
		}
		listed[from.key] = true
		j.Findings = slices.DeleteFunc(j.Findings, func(f review.Finding) bool { return f.Action != policy.Patch })
		out.Items = append(out.Items, drifting{j, from})
	}
	return out
}
