package cluster

import (
	"fmt"
	"os"
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
