// Chart writes what is made for the Helm chart and from it: charts/bucketwarden/files/kinds.yaml, and the manifests under
// config/ for those who install with kustomize.
package main

import (
	"fmt"
	"os"
)

//go:generate go run . kinds
//go:generate go run . config
//go:generate go -C ../pins/helm tool helm-docs --log-level warning --chart-search-root ../../../charts --skip-version-footer

// root is the root of the repository, chart is where the chart is.
const (
	root  = "../.."
	chart = root + "/charts/bucketwarden"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "chart:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 1 && args[0] == "kinds" {
		return writeKinds()
	}
	if len(args) == 1 && args[0] == "config" {
		return writeConfig()
	}
	return fmt.Errorf("want kinds or config, got %q", args)
}
