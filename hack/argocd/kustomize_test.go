package argocd

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// The function of docs/gitops.md patches what kustomize builds, and fails the build on what would be refused. kubectl
// kustomize cannot be told to run programs, and leaves the function out without a word.
func TestKustomize(t *testing.T) {
	function, err := os.ReadFile(filepath.Join(root, "docs/examples/gitops/kustomize-function.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", filepath.Dir(suite.command)+string(os.PathListSeparator)+os.Getenv("PATH"))
	build := func(manifest string, exec bool) (string, error) {
		dir := t.TempDir()
		for name, text := range map[string]string{
			"kustomization.yaml": "resources: [bucket.yaml]\ntransformers: [bucketwarden.yaml]\n",
			"bucketwarden.yaml":  string(function), "bucket.yaml": manifest,
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		options := krusty.MakeDefaultOptions()
		options.PluginConfig = types.EnabledPluginConfig(types.BploUseStaticallyLinked)
		options.PluginConfig.FnpLoadingOptions.EnableExec = exec
		built, err := krusty.MakeKustomizer(options).Run(filesys.MakeFsOnDisk(), dir)
		if err != nil {
			return "", err
		}
		text, err := built.AsYaml()
		return string(text), err
	}
	git := ackBucket("logs", setsACL)
	got, err := build(git, true)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := object(t, got).Object, object(t, fixed(t, git)).Object; !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if got, err = build(git, false); err != nil || !strings.Contains(got, "s3:PutObjectAcl") {
		t.Errorf("without leave to run programs: %v\n%s", err, got)
	}
	if _, err := build(ackBucket("logs", open), true); err == nil {
		t.Error("a policy that is refused is built")
	}
}
