package inventory

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

type m = map[string]any

// object is one of kind "group/version Kind" under a name like "namespace/name".
func object(kind, name string, spec m) m {
	version, k, _ := strings.Cut(kind, " ")
	meta := m{"name": name}
	if namespace, n, ok := strings.Cut(name, "/"); ok {
		meta = m{"namespace": namespace, "name": n}
	}
	return m{"apiVersion": version, "kind": k, "metadata": meta, "spec": spec}
}

func labelled(obj m, set m) m {
	obj["metadata"].(m)["labels"] = set
	return obj
}

func composed(obj m, by string) m {
	return labelled(obj, m{"crossplane.io/composite": by})
}

// unnamed is an object that generateName has not named yet.
func unnamed(obj m) m {
	meta := obj["metadata"].(m)
	meta["generateName"] = meta["name"].(string) + "-"
	delete(meta, "name")
	return obj
}

func controlled(obj m, by string) m {
	obj["metadata"].(m)["ownerReferences"] = []any{
		m{"apiVersion": "example.org/v1", "kind": "XBucket", "name": by, "controller": true},
	}
	return obj
}

const (
	ackBucket         = "s3.services.k8s.aws/v1alpha1 Bucket"
	upboundBucket     = "s3.aws.upbound.io/v1beta2 Bucket"
	upboundPolicy     = "s3.aws.upbound.io/v1beta1 BucketPolicy"
	upboundOwnership  = "s3.aws.upbound.io/v1beta2 BucketOwnershipControls"
	upboundACL        = "s3.aws.upbound.io/v1beta2 BucketACL"
	upboundBlock      = "s3.aws.upbound.io/v1beta1 BucketPublicAccessBlock"
	upboundObject     = "s3.aws.upbound.io/v1beta1 BucketObject"
	upboundVersioning = "s3.aws.upbound.io/v1beta2 BucketVersioning"
	upboundLogging    = "s3.aws.upbound.io/v1beta2 BucketLogging"
	namespacedBucket  = "s3.aws.m.upbound.io/v1beta1 Bucket"
	namespacedPolicy  = "s3.aws.m.upbound.io/v1beta1 BucketPolicy"
	classicBucket     = "s3.aws.crossplane.io/v1beta1 Bucket"
	classicPolicy     = "s3.aws.crossplane.io/v1alpha3 BucketPolicy"
	upboundAccess     = "s3control.aws.upbound.io/v1beta2 AccessPoint"
	upboundAccountPAB = "s3control.aws.upbound.io/v1beta1 AccountPublicAccessBlock"
)

func TestKey(t *testing.T) {
	tests := []struct {
		object m
		want   string
	}{
		{object(ackBucket, "team-a/logs", nil), "Bucket team-a/logs"},
		{object(upboundBucket, "logs", nil), "Bucket logs"},
		{object(upboundBucket, "dropped-by-the-server/logs", nil), "Bucket logs"},
		{object(namespacedPolicy, "team-a/logs", nil), "BucketPolicy team-a/logs"},
		{object("example.org/v1 Thing", "ns/x", nil), "Thing ns/x"},
		{m{"apiVersion": "s3.aws.upbound.io/v1beta1", "kind": "Bucket", "metadata": m{
			"generateName": "xr-", "annotations": m{"crossplane.io/composition-resource-name": "bucket"},
		}}, "Bucket xr-(bucket)"},
		{m{"apiVersion": "s3.aws.upbound.io/v1beta1", "kind": "Bucket", "metadata": m{"generateName": "xr-"}}, "Bucket xr-(2df94dce)"},
		{m{}, " "},
	}
	for _, tt := range tests {
		if got := KeyOf(tt.object).String(); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.object, got, tt.want)
		}
	}
}

// naive knows the same objects, and looks at each of them for each question.
type naive map[Key]*Entry

func (n naive) set(obj m) {
	key := KeyOf(obj)
	delete(n, key)
	if e := NewEntry(obj); e.packed != "" {
		n[key] = e
	}
}

