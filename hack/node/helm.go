//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The release, as docs/install.md has it.
const (
	release   = "bucketwarden"
	namespace = "bucketwarden-system"
	chart     = "charts/bucketwarden"
)

// helm is a version of Helm, by its program.
type helm struct{ path string }

func (n *node) helm(ctx context.Context, h helm, args ...string) (string, error) {
	return n.run(ctx, nil, h.path, append(args, "--namespace", namespace)...)
}

// ours is the image that was loaded, as values of the chart.
func (n *node) ours() []string {
	return []string{"--set", "image.repository=" + n.repository, "--set", "image.tag=" + n.tag}
}

// install is the first command of docs/install.md, for this image; more are values.
func (n *node) install(ctx context.Context, h helm, more ...string) (time.Duration, error) {
	start := time.Now()
	args := append([]string{"install", release, chart, "--create-namespace", "--wait", "--timeout", patience.String()}, n.ours()...)
	_, err := n.helm(ctx, h, append(args, more...)...)
	return time.Since(start).Round(time.Second), err
}

// helms installs with each Helm as install.md says, to report only, tests and uninstalls, and compares what is left with
// docs/operate.md.
func (n *node) eachHelm(ctx context.Context) (string, error) {
	before, err := n.objects(ctx)
	if err != nil {
		return "", err
	}
	var saw []string
	for _, h := range n.helms {
		version, err := n.run(ctx, nil, h.path, "version", "--template", "{{.Version}}")
		if err != nil {
			return "", err
		}
		took, err := n.install(ctx, h, "--set", "level=privileged", "--set", "webhooks.review.failurePolicy=Ignore")
		if err != nil {
			return version, err
		}
		if _, err := n.helm(ctx, h, "test", release, "--logs"); err != nil {
			return version, err
		}
		if _, err := n.helm(ctx, h, "uninstall", release, "--wait", "--timeout", patience.String()); err != nil {
			return version, err
		}
		err = eventually(ctx, func(ctx context.Context) error { return n.compareLeft(ctx, before) })
		if err != nil {
			return version, err
		}
		saw = append(saw, fmt.Sprintf("Helm %s: installed in %s", version, took))
	}
	return strings.Join(saw, ", ") + "; left are 2 CRDs and the Lease, as operate.md says", nil
}

// left is what docs/operate.md says that an uninstall leaves.
var left = []string{
	"CustomResourceDefinition//exemptions.bucketwarden.dev",
	"CustomResourceDefinition//rulesets.bucketwarden.dev",
	"Lease/" + namespace + "/bucketwarden.dev",
}

func (n *node) compareLeft(ctx context.Context, before []string) error {
	now, err := n.objects(ctx)
	if err != nil {
		return err
	}
	var got []string
	for _, object := range now {
		if !slices.Contains(before, object) {
			got = append(got, object)
		}
	}
	if !slices.Equal(got, left) {
		return fmt.Errorf("an uninstall leaves %q, want %q", got, left)
	}
	return nil
}

// objects lists everything that people make, KIND/NAMESPACE/NAME, in order: no Events, no APIServices, which follow the CRDs,
// and nothing that each namespace has.
func (n *node) objects(ctx context.Context) ([]string, error) {
	kinds, err := n.kubectl(ctx, "api-resources", "--verbs=list", "--output=name")
	if err != nil {
		return nil, err
	}
	var names []string
	for kind := range strings.FieldsSeq(kinds) {
		if resource, _, _ := strings.Cut(kind, "."); !slices.Contains([]string{"events", "componentstatuses", "apiservices"}, resource) {
			names = append(names, kind)
		}
	}
	if len(names) == 0 {
		return nil, errors.New("the API server serves no kinds")
	}
	out, err := n.kubectl(ctx, "get", strings.Join(names, ","), "--all-namespaces", "--ignore-not-found", "--output",
		`jsonpath={range .items[*]}{.kind}/{.metadata.namespace}/{.metadata.name}{"\n"}{end}`)
	if err != nil {
		return nil, err
	}
	var objects []string
	for object := range strings.FieldsSeq(out) {
		if object == "Namespace//"+namespace || strings.HasSuffix(object, "/kube-root-ca.crt") ||
			strings.HasPrefix(object, "ServiceAccount/") && strings.HasSuffix(object, "/default") {
			continue
		}
		objects = append(objects, object)
	}
	slices.Sort(objects)
	return slices.Compact(objects), nil
}
