package source

import (
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime"
)

func TestTrim(t *testing.T) {
	obj := decode(t, []byte(`
apiVersion: s3.aws.upbound.io/v1beta1
kind: BucketPolicy
metadata:
  name: p
  uid: u
  resourceVersion: "7"
  generation: 2
  creationTimestamp: "2026-01-01T00:00:00Z"
  labels: {team: a}
  annotations:
    crossplane.io/external-name: logs
    kubectl.kubernetes.io/last-applied-configuration: "{}"
  finalizers: [f]
  ownerReferences: [{kind: XBucket, name: x, controller: true}]
  managedFields: [{manager: kubectl}]
spec:
  forProvider: {bucketRef: {name: b}, policy: "{}", region: eu-central-1, tags: {a: b}}
  writeConnectionSecretToRef: {name: s}
status:
  atProvider: {id: logs, policy: "{}", region: eu-central-1}
  conditions: [{type: Ready}]
`))
	want := decode(t, []byte(`
apiVersion: s3.aws.upbound.io/v1beta1
kind: BucketPolicy
metadata:
  name: p
  uid: u
  resourceVersion: "7"
  generation: 2
  labels: {team: a}
  annotations:
    crossplane.io/external-name: logs
  ownerReferences: [{kind: XBucket, name: x, controller: true}]
spec:
  forProvider: {bucketRef: {name: b}, policy: "{}", region: eu-central-1}
status:
  atProvider: {region: eu-central-1}
`))
	before := runtime.DeepCopyJSON(obj)
	if diff := cmp.Diff(want, Trim(obj)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff(before, obj); diff != "" {
		t.Errorf("the object itself was changed:\n%s", diff)
	}
	other := map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "data": map[string]any{}}
	if diff := cmp.Diff(other, Trim(other)); diff != "" {
		t.Errorf("another kind:\n%s", diff)
	}
}

// TestTrimReadsAlike breaks objects at random: whatever Read says of one, it says of what Trim leaves.
func TestTrimReadsAlike(t *testing.T) {
	values := []any{
		nil, "", "x", true, int64(7), 1.5, []any{}, []any{"x"}, []any{map[string]any{"name": "x"}}, map[string]any{},
		map[string]any{"name": "x", "matchLabels": map[string]any{"a": "b"}},
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, obj := range objects(t, "read/*.txtar") {
		alike(t, obj)
		for range 300 {
			broken := runtime.DeepCopyJSON(obj)
			for range 1 + random.IntN(3) {
				spoil(broken, random, values)
			}
			alike(t, broken)
		}
	}
}

func alike(t *testing.T, obj map[string]any) {
	t.Helper()
	first, _, err := Read(obj)
	second, _, again := Read(Trim(obj))
	if first.Input() != second.Input() {
		t.Errorf("two inputs of\n%v\n%s\n%s", obj, first.Input(), second.Input())
	}
	first.root, second.root = node{}, node{}
	if diff := cmp.Diff(err, again, cmp.AllowUnexported(FieldError{})); diff != "" || !reflect.DeepEqual(first, second) {
		t.Errorf("%v\nreads as\n%s\nand, trimmed, as\n%s", obj, dump(first, err), dump(second, again))
	}
}

// spoil puts a value in the place of one of those in v.
func spoil(v any, random *rand.Rand, values []any) {
	for {
		var next any
		var put func(any)
		switch at := v.(type) {
		case map[string]any:
			keys := slices.Sorted(maps.Keys(at))
			if len(keys) == 0 {
				return
			}
			key := keys[random.IntN(len(keys))]
			next, put = at[key], func(v any) { at[key] = v }
		case []any:
			if len(at) == 0 {
				return
			}
			i := random.IntN(len(at))
			next, put = at[i], func(v any) { at[i] = v }
		default:
			return
		}
		if random.IntN(3) == 0 {
			put(runtime.DeepCopyJSONValue(values[random.IntN(len(values))]))
			return
		}
		v = next
	}
}
