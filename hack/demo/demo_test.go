package main

import (
	"testing"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

const samples = "../../config/samples"

func TestReadSamples(t *testing.T) {
	all, err := readSamples(samples)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, s := range all {
		seen[s.promise.verdict] = true
	}
	for _, verdict := range []string{"Refused", "Patched", "Admitted"} {
		if !seen[verdict] {
			t.Errorf("no sample is %s", verdict)
		}
	}
	if _, err := readSamples(t.TempDir()); err == nil {
		t.Error("a directory without samples is no error")
	}
}

func TestParseSample(t *testing.T) {
	tests := []struct{ text, want string }{
		{"# Refused by BW101, BW102: because\nkind: Bucket", "Refused by BW101, BW102"},
		{"# Admitted: because\n#\n# more\nkind: Bucket", "Admitted"},
		{"# Admitted by BW305: with a warning\nkind: Bucket", "Admitted by BW305"},
		{"# Refused by nobody: because\nkind: Bucket", ""},
		{"kind: Bucket\n# Admitted: too late", ""},
		{"# Admitted: because\nkind: [", ""},
	}
	for _, tt := range tests {
		got, err := parseSample(tt.text)
		if got.promise.String() != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%q: %q, %v; want %q", tt.text, got.promise, err, tt.want)
		}
	}
}

func TestJudge(t *testing.T) {
	const refused = `Error from server (Forbidden): admission webhook "x" denied the request: `
	tests := []struct {
		answer  cluster.Answer
		changed bool
		want    string
	}{
		{cluster.Answer{Stderr: refused + "BW702 a: b\nBW101 c: d\nBW702 e: f", Code: 1}, false, "Refused by BW101, BW702"},
		{cluster.Answer{Stderr: refused + "BW702 in spec of X, composed by y\nBW101 c: d", Code: 1}, false, "Refused by BW101, BW702"},
		{cluster.Answer{Stderr: "The connection to the server was refused", Code: 1}, false, "failed"},
		{cluster.Answer{Stderr: "Warning: patched: BW301 a: b\nWarning: BW104 c: d"}, true, "Patched by BW301"},
		{cluster.Answer{Stderr: "Warning: BW104 c: d"}, true, "Patched"},
		{cluster.Answer{Stderr: "Warning: BW104 c: d"}, false, "Admitted by BW104"},
		{cluster.Answer{Stdout: "created"}, false, "Admitted"},
	}
	for _, tt := range tests {
		if got := judge(tt.answer, tt.changed).String(); got != tt.want {
			t.Errorf("%+v: %s, want %s", tt.answer, got, tt.want)
		}
	}
}

func TestDiffFrom(t *testing.T) {
	sent := map[string]any{
		"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket", "spec": map[string]any{"policy": "{\n1,\n2\n}\n"},
	}
	const same = `{"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket", "metadata": {"uid": "u"}, "spec": {"policy": `
	tests := []struct{ stored, want string }{
		{same + `"{\n1,\n2\n}\n"}}`, ""},
		{same + `"{\n1\n}\n"}}`, "--- sent spec.policy\n+++ stored spec.policy\n@@ -1,4 +1,3 @@\n {\n-1,\n-2\n+1\n }\n"},
	}
	for _, tt := range tests {
		if got, err := diffFrom(sent, tt.stored); got != tt.want || err != nil {
			t.Errorf("%s: %v\n%s\nwant\n%s", tt.stored, err, got, tt.want)
		}
	}
	if _, err := diffFrom(sent, "Error"); err == nil {
		t.Error("what is no JSON is no error")
	}
}
