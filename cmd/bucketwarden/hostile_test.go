package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/files"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/report"
	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/plain/plaintest"
	"github.com/bucketwarden/bucketwarden/policy/rules"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/review"
)

const hostileBucket = `{"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket", "metadata": {"name": "logs", "namespace": "team",
  "labels": {"team": "a", "crossplane.io/composite": "x", "crossplane.io/claim-name": "c", "crossplane.io/claim-namespace": "n"},
  "annotations": {"services.k8s.aws/region": "eu-central-1", "argocd.argoproj.io/tracking-id": "app:x", "crossplane.io/composition-resource-name": "r"},
  "ownerReferences": [{"apiVersion": "example.org/v1", "kind": "XBucket", "name": "x", "uid": "u", "controller": true}]},
  "spec": {"name": "logs", "acl": "public-read", "grantRead": "id=abc", "policy": %s,
    "ownershipControls": {"rules": [{"objectOwnership": "BucketOwnerEnforced"}]}, "logging": {"loggingEnabled": {"targetBucket": "other"}},
    "tagging": {"tagSet": [{"key": "k", "value": "v"}]}, "publicAccessBlock": {"blockPublicACLs": false}}}`

const hostileDocument = `{"Version": "2012-10-17", "Id": "i", "Statement": [
  {"Sid": "Read", "Effect": "Allow", "Principal": {"AWS": ["*", "arn:aws:iam::111122223333:role/r"], "Service": "logging.s3.amazonaws.com"},
   "Action": ["s3:GetObject", "s3:PutObjectAcl"], "Resource": "arn:aws:s3:::logs/*",
   "Condition": {"StringLike": {"aws:PrincipalTag/team": "a*"}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
  {"Sid": "Keep", "Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"}, "NotAction": "s3:Get*", "NotResource": "arn:aws:s3:::logs/a/${aws:username}"}]}`

const hostileClassic = `{"apiVersion": "s3.aws.crossplane.io/v1alpha3", "kind": "BucketPolicy", "metadata": {"name": "p"}, "spec": {"forProvider":
  {"region": "us-east-1", "bucketName": "logs", "policy": {"version": "2012-10-17", "statements": [{"sid": "s", "effect": "Allow",
  "principal": {"awsPrincipals": [{"iamUserArn": "arn:aws:iam::111122223333:user/u"}]}, "action": ["s3:GetObject"], "resource": ["arn:aws:s3:::logs/*"],
  "condition": [{"operatorKey": "StringEquals", "conditions": [{"key": "aws:PrincipalTag/a", "stringValue": "b"}]}]}]}}}}`

const hostileRules = `[{"apiVersion": "bucketwarden.dev/v1alpha1", "kind": "Exemption", "metadata": {"name": "e"}, "spec": {"reason": "r", "rules": ["BW201"],
  "expiresAt": "2020-01-01T00:00:00Z", "objects": [{"kind": "Bucket", "name": "logs"}]}},
  {"apiVersion": "bucketwarden.dev/v1alpha1", "kind": "Ruleset", "metadata": {"name": "r"}, "spec": {"level": "restricted",
  "rules": [{"id": "BW201", "action": "Warn"}], "trust": {"accounts": ["111122223333"]}}}]`

