package source

import (
	"encoding/json"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
)

func TestNamed(t *testing.T) {
	tests := []struct {
		kind string
		spec map[string]any
		want string // the external name that the provider notes without changing anything, "" when there is none
	}{
		{"s3.aws.crossplane.io/v1beta1 Bucket", map[string]any{}, "o"},
		{"s3control.aws.crossplane.io/v1alpha1 AccessPoint", map[string]any{"forProvider": map[string]any{"bucketName": "b"}}, "o"},
		{"s3.aws.upbound.io/v1beta1 BucketPolicy", map[string]any{"forProvider": map[string]any{"bucket": "b"}}, "b"},
		{"s3.aws.upbound.io/v1beta1 BucketPolicy", map[string]any{"initProvider": map[string]any{"bucket": "b"}}, "b"},
		{"s3.aws.upbound.io/v1beta1 BucketPolicy", map[string]any{
			"forProvider": map[string]any{"bucketRef": map[string]any{"name": "b"}},
		}, ""},
		{"s3.services.k8s.aws/v1alpha1 Bucket", map[string]any{"name": "b"}, ""},
	}
	for _, tt := range tests {
		obj := kindObject(tt.kind)
		obj["metadata"] = map[string]any{"name": "o", "annotations": map[string]any{"a": "b"}}
		obj["spec"] = tt.spec
		before := runtime.DeepCopyJSON(obj)
		r, _, err := Read(obj)
		if err != nil {
			t.Fatal(err)
		}
		named := Named(obj, r)
		got, _ := named["metadata"].(map[string]any)["annotations"].(map[string]any)["crossplane.io/external-name"].(string)
		if got != tt.want {
			t.Errorf("%s %v: external name %q, want %q", tt.kind, tt.spec, got, tt.want)
		}
		if encoded(before) != encoded(obj) {
			t.Errorf("%s: the object itself was changed: %v", tt.kind, obj)
		}
		if after, _, err := Read(named); err != nil || after.Name.Literal != r.Name.Literal || after.AccessPoint.Literal != r.AccessPoint.Literal {
			t.Errorf("%s: %v, %v after, %v, %v before", tt.kind, after.Name, after.AccessPoint, r.Name, r.AccessPoint)
		}
		if again := Named(named, r); encoded(again) != encoded(named) {
			t.Errorf("%s: a second time changes %v", tt.kind, again)
		}
	}
	bare := kindObject("s3.aws.upbound.io/v1beta2 Bucket")
	bare["metadata"] = map[string]any{"name": "o"}
	r, _, _ := Read(bare)
	if got := encoded(Named(bare, r)["metadata"]); got != `{"annotations":{"crossplane.io/external-name":"o"},"name":"o"}` {
		t.Errorf("without annotations: %s", got)
	}
}

func kindObject(kind string) map[string]any {
	version, name, _ := strings.Cut(kind, " ")
	return map[string]any{"apiVersion": version, "kind": name}
}

func encoded(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}
