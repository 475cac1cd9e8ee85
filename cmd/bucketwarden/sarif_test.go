package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/report"
)

// TestSARIF holds logs to the schema that OASIS publishes with the standard: of everything in testdata and docs, of hostile names, of what cannot be read, of
// nothing.
func TestSARIF(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	hostile := t.TempDir()
	name := filepath.Join(hostile, "a b%\n<é>:#?.yaml")
	if err := os.WriteFile(name, []byte(strings.ReplaceAll(acked, "NAME", `"x\u2028\u0000<script>"`)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(hostile, "broken.yaml"), []byte("kind: {{ x }}"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir("../..")
	results := 0
	for _, args := range [][]string{
		{"docs/examples", "cmd/bucketwarden/testdata/examples", "config/samples"}, {hostile}, {name}, {"config/rbac"},
	} {
		var out, complaint bytes.Buffer
		run(append([]string{"review", "-o", "sarif"}, args...), strings.NewReader(""), &out, &complaint)
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(out.Bytes()))
		if err != nil {
			t.Fatalf("%s: %v; %s", args, err, &complaint)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", args, err)
		}
		var log report.SARIFLog
		if err := json.Unmarshal(out.Bytes(), &log); err != nil {
			t.Fatal(err)
		}
		checkSARIF(t, log.Runs[0])
		results += len(log.Runs[0].Results)
	}
	if results < 20 {
		t.Errorf("%d results: there is not much to check", results)
	}
}

// acked is an object that is patched, and refused.
const acked = `apiVersion: s3.services.k8s.aws/v1alpha1
kind: Bucket
metadata: {name: NAME}
spec:
  name: logs
  ownershipControls: {rules: [{objectOwnership: BucketOwnerEnforced}]}
  policy: |
    {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/r"}, "Action": ["s3:PutObject", "s3:PutObjectAcl"], "Resource": "arn:aws:s3:::logs/*"},
      {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}
    ]}
`

// checkSARIF checks what a schema cannot say: indexes, places in files, and fixes that are the text's own.
func checkSARIF(t *testing.T, r report.SARIFRun) {
	t.Helper()
	seen := map[string]bool{}
	for _, result := range r.Results {
		if i := result.RuleIndex; i < 0 || i >= len(r.Tool.Driver.Rules) || r.Tool.Driver.Rules[i].ID != result.RuleID {
			t.Errorf("%s has the index %d", result.RuleID, i)
		}
		at := result.Locations[0].Physical
		print := result.Fingerprints["bucketwarden/v1"] + result.Message.Text // one place may have two findings of one rule
		if seen[print] {
			t.Errorf("%s twice: %s", result.RuleID, result.Message.Text)
		}
		seen[print] = true
		if at.Artifact.Base == "" {
			continue
		}
		text, err := os.ReadFile(strings.ReplaceAll(at.Artifact.URI, "%20", " "))
		if err != nil {
			t.Fatal(err)
		}
		if lines := strings.Split(string(text), "\n"); at.Region.StartLine > len(lines) || at.Region.StartColumn > len(lines[at.Region.StartLine-1])+1 {
			t.Errorf("%s: %s has no %d:%d", result.RuleID, at.Artifact.URI, at.Region.StartLine, at.Region.StartColumn)
		}
	}
}