// means returns the Bucket object that an object is about (the zero Key when it names none) and the bucket's name.
func (n naive) means(e *Entry) (string, Key) {
	name := e.name
	group := strings.Replace(e.key.Group, "s3control.", "s3.", 1)
	bucketKey := func(namespace, object string) Key {
		return Key{schema.GroupKind{Group: group, Kind: "Bucket"}, namespace, object}
	}
	if e.key.Kind == "Bucket" {
		return name.Literal, e.key
	}
	if s := name.Selector; s != nil && (s.Always || name.Literal == "" && name.Ref == nil) {
		for _, k := range slices.SortedFunc(maps.Keys(n), func(a, b Key) int { return cmp.Compare(a.Name, b.Name) }) {
			b := n[k]
			x, y := b.by, e.by
			sameOwner := x.Controller != nil && y.Controller != nil && *x.Controller == *y.Controller ||
				x.Controller == nil && y.Controller == nil && x.Composite == y.Composite && x.Composite != ""
			if k == bucketKey(s.Namespace, k.Name) && labels.SelectorFromSet(s.MatchLabels).Matches(labels.Set(b.labels)) &&
				(sameOwner || !s.MatchControllerRef) {
				return b.name.Literal, k
			}
		}
	}
	if ref := name.Ref; ref != nil && (ref.Always || name.Literal == "") {
		k := bucketKey(ref.Namespace, ref.Name)
		if b := n[k]; b != nil {
			return b.name.Literal, k
		}
		return "", k
	}
	return name.Literal, Key{}
}

func (n naive) siblings(e *Entry) (out []string, name string) {
	name, object := n.means(e)
	same := func(s *Entry) bool {
		theirs, theirObject := n.means(s)
		if name != "" && theirs == name || theirObject != (Key{}) && theirObject == object {
			return true
		}
		// A reference to a Bucket object that is not there by that name, beside one that goes by the name.
		b := n[theirObject]
		return b != nil && name != "" && b.name.Literal == name
	}
	for k, s := range n {
		if k != e.key && same(s) {
			out = append(out, k.Group+" "+k.String())
		}
	}
	slices.Sort(out)
	return out, name
}

// universe is a small world in which everything is likely to be about the same few buckets.
func universe() []m {
	var all []m
	names := []string{"a", "b"}
	for _, n := range names {
		all = append(all,
			object(upboundBucket, n, m{}),
			labelled(object(upboundBucket, n, m{}), m{"for": "logs"}),
			controlled(labelled(object(upboundBucket, n, m{}), m{"for": "logs"}), "x"),
			composed(object(upboundBucket, n, m{}), "x"), composed(controlled(object(upboundBucket, n, m{}), "y"), "x"),
			unnamed(controlled(object(upboundBucket, n, m{}), "x")),
			object(ackBucket, "team/"+n, m{"name": n}), object(ackBucket, "team/one", m{"name": n}),
			object(classicBucket, n, m{}), object(namespacedBucket, "team/"+n, m{}), object(namespacedBucket, "other/"+n, m{}),
		)
		for _, kind := range []string{upboundPolicy, upboundOwnership, upboundAccess} {
			for _, object1 := range []string{"p", "q"} {
				all = append(all,
					object(kind, object1, m{"forProvider": m{"bucket": n}}),
					object(kind, object1, m{"initProvider": m{"bucket": n}}),
					object(kind, object1, m{"forProvider": m{"bucketRef": m{"name": n}}}),
					object(kind, object1, m{"forProvider": m{"bucket": "z", "bucketRef": m{"name": n, "policy": m{"resolve": "Always"}}}}),
					object(kind, object1, m{"forProvider": m{"bucketSelector": m{"matchLabels": m{"for": "logs"}}}}),
					object(kind, object1, m{"forProvider": m{
						"bucket": n, "bucketSelector": m{"matchLabels": m{"for": "logs"}, "policy": m{"resolve": "Always"}},
					}}),
					controlled(object(kind, object1, m{"forProvider": m{"bucketSelector": m{"matchControllerRef": true}}}), "x"),
					composed(object(kind, object1, m{"forProvider": m{"bucketSelector": m{"matchControllerRef": true}}}), "x"),
					unnamed(controlled(object(kind, object1, m{"forProvider": m{"bucketSelector": m{"matchControllerRef": true}}}), "x")),
				)
			}
		}
		all = append(all,
			object(namespacedPolicy, "team/p", m{"forProvider": m{"bucketRef": m{"name": n}}}),
			object(namespacedPolicy, "team/p", m{"forProvider": m{"bucketRef": m{"name": n, "namespace": "other"}}}),
			object(namespacedPolicy, "team/p", m{"forProvider": m{"bucketSelector": m{"namespace": "other"}}}),
			object(classicPolicy, "p", m{"forProvider": m{"bucketNameRef": m{"name": n}}}),
			object(upboundPolicy, "p", m{"forProvider": m{"bucket": 7}}),
		)
	}
	return append(all, object(upboundPolicy, "", m{"forProvider": m{"bucket": "a"}}), object("example.org/v1 Thing", "a", m{}))
}

