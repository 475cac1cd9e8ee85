package v1alpha1

import (
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Exemption accepts what rules find in some objects. It is cluster-scoped, so that RBAC decides who may grant one.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Cluster,shortName=bwex,categories=bucketwarden
// +kubebuilder:printcolumn:name="Rules",type=string,JSONPath=`.spec.rules`
// +kubebuilder:printcolumn:name="Active",type=string,JSONPath=`.status.conditions[?(@.type=="Active")].status`
// +kubebuilder:printcolumn:name="Why",type=string,JSONPath=`.status.conditions[?(@.type=="Active")].reason`
// +kubebuilder:printcolumn:name="Objects",type=integer,JSONPath=`.status.objects`
// +kubebuilder:printcolumn:name="Last used",type=date,JSONPath=`.status.lastUsed`
// +kubebuilder:printcolumn:name="Expires",type=string,JSONPath=`.spec.expiresAt`
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.spec.reason`,priority=1
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type Exemption struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   ExemptionSpec   `json:"spec"`
	Status ExemptionStatus `json:"status,omitempty"`
}

// ExemptionList is a list of Exemptions.
//
// +kubebuilder:object:root=true
type ExemptionList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Exemption `json:"items"`
}

// ExemptionSpec is what is accepted, where, why and until when.
type ExemptionSpec struct {
	// match selects the objects.
	Match ExemptionMatch `json:"match"`

	// rules are the ids of the rules whose findings are accepted.
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:Pattern=`^BW[1-9][0-9]{2}$`
	Rules []string `json:"rules"`

	// grants are policy statements: exactly the requests that they allow are accepted; everything else is judged.
	// Without grants every finding of the rules is accepted.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=20
	Grants []apiextensionsv1.JSON `json:"grants,omitempty"`

	// reason says why, for people who read this next year.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1024
	// +kubebuilder:validation:XValidation:rule="self.trim() != ''",message="say why"
	Reason string `json:"reason"`

	// expiresAt is when the Exemption ends, to the second. Without it, the Exemption never ends.
	// +optional
	ExpiresAt *metav1.Time `json:"expiresAt,omitempty"`
}

// ExemptionMatch selects the objects that match all of its lists. It does not look at the labels of objects, because whoever
// writes an object writes its labels too. Names may contain * for any text.
//
// +kubebuilder:validation:XValidation:rule="has(self.namespaces) || has(self.namespaceSelector) || has(self.names) || has(self.buckets)",message="say which objects: by namespaces, namespaceSelector, names or buckets"
type ExemptionMatch struct {
	// kinds are names like BucketPolicy, or BucketPolicy.s3.aws.upbound.io. Without it, all.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=253
	Kinds []string `json:"kinds,omitempty"`
	// namespaces are names of namespaces. With it, cluster-scoped objects are left out.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=253
	Namespaces []string `json:"namespaces,omitempty"`
	// namespaceSelector selects namespaces by their labels. With it, cluster-scoped objects are left out.
	// +optional
	NamespaceSelector *metav1.LabelSelector `json:"namespaceSelector,omitempty"`
	// names are names of objects.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=253
	Names []string `json:"names,omitempty"`
	// buckets are names of S3 buckets. An object whose bucket is not known is left out.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=253
	Buckets []string `json:"buckets,omitempty"`
}

// ExemptionStatus is the observed state of an Exemption.
type ExemptionStatus struct {
	// observedGeneration is the generation that the rest is about.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// conditions has Active. Its reason is InUse, Unused, Expired or Invalid.
	// +optional
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty"`
	// objects is how many objects have a finding that it accepts.
	// +optional
	Objects int64 `json:"objects"`
	// lastUsed is when an object with such a finding was last seen, to the hour.
	// +optional
	LastUsed *metav1.Time `json:"lastUsed,omitempty"`
}
