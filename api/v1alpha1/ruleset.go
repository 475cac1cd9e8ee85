package v1alpha1

import (
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Ruleset says what is enforced for the objects that it matches. Of several that match an object, the strictest action
// of each rule counts; only an Exemption lowers it.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Cluster,shortName=bwrs,categories=bucketwarden
// +kubebuilder:printcolumn:name="Level",type=string,JSONPath=`.spec.level`
// +kubebuilder:printcolumn:name="Objects",type=integer,JSONPath=`.status.objects`
// +kubebuilder:printcolumn:name="Failing",type=integer,JSONPath=`.status.failing`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`,priority=1
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type Ruleset struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// +kubebuilder:default={}
	Spec   RulesetSpec   `json:"spec,omitempty"`
	Status RulesetStatus `json:"status,omitempty"`
}

// RulesetList is a list of Rulesets.
//
// +kubebuilder:object:root=true
type RulesetList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Ruleset `json:"items"`
}

// RulesetSpec is what a Ruleset says.
//
// +kubebuilder:validation:XValidation:rule="!has(self.match) || !has(self.match.objectSelector) || (!has(self.owner) && !has(self.assumedOwnership))",message="owner and assumedOwnership do not go with match.objectSelector: whoever writes an object writes its labels"
type RulesetSpec struct {
	// match selects objects. Without it the Ruleset is for all of them.
	// +optional
	Match *RulesetMatch `json:"match,omitempty"`

	// level is what is enforced. Without it the Ruleset only sets what is listed in rules.
	// +optional
	Level Level `json:"level,omitempty"`
	// warn is a level that only warns: it shows what a stricter level would refuse.
	// +optional
	Warn Level `json:"warn,omitempty"`
	// audit is a level that appears only in reports and metrics.
	// +optional
	Audit Level `json:"audit,omitempty"`

	// rules are actions of single rules, in place of the level's.
	// +optional
	// +listType=map
	// +listMapKey=id
	// +kubebuilder:validation:MaxItems=200
	Rules []RuleAction `json:"rules,omitempty"`

	// trust lists whom the cluster owner trusts; BW401 and similar rules report all others.
	// +optional
	Trust *Trust `json:"trust,omitempty"`

	// owner says which account owns the buckets, where neither the object nor its provider does.
	// +optional
	Owner *Owner `json:"owner,omitempty"`

	// assumedOwnership is the Object Ownership of buckets whose setting cannot be seen. It proves nothing: a finding that rests on it
	// warns and is never patched.
	// +optional
	// +kubebuilder:validation:Enum=BucketOwnerEnforced;BucketOwnerPreferred;ObjectWriter
	AssumedOwnership string `json:"assumedOwnership,omitempty"`

	// forbid are policy statements. No policy may grant a request that they allow (BW404).
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=20
	Forbid []apiextensionsv1.JSON `json:"forbid,omitempty"`
	// cap are policy statements. A policy may grant only what they allow (BW405).
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=20
	Cap []apiextensionsv1.JSON `json:"cap,omitempty"`

	// keys are ARNs of the KMS keys that objects must be encrypted with: a bucket policy must not allow uploads with another one, or
	// with S3's own (BW603). * stands for any text.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=20
	// +kubebuilder:validation:items:MaxLength=512
	// +kubebuilder:validation:items:Pattern=`^arn:aws[a-z-]*:kms:[a-z0-9*-]+:[0-9*]+:(key|alias)/[A-Za-z0-9/_*-]+$`
	Keys []string `json:"keys,omitempty"`

	// controllers are ARNs of the roles or users in which controllers manage the buckets, where ProviderConfigs do not say it. A policy
	// that denies one of them what it takes to manage the policy is refused (BW901), or causes a warning (BW904).
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=20
	// +kubebuilder:validation:items:MaxLength=2048
	// +kubebuilder:validation:items:Pattern=`^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[^\s*?$]+$`
	Controllers []string `json:"controllers,omitempty"`

	// kinds are kinds of your own that have a bucket policy: composite resources and claims, operators of MinIO, Ceph or Wasabi. Their
	// objects are judged like BucketPolicies, in the whole cluster whatever match says, once the webhooks are registered for them (the
	// chart's value ownKinds). Of several declarations of one kind, that of the Ruleset whose name comes first counts.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	Kinds []OwnKind `json:"kinds,omitempty"`
}

