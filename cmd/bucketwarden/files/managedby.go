package files

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/bucketwarden/bucketwarden/webhook/review"
)

// managers names what an object is applied by, as far as it says so.
func managers(obj metav1.Object) []string {
	var out []string
	add := func(what, namespace, name string) {
		if name != "" {
			out = append(out, what+" "+strings.TrimPrefix(namespace+"/"+name, "/"))
		}
	}
	labels, notes := obj.GetLabels(), obj.GetAnnotations()
	add("Argo CD application", "", argoApplication(labels, notes))
	add("Flux Kustomization", labels["kustomize.toolkit.fluxcd.io/namespace"], labels["kustomize.toolkit.fluxcd.io/name"])
	add("Flux HelmRelease", labels["helm.toolkit.fluxcd.io/namespace"], labels["helm.toolkit.fluxcd.io/name"])
	add("Helm release", notes["meta.helm.sh/release-namespace"], notes["meta.helm.sh/release-name"])
	return out
}

// makerOf names the object that another one is made by, "" when there is none.
func makerOf(v review.Review) string {
	made, owner := v.MadeBy(), v.Reading.Owner.Controller
	if made == "" && owner != nil {
		return "owned by " + owner.Kind + " " + owner.Name
	}
	return made
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
