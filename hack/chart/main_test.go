//go:build e2e

package main

import (
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/go-logr/logr"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// suite is what all tests share: one API server, the server that runs in pods, and the command line.
var suite struct {
	*cluster.Cluster
	client          client.WithWatch
	server, command string
}

func TestMain(m *testing.M) {
	code, err := runAll(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func runAll(m *testing.M) (code int, err error) {
	log.SetLogger(logr.Discard())
	bin, err := os.MkdirTemp("", "bucketwarden-chart-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(bin)
	if suite.server, err = cluster.Build(root, bin); err != nil {
		return 1, err
	}
	if suite.command, err = cluster.BuildCommand(root, bin); err != nil {
		return 1, err
	}
	if suite.Cluster, err = cluster.Start(); err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, suite.Stop()) }()
	if err := apiextensions.AddToScheme(scheme.Scheme); err != nil {
		return 1, err
	}
	crds, err := cluster.ReadCRDs(root + "/config/samples/crds")
	if err != nil {
		return 1, err
	}
	reports, err := cluster.ReadReportCRDs(root)
	if err != nil {
		return 1, err
	}
	crds = append(crds, reports["openreports.io"]...)
	if err := errors.Join(cluster.InstallCRDs(suite.Config, crds), foreign()); err != nil {
		return 1, err
	}
	if suite.client, err = client.NewWithWatch(suite.Config, client.Options{}); err != nil {
		return 1, err
	}
	return m.Run(), nil
}

// foreign installs the kinds of other projects that the chart makes objects of, from the modules that release them.
func foreign() error {
	for _, m := range []struct {
		dir, module string
		crds        []string
	}{
		{root, "github.com/cert-manager/cert-manager", []string{
			"deploy/crds/cert-manager.io_certificates.yaml", "deploy/crds/cert-manager.io_issuers.yaml",
		}},
		{root + "/hack/pins/crds", "github.com/prometheus-operator/prometheus-operator", []string{
			"example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml",
			"example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml",
		}},
	} {
		crds, err := cluster.ReadModuleCRDs(m.dir, m.module, m.crds...)
		if err != nil {
			return err
		}
		if err := cluster.InstallCRDs(suite.Config, crds); err != nil {
			return err
		}
	}
	return nil
}