// OwnKind says where objects of a kind have a bucket policy. A path is dotted, like spec.parameters.policy, or a JSON pointer, like
// /spec/parameters/policy.
type OwnKind struct {
	// group is the API group of the kind, in all of its versions: platform.example.org.
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$`
	Group string `json:"group"`
	// kind is its name: XBucket.
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[A-Z][A-Za-z0-9]*$`
	Kind string `json:"kind"`
	// resource is its name in the API, in the plural: xbuckets.
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z][a-z0-9-]*$`
	Resource string `json:"resource"`
	// policy is the path of the bucket policy, a text of JSON or the document itself.
	// +kubebuilder:validation:MaxLength=512
	Policy string `json:"policy"`
	// bucketName is the path of the bucket's name. metadata.name is one, where the object is called like the bucket.
	// +kubebuilder:validation:MaxLength=512
	BucketName string `json:"bucketName"`
	// objectOwnership is the path of the bucket's Object Ownership, if there is one. Policies of buckets without ACLs are patched.
	// +optional
	// +kubebuilder:validation:MaxLength=512
	ObjectOwnership string `json:"objectOwnership,omitempty"`
}

// Level names a set of actions, in the way of Pod Security Admission.
//
// +kubebuilder:validation:Enum=privileged;baseline;restricted
type Level string

// RulesetMatch selects objects. What is left out selects all.
type RulesetMatch struct {
	// namespaceSelector selects namespaces by their labels. With it, a Ruleset applies to namespaced objects only.
	// +optional
	NamespaceSelector *metav1.LabelSelector `json:"namespaceSelector,omitempty"`
	// objectSelector selects objects by their own labels. Whoever writes an object writes its labels too, so such a Ruleset can
	// only add to the level of a cluster or namespace, never replace it.
	// +optional
	ObjectSelector *metav1.LabelSelector `json:"objectSelector,omitempty"`
	// kinds are names like BucketPolicy, or BucketPolicy.s3.aws.upbound.io.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=253
	Kinds []string `json:"kinds,omitempty"`
	// providerConfigs are names of Crossplane's ProviderConfigs. Like objectSelector they only add.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=200
	// +kubebuilder:validation:items:MaxLength=253
	ProviderConfigs []string `json:"providerConfigs,omitempty"`
}

// RuleAction is what is done about one rule's findings.
type RuleAction struct {
	// id of the rule: BW301.
	// +kubebuilder:validation:Pattern=`^BW[1-9][0-9]{2}$`
	ID string `json:"id"`
	// action: Deny refuses, Patch repairs what is proved safe to repair, Warn and Audit only report, Off does nothing. Patch for a
	// rule whose fix takes access away is your consent to that fix.
	// +kubebuilder:validation:Enum=Deny;Patch;Warn;Audit;"Off"
	Action string `json:"action"`
}

// Trust is who may have access.
type Trust struct {
	// accounts are ids of 12 digits.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=5000
	// +kubebuilder:validation:items:Pattern=`^[0-9]{12}$`
	Accounts []string `json:"accounts,omitempty"`
	// organizations are ids: o-a1b2c3d4e5.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:Pattern=`^o-[a-z0-9]{10,32}$`
	Organizations []string `json:"organizations,omitempty"`
	// orgPaths are paths of organizational units, with wildcards: o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:Pattern=`^o-`
	OrgPaths []string `json:"orgPaths,omitempty"`
	// networks are CIDRs, and ids of VPCs or VPC endpoints.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=1000
	Networks []string `json:"networks,omitempty"`
	// services are service principals, or *.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=200
	Services []string `json:"services,omitempty"`
}

// Owner says which account owns buckets.
type Owner struct {
	// default is the account of all buckets about which nothing else is known.
	// +optional
	// +kubebuilder:validation:Pattern=`^[0-9]{12}$`
	Default string `json:"default,omitempty"`
	// providerConfigs maps Crossplane's ProviderConfigs to accounts.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=1000
	ProviderConfigs []ProviderConfigOwner `json:"providerConfigs,omitempty"`
}

// ProviderConfigOwner is the account of one ProviderConfig.
type ProviderConfigOwner struct {
	// name of the ProviderConfig or ClusterProviderConfig.
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name"`
	// account is an id of 12 digits.
	// +kubebuilder:validation:Pattern=`^[0-9]{12}$`
	Account string `json:"account"`
}

// RulesetStatus is the observed state of a Ruleset.
type RulesetStatus struct {
	// observedGeneration is the generation that the rest is about.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// conditions has Ready: whether the spec is valid and in force. While it is not, the last valid version stays in force.
	// +optional
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty"`
	// objects is how many objects it matches.
	// +optional
	Objects int64 `json:"objects"`
	// failing is how many of them would be refused if created now.
	// +optional
	Failing int64 `json:"failing"`
}
