package source

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// TestInput sets one field of an object at a time.
func TestInput(t *testing.T) {
	judged := map[string][]string{
		"s3.services.k8s.aws/v1alpha1 Bucket": {
			"/spec/policy", "/spec/name", "/spec/acl", "/spec/grantRead", "/spec/grantFullControl", "/spec/objectOwnership",
			"/spec/ownershipControls/rules/0/objectOwnership", "/spec/publicAccessBlock/blockPublicACLs",
			"/spec/createBucketConfiguration/locationConstraint", "/metadata/annotations/services.k8s.aws~1region",
			"/metadata/annotations/services.k8s.aws~1read-only", "/metadata/annotations/services.k8s.aws~1adopted",
			"/metadata/annotations/services.k8s.aws~1adoption-policy", "/metadata/annotations/services.k8s.aws~1adoption-fields",
			"/metadata/annotations/services.k8s.aws~1deletion-policy",
		},
		"s3.aws.upbound.io/v1beta1 BucketPolicy": {
			"/spec/forProvider/policy", "/spec/initProvider/policy", "/spec/forProvider/bucket", "/spec/initProvider/bucket",
			"/spec/forProvider/bucketRef/name", "/spec/forProvider/bucketSelector/matchLabels/a", "/spec/forProvider/region",
			"/spec/managementPolicies", "/spec/deletionPolicy", "/spec/providerConfigRef/name",
			"/metadata/annotations/crossplane.io~1external-name",
		},
		"s3.aws.m.upbound.io/v1beta1 BucketOwnershipControls": {
			"/spec/forProvider/rule/objectOwnership", "/spec/initProvider/rule/0/objectOwnership",
			"/spec/initProvider/bucketSelector/namespace",
		},
		"s3.aws.upbound.io/v1beta2 BucketACL": {
			"/spec/forProvider/acl", "/spec/initProvider/accessControlPolicy/0/grant/0/permission",
			"/spec/forProvider/expectedBucketOwner",
		},
		"s3control.aws.upbound.io/v1beta2 AccessPoint": {
			"/spec/forProvider/name", "/spec/forProvider/bucketAccountId",
			"/spec/forProvider/publicAccessBlockConfiguration/blockPublicAcls",
		},
		"s3.aws.crossplane.io/v1alpha3 BucketPolicy": {
			"/spec/forProvider/rawPolicy", "/spec/forProvider/policy/statements/0/sid", "/spec/forProvider/bucketName",
			"/metadata/annotations/bucketwarden.dev~1profile", "/metadata/annotations/bucketwarden.dev~1profile-parameters",
		},
		"s3.aws.crossplane.io/v1beta1 Bucket": {"/metadata/name", "/spec/forProvider/grantReadAcp"},
	}
	always := []string{
		"/metadata/labels/a", "/metadata/annotations/crossplane.io~1paused", "/metadata/resourceVersion", "/metadata/finalizers/0",
		"/metadata/deletionTimestamp", "/metadata/annotations/services.k8s.aws~1owner-account-id", "/metadata/generation",
		"/status/ackResourceMetadata/region", "/status/atProvider/policy", "/spec/tags/a", "/spec/forProvider/tags/a",
		"/spec/forProvider/policyUpdatePolicy/deletionPolicy",
	}
	for kind, pointers := range judged {
		version, name, _ := strings.Cut(kind, " ")
		base := map[string]any{"apiVersion": version, "kind": name}
		seen := map[string]string{readInput(t, base): "nothing"}
		for _, p := range pointers {
			input := readInput(t, with(base, p, "x"))
			if other, ok := seen[input]; ok {
				t.Errorf("%s: setting %s reads like setting %s", kind, p, other)
			}
			seen[input] = p
		}
		for _, p := range always {
			if readInput(t, with(base, p, "x")) != readInput(t, base) {
				t.Errorf("%s: %s is judged", kind, p)
			}
		}
	}
}

func readInput(t *testing.T, obj map[string]any) string {
	t.Helper()
	r, ok, _ := Read(obj)
	if !ok || r.Input() == "" {
		t.Fatalf("%v is not read", obj)
	}
	return r.Input()
}

// with returns a copy of obj with a value at pointer, lists of one where it has a 0.
func with(obj map[string]any, pointer string, v any) map[string]any {
	tokens := strings.Split(pointer, "/")[1:]
	for i := len(tokens) - 1; i > 0; i-- {
		if tokens[i] == "0" {
			v = []any{v}
		} else {
			v = map[string]any{unescape(tokens[i]): v}
		}
	}
	obj = runtime.DeepCopyJSON(obj)
	obj[tokens[0]] = v
	return obj
}

