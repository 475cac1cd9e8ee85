// Package v1alpha1 is the configuration of Bucketwarden, in a cluster and in files: Rulesets say what is enforced where,
// Exemptions what is accepted despite a rule. Package webhook/settings reads them.
//
// +kubebuilder:object:generate=true
// +groupName=bucketwarden.dev
package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

//go:generate go tool -modfile=../../hack/pins/tools/go.mod controller-gen object crd paths=. output:crd:dir=../../charts/bucketwarden/files/crds

// GroupVersion is the API group of the configuration.
var GroupVersion = schema.GroupVersion{Group: "bucketwarden.dev", Version: "v1alpha1"}

// AddToScheme makes the kinds known to a scheme.
func AddToScheme(s *runtime.Scheme) error {
	s.AddKnownTypes(GroupVersion, &Ruleset{}, &RulesetList{}, &Exemption{}, &ExemptionList{})
	metav1.AddToGroupVersion(s, GroupVersion)
	return nil
}