// TestIndex sets and deletes objects in random order, and asks about one after each step.
func TestIndex(t *testing.T) {
	all := universe()
	steps := 400
	if testing.Short() {
		steps = 50
	}
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 0))
		index, oracle := &Index{}, naive{}
		var history []string
		for range steps {
			obj := all[random.IntN(len(all))]
			switch key := KeyOf(obj); random.IntN(12) {
			case 0:
				index.DeleteKind(key.GroupKind)
				maps.DeleteFunc(oracle, func(k Key, _ *Entry) bool { return k.GroupKind == key.GroupKind })
				history = append(history, "delete all "+key.Kind)
			case 1, 2, 3:
				index.Delete(key)
				delete(oracle, key)
				history = append(history, "delete "+key.String())
			default:
				index.Set(obj)
				oracle.set(obj)
				history = append(history, fmt.Sprint("set ", obj))
			}
			probe := all[random.IntN(len(all))]
			if diff := compare(index, oracle, probe); diff != "" {
				t.Fatalf("seed %d, about %v after\n%s\n-want +got:\n%s", seed, probe, strings.Join(history, "\n"), diff)
			}
		}
		for key := range oracle {
			index.Delete(key)
		}
		if left := len(index.objects) + len(index.named) + len(index.referred) + len(index.selecting) + len(index.buckets); left > 0 {
			t.Fatalf("seed %d: %d entries stay behind", seed, left)
		}
	}
}

func compare(index *Index, oracle naive, asked m) string {
	reading, _, _ := source.Read(asked)
	e := probe(asked, reading)
	siblings, name := index.about(e)
	var got []string
	for _, s := range siblings {
		got = append(got, s.key.Group+" "+s.key.String())
	}
	slices.Sort(got)
	want, wantName := oracle.siblings(e)
	return gocmp.Diff(append(want, "named "+wantName), append(got, "named "+name))
}

// The order in which the informers bring the objects is no matter.
func TestOrder(t *testing.T) {
	all := universe()
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 1))
		last := map[Key]m{} // one version of each object
		for range 30 {
			obj := all[random.IntN(len(all))]
			last[KeyOf(obj)] = obj
		}
		objects := slices.Collect(maps.Values(last))
		probe := all[random.IntN(len(all))]
		reading, _, _ := source.Read(probe)
		var first any
		for range 5 {
			random.Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
			index := &Index{}
			for _, obj := range objects {
				index.Set(obj)
			}
			got := index.Bucket(probe, reading)
			if first == nil {
				first = got
			}
			if diff := gocmp.Diff(first, any(got)); diff != "" {
				t.Fatalf("seed %d: in another order:\n%s", seed, diff)
			}
		}
	}
}

// BenchmarkBucket asks about one of many buckets, each with four objects, a tenth of them by selector.
func BenchmarkBucket(b *testing.B) {
	const buckets = 5000
	index := &Index{}
	for i := range buckets {
		name := fmt.Sprintf("bucket-%d", i)
		index.Set(labelled(object(upboundBucket, name, m{}), m{"name": name}))
		by := m{"bucket": name}
		switch i % 10 {
		case 0:
			by = m{"bucketSelector": m{"matchLabels": m{"name": name}}}
		case 1, 2, 3:
			by = m{"bucketRef": m{"name": name}}
		}
		for _, kind := range []string{upboundPolicy, upboundOwnership, upboundBlock} {
			index.Set(object(kind, name, m{"forProvider": by}))
		}
	}
	for name, probe := range map[string]m{
		"name":     object(upboundPolicy, "new", m{"forProvider": m{"bucket": "bucket-7"}}),
		"ref":      object(upboundPolicy, "new", m{"forProvider": m{"bucketRef": m{"name": "bucket-1"}}}),
		"selector": object(upboundPolicy, "new", m{"forProvider": m{"bucketSelector": m{"matchLabels": m{"name": "bucket-10"}}}}),
	} {
		reading, _, err := source.Read(probe)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				index.Bucket(probe, reading)
			}
		})
	}
}
