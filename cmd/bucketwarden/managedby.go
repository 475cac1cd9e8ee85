package main

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// managedBy names what an object is made by, as far as it says so: where its declaration is to be mended.
func managedBy(v review.Review, obj metav1.Object) []string {
	var out []string
	add := func(what string, parts ...string) {
		if name := parts[len(parts)-1]; name != "" {
			out = append(out, what+" "+strings.TrimPrefix(strings.Join(parts, "/"), "/"))
		}
	}
	if made, c := v.MadeBy(), v.Reading.Owner.Controller; made != "" {
		out = append(out, made)
	} else if c != nil {
		add("owned by "+c.Kind, c.Name)
	}
	labels, notes := obj.GetLabels(), obj.GetAnnotations()
	add("Argo CD application", argoApplication(labels, notes))
	add("Flux Kustomization", labels["kustomize.toolkit.fluxcd.io/namespace"], labels["kustomize.toolkit.fluxcd.io/name"])
	add("Flux HelmRelease", labels["helm.toolkit.fluxcd.io/namespace"], labels["helm.toolkit.fluxcd.io/name"])
	add("Helm release", notes["meta.helm.sh/release-namespace"], notes["meta.helm.sh/release-name"])
	return out
}

// argoApplication reads both ways by which Argo CD tracks an object. An application outside of Argo CD's own namespace
// stands as NAMESPACE_NAME, and neither part can hold an underscore.
//
// https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
func argoApplication(labels, annotations map[string]string) string {
	name, _, _ := strings.Cut(annotations["argocd.argoproj.io/tracking-id"], ":")
	if name == "" {
		name = labels["argocd.argoproj.io/instance"]
	}
	return strings.Replace(name, "_", "/", 1)
}
