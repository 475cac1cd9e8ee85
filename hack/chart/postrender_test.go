//go:build e2e

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The plugin of docs/gitops.md patches what a chart renders and hands its arguments on. Helm stops when it fails, without
// saying why. Helm 4 takes a plugin's name for a post-renderer, and no longer the path of a program.
func TestPostRenderer(t *testing.T) {
	plugins, storage := t.TempDir(), t.TempDir()
	if err := os.CopyFS(filepath.Join(plugins, "bucketwarden"), os.DirFS(root+"/docs/examples/gitops/helm-plugin")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HELM_PLUGINS", plugins)
	t.Setenv("PATH", filepath.Dir(suite.command)+string(os.PathListSeparator)+os.Getenv("PATH"))
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(storage, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(storage, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("Chart.yaml", "apiVersion: v2\nname: storage\nversion: 0.1.0\n")
	write("templates/bucket.yaml", `apiVersion: s3.services.k8s.aws/v1alpha1
kind: Bucket
metadata: {name: {{ .Release.Name }}} # ours
spec:
  name: {{ .Release.Name }}
  ownershipControls: {rules: [{objectOwnership: BucketOwnerEnforced}]}
  policy: |
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "111122223333"},
      "Action": ["s3:PutObject", "s3:PutObjectAcl"], "Resource": "arn:aws:s3:::{{ .Release.Name }}/*"}]}
`)
	plain, err := helm("template", "logs", storage)
	if err != nil {
		t.Fatal(err)
	}
	got, err := helm("template", "logs", storage, "--post-renderer", "bucketwarden")
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Replace(plain, `, "s3:PutObjectAcl"`, "", 1); strings.TrimSpace(got) != strings.TrimSpace(want) || want == plain {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}

	got, err = helm("template", "logs", storage, "--post-renderer", "bucketwarden", "--post-renderer-args", "--level=privileged")
	if err != nil || strings.TrimSpace(got) != strings.TrimSpace(plain) {
		t.Errorf("at a level that patches nothing: %v\n%s", err, got)
	}
	_, err = helm("template", "logs", storage, "--post-renderer", "bucketwarden", "--post-renderer-args", "--level=strict")
	if err == nil || strings.Contains(err.Error(), "strict\" is none") {
		t.Errorf("Helm shows why its post-renderer failed, or does not fail with it: %v", err)
	}
	if _, err = helm("template", "logs", storage, "--post-renderer", suite.command); err == nil {
		t.Error("Helm takes a program for a post-renderer")
	}
}
