package source

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// readPolicy reads the policy of a kind whose controller resolves references.
func readPolicy(t testing.TB, policy map[string]any) Embedded {
	t.Helper()
	r, _, err := Read(map[string]any{
		"apiVersion": "s3.aws.crossplane.io/v1alpha3", "kind": "BucketPolicy",
		"spec": map[string]any{"forProvider": map[string]any{"policy": policy}},
	})
	if err != nil || len(r.Documents) != 1 {
		t.Fatalf("%d documents, %v", len(r.Documents), err)
	}
	return r.Documents[0]
}

func TestStructured(t *testing.T) {
	golden(t, "structured.txtar", func(t *testing.T, policy map[string]any) string {
		e := readPolicy(t, policy)
		var b strings.Builder
		fmt.Fprintln(&b, e.Raw)
		if e.Err != nil {
			fmt.Fprintln(&b, "error:", e.Err)
		}
		for _, field := range e.Overwritten {
			fmt.Fprintln(&b, "overwritten:", field)
		}
		if e.Refs {
			fmt.Fprintln(&b, "refs")
		}
		return b.String()
	})
}

const manyParts = `
version: "2012-10-17"
statements:
- effect: Allow
  sid: Read
  principal:
    awsPrincipals: [{awsAccountId: "111122223333"}, {iamUserArn: u}]
    service: [a.amazonaws.com]
  action: [s3:GetObject, s3:ListBucket]
  resource: ["arn:aws:s3:::reports"]
  condition:
  - operatorKey: StringLike
    conditions:
    - {key: aws:SourceArn, listValue: [a, b]}
    - {key: aws:PrincipalTag/cost center, stringValue: "7"}
- effect: Deny
  principal: {allowAnon: true, awsPrincipals: [{awsAccountId: "111122223333"}]}
  notAction: [s3:GetObject]
  condition:
  - operatorKey: Bool
    conditions: [{key: a, booleanValue: true}]
  - operatorKey: Bool
    conditions: [{key: b, booleanValue: true}]
  - operatorKey: "Null"
    conditions: [{key: c, booleanValue: true}, {key: c, booleanValue: false}]
- {}
`

func TestPatchPointer(t *testing.T) {
	e := readPolicy(t, decode(t, []byte(manyParts)))
	for in, want := range map[string]string{
		"":                                                      "",
		"Version":                                               "/version",
		"Statement":                                             "/statements",
		"Statement[0]":                                          "/statements/0",
		"Statement[0].Sid":                                      "/statements/0/sid",
		"Statement[0].Effect":                                   "/statements/0/effect",
		"Statement[0].Effect[0]":                                "/statements/0/effect",
		"Statement[0].Principal":                                "/statements/0/principal",
		"Statement[0].Principal.AWS":                            "/statements/0/principal/awsPrincipals",
		"Statement[0].Principal.AWS[1]":                         "/statements/0/principal/awsPrincipals/1",
		"Statement[0].Principal.Service":                        "/statements/0/principal/service",
		"Statement[0].Principal.Service[0]":                     "/statements/0/principal/service",
		"Statement[0].Action":                                   "/statements/0/action",
		"Statement[0].Action[1]":                                "/statements/0/action/1",
		"Statement[0].Resource":                                 "/statements/0/resource/0",
		"Statement[0].Resource[0]":                              "/statements/0/resource/0",
		"Statement[0].Condition":                                "/statements/0/condition",
		"Statement[0].Condition.StringLike":                     "/statements/0/condition/0",
		`["Statement"][0]["Condition"]`:                         "/statements/0/condition",
		"Statement[1].Principal":                                "/statements/1/principal",
		"Statement[1].NotAction[0]":                             "/statements/1/notAction/0",
		"Statement[1].Condition":                                "/statements/1/condition",
		"Statement[1].Condition.Null":                           "/statements/1/condition/2",
		"Statement[0].Condition.StringLike.aws:SourceArn":       "/statements/0/condition/0/conditions/0",
		"Statement[0].Condition.StringLike.aws:SourceArn[1]":    "/statements/0/condition/0/conditions/0/listValue/1",
		`Statement[0].Condition.StringLike["aws:SourceArn"][1]`: "/statements/0/condition/0/conditions/0/listValue/1",
		`Statement[0].Condition.StringLike["aws:PrincipalTag/cost center"]`:    "/statements/0/condition/0/conditions/1",
		`Statement[0].Condition.StringLike["aws:PrincipalTag/cost center"][0]`: "/statements/0/condition/0/conditions/1",
	} {
		got, ok := e.PatchPointer(in)
		if want = "/spec/forProvider/policy" + want; got != want || !ok {
			t.Errorf("%s: got %s, %v, want %s", in, got, ok, want)
		}
	}
}

