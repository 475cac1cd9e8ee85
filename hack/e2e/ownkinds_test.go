//go:build e2e

package e2e

import (
	"errors"
	"slices"
	"testing"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/bucketwarden/bucketwarden/hack/cluster"
	"github.com/bucketwarden/bucketwarden/webhook/audit"
)

// own is the group of a kind that a platform team has made.
const own = "platform.example.org"

// xbucket is a composite resource of an in-house platform, with the bucket's policy at a place of its own.
func xbucket(name string, policy any) *unstructured.Unstructured {
	return kind(own, "v1", "XBucket", "", name, m{"parameters": m{
		"name": name, "policy": policy, "ownership": "BucketOwnerEnforced", "size": "small",
	}})
}

func installXBuckets(t *testing.T) {
	t.Helper()
	any := apiextensions.JSONSchemaProps{Type: "object", XPreserveUnknownFields: ptr.To(true)}
	crd := &apiextensions.CustomResourceDefinition{
		ObjectMeta: metav1.ObjectMeta{Name: "xbuckets." + own},
		Spec: apiextensions.CustomResourceDefinitionSpec{
			Group: own, Scope: apiextensions.ClusterScoped,
			Names: apiextensions.CustomResourceDefinitionNames{Kind: "XBucket", Plural: "xbuckets", Singular: "xbucket", ListKind: "XBucketList"},
			Versions: []apiextensions.CustomResourceDefinitionVersion{{
				Name: "v1", Served: true, Storage: true,
				Schema: &apiextensions.CustomResourceValidation{OpenAPIV3Schema: &apiextensions.JSONSchemaProps{
					Type: "object", Properties: map[string]apiextensions.JSONSchemaProps{"spec": any},
				}},
			}},
		},
	}
	if err := cluster.InstallCRDs(suite.Config, []*apiextensions.CustomResourceDefinition{crd}); err != nil {
		t.Fatal(err)
	}
}

// registerOwn has both webhooks asked for xbuckets, as the chart does by its value ownKinds.
func registerOwn(t *testing.T) {
	t.Helper()
	c := newPerson(t)
	mutating, validating := &admissionregistration.MutatingWebhookConfiguration{}, &admissionregistration.ValidatingWebhookConfiguration{}
	key := client.ObjectKey{Name: "bucketwarden"}
	if err := errors.Join(c.Get(t.Context(), key, mutating), c.Get(t.Context(), key, validating)); err != nil {
		t.Fatal(err)
	}
	rule := func(operations []admissionregistration.OperationType) admissionregistration.RuleWithOperations {
		return admissionregistration.RuleWithOperations{Operations: operations, Rule: admissionregistration.Rule{
			APIGroups: []string{own}, APIVersions: []string{"*"}, Resources: []string{"xbuckets"},
			Scope: ptr.To(admissionregistration.AllScopes),
		}}
	}
	review, patch := &validating.Webhooks[0], &mutating.Webhooks[0]
	review.Rules = append(review.Rules, rule(review.Rules[0].Operations))
	patch.Rules = append(patch.Rules, rule(patch.Rules[0].Operations))
	if err := errors.Join(c.Update(t.Context(), mutating), c.Update(t.Context(), validating)); err != nil {
		t.Fatal(err)
	}
}

// A kind of somebody's own is refused, patched, seen beside others and audited once a Ruleset declares it, and no longer when that
// has gone.
func TestOwnKinds(t *testing.T) {
	a := newAuditor(t, audit.OpenReports, "v1alpha1", "Report")
	a.installReports()
	installXBuckets(t)
	standing := xbucket("own-standing", allows("own-standing", open))
	a.create(standing)
	a.startAudit()
	registerOwn(t)

	a.answers(xbucket("own-public", allows("own-public", open)), "") // nobody has said that it has a policy
	if said := a.warnings(); !slices.Contains(said, "bucketwarden: XBucket of "+own+" is not judged, because no Ruleset declares this kind") {
		t.Errorf("the warnings are %q", said)
	}
	declaring := ruleset(t, "own-kinds", `{kinds: [{group: `+own+`, kind: XBucket, resource: xbuckets, policy: spec.parameters.policy,
  bucketName: spec.parameters.name, objectOwnership: spec.parameters.ownership}]}`)
	a.create(declaring)
	a.answers(xbucket("own-public", allows("own-public", open)), "BW702 ")
	document := m{"Version": "2012-10-17", "Statement": []any{m{
		"Effect": "Allow", "NotPrincipal": m{"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::own-object/*",
	}}}
	a.answers(xbucket("own-object", document), "BW702 ")
	a.await(standing, 1, 1)

	fine := xbucket("own-fine", allows("own-fine", setsACL))
	a.create(fine)
	if got := text(a.again(fine), "spec.parameters.policy"); got != allows("own-fine", patched) {
		t.Errorf("it is stored with the policy %s", got)
	}
	sibling := bucketPolicy("own-fine", allows("own-fine", setsACL)) // of the same bucket, whose ownership the other one declares
	eventually(t, "the ownership counts for the objects beside it", func() bool { return a.patches(sibling) })

	a.remove(declaring)
	a.answers(xbucket("own-public", allows("own-public", open)), "")
	eventually(t, "the ownership counts no more", func() bool { return !a.patches(sibling) })
}