func parsed(t *testing.T, text string) any {
	t.Helper()
	var out any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// commands are the ways to show a file.
func commands(path string) [][]string {
	return [][]string{
		{"review", path}, {"review", path, "--level", "restricted", "-o", "json"}, {"review", path, "-o", "sarif"}, {"review", path, "-o", "junit"},
		{"review", path, "-o", "github"}, {"review", path, "-o", "html"}, {"review", "--ruleset", path, path},
		{"fix", path, "--check"}, {"fix", path, "--diff", "--narrowing"}, {"acl", "plan", path}, {"acl", "plan", path, "-o", "json"},
	}
}

// documentCommands are those for a bare policy.
func documentCommands(path string) [][]string {
	requests := filepath.Join("testdata", "examples", "requests.ndjson")
	return append(commands(path),
		[]string{"access", path}, []string{"access", path, "-o", "json"}, []string{"compare", path, "testdata/examples/new.json"},
		[]string{"compare", "testdata/examples/new.json", path, "-o", "json"}, []string{"simulate", "--policy", path, "--request", requests, "--explain"},
		[]string{"simulate", "--policy", path, "--request", requests}, []string{"explain", "upload", "--caller", "arn:aws:iam::444455556666:role/r",
			"--owner", "111122223333", "--ownership", "ObjectWriter", "--acl", "bucket-owner-full-control", "--policy", path},
		[]string{"acl", "usage", filepath.Join("testdata", "examples", "logs"), "--policy", path, "--suggest", "-"},
	)
}

func runHostile(t *testing.T, input string, args []string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	run(args, strings.NewReader(input), &stdout, &stderr)
	if strings.Contains(stdout.String(), "<img") && slices.Contains(args, "html") {
		t.Errorf("%q of %s writes a tag", args, input)
	}
	if fault := cmp.Or(plaintest.Fault(stdout.String()), plaintest.Fault(stderr.String())); fault != "" {
		t.Errorf("%q of %s:\n%q", args, input, fault)
	}
}

// TestHostileText sends one hostile text through every field of what is read, and every way to show it.
func TestHostileText(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	document := parsed(t, hostileDocument)
	path := filepath.Join(t.TempDir(), "f.json")
	try := func(text string, commands [][]string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range commands {
			runHostile(t, text, args)
		}
	}
	for _, d := range plaintest.Variants(document) {
		try(jsonOf(t, d), documentCommands(path))
		quoted, err := json.Marshal(jsonOf(t, d))
		if err != nil {
			t.Fatal(err)
		}
		try(fmt.Sprintf(hostileBucket, quoted), commands(path)[:6])
	}
	quoted := jsonOf(t, jsonOf(t, document))
	for _, o := range append(plaintest.Variants(parsed(t, fmt.Sprintf(hostileBucket, quoted))), plaintest.Variants(parsed(t, hostileClassic))...) {
		try(jsonOf(t, o), commands(path))
	}
	for _, o := range plaintest.Variants(parsed(t, hostileRules)) {
		list := append([]any{parsed(t, fmt.Sprintf(hostileBucket, quoted))}, o.([]any)...)
		try(jsonOf(t, map[string]any{"apiVersion": "v1", "kind": "List", "items": list}), commands(path))
	}
	// What is no YAML, no JSON, or not what it has to be.
	quotedHostile := jsonOf(t, plaintest.Hostile)
	for _, text := range []string{
		"a: " + plaintest.Hostile, "a: 1\n" + quotedHostile + ": 1\n" + quotedHostile + ": 2\n", `{"a": 1, ` + quotedHostile + ": 1, " + quotedHostile + ": 2}",
		"kind: *" + strings.ReplaceAll(plaintest.Hostile, "\n", ""), "kind: !!" + plaintest.Hostile, "{{ " + plaintest.Hostile + " }}", plaintest.Hostile, quotedHostile, "[" + quotedHostile + "]",
	} {
		try(text, documentCommands(path))
	}
}

func TestHostileNames(t *testing.T) {
	name := filepath.Join(t.TempDir(), strings.ReplaceAll(plaintest.Hostile, "/", ""))
	quoted := jsonOf(t, jsonOf(t, parsed(t, hostileDocument)))
	for suffix, text := range map[string]string{".json": hostileDocument, ".yaml": fmt.Sprintf(hostileBucket, quoted), "": "{"} {
		if err := os.WriteFile(name+suffix, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range append(documentCommands(name+suffix), commands(filepath.Dir(name))...) {
			runHostile(t, "", args)
		}
	}
	for _, args := range append(documentCommands(plaintest.Hostile), [][]string{
		{plaintest.Hostile}, {"--" + plaintest.Hostile}, {"help", plaintest.Hostile}, {"review"}, {"acl", plaintest.Hostile}, {"explain", plaintest.Hostile}, {"generate", plaintest.Hostile}, {"completion", plaintest.Hostile},
		{"version", plaintest.Hostile}, {"rules", "-o", plaintest.Hostile}, {"review", "x", "-o", plaintest.Hostile}, {"review", "x", "--level", plaintest.Hostile}, {"review", "x", "--trust", plaintest.Hostile},
		{"drift", "--kubeconfig", plaintest.Hostile}, {"generate", "static-website-behind-cloudfront", "--bucket", plaintest.Hostile}, {"access", "--batch", plaintest.Hostile},
		{"acl", "plan", "x", "--account", plaintest.Hostile}, {"acl", "plan", "x", "--log-source", plaintest.Hostile}, {"acl", "plan", "x", "--log-prefix", plaintest.Hostile},
		{"simulate", "--request", plaintest.Hostile}, {"explain", "upload", "--caller", plaintest.Hostile}, {"explain", "upload", "--caller", "arn:aws:iam::444455556666:role/" + plaintest.Hostile,
			"--owner", "111122223333", "--ownership", "ObjectWriter"},
	}...) {
		runHostile(t, "", args)
	}
}

// TestHostileRequests sends it through the lines of a batch and through logs.
func TestHostileRequests(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	request := `{"id": "i", "principal": "arn:aws:iam::111122223333:role/r", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k",
		"context": {"aws:SourceIp": ["10.0.0.1"]}, "account": "111122223333", "policy": {"Version": "2012-10-17", "Statement": [{"Sid": "a",
		"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}}`
	for _, line := range plaintest.Variants(parsed(t, request)) {
		for _, args := range [][]string{{"simulate"}, {"simulate", "--explain"}, {"access", "--batch", "-"}, {"compare", "--batch", "-"}} {
			runHostile(t, jsonOf(t, line), args)
		}
	}
	trail := `{"Records": [{"eventSource": "s3.amazonaws.com", "eventName": "PutObject", "eventTime": "2024-05-02T00:00:00Z", "userIdentity": {"type":
		"AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/r/s", "accountId": "111122223333"}, "requestParameters": {"bucketName": "logs",
		"key": "a/b", "x-amz-acl": "public-read"}, "additionalEventData": {"aclRequired": "Yes"}}]}`
	for _, log := range plaintest.Variants(parsed(t, trail)) {
		for _, args := range [][]string{{"acl", "usage", "-", "-v"}, {"acl", "usage", "-", "-v", "-o", "json"}} {
			runHostile(t, jsonOf(t, log), args)
		}
	}
}

func TestHostileDrift(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	quoted := jsonOf(t, jsonOf(t, parsed(t, hostileDocument)))
	for _, o := range plaintest.Variants(parsed(t, fmt.Sprintf(hostileBucket, quoted))) {
		object, ok := o.(map[string]any)
		if !ok {
			continue
		}
		s, err := files.ReadStanding(t.Context(), io.Discard, oneObject(object))
		if err != nil {
			t.Fatal(err)
		}
		found := s.Drifted(t.Context(), review.Reviewer{Rules: rules.All, Level: policy.Restricted}, "")
		var text bytes.Buffer
		if err := report.WriteDrift(&text, found); err != nil {
			t.Fatal(err)
		}
		_ = s.Finish(&text)
		if fault := plaintest.Fault(text.String()); fault != "" {
			t.Errorf("drift of %s:\n%q", jsonOf(t, o), fault)
		}
	}
}

// oneObject is a cluster that holds one object.
type oneObject map[string]any

func (o oneObject) List(_ context.Context, kind schema.GroupKind, each func(object map[string]any)) error {
	if inventory.KeyOf(o).GroupKind == kind {
		each(o)
	}
	return nil
}
