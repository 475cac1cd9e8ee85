// Package argocd holds what docs/gitops.md says against the code by which Argo CD and Flux compare, on a real API server.
package argocd

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

const root = "../.."

// suite is what the tests share: an API server with the gate, and in it objects that were there before the gate was.
var suite struct {
	*cluster.Cluster
	client          client.Client
	server, command string
}

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	dir, err := os.MkdirTemp("", "bucketwarden-argocd-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	if suite.server, err = cluster.Build(root, dir); err != nil {
		return 1, err
	}
	if suite.command, err = cluster.BuildCommand(root, dir); err != nil {
		return 1, err
	}
	crds, err := cluster.ReadCRDs(filepath.Join(root, "config/samples/crds"))
	if err != nil {
		return 1, err
	}
	if suite.Cluster, err = cluster.Start(); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, suite.Stop()) }()
	if err := cluster.InstallCRDs(suite.Config, crds); err != nil {
		return 1, err
	}
	if suite.client, err = client.New(suite.Config, client.Options{}); err != nil {
		return 1, err
	}
	return m.Run(), nil
}

// startGate starts the server, and gives its patches the time that a busy machine takes.
func startGate(t *testing.T) {
	t.Helper()
	gate, err := suite.Serve(t.Context(), suite.server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := gate.Stop(); err != nil {
			t.Error(err)
		}
	})
	kubectl(t, "", "patch", "mutatingwebhookconfiguration", "bucketwarden", "--type=json", "-p",
		`[{"op": "replace", "path": "/webhooks/0/timeoutSeconds", "value": 30}]`)
}

func kubectl(t *testing.T, stdin string, args ...string) {
	t.Helper()
	answer, err := suite.Kubectl(t.Context(), strings.NewReader(stdin), args...)
	if err != nil || answer.Code != 0 {
		t.Fatalf("kubectl %q: %v %+v", args, err, answer)
	}
}

// Statements. setsACL is patched, open is refused.
const (
	setsACL = `{"Sid": "Write", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/writer"}, ` +
		`"Action": ["s3:PutObject", "s3:PutObjectAcl"], "Resource": "arn:aws:s3:::NAME/*"}`
	reads = `{"Sid": "Read", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/reader"}, ` +
		`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::NAME/*"}`
	open = `{"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::NAME/*"}`
)

// ackBucket is a manifest whose policy is a string.
func ackBucket(name string, statements ...string) string {
	policy := `{"Version": "2012-10-17", "Statement": [` + strings.Join(statements, ", ") + `]}`
	return strings.ReplaceAll(`
apiVersion: s3.services.k8s.aws/v1alpha1
kind: Bucket
metadata: {name: NAME, namespace: default}
spec:
  name: NAME
  ownershipControls: {rules: [{objectOwnership: BucketOwnerEnforced}]}
  policy: |-
    `+policy+"\n", "NAME", name)
}

// Statements of a policy that is an object.
const (
	setsACLStructured = `{sid: Write, effect: Allow, principal: {awsPrincipals: [{iamRoleArn: "arn:aws:iam::111122223333:role/writer"}]}, ` +
		`action: ["s3:PutObject", "s3:PutObjectAcl"], resource: ["arn:aws:s3:::NAME/*"]}`
	readsStructured = `{sid: Read, effect: Allow, principal: {awsPrincipals: [{iamRoleArn: "arn:aws:iam::111122223333:role/reader"}]}, ` +
		`action: ["s3:GetObject"], resource: ["arn:aws:s3:::NAME/*"]}`
)

// classicBucket is a manifest whose policy is a list of objects.
func classicBucket(name string, statements ...string) string {
	return strings.ReplaceAll(`
apiVersion: s3.aws.crossplane.io/v1beta1
kind: Bucket
metadata: {name: NAME}
spec:
  forProvider:
    locationConstraint: eu-central-1
    objectOwnership: BucketOwnerEnforced
    policy:
      version: "2012-10-17"
      statements:
        - `+strings.Join(statements, "\n        - ")+"\n", "NAME", name)
}

func object(t *testing.T, manifest string) *unstructured.Unstructured {
	t.Helper()
	out := &unstructured.Unstructured{}
	if err := yaml.UnmarshalStrict([]byte(manifest), &out.Object); err != nil {
		t.Fatalf("%v in\n%s", err, manifest)
	}
	return out
}

// live returns the object of a manifest as it is stored.
func live(t *testing.T, manifest string) *unstructured.Unstructured {
	t.Helper()
	out := object(t, manifest)
	if err := suite.client.Get(t.Context(), client.ObjectKeyFromObject(out), out); err != nil {
		t.Fatal(err)
	}
	return out
}

// fixed is a manifest after bucketwarden fix.
func fixed(t *testing.T, manifest string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), suite.command, "fix", "-")
	cmd.Stdin = strings.NewReader(manifest)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
