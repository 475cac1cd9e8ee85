package cluster

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
	"sigs.k8s.io/yaml"
)

// ReadCRDs reads the files of a directory, each a List.
func ReadCRDs(dir string) ([]*apiextensions.CustomResourceDefinition, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s holds no .yaml file", dir)
	}
	var out []*apiextensions.CustomResourceDefinition
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var list apiextensions.CustomResourceDefinitionList
		if err := yaml.UnmarshalStrict(text, &list); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for i := range list.Items {
			out = append(out, &list.Items[i])
		}
	}
	return out, nil
}

// ReadModuleCRDs reads files of a module that the go.mod of a directory requires, each one CRD.
func ReadModuleCRDs(dir, module string, files ...string) ([]*apiextensions.CustomResourceDefinition, error) {
	text, err := exec.Command("go", "-C", dir, "mod", "download", "-json", module).Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", module, err, text)
	}
	var downloaded struct{ Dir string }
	if err := json.Unmarshal(text, &downloaded); err != nil {
		return nil, fmt.Errorf("%s: %w", module, err)
	}
	var out []*apiextensions.CustomResourceDefinition
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(downloaded.Dir, file))
		if err != nil {
			return nil, err
		}
		crd := &apiextensions.CustomResourceDefinition{}
		if err := yaml.Unmarshal(text, crd); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", module, file, err)
		}
		out = append(out, crd)
	}
	return out, nil
}

// ReadReportCRDs reads the CRDs of reports, by the API group. root is that of the repository.
func ReadReportCRDs(root string) (map[string][]*apiextensions.CustomResourceDefinition, error) {
	out := map[string][]*apiextensions.CustomResourceDefinition{}
	for _, m := range []struct{ group, module, dir, prefix string }{
		{"openreports.io", "github.com/openreports/reports-api", "config/crd", ""},
		{"wgpolicyk8s.io", "sigs.k8s.io/wg-policy-prototypes", "policy-report/crd/v1alpha2", "policy"},
	} {
		namespaced, cluster := m.group+"_"+m.prefix+"reports.yaml", m.group+"_cluster"+m.prefix+"reports.yaml"
		crds, err := ReadModuleCRDs(filepath.Join(root, "hack/pins/reports"), m.module, filepath.Join(m.dir, namespaced), filepath.Join(m.dir, cluster))
		if err != nil {
			return nil, err
		}
		out[m.group] = crds
	}
	return out, nil
}

// InstallCRDs installs CRDs and returns once they are served.
func InstallCRDs(config *rest.Config, crds []*apiextensions.CustomResourceDefinition) error {
	_, err := envtest.InstallCRDs(config, envtest.CRDInstallOptions{CRDs: crds})
	return err
}

// InstallConfiguration installs the CRDs of Rulesets and Exemptions. root is that of the repository.
func InstallConfiguration(config *rest.Config, root string) error {
	_, err := envtest.InstallCRDs(config, envtest.CRDInstallOptions{
		Paths: []string{filepath.Join(root, "charts/bucketwarden/files/crds")}, ErrorIfPathMissing: true,
	})
	return err
}
