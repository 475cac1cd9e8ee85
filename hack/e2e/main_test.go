//go:build e2e

// Package e2e tests the gate through a real API server: make e2e.
package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/go-logr/logr"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
)

// suite is what all tests share: one API server, and at most one gate at a time, as its registration has one name.
var suite struct {
	*cluster.Cluster
	mapper meta.RESTMapper // of all persons: discovery takes a while
	gate   *gate
	bin    string                                  // directory for binaries
	late   *apiextensions.CustomResourceDefinition // installed by the test that needs it to come late
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
	log.SetLogger(logr.Discard())
	if suite.bin, err = os.MkdirTemp("", "bucketwarden-e2e-"); err != nil {
		return 1, err
	}
	defer os.RemoveAll(suite.bin)
	suite.Cluster, err = cluster.Start()
	if err != nil {
		return 1, err
	}
	defer func() {
		if stopped := suite.Stop(); err == nil {
			err = stopped
		}
	}()
	if err := install(); err != nil {
		return 1, err
	}
	if err := createStanding(); err != nil {
		return 1, err
	}
	code = m.Run()
	return code, stopGate()
}

// root is the root of the repository.
const root = "../.."

// lateCRD is the kind that nobody installs before its test.
const lateCRD = "bucketownershipcontrols.s3.aws.m.upbound.io"

func install() error {
	crds, err := cluster.ReadCRDs(filepath.Join(root, "config/samples/crds"))
	if err != nil {
		return err
	}
	var now []*apiextensions.CustomResourceDefinition
	for _, crd := range crds {
		if crd.Name == lateCRD {
			suite.late = crd
			continue
		}
		now = append(now, crd)
	}
	if err := cluster.InstallConfiguration(suite.Config, root); err != nil {
		return err
	}
	return cluster.InstallCRDs(suite.Config, now)
}

// createStanding creates what is in the wrong already when the gate comes.
func createStanding() error {
	if err := apiextensions.AddToScheme(scheme.Scheme); err != nil {
		return err
	}
	c, err := client.New(suite.Config, client.Options{})
	if err != nil {
		return err
	}
	suite.mapper = c.RESTMapper()
	for _, obj := range slices.Concat(standing(), ratcheted()) {
		if err := c.Create(context.Background(), obj); err != nil {
			return fmt.Errorf("%s %s: %w", obj.GetKind(), obj.GetName(), err)
		}
	}
	return nil
}
