package argocd

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/diff"
	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/client-go/discovery"
	"k8s.io/kube-openapi/pkg/util/proto"
)

// manager is the field manager of all that Argo CD applies.
const manager = "argocd-controller"

// apply are the ways in which Argo CD syncs: as kubectl does by default, and with the option ServerSideApply=true.
var apply = map[string][]string{
	"client": {"apply", "--field-manager", manager, "-f", "-"},
	"server": {"apply", "--field-manager", manager, "-f", "-", "--server-side", "--force-conflicts"},
}

// dryRunner asks as Argo CD does, which has kubectl's code in itself for that.
type dryRunner struct{}

func (dryRunner) Run(ctx context.Context, obj *unstructured.Unstructured, manager string) (string, error) {
	text, err := json.Marshal(obj.Object)
	if err != nil {
		return "", err
	}
	answer, err := suite.Kubectl(ctx, strings.NewReader(string(text)), append(apply["server"],
		"--dry-run=server", "-o", "json", "--show-managed-fields", "--field-manager", manager)...)
	if err == nil && answer.Code != 0 {
		err = fmt.Errorf("%s", answer.Stderr)
	}
	return answer.Stdout, err
}

// parser knows the schemas of all kinds, as Argo CD reads them.
func parser(t *testing.T) *managedfields.GvkParser {
	t.Helper()
	client, err := discovery.NewDiscoveryClientForConfig(suite.Config)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := client.OpenAPISchema()
	if err != nil {
		t.Fatal(err)
	}
	models, err := proto.NewOpenAPIData(doc)
	if err != nil {
		t.Fatal(err)
	}
	out, err := managedfields.NewGVKParser(models, false)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// argo compares manifests with what is stored.
type argo struct {
	parser *managedfields.GvkParser
	sync   string // key of apply
}

// states says what Argo CD makes of a manifest: by server-side diff, by that with IncludeMutationWebhook, and by the diff
// that it takes by itself, which goes by how it syncs.
func (a argo) states(t *testing.T, manifest string) string {
	t.Helper()
	compare := func(opts ...diff.Option) string {
		opts = append(opts, diff.WithGVKParser(a.parser), diff.WithManager(manager), diff.WithLogr(logr.Discard()))
		result, err := diff.Diff(object(t, manifest), live(t, manifest), opts...)
		switch {
		case err != nil:
			t.Log(err)
			return "ComparisonError"
		case result.Modified:
			return "OutOfSync"
		}
		return "Synced"
	}
	serverSide := []diff.Option{diff.WithServerSideDiff(true), diff.WithServerSideDryRunner(dryRunner{})}
	return strings.Join([]string{
		compare(serverSide...), compare(append(serverSide, diff.WithIgnoreMutationWebhook(false))...),
		compare(diff.WithStructuredMergeDiff(a.sync == "server")),
	}, " ")
}

// syncs applies a manifest and reports whether that wrote anything.
func (a argo) syncs(t *testing.T, manifest string) bool {
	t.Helper()
	before := live(t, manifest).GetResourceVersion()
	kubectl(t, manifest, apply[a.sync]...)
	return live(t, manifest).GetResourceVersion() != before
}

// The three words are by server-side diff, by that with IncludeMutationWebhook, and by Argo CD's default.
const (
	synced    = "Synced Synced Synced"
	outOfSync = "OutOfSync OutOfSync OutOfSync"
	hidden    = "Synced Synced OutOfSync" // what a patch does
)

func TestArgoCD(t *testing.T) {
	kinds := map[string]struct {
		manifest       func(name string, statements ...string) string
		setsACL, reads string
	}{
		"string":     {ackBucket, setsACL, reads},
		"structured": {classicBucket, setsACLStructured, readsStructured},
	}
	before := ackBucket("argo-open", open)
	kubectl(t, before, apply["client"]...)
	for sync := range apply {
		for name, k := range kinds {
			kubectl(t, k.manifest("before-"+name+"-"+sync, k.setsACL), apply[sync]...)
		}
	}
	startGate(t)
	schemas := parser(t)

	for sync := range apply {
		for name, k := range kinds {
			a := argo{schemas, sync}
			expect := func(t *testing.T, state, manifest, want string) {
				t.Helper()
				if got := a.states(t, manifest); got != want {
					t.Errorf("%s: %s, want %s", state, got, want)
				}
			}
			t.Run("patched/"+name+"/"+sync, func(t *testing.T) {
				git := k.manifest("patched-"+name+"-"+sync, k.setsACL)
				kubectl(t, git, apply[sync]...)
				expect(t, "patched", git, hidden)
				if a.syncs(t, git) {
					t.Error("another sync writes")
				}
				mended := fixed(t, git)
				expect(t, "fixed in Git", mended, synced)
				a.syncs(t, mended)
				expect(t, "fixed and synced", mended, synced)
			})
			t.Run("before/"+name+"/"+sync, func(t *testing.T) {
				git := k.manifest("before-"+name+"-"+sync, k.setsACL)
				expect(t, "as it was", git, synced)
				if a.syncs(t, git) {
					t.Error("a sync of what is there writes")
				}
				expect(t, "fixed in Git", fixed(t, git), outOfSync)
				changed := k.manifest("before-"+name+"-"+sync, k.setsACL, k.reads)
				expect(t, "changed in Git", changed, outOfSync)
				a.syncs(t, changed)
				expect(t, "changed and synced", changed, hidden)
			})
		}
	}
	t.Run("fixed", func(t *testing.T) {
		for sync := range apply {
			a, git := argo{schemas, sync}, ackBucket("fixed-"+sync, reads)
			kubectl(t, git, apply[sync]...)
			if got := a.states(t, git); got != synced {
				t.Errorf("%s: %s, want %s", sync, got, synced)
			}
		}
	})
	t.Run("refused", func(t *testing.T) {
		a := argo{schemas, "client"}
		if got, want := a.states(t, before), synced; got != want {
			t.Errorf("public since before the gate came: %s, want %s", got, want)
		}
		changed := ackBucket("argo-open", strings.Replace(open, "s3:GetObject", "s3:PutObject", 1))
		if got, want := a.states(t, changed), "ComparisonError ComparisonError OutOfSync"; got != want {
			t.Errorf("changed to worse: %s, want %s", got, want)
		}
	})
}
