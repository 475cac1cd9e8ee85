package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// The release that config/ is made of.
const (
	release   = "bucketwarden"
	namespace = "bucketwarden-system"
)

// helmPath returns the path of the Helm that hack/pins/helm pins, which the first caller may have to wait for.
var helmPath = sync.OnceValues(func() (string, error) {
	out, err := output(exec.Command("go", "-C", root+"/hack/pins/helm", "tool", "-n", "helm"))
	return strings.TrimSpace(out), err
})

// helm runs Helm without a cluster and returns what it prints. What it complains about is in the error.
func helm(args ...string) (string, error) {
	path, err := helmPath()
	if err != nil {
		return "", err
	}
	return output(exec.Command(path, args...))
}

func output(cmd *exec.Cmd) (string, error) {
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return string(out), fmt.Errorf("%s: %w\n%s", cmd, err, stderr.String())
	}
	return string(out), nil
}

// template returns what the chart renders without a cluster.
func template(args ...string) ([]*unstructured.Unstructured, error) {
	text, err := helm(append([]string{"template", release, chart, "--namespace", namespace}, args...)...)
	if err != nil {
		return nil, err
	}
	return decode(text)
}

// decode reads a stream of objects.
func decode(text string) ([]*unstructured.Unstructured, error) {
	var out []*unstructured.Unstructured
	for decoder := yaml.NewYAMLOrJSONDecoder(strings.NewReader(text), 4096); ; {
		var raw runtime.RawExtension
		if err := decoder.Decode(&raw); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, err
		}
		if text := bytes.TrimSpace(raw.Raw); len(text) == 0 || string(text) == "null" {
			continue
		}
		obj := &unstructured.Unstructured{}
		if err := obj.UnmarshalJSON(raw.Raw); err != nil {
			return nil, err
		}
		out = append(out, obj)
	}
}
