package files

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/review"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

const (
	setsACL = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, ` +
		`"Action": ["s3:PutObject", "s3:PutObjectAcl"], "Resource": "arn:aws:s3:::logs/*"}]}`
	setsNone = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, ` +
		`"Action": ["s3:PutObject"], "Resource": "arn:aws:s3:::logs/*"}]}`
)

// ackBucket is a bucket without ACLs. meta is YAML of its metadata, after a comma.
func ackBucket(t *testing.T, meta, policy string) map[string]any {
	t.Helper()
	text, err := json.Marshal(policy)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := yaml.UnmarshalStrict([]byte(`
apiVersion: s3.services.k8s.aws/v1alpha1
kind: Bucket
metadata: {name: logs, namespace: team-a`+meta+`}
spec: {name: logs, ownershipControls: {rules: [{objectOwnership: BucketOwnerEnforced}]}, policy: `+string(text)+`}
`), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// applied has kubectl's note of what was applied.
func applied(t *testing.T, obj, was map[string]any) map[string]any {
	t.Helper()
	note, err := json.Marshal(was)
	if err != nil {
		t.Fatal(err)
	}
	(&unstructured.Unstructured{Object: obj}).SetAnnotations(map[string]string{
		"kubectl.kubernetes.io/last-applied-configuration": string(note),
	})
	return obj
}

func judgeStanding(t *testing.T, namespace string, objects ...map[string]any) Drift {
	t.Helper()
	s := newStanding()
	for _, obj := range objects {
		s.add(obj)
	}
	s.complete()
	out := s.Drifted(t.Context(), review.Reviewer{Rules: rules.All, Level: policy.Baseline}, namespace)
	if len(s.Errs) > 0 {
		t.Fatal(s.Errs)
	}
	return out
}

func TestDrift(t *testing.T) {
	bad, good := ackBucket(t, "", setsACL), ackBucket(t, "", setsNone)
	const zero, none = "0, []", "1, []"
	tests := []struct {
		name, namespace string
		object          map[string]any
		want            string
	}{
		{"good", "", good, none},
		{"bad", "", bad, "1, [live]"},
		{"its namespace", "team-a", bad, "1, [live]"},
		{"another namespace", "team-b", bad, zero},
		{"patched, applied without", "", applied(t, ackBucket(t, "", setsNone), bad), "1, [lastApplied]"},
		{"applied as patched", "", applied(t, ackBucket(t, "", setsNone), good), none},
		{"both", "", applied(t, ackBucket(t, "", strings.Replace(setsACL, "{", "{ ", 1)), bad), "1, [live]"},
		{"deleted", "", ackBucket(t, ", deletionTimestamp: '2026-01-01T00:00:00Z'", setsACL), zero},
		{"deleted, applied", "", applied(t, ackBucket(t, ", deletionTimestamp: '2026-01-01T00:00:00Z'", setsNone), bad), zero},
		{"observed", "", ackBucket(t, ", annotations: {services.k8s.aws/read-only: 'true'}", setsACL), none},
	}
	for _, tt := range tests {
		d := judgeStanding(t, tt.namespace, tt.object)
		var seen []string
		for _, i := range d.Items {
			seen = append(seen, map[bool]string{true: "lastApplied", false: "live"}[i.Applied])
		}
		if got := fmt.Sprintf("%d, %v", d.Objects, seen); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// What the cluster's Rulesets say counts, as it does in admission.
func TestDriftByRulesets(t *testing.T) {
	var off map[string]any
	if err := yaml.UnmarshalStrict([]byte(`
apiVersion: bucketwarden.dev/v1alpha1
kind: Ruleset
metadata: {name: quiet, uid: u, resourceVersion: "1"}
spec: {level: baseline, rules: [{id: BW301, action: Warn}]}
status: {conditions: []}
`), &off); err != nil {
		t.Fatal(err)
	}
	if d := judgeStanding(t, "", off, ackBucket(t, "", setsACL)); len(d.Items) > 0 || d.Objects != 1 {
		t.Errorf("%d of %d objects", len(d.Items), d.Objects)
	}
}

// What is not a note about this object is not taken for one.
func TestLastApplied(t *testing.T) {
	other := ackBucket(t, "", setsACL)
	other["metadata"] = map[string]any{"name": "another", "namespace": "team-a"}
	for _, obj := range []map[string]any{
		ackBucket(t, "", setsNone),
		applied(t, ackBucket(t, "", setsNone), other),
		ackBucket(t, ", annotations: {kubectl.kubernetes.io/last-applied-configuration: '{'}", setsNone),
	} {
		if got := lastApplied(obj); got != nil {
			t.Errorf("%v of %v", got, obj["metadata"])
		}
	}
}

func TestManagedBy(t *testing.T) {
	tests := []struct{ meta, want string }{
		{"", ""},
		{", labels: {argocd.argoproj.io/instance: storage}", "Argo CD application storage"},
		{", annotations: {argocd.argoproj.io/tracking-id: 'storage:s3.services.k8s.aws/Bucket:team-a/logs'}", "Argo CD application storage"},
		{", annotations: {argocd.argoproj.io/tracking-id: 'apps_storage:s3.services.k8s.aws/Bucket:team-a/logs'}", "Argo CD application apps/storage"},
		{", labels: {kustomize.toolkit.fluxcd.io/name: storage, kustomize.toolkit.fluxcd.io/namespace: apps}", "Flux Kustomization apps/storage"},
		{", labels: {helm.toolkit.fluxcd.io/name: storage, helm.toolkit.fluxcd.io/namespace: apps}, " +
			"annotations: {meta.helm.sh/release-name: store, meta.helm.sh/release-namespace: team-a}",
			"Flux HelmRelease apps/storage; Helm release team-a/store"},
		{", labels: {app.kubernetes.io/managed-by: Helm}", ""},
		{", labels: {crossplane.io/composite: logs-x9d4, crossplane.io/claim-name: logs, crossplane.io/claim-namespace: team-a}, " +
			"annotations: {crossplane.io/composition-resource-name: policy}, " +
			"ownerReferences: [{apiVersion: example.org/v1, kind: XBucket, name: logs-x9d4, uid: u, controller: true}]",
			"composed by XBucket logs-x9d4 as policy for claim team-a/logs"},
		{", ownerReferences: [{apiVersion: example.org/v1, kind: Store, name: logs, uid: u, controller: true}]", "owned by Store logs"},
		{", ownerReferences: [{apiVersion: example.org/v1, kind: Store, name: logs, uid: u}]", ""},
	}
	for _, tt := range tests {
		obj := ackBucket(t, tt.meta, setsNone)
		reading, _, err := source.Read(obj)
		if err != nil {
			t.Fatal(err)
		}
		d := drifting{Judged{Review: review.Review{Reading: reading}}, origin{managers: managers(&unstructured.Unstructured{Object: obj})}}
		got := strings.Join(d.ManagedBy(), "; ")
		if got != tt.want {
			t.Errorf("%s\ngot  %s\nwant %s", tt.meta, got, tt.want)
		}
	}
}