func TestPatchPointerNone(t *testing.T) {
	e := readPolicy(t, decode(t, []byte(manyParts)))
	for _, in := range []string{
		"Id", "Statement[3]", "Statement[-1]", "Statement[x]", "Statement[0", "Statement.0", "Statement..", ".", "[", `["`, `["a"`,
		"Statement[0].Sid[1]", "Statement[0].Sid.x", "Statement[0].NotAction", "Statement[0][0]", "Statement[0].Principal[0]",
		"Statement[1].Principal.AWS", "Statement[1].Condition.Bool", "Statement[1].Condition.Bool.b",
		"Statement[1].Condition.Null.c", "Statement[2].Effect", `Statement["\x"]`,
	} {
		if got, ok := e.PatchPointer(in); ok {
			t.Errorf("%s: got %s", in, got)
		}
	}
	if got, ok := (Embedded{Pointer: "/spec/policy", Raw: "{}"}).PatchPointer(""); ok {
		t.Errorf("JSON: got %s", got)
	}
}

// TestPatchPointerRemoves holds PatchPointer against what the provider would send after the removal.
func TestPatchPointerRemoves(t *testing.T) {
	for _, policy := range objects(t, "structured.txtar") {
		before := readPolicy(t, policy)
		for _, path := range paths("", parse(t, before.Raw)) {
			if path == "Version" || path == "Statement" || strings.HasSuffix(path, ".Effect") {
				continue // the provider never leaves these out
			}
			pointer, ok := before.PatchPointer(path)
			if !ok {
				if len(before.Overwritten) == 0 {
					t.Errorf("no pointer for %s of %s", path, before.Raw)
				}
				continue
			}
			object := runtime.DeepCopyJSON(map[string]any{"spec": map[string]any{"forProvider": map[string]any{"policy": policy}}})
			without(object, strings.Split(pointer, "/")[1:])
			after, _, _ := unstructured.NestedMap(object, "spec", "forProvider", "policy")
			got := unlist(parse(t, readPolicy(t, after).Raw))
			want := unlist(without(parse(t, before.Raw), keys(path)))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s at %s: -want +got\n%s", path, pointer, diff)
			}
		}
	}
}

func parse(t *testing.T, raw string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(raw), &v); err != nil && raw != "" {
		t.Fatal(err)
	}
	return v
}

// paths returns the path of every part of a JSON document.
func paths(at string, v any) []string {
	var all []string
	switch v := v.(type) {
	case map[string]any:
		for name, m := range v {
			path := strings.TrimPrefix(at+"."+name, ".")
			if strings.ContainsAny(name, " .") {
				path = at + "[" + strconv.Quote(name) + "]"
			}
			all = append(append(all, path), paths(path, m)...)
		}
	case []any:
		for i, e := range v {
			path := at + "[" + strconv.Itoa(i) + "]"
			all = append(append(all, path), paths(path, e)...)
		}
	}
	return all
}

// keys splits a path of paths.
func keys(path string) []string {
	var all []string
	for path != "" {
		step, rest, _ := cutStep(path)
		all, path = append(all, fmt.Sprint(step)), rest
	}
	return all
}

// without removes what is at keys from v and returns v.
func without(v any, keys []string) any {
	switch v := v.(type) {
	case map[string]any:
		if len(keys) == 1 {
			delete(v, keys[0])
		} else {
			v[keys[0]] = without(v[keys[0]], keys[1:])
		}
		return v
	case []any:
		i, _ := strconv.Atoi(keys[0])
		if len(keys) == 1 {
			return append(v[:i:i], v[i+1:]...)
		}
		v[i] = without(v[i], keys[1:])
		return v
	}
	return v
}

// unlist makes lists of one into their element: IAM reads both alike.
func unlist(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			v[name] = unlist(v[name])
		}
	case []any:
		for i := range v {
			v[i] = unlist(v[i])
		}
		if len(v) == 1 {
			return v[0]
		}
	}
	return v
}
