package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// folders tells which folder of config/ a kind is in.
var folders = map[string]string{
	"ServiceAccount": "rbac", "ClusterRole": "rbac", "ClusterRoleBinding": "rbac", "Role": "rbac", "RoleBinding": "rbac",
	"CustomResourceDefinition": "crd",
	"Deployment":               "manager", "PodDisruptionBudget": "manager",
	"Service": "webhook", "MutatingWebhookConfiguration": "webhook", "ValidatingWebhookConfiguration": "webhook", "Secret": "webhook",
	"Issuer": "certmanager", "Certificate": "certmanager",
	"ServiceMonitor": "prometheus", "PrometheusRule": "prometheus", "ConfigMap": "prometheus",
}

// component is an option of the chart that config/ offers as a component of kustomize in the folder of that name.
type component struct {
	folder string
	values []string
}

var components = []component{
	{"certmanager", []string{"--set", "certificates.mode=certManager"}},
	{"prometheus", []string{
		"--set", "metrics.serviceMonitor.enabled=true,metrics.prometheusRule.enabled=true,metrics.dashboard.enabled=true",
	}},
}

// writeConfig writes the chart's default objects into config/, one file a kind, and for each component what it adds and
// how it patches the rest.
func writeConfig() error {
	base, err := plain()
	if err != nil {
		return err
	}
	if err := writeFolders(base); err != nil {
		return err
	}
	for _, c := range components {
		objects, err := plain(c.values...)
		if err != nil {
			return err
		}
		added, patches := differences(base, objects)
		if err := writeFolders(added); err != nil {
			return err
		}
		if len(patches) == 0 {
			continue
		}
		if err := write(filepath.Join(c.folder, "patches.yaml"), patches); err != nil {
			return err
		}
	}
	return nil
}

// plain renders the chart without hooks and without what only Helm looks at.
func plain(args ...string) ([]*unstructured.Unstructured, error) {
	objects, err := template(append(args, "--no-hooks")...)
	for _, obj := range objects {
		unstructured.RemoveNestedField(obj.Object, "metadata", "annotations", "helm.sh/resource-policy")
		for _, labels := range [][]string{{"metadata", "labels"}, {"spec", "template", "metadata", "labels"}} {
			unstructured.RemoveNestedField(obj.Object, append(labels, "helm.sh/chart")...)
			unstructured.RemoveNestedField(obj.Object, append(labels, "app.kubernetes.io/managed-by")...)
		}
	}
	return objects, err
}

// differences returns the objects that only one has, and strategic merge patches that make the rest of the one of the
// other. A patch is a whole object: the lists that differ are such as are replaced as a whole.
func differences(before, after []*unstructured.Unstructured) (added, patches []*unstructured.Unstructured) {
	for _, obj := range after {
		if old := find(before, obj); old == nil {
			added = append(added, obj)
		} else if !equality.Semantic.DeepEqual(old.Object, obj.Object) {
			patches = append(patches, obj)
		}
	}
	for _, obj := range before {
		if find(after, obj) == nil {
			gone := &unstructured.Unstructured{Object: map[string]any{"$patch": "delete"}}
			gone.SetGroupVersionKind(obj.GroupVersionKind())
			gone.SetName(obj.GetName())
			gone.SetNamespace(obj.GetNamespace())
			patches = append(patches, gone)
		}
	}
	return added, patches
}

func find(objects []*unstructured.Unstructured, like *unstructured.Unstructured) *unstructured.Unstructured {
	i := slices.IndexFunc(objects, func(o *unstructured.Unstructured) bool { return key(o) == key(like) })
	if i < 0 {
		return nil
	}
	return objects[i]
}

// key is the kind and name of an object.
func key(o *unstructured.Unstructured) string {
	return strings.Join([]string{o.GroupVersionKind().GroupKind().String(), o.GetNamespace(), o.GetName()}, "/")
}

func writeFolders(objects []*unstructured.Unstructured) error {
	files := map[string][]*unstructured.Unstructured{}
	for _, obj := range objects {
		file := filepath.Join(folders[obj.GetKind()], strings.ToLower(obj.GetKind())+".yaml")
		files[file] = append(files[file], obj)
	}
	for file, objects := range files {
		if err := write(file, objects); err != nil {
			return err
		}
	}
	return nil
}

func write(file string, objects []*unstructured.Unstructured) error {
	text := bytes.NewBufferString(generated)
	for i, obj := range objects {
		doc, err := yaml.Marshal(obj.Object)
		if err != nil {
			return err
		}
		if i > 0 {
			text.WriteString("---\n")
		}
		text.Write(doc)
	}
	file = filepath.Join(root, "config", file)
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return err
	}
	return os.WriteFile(file, text.Bytes(), 0o644)
}