func TestInputKeepsAbsentFromEmpty(t *testing.T) {
	for _, pointer := range []string{
		"/spec/forProvider/rawPolicy", "/spec/managementPolicies", "/spec/forProvider/bucketNameSelector",
		"/spec/forProvider/policy/statements/0/principal",
	} {
		base := map[string]any{"apiVersion": "s3.aws.crossplane.io/v1alpha3", "kind": "BucketPolicy"}
		seen := map[string]any{readInput(t, base): "absent"}
		for _, v := range []any{"", []any{}, map[string]any{}, false, int64(0)} {
			input := readInput(t, with(base, pointer, v))
			if other, ok := seen[input]; ok {
				t.Errorf("%s: %#v reads like %#v", pointer, v, other)
			}
			seen[input] = v
		}
	}
}

func FuzzAppendValue(f *testing.F) {
	for _, pair := range [][2]string{
		{`["a","b"]`, `["ab"]`}, {`["a",["b"]]`, `[["a"],"b"]`}, {`{"a":"b"}`, `["a","b"]`}, {`"1"`, `1`}, {`true`, `"true"`},
		{`{"a":null}`, `{}`}, {`[null]`, `[]`}, {`1`, `1.0`}, {`1.5`, `1.50`}, {`"s1:a"`, `"a"`}, {`{"a":{"b":1}}`, `{"a":1,"b":1}`},
		{`1e300`, `1e301`}, {`9007199254740993`, `9007199254740992`}, {`18446744073709551616`, `18446744073709551615`},
	} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, left, right string) {
		var a, b any
		if utiljson.Unmarshal([]byte(left), &a) != nil || utiljson.Unmarshal([]byte(right), &b) != nil {
			return
		}
		same := reflect.DeepEqual(plainJSON(a), plainJSON(b))
		if got := string(appendValue(nil, a)) == string(appendValue(nil, b)); got != same {
			t.Errorf("%s and %s: same text %v, same value %v", left, right, got, same)
		}
	})
}

// plainJSON drops null members and makes whole float64 numbers int64.
func plainJSON(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, m := range v {
			if m != nil {
				out[key] = plainJSON(m)
			}
		}
		return out
	case []any:
		out := []any{}
		for _, e := range v {
			out = append(out, plainJSON(e))
		}
		return out
	case float64:
		if i := int64(v); float64(i) == v && v > -1<<63 && v < 1<<63 {
			return i
		}
	}
	return v
}

func FuzzRead(f *testing.F) {
	for _, obj := range objects(f, "read/*.txtar") {
		text, err := json.Marshal(obj)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), 7, "Statement[0].Action[0]")
	}
	Declare([]Declaration{xbucket})
	f.Cleanup(func() { Declare(nil) })
	for _, policy := range []any{`{"Statement": []}`, map[string]any{"Statement": []any{map[string]any{"Action": []any{"s3:*"}}}}} {
		text, err := json.Marshal(ownObject(policy))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), 3, "Statement[0].Action[0]")
	}
	f.Fuzz(func(t *testing.T, text string, pick int, path string) {
		var obj map[string]any
		if utiljson.Unmarshal([]byte(text), &obj) != nil {
			return
		}
		first, ok, err := Read(obj)
		second, _, again := Read(runtime.DeepCopyJSON(obj))
		if !reflect.DeepEqual(first, second) || !reflect.DeepEqual(err, again) {
			t.Fatalf("two readings of one object differ:\n%s\n%s", dump(first, err), dump(second, again))
		}
		for _, d := range first.Documents {
			d.PatchPointer(path)
			if d.Err != nil && d.Raw != "" || d.Raw != "" && d.Encoding == Structured && !json.Valid([]byte(d.Raw)) {
				t.Fatalf("%s: error %v, text %s", d.Pointer, d.Err, d.Raw)
			}
		}
		if !ok || err != nil {
			return
		}
		other := runtime.DeepCopyJSON(obj)
		removeMember(other, &pick)
		changed, ok, err := Read(other)
		if ok && err == nil && changed.Input() == first.Input() && judgement(changed) != judgement(first) {
			t.Fatalf("one input, two readings:\n%s\n%s", judgement(first), judgement(changed))
		}
	})
}

// judgement dumps what of a Reading is judged and is not read from its status or its labels.
func judgement(r Reading) string {
	r.Account, r.Region, r.Partition, r.Owner, r.Deleting, r.Mode.Paused = Text{}, Text{}, Text{}, Owner{}, false, false
	for _, n := range []*BucketName{&r.Name, (*BucketName)(&r.AccessPoint)} {
		if n.Ref != nil {
			n.Ref.Namespace = ""
		}
		if n.Selector != nil {
			n.Selector.Namespace = ""
		}
	}
	return dump(r, nil)
}

// removeMember removes member number *pick, in the order of a walk.
func removeMember(v any, pick *int) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if *pick--; *pick == -1 {
				delete(v, key)
				return
			}
			removeMember(v[key], pick)
		}
	case []any:
		for _, e := range v {
			removeMember(e, pick)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	for file, archive := range archives(b, "read/*.txtar") {
		if strings.HasSuffix(file, "shape.txtar") {
			continue
		}
		for _, f := range archive.Files[:1] {
			obj := decode(b, f.Data)
			b.Run(strings.TrimSuffix(file, ".txtar")+"/"+f.Name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					_, _, _ = Read(obj)
				}
			})
		}
	}
}
